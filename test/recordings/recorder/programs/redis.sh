#!/bin/sh
. /app/common.sh
line() { echo "1:$1 $(date -u '+%d %b %Y %H:%M:%S.%N' | cut -c1-24) $2 $3"; }
config=
case $1 in *.conf) config=$1 ;; esac
line C '*' "oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo"
line C '*' "Redis version=$APP_VERSION, bits=64, commit=00000000, modified=0, pid=1, just started"
port=6379 n=0 dir=/data
if [ -n "$config" ]; then
  [ -r "$config" ] || { line C '#' "Fatal error, can't open config file '$config': No such file or directory"; exit 1; }
  while IFS= read -r text || [ -n "$text" ]; do
    n=$((n + 1)); key=${text%% *}; value=${text#* }
    bad() { printf '\n*** FATAL CONFIG FILE ERROR (Redis %s) ***\nReading the configuration file, at line %s\n>>> '"'%s'"'\n%s\n' "$APP_VERSION" "$n" "$text" "$1"; exit 1; }
    case $key in
      ''|'#'*|save|appendonly|maxmemory-policy|tcp-keepalive|requirepass|protected-mode|bind|timeout) ;;
      maxmemory) echo "$value" | grep -Eq '^[0-9]+(b|k|kb|m|mb|g|gb)?$' || bad "argument must be a memory value" ;;
      port) port=$value ;;
      dir) dir=$value; [ -d "$dir" ] || bad "Can't chdir to '$dir': No such file or directory" ;;
      *) bad "Bad directive or wrong number of arguments" ;;
    esac
  done <"$config"
  line C '*' "Configuration loaded"
else
  line C '#' "Warning: no config file specified, using the default config. In order to specify a config file use redis-server /path/to/redis.conf"
fi
line M '#' "WARNING Memory overcommit must be enabled! Without it, a background save or replication may fail under low memory condition."
line M '*' "Ready to accept connections tcp"
serve "$port" ping
