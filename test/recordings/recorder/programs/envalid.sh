#!/bin/sh
. /app/common.sh
missing= invalid=
[ -n "$SESSION_STORE" ] || missing="    SESSION_STORE: undefined"
case ${PORT:-4000} in *[!0-9]*) invalid="    PORT: Invalid port input: \"$PORT\"" ;; esac
case ${FEATURE_TRIAL:-false} in true|false) ;; *) invalid="${invalid:+$invalid
}    FEATURE_TRIAL: Invalid bool input: \"$FEATURE_TRIAL\"" ;; esac
if [ -n "$missing$invalid" ]; then
  echo "================================"; [ -z "$invalid" ] || printf ' Invalid environment variables:\n%s\n' "$invalid"; [ -z "$missing" ] || printf ' Missing environment variables:\n%s\n' "$missing"; echo "================================"; echo; echo " Exiting with error code 1"; exit 1
fi
if [ -n "$LIMITS_FILE" ]; then
  if ! [ -r "$LIMITS_FILE" ]; then printf "Error: ENOENT: no such file or directory, open '%s'\n    at Object.readFileSync (node:fs:441:20)\n    at loadLimits (/app/dist/limits.js:9:24)\n" "$LIMITS_FILE"; exit 1; fi
  n=0
  while IFS= read -r text || [ -n "$text" ]; do
    n=$((n + 1))
    if echo "$text" | grep -q '^ *}' && echo "$last" | grep -q ',$'; then printf '/app/dist/limits.js:10\n  const limits = JSON.parse(text);\n                      ^\n\nSyntaxError: Expected double-quoted property name in JSON at position %s (line %s column 1)\n    at JSON.parse (<anonymous>)\n    at loadLimits (/app/dist/limits.js:10:23)\n    at Object.<anonymous> (/app/dist/server.js:21:16)\n\nNode.js v22.12.0\n' $((n * 17)) $n; exit 1; fi
    last=$text
  done <"$LIMITS_FILE"
fi
heap=$(echo "$NODE_OPTIONS" | sed -n 's/.*--max-old-space-size=\([0-9]*\).*/\1/p')
if [ -n "$heap" ] && [ "$heap" -lt 40 ]; then
  printf '\n<--- Last few GCs --->\n\n[1:0x7f1c]     3317 ms: Mark-Compact 31.7 (34.1) -> 31.4 (34.6) MB, 41.2 / 0.0 ms  (average mu = 0.11) allocation failure; scavenge might not succeed\n\n<--- JS stacktrace --->\n\nFATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n----- Native stack trace -----\n\n 1: 0xb8d0a3 node::OOMErrorHandler(char const*, v8::OOMDetails const&) [node]\n'; exit 134
fi
echo "portal listening on ${PORT:-4000}"
serve "${PORT:-4000}" health
