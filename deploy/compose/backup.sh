#!/bin/sh
# A dump of PostgreSQL that appears whole or not at all, and the oldest ones put away. `backup.sh once|daily`.
# PGHOST, PGUSER, PGDATABASE, PGPASSWORD as for pg_dump; BACKUPS the folder; BACKUPS_KEPT how many stay.
set -eu
umask 077
folder=${BACKUPS:?name the folder of the back-ups}
kept=${BACKUPS_KEPT:-14}

once() {
    name=$folder/puls-$(date -u +%Y-%m-%dT%H%M%SZ).dump
    trap 'rm -f "$name.part"' EXIT
    pg_dump --format=custom --compress=6 --lock-wait-timeout=60s --file="$name.part"
    pg_restore --list "$name.part" > /dev/null # a dump that cannot be read is none
    mv "$name.part" "$name"
    echo "backup: $name, $(wc -c < "$name") bytes"
    # shellcheck disable=SC2012 # the names are ours
    ls -1 "$folder"/puls-*.dump | sort -r | tail -n "+$((kept + 1))" | while read -r old; do rm -f "$old"; done
}

case ${1:-once} in
    once) once ;;
    daily)
        while :; do
            (once) || echo "backup: FAILED, the next try is in an hour" >&2
            if [ -n "$(find "$folder" -name 'puls-*.dump' -mmin -1380)" ]; then sleep 86400; else sleep 3600; fi
        done
        ;;
    *) echo "backup.sh once|daily" >&2; exit 2 ;;
esac
