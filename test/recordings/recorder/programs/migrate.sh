#!/bin/sh
. /app/common.sh
echo "Flyway Community Edition 10.21.0 by Redgate"
[ -n "$FLYWAY_URL" ] || { echo "ERROR: Unable to connect to the database. Configure the url, user and password!"; exit 1; }
host=$(echo "$FLYWAY_URL" | sed 's,.*//,,; s,[:/].*,,')
resolves "$host" || { printf 'ERROR: Unable to obtain connection from database (%s) for user '"'%s'"': The connection attempt failed.\n-----------------------------------------------------------------------\nSQL State  : 08001\nError Code : 0\nMessage    : The connection attempt failed.\n\nCaused by: java.net.UnknownHostException: %s\n' "$FLYWAY_URL" "${FLYWAY_USER:-app}" "$host"; exit 1; }
[ -z "$FLYWAY_LOCATIONS" ] || [ -d "${FLYWAY_LOCATIONS#filesystem:}" ] || { echo "ERROR: Location ${FLYWAY_LOCATIONS#filesystem:} not found (failOnMissingLocations=true)"; exit 1; }
[ "${FAIL_VALIDATE:-}" = "" ] || { printf 'ERROR: Validate failed: Migrations have failed validation\nMigration checksum mismatch for migration version 14\n-> Applied to database : 1204518813\n-> Resolved locally    : -94418290\nEither revert the changes to the migration, or run repair to update the schema history.\n'; exit 1; }
[ -z "$WORK_SECONDS" ] || sleep "$WORK_SECONDS"
echo "Successfully validated 22 migrations"; echo "Schema \"public\" is up to date. No migration necessary."
