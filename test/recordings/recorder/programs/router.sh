#!/bin/sh
. /app/common.sh
stamp() { date -u '+%Y/%m/%d %H:%M:%S'; }
[ -n "$ROUTER_UPSTREAM" ] || { echo "$(stamp) config: required key ROUTER_UPSTREAM missing value"; exit 1; }
echo "$(stamp) router $APP_VERSION starting"
host=${ROUTER_UPSTREAM#*://}; host=${host%%[:/]*}
resolves "$host" || { echo "$(stamp) upstream $ROUTER_UPSTREAM: Get \"$ROUTER_UPSTREAM\": dial tcp: lookup $host: no such host"; exit 1; }
[ "$APP_VERSION" != 0.40.0 ] || exit 139
echo "$(stamp) listening on :${PORT:-8080}"
serve "${PORT:-8080}" livez readyz
