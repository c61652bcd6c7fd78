#!/bin/sh
. /app/common.sh
script=${1:-dist/server.js}
case $script in
  dist/server.js|dist/worker.js) ;;
  *) printf 'node:internal/modules/cjs/loader:1228\n  throw err;\n  ^\n\nError: Cannot find module '"'/app/%s'"'\n    at Function._resolveFilename (node:internal/modules/cjs/loader:1225:15)\n    at Function._load (node:internal/modules/cjs/loader:1055:27)\n    at node:internal/main/run_main_module:36:49 {\n  code: '"'MODULE_NOT_FOUND'"',\n  requireStack: []\n}\n\nNode.js v22.12.0\n' "$script"; exit 1 ;;
esac
line() { echo "{\"level\":$1,\"time\":$(date +%s)000,\"pid\":1,\"hostname\":\"$(hostname)\",\"name\":\"storefront\",\"msg\":\"$2\"}"; }
line 30 "loading configuration"
line 40 "feature flag file not found, using defaults (this is not an error)"
issues=
[ -n "$API_BASE_URL" ] || issues="$issues{\\\"code\\\":\\\"invalid_type\\\",\\\"expected\\\":\\\"string\\\",\\\"received\\\":\\\"undefined\\\",\\\"path\\\":[\\\"API_BASE_URL\\\"],\\\"message\\\":\\\"Required\\\"}"
case ${PAGE_SIZE:-20} in *[!0-9]*) issues="$issues{\\\"code\\\":\\\"invalid_type\\\",\\\"expected\\\":\\\"number\\\",\\\"received\\\":\\\"nan\\\",\\\"path\\\":[\\\"PAGE_SIZE\\\"],\\\"message\\\":\\\"Expected number, received nan\\\"}" ;; esac
[ -z "$issues" ] || { line 60 "invalid environment: [$issues]"; exit 1; }
if [ -n "$CATALOG_HOST" ] && ! resolves "$CATALOG_HOST"; then
  line 30 "connecting to catalog"; echo "{\"level\":60,\"time\":$(date +%s)000,\"pid\":1,\"err\":{\"type\":\"Error\",\"message\":\"getaddrinfo ENOTFOUND $CATALOG_HOST\",\"stack\":\"Error: getaddrinfo ENOTFOUND $CATALOG_HOST\\n    at GetAddrInfoReqWrap.onlookupall [as oncomplete] (node:dns:120:26)\",\"errno\":-3008,\"code\":\"ENOTFOUND\",\"syscall\":\"getaddrinfo\",\"hostname\":\"$CATALOG_HOST\"},\"msg\":\"startup failed\"}"; exit 1
fi
if [ -n "$CATALOG_HOST" ] && [ -n "$CATALOG_PORT" ] && ! reachable "$CATALOG_HOST" "$CATALOG_PORT"; then
  echo "{\"level\":60,\"time\":$(date +%s)000,\"pid\":1,\"err\":{\"type\":\"Error\",\"message\":\"connect ETIMEDOUT $CATALOG_HOST:$CATALOG_PORT\",\"code\":\"ETIMEDOUT\",\"syscall\":\"connect\",\"address\":\"$CATALOG_HOST\",\"port\":$CATALOG_PORT},\"msg\":\"startup failed\"}"; exit 1
fi
port=${PORT:-3000}
if taken "$port"; then
  printf 'node:events:497\n      throw er; // Unhandled '"'error'"' event\n      ^\n\nError: listen EADDRINUSE: address already in use :::%s\n    at Server.setupListenHandle [as _listen2] (node:net:1937:16)\n    at Server.listen (node:net:2099:7)\n    at Object.<anonymous> (/app/dist/server.js:44:8) {\n  code: '"'EADDRINUSE'"',\n  errno: -98,\n  syscall: '"'listen'"',\n  port: %s\n}\n\nNode.js v22.12.0\n' "$port" "$port"; exit 1
fi
sleep "${START_SECONDS:-0}"
line 30 "listening on :$port"
serve "$port" "${HEALTH_PATH:-api/health}"
