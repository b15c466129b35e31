#!/bin/sh
# What `make lock` would write today, as a patch in dist/; the tree stays as it is. Releases younger than a week are left out.
set -eu
kept=$(mktemp -d)
trap 'cp "$kept"/*.txt requirements/; rm -rf "$kept"' EXIT
cp requirements/base.txt requirements/dev.txt "$kept"/
week_ago=$(date -u -d '7 days ago' +%Y-%m-%dT%H:%M:%SZ)
UV_EXCLUDE_NEWER=$week_ago make lock UPGRADE=--upgrade
mkdir -p dist
for one in base dev; do
    diff -u --label "a/requirements/$one.txt" --label "b/requirements/$one.txt" "$kept/$one.txt" "requirements/$one.txt" || true
done > dist/newer-locks.patch
grep -c '^+[a-z]' dist/newer-locks.patch || echo "nothing newer" >> dist/newer-locks.patch
