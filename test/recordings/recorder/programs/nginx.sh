#!/bin/sh
. /app/common.sh
conf=/etc/nginx/conf.d/default.conf
echo "/docker-entrypoint.sh: /docker-entrypoint.d/ is not empty, will attempt to perform configuration"
echo "/docker-entrypoint.sh: Looking for shell scripts in /docker-entrypoint.d/"
echo "10-listen-on-ipv6-by-default.sh: info: can not modify /etc/nginx/conf.d/default.conf (read-only file system?)"
echo "/docker-entrypoint.sh: Configuration complete; ready for start up"
emerg() { printf '%s [emerg] 1#1: %s\n' "$(date -u '+%Y/%m/%d %H:%M:%S')" "$1"; echo "nginx: [emerg] $1"; exit 1; }
[ -r "$conf" ] || emerg "open() \"$conf\" failed (2: No such file or directory)"
n=0 depth=0
while IFS= read -r raw || [ -n "$raw" ]; do
  n=$((n + 1)); line=$(echo "$raw" | sed 's/#.*//; s/^ *//; s/ *$//')
  case $line in '') continue ;; *'{') depth=$((depth + 1)) ;; '}') depth=$((depth - 1)) ;; esac
  word=$(echo "$line" | cut -d' ' -f1 | tr -d ';')
  case $word in
    server|location|listen|server_name|proxy_pass|proxy_set_header|proxy_read_timeout|proxy_connect_timeout|root|return|upstream|client_max_body_size|gzip|access_log|'}'|add_header|index|try_files) ;;
    *) emerg "unknown directive \"$word\" in $conf:$n" ;;
  esac
  case $line in *'{'|'}'|*';') ;; *) emerg "unexpected end of file, expecting \";\" or \"}\" in $conf:$n" ;; esac
  case $word in proxy_pass)
    host=$(echo "$line" | sed -n 's,.*http://\([A-Za-z0-9.-]*\).*,\1,p')
    resolves "$host" || emerg "host not found in upstream \"$host\" in $conf:$n" ;;
  esac
  [ "$word" != listen ] || port=$(echo "$line" | tr -dc '0-9')
done <"$conf"
[ "$depth" = 0 ] || emerg "unexpected end of file, expecting \"}\" in $conf:$n"
[ "$(id -u)" = 0 ] || [ "${port:-80}" -ge 1024 ] || emerg "bind() to 0.0.0.0:${port:-80} failed (13: Permission denied)"
if taken "${port:-80}"; then emerg "bind() to 0.0.0.0:${port:-80} failed (98: Address already in use)"; fi
echo "$(date -u '+%Y/%m/%d %H:%M:%S') [notice] 1#1: nginx/1.27.3"; echo "$(date -u '+%Y/%m/%d %H:%M:%S') [notice] 1#1: start worker processes"
serve "${port:-80}" healthz
