#!/bin/bash
# Puts the programs beside this script into the registry ($REGISTRY, with `crane`), each as an image of its own in several versions.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
busybox=${BUSYBOX:-/bin/busybox}
image() { # PROGRAM NAME VERSION…; ONLY: just this program
  local program=$1 name=$2; shift 2
  [ -z "${ONLY:-}" ] || [ "$ONLY" = "$program" ] || return 0
  rm -rf "$work/root"; mkdir -p "$work"/root/{bin,app,tmp,etc,data,config,var/cache,run}
  install -m755 "$busybox" "$work/root/bin/busybox"
  for applet in $("$busybox" --list); do [ "$applet" = busybox ] || ln -sf busybox "$work/root/bin/$applet"; done
  install -m755 "$here/programs/$program.sh" "$work/root/app/run"; install -m644 "$here/programs/common.sh" "$work/root/app/"
  printf 'root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/app:/bin/sh\n' >"$work/root/etc/passwd"; chmod 1777 "$work/root/tmp"; chown 1000:1000 "$work/root/data"
  [ -z "${FOREIGN:-}" ] || printf '\177ELF\002\001\001\000another machine' >"$work/root/app/run" # built for another processor
  mkdir -p "$work/root/app/dist" "$work/root/app/sql"; touch "$work/root/app/dist/server.js" "$work/root/app/sql/V1__init.sql"
  tar -C "$work/root" -cf "$work/layer.tar" --mtime @0 .
  for version; do
    crane append --insecure --oci-empty-base -f "$work/layer.tar" -t "$REGISTRY/$name:$version" >/dev/null 2>&1
    crane mutate --insecure --set-platform linux/amd64 --entrypoint /app/run --workdir /app --env PATH=/bin --env "APP_VERSION=$version" ${IMAGE_USER:+--user "$IMAGE_USER"} -t "$REGISTRY/$name:$version" "$REGISTRY/$name:$version" >/dev/null 2>&1
  done
}
image java acme/ledger 3.1.3 3.1.4 3.2.0
image python acme/reports 5.0.2 5.0.3
image node acme/storefront 9.4.0 9.4.1
image nginx acme/edge 1.27.2 1.27.3
image gojson acme/pricer 2.4.6 2.4.7 2.5.0
image rust acme/indexer 0.9.1 0.9.2
image dotnet acme/invoicing 8.1.0 8.1.1
image ruby acme/mailer 7.0.5 7.1.0
image operator acme/operator 1.2.0 1.2.1
image migrate acme/schema 22 23
image redis acme/cache 7.4.1 7.4.2
image haproxy acme/balancer 3.1.0 3.1.1
image prometheus acme/metrics 3.0.1 3.1.0
image pydantic acme/quotes 1.12.0 1.12.1
image envalid acme/portal 2.0.0 2.0.1
image postgres acme/postgres 16.4 17.2
image router acme/router 0.38.0 0.39.0 0.40.0
FOREIGN=1 image router acme/router 0.41.0
IMAGE_USER=app image node acme/storefront-rootless 9.4.1
image node acme/archive 2.0.0
image phoenix acme/conference 1.18.0 1.18.1
image laravel acme/tickets 11.3.0 11.3.1
image traefik acme/gateway 3.2.1 3.2.3
image nats acme/bus 2.10.22 2.10.24
image rabbit acme/queue 4.0.4 4.0.5
image kafka acme/shipping 3.9.0 3.9.1
image rails acme/backoffice 7.2.0 7.2.1
image django acme/billing 2.8.0 2.8.1
image aspnet acme/shipments 9.0.1 9.0.2
image zap acme/inventory 1.9 1.10
image zap acme/allocator stable 20261127.3
