#!/bin/sh
. /app/common.sh
config=/etc/nats/nats.conf
while [ $# -gt 0 ]; do case $1 in -c|--config) config=$2; shift ;; esac; shift; done
[ ! -d "$config" ] || { echo "nats-server: read $config: is a directory"; exit 1; }
[ -r "$config" ] || { echo "nats-server: open $config: no such file or directory"; exit 1; }
n=0
while IFS= read -r text || [ -n "$text" ]; do
  n=$((n + 1)); key=$(echo "$text" | sed 's/^ *//; s/[:=].*//'); value=$(echo "$text" | sed 's/^[^:=]*[:=] *//')
  case $key in
    ''|'#'*|port|http_port|max_connections|server_name|write_deadline|debug|'jetstream {'|store_dir|'}') ;;
    max_payload) echo "$value" | grep -Eq '^[0-9]+(KB|MB|K|M)?$' || { echo "nats-server: $config:$n:1: interface conversion error, expected int64 for \"max_payload\" but got \"$value\""; exit 1; } ;;
    *) echo "nats-server: $config:$n:1: unknown field \"$key\""; exit 1 ;;
  esac
done <"$config"
stamp="[1] $(date -u '+%Y/%m/%d %H:%M:%S.204513')"
echo "$stamp [INF] Starting nats-server"; echo "$stamp [INF]   Version:  $APP_VERSION"
[ ! -e /data/corrupt ] || { echo "$stamp [WRN] Filestore [ORDERS] Stream state encountered internal inconsistency on recover"; echo "$stamp [FTL] Can't start JetStream: recovered stream state corrupt: checksum mismatch in /data/jetstream/ORDERS/msgs/4.blk"; exit 1; }
echo "$stamp [INF] Server is ready"
serve 8222 healthz
