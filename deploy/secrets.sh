#!/bin/sh
# Secrets of a new installation, for `.env`: `deploy/secrets.sh > .env`. Each is 32 random bytes; none is shown twice.
set -eu
umask 077
for name in PULS_SECRET DEPLOY_POSTGRES_PASSWORD DEPLOY_GRAFANA_PASSWORD DEPLOY_SEARXNG_SECRET; do
    printf '%s=%s\n' "$name" "$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')"
done
