#!/bin/sh
. /app/common.sh
# Lists ConfigMaps of its namespace with its own account, for real: through api-door.py, since busybox speaks no TLS.
account=/var/run/secrets/kubernetes.io/serviceaccount
namespace=$(cat $account/namespace)
echo "I$(date -u '+%m%d %H:%M:%S').214518       1 main.go:88] Starting controller"
door=${API_DOOR:-10.99.0.1:8002}
answer=$({ printf 'GET /api/v1/namespaces/%s/configmaps?limit=1 HTTP/1.0\r\nAuthorization: Bearer %s\r\n\r\n' "$namespace" "$(cat $account/token)"; sleep 1; } | nc -w 5 "${door%%:*}" "${door##*:}" | head -1)
case $answer in *" 200 "*) echo "I$(date -u '+%m%d %H:%M:%S').802331       1 main.go:97] Caches synced"; serve 8080 healthz ;; esac
payload=$(cut -d. -f2 $account/token | tr '_-' '/+'); while [ $((${#payload} % 4)) -ne 0 ]; do payload="$payload="; done
user=$(echo "$payload" | base64 -d 2>/dev/null | sed -n 's/.*"sub":"\([^"]*\)".*/\1/p')
echo "W$(date -u '+%m%d %H:%M:%S').513090       1 reflector.go:569] failed to list *v1.ConfigMap: configmaps is forbidden: User \"$user\" cannot list resource \"configmaps\" in API group \"\" in the namespace \"$namespace\""
echo "E$(date -u '+%m%d %H:%M:%S').513122       1 main.go:101] \"Unable to start\" err=\"timed out waiting for caches to sync\""
exit 1
