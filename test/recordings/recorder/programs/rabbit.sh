#!/bin/sh
. /app/common.sh
chown 999 /data/. 2>/dev/null || { echo "chown: changing ownership of '/var/lib/rabbitmq': Operation not permitted"; exit 1; }
printf '  ##  ##      RabbitMQ %s\n  ##  ##\n  ##########  Copyright (c) 2007-2026 Broadcom Inc\n' "$APP_VERSION"
echo "$(date -u '+%Y-%m-%d %H:%M:%S.113')+00:00 [info] <0.214.0> Server startup complete; 4 plugins started."
serve 15672 healthz
