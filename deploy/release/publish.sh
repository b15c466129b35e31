#!/bin/sh
# The release's page with its files, and the packages on PyPI (trusted publishing: no token). Called again it mends what is missing.
set -eu
: "${TAG:?the tag of the release, such as v0.1.0}"
before=""
case $TAG in *-*) before=--prerelease ;; esac
if gh release view "$TAG" > /dev/null 2>&1; then
    gh release upload "$TAG" --clobber dist/*.whl dist/*.tar.gz dist/puls.cdx.json
else
    # shellcheck disable=SC2086 # one word or none
    gh release create "$TAG" --verify-tag $before --title "Puls ${TAG#v}" --notes-file dist/release-notes.md \
        dist/*.whl dist/*.tar.gz dist/puls.cdx.json
fi
python3 -m venv .uv
.uv/bin/python -m pip install --quiet --require-hashes --no-deps --requirement deploy/release/uv.txt
.uv/bin/uv publish --trusted-publishing always dist/*.whl dist/*.tar.gz
