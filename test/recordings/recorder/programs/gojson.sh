#!/bin/sh
. /app/common.sh
listen=:9000 config=
usage() { printf 'Usage of pricer:\n  -config string\n    \tpath of the configuration (default "/etc/pricer/config.yaml")\n  -listen string\n    \taddress to listen on (default ":9000")\n  -log-level string\n    \tdebug, info, warn or error (default "info")\n'; exit 2; }
for argument; do
  case $argument in
    -listen=*|--listen=*) listen=${argument#*=} ;;
    -config=*|--config=*) config=${argument#*=} ;;
    -log-level=*|--log-level=*) case ${argument#*=} in debug|info|warn|error) ;; *) echo "{\"time\":\"$(now)Z\",\"level\":\"ERROR\",\"msg\":\"invalid flag\",\"flag\":\"log-level\",\"error\":\"slog: level string \\\"${argument#*=}\\\": unknown name\"}"; exit 1 ;; esac ;;
    *) name=${argument%%=*}; echo "flag provided but not defined: -$(echo "$name" | sed 's/^-*//')"; usage ;;
  esac
done
say() { echo "{\"time\":\"$(now).412907Z\",\"level\":\"$1\",\"msg\":\"$2\"$3}"; }
say INFO "starting pricer" ",\"version\":\"$APP_VERSION\""
say WARN "error budget exporter disabled" ",\"reason\":\"no endpoint configured\""
if [ -z "$config" ]; then
  config=/etc/pricer/config.yaml
  [ -r "$config" ] || { say INFO "no configuration file, using defaults" ",\"path\":\"$config\""; config=/dev/null; }
fi
[ -r "$config" ] || { say ERROR "load config" ",\"error\":\"open $config: no such file or directory\""; exit 1; }
n=0
while IFS= read -r line || [ -n "$line" ]; do
  n=$((n + 1)); key=$(echo "$line" | sed 's/:.*//; s/^ *//'); value=$(echo "$line" | sed 's/^[^:]*: *//; s/"//g')
  case $key in
    interval|timeout) echo "$value" | grep -Eq '^[0-9]+(ms|s|m|h)$' || { say ERROR "load config" ",\"file\":\"$config\",\"error\":\"line $n: $key: time: missing unit in duration \\\"$value\\\"\""; exit 1; } ;;
    workers) echo "$value" | grep -Eq '^[0-9]+$' || { say ERROR "load config" ",\"file\":\"$config\",\"error\":\"yaml: unmarshal errors:\\n  line $n: cannot unmarshal !!str \`$value\` into int\""; exit 1; } ;;
    currency|source|'') ;;
    '#'*) ;;
    *) say ERROR "load config" ",\"file\":\"$config\",\"error\":\"yaml: unmarshal errors:\\n  line $n: field $key not found in type config.Config\""; exit 1 ;;
  esac
done <"$config"
if [ -n "$FX_ADDR" ]; then
  host=${FX_ADDR%%:*}; port=${FX_ADDR##*:}
  resolves "$host" || { say ERROR "dial fx" ",\"addr\":\"$FX_ADDR\",\"error\":\"dial tcp: lookup $host on $(sed -n 's/^nameserver //p' /etc/resolv.conf | head -1):53: no such host\""; exit 1; }
  reachable "$host" "$port" || { say ERROR "dial fx" ",\"addr\":\"$FX_ADDR\",\"error\":\"dial tcp $host:$port: i/o timeout\""; exit 1; }
fi
if [ -n "$CHECK_DNS" ] && ! grep -q 'nameserver 10.96.0.10' /etc/resolv.conf; then
  say ERROR "resolve rates.internal" ",\"error\":\"lookup rates.internal on $(sed -n 's/^nameserver //p' /etc/resolv.conf | head -1):53: read udp 10.244.0.9:41502->$(sed -n 's/^nameserver //p' /etc/resolv.conf | head -1):53: i/o timeout\""; exit 1
fi
case $APP_VERSION in 2.5.*) say INFO "loading rates" ; printf 'panic: runtime error: index out of range [3] with length 3\n\ngoroutine 1 [running]:\nmain.(*Table).merge(0xc00012e000, {0xc0001a4000, 0x3, 0x4})\n\t/src/table.go:88 +0x2f4\nmain.main()\n\t/src/main.go:57 +0x1c5\n'; exit 2 ;; esac
[ -z "$TABLE_MB" ] || hold "${TABLE_MB}M"
say INFO listening ",\"addr\":\"$listen\""
serve "${listen##*:}" healthz readyz
