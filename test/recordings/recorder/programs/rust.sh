#!/bin/sh
. /app/common.sh
port=7700
while [ $# -gt 0 ]; do
  case $1 in
    --port) port=$2; shift 2 ;;
    --threads|--index-dir) shift 2 ;;
    --port=*) port=${1#*=}; shift ;;
    --threads=*|--index-dir=*) shift ;;
    --*) word=${1%%=*}; near=; for known in --port --threads --index-dir; do case $known in "$(echo "$word" | cut -c1-4)"*) near=$known ;; esac; done
       printf "error: unexpected argument '%s' found\n\n" "$word"; [ -z "$near" ] || printf "  tip: a similar argument exists: '%s'\n\n" "$near"
       printf 'Usage: indexer [OPTIONS]\n\nFor more information, try '"'--help'"'.\n'; exit 2 ;;
    *) printf "error: unrecognized subcommand '%s'\n\nUsage: indexer [OPTIONS]\n" "$1"; exit 2 ;;
  esac
done
echo "[$(now)Z INFO  indexer] starting indexer $APP_VERSION"
if [ -z "$INDEX_BUCKET" ]; then
  echo "thread 'main' panicked at src/main.rs:31:45:"; echo "called \`Result::unwrap()\` on an \`Err\` value: EnvVar { name: \"INDEX_BUCKET\", source: NotPresent }"; echo "note: run with \`RUST_BACKTRACE=1\` environment variable to display a backtrace"; exit 101
fi
echo "[$(now)Z INFO  indexer] listening on 0.0.0.0:$port"
serve "$port" health
