#!/bin/sh
. /app/common.sh
config=/etc/prometheus/prometheus.yml port=9090
log() { echo "time=$(now).113Z level=$1 source=main.go:$2 msg=\"$3\"$4"; }
for argument; do
  case $argument in
    --config.file=*) config=${argument#*=} ;;
    --web.listen-address=*) port=${argument##*:} ;;
    --storage.tsdb.path=*|--web.enable-lifecycle|--web.external-url=*) ;;
    --storage.tsdb.retention.time=*) value=${argument#*=}; echo "$value" | grep -Eq '^[0-9]+(ms|s|m|h|d|w|y)$' || { printf 'Error parsing command line arguments: not a valid duration string: "%s"\nprometheus: error: not a valid duration string: "%s"\n' "$value" "$value"; exit 1; } ;;
    *) printf 'Error parsing command line arguments: unknown long flag '"'%s'"'\nprometheus: error: unknown long flag '"'%s'"'\n' "${argument%%=*}" "${argument%%=*}"; exit 1 ;;
  esac
done
log INFO 642 "Starting Prometheus Server" " mode=server version=\"(version=$APP_VERSION, branch=HEAD)\""
log INFO 1011 "The error log is written to stderr" 
[ -r "$config" ] || { log ERROR 601 "Error loading config (--config.file=$config)" " file=$config err=\"open $config: no such file or directory\""; exit 2; }
n=0
while IFS= read -r text || [ -n "$text" ]; do
  n=$((n + 1)); key=$(echo "$text" | sed 's/^[ -]*//; s/:.*//')
  case $key in
    ''|'#'*|global|scrape_interval|evaluation_interval|scrape_configs|job_name|static_configs|targets|scrape_timeout|rule_files|/etc/*) ;;
    *) log ERROR 601 "Error loading config (--config.file=$config)" " file=$config err=\"parsing YAML file $config: yaml: unmarshal errors:\\n  line $n: field $key not found in type config.plain\""; exit 2 ;;
  esac
done <"$config"
log INFO 1289 "Server is ready to receive web requests."
serve "$port" -/healthy -/ready
