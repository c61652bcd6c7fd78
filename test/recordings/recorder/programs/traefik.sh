#!/bin/sh
. /app/common.sh
port=8000
for argument; do
  case $argument in
    --entrypoints.web.address=*) port=${argument##*:} ;;
    --ping|--ping=true|--accesslog|--accesslog=true|--log.level=*|--providers.file.directory=*|--api.dashboard=*) ;;
    --entryPoints.*|--entrypoints.*) name=${argument#--}; echo "{\"level\":\"error\",\"error\":\"command traefik error: failed to decode configuration from flags: field not found, node: $(echo "$name" | cut -d. -f3 | cut -d= -f1)\",\"time\":\"$(now)Z\",\"message\":\"Command error\"}"; exit 1 ;;
    *) echo "{\"level\":\"error\",\"error\":\"command traefik error: failed to decode configuration from flags: field not found, node: $(echo "${argument#--}" | cut -d. -f1 | cut -d= -f1)\",\"time\":\"$(now)Z\",\"message\":\"Command error\"}"; exit 1 ;;
  esac
done
echo "{\"level\":\"info\",\"time\":\"$(now)Z\",\"message\":\"Traefik version $APP_VERSION built on 2026-10-01\"}"
serve "$port" ping
