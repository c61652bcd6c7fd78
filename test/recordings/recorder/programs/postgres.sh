#!/bin/sh
. /app/common.sh
data=${PGDATA:-/var/lib/postgresql/data}
if ! [ -s "$data/PG_VERSION" ]; then
  if [ -z "$POSTGRES_PASSWORD" ]; then
    printf 'Error: Database is uninitialized and superuser password is not specified.\n       You must specify POSTGRES_PASSWORD to a non-empty value for the\n       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".\n\n       You may also use "POSTGRES_HOST_AUTH_METHOD=trust" to allow all\n       connections without a password. This is *not* recommended.\n'; exit 1
  fi
  printf 'The files belonging to this database system will be owned by user "postgres".\nThis user must also own the server process.\n\nThe database cluster will be initialized with locale "en_US.utf8".\n\n'
  mkdir -p "$data" 2>/dev/null
  if [ -n "$(ls -A "$data" 2>/dev/null)" ]; then
    printf 'initdb: error: directory "%s" exists but is not empty\ninitdb: detail: It contains a lost+found directory, perhaps due to it being a mount point.\ninitdb: hint: Using a mount point directly as the data directory is not recommended.\nCreate a subdirectory under the mount point.\n' "$data"; exit 1
  fi
  echo "${APP_VERSION%%.*}" >"$data/PG_VERSION"
fi
have=$(cat "$data/PG_VERSION")
stamp() { date -u '+%Y-%m-%d %H:%M:%S.113 UTC'; }
if [ "$have" != "${APP_VERSION%%.*}" ]; then
  echo; echo "PostgreSQL Database directory appears to contain a database; Skipping initialization"; echo
  echo "$(stamp) [1] FATAL:  database files are incompatible with server"; echo "$(stamp) [1] DETAIL:  The data directory was initialized by PostgreSQL version $have, which is not compatible with this version $APP_VERSION (Debian)."; exit 1
fi
while [ $# -gt 0 ]; do
  if [ "$1" = -c ]; then
    case ${2%%=*} in shared_buffers|max_connections|log_statement|work_mem) ;; *) echo "$(stamp) [1] FATAL:  unrecognized configuration parameter \"${2%%=*}\""; exit 1 ;; esac
    shift
  fi
  shift
done
echo "$(stamp) [1] LOG:  starting PostgreSQL $APP_VERSION on x86_64-pc-linux-gnu"; echo "$(stamp) [1] LOG:  database system is ready to accept connections"
serve 5432 healthz
