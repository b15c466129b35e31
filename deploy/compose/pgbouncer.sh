#!/bin/sh
# PgBouncer with its list of users written where nothing outlives the container.
set -eu
umask 077
[ -n "${DEPLOY_POSTGRES_PASSWORD:-}" ] || { echo "pgbouncer: DEPLOY_POSTGRES_PASSWORD is empty; run deploy/secrets.sh > .env" >&2; exit 1; }
printf '"puls" "%s"\n' "$DEPLOY_POSTGRES_PASSWORD" > /run/pgbouncer/users.txt
exec pgbouncer /etc/pgbouncer/pgbouncer.ini
