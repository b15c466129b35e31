#!/bin/sh
# `puls backup` into /var/lib/puls/backups, and the oldest put away.
set -eu
folder=${PULS_BACKUPS:-${PULS_HOME:-/var/lib/puls}/backups}
mkdir -p "$folder"
/opt/puls/bin/puls backup "$folder/puls-$(date -u +%Y-%m-%dT%H%M%SZ).zip"
# shellcheck disable=SC2012 # the names are ours
ls -1 "$folder"/puls-*.zip | sort -r | tail -n +15 | while read -r old; do rm -f "$old"; done
