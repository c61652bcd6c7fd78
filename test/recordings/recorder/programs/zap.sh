#!/bin/sh
. /app/common.sh
say() { echo "{\"level\":\"$1\",\"ts\":\"$(now).204Z\",\"caller\":\"$2\",\"msg\":\"$3\"$4}"; }
say info cmd/server/main.go:41 starting ",\"version\":\"$APP_VERSION\",\"go\":\"go1.23.4\""
ttl=${CACHE_TTL:-30s}
echo "$ttl" | grep -Eq '^[0-9]+(ms|s|m|h)$' || { say fatal cmd/server/main.go:52 "invalid configuration" ",\"error\":\"envconfig.Process: assigning CACHE_TTL to CacheTTL: converting '$ttl' to type time.Duration. details: time: missing unit in duration \\\"$ttl\\\"\""; exit 1; }
if [ -n "$STOCK_ADDR" ]; then
  host=${STOCK_ADDR%%:*} port=${STOCK_ADDR##*:}; at=$(address "$host")
  [ -n "$at" ] || { say fatal internal/stock/client.go:37 "dial stock" ",\"addr\":\"$STOCK_ADDR\",\"error\":\"dial tcp: lookup $host on $(sed -n 's/^nameserver //p' /etc/resolv.conf | head -1):53: no such host\""; exit 1; }
  reachable "$at" "$port" || { say fatal internal/stock/client.go:37 "dial stock" ",\"addr\":\"$STOCK_ADDR\",\"error\":\"dial tcp $at:$port: connect: connection refused\""; exit 1; }
fi
case $APP_VERSION in 20261127.*)
  say info internal/rules/load.go:22 "compiling allocation rules" ",\"count\":214"
  printf 'panic: assignment to entry in nil map\n\ngoroutine 1 [running]:\ngithub.com/acme/allocator/internal/rules.(*Index).Add(...)\n\t/src/internal/rules/index.go:58\ngithub.com/acme/allocator/internal/rules.Compile({0xc0001b6000, 0xd6, 0x100})\n\t/src/internal/rules/load.go:31 +0x1a8\nmain.main()\n\t/src/cmd/server/main.go:77 +0x4e5\n'; exit 2 ;;
esac
[ -z "$WARMUP_SECONDS" ] || { say info internal/warm/warm.go:19 "warming up" ",\"keys\":48210"; sleep "$WARMUP_SECONDS"; }
say info cmd/server/main.go:93 listening ",\"addr\":\":${HTTP_PORT:-8080}\""
serve "${HTTP_PORT:-8080}" livez readyz
