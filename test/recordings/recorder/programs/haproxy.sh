#!/bin/sh
. /app/common.sh
config=${CONFIG:-/usr/local/etc/haproxy/haproxy.cfg}
echo "[NOTICE]   (1) : haproxy version is $APP_VERSION"
[ -r "$config" ] || { echo "[ALERT]    (1) : Cannot open configuration file/directory $config : No such file or directory"; exit 1; }
n=0 section=; errors=0
while IFS= read -r text || [ -n "$text" ]; do
  n=$((n + 1)); set -- $text; word=$1
  case $word in
    ''|'#'*) ;;
    global|defaults|frontend|backend|listen) section=$word; name=$2 ;;
    mode|timeout|log|maxconn|bind|option|balance|stats|monitor-uri) ;;
    default_backend) grep -q "^backend $2\$" "$config" || { echo "[ALERT]    (1) : config : Proxy '$name': unable to find required default_backend: '$2'."; errors=1; } ;;
    server) host=${3%:*}; resolves "$host" || { echo "[ALERT]    (1) : config : [$config:$n] : 'server $name/$2' : could not resolve address '$host'."; errors=1; } ;;
    *) echo "[ALERT]    (1) : config : parsing [$config:$n] : unknown keyword '$word' in '$section' section"; errors=1 ;;
  esac
done <"$config"
[ $errors = 0 ] || { echo "[ALERT]    (1) : config : Error(s) found in configuration file : $config"; echo "[ALERT]    (1) : config : Fatal errors found in configuration."; exit 1; }
echo "[NOTICE]   (1) : New worker (8) forked"; echo "[NOTICE]   (1) : Loading success."
serve "$(sed -n 's/^ *bind .*:\([0-9]*\).*/\1/p' "$config" | head -1)" healthz
