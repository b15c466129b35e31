#!/bin/sh
# Build the image for both platforms from the wheel in dist/, push it with bill of materials and provenance, sign it by identity.
# On a desk: IMAGE_NAME=localhost:5000/puls TAG=v0.1.0 SIGN=no deploy/release/image.sh. `make image-desk` builds and runs without a registry.
set -eu
: "${TAG:?the tag of the release, such as v0.1.0}"
name=${IMAGE_NAME:-ghcr.io/$(printf %s "${GITHUB_REPOSITORY:?or IMAGE_NAME}" | tr '[:upper:]' '[:lower:]')}
version=${TAG#v}
if [ -n "${REGISTRY_TOKEN:-}" ]; then
    printf %s "$REGISTRY_TOKEN" | docker login "${name%%/*}" --username "${GITHUB_ACTOR:-puls}" --password-stdin
fi
facts=$(mktemp)
trap 'rm -f "$facts"' EXIT
docker buildx build . --platform linux/amd64,linux/arm64 --push --tag "$name:$version" \
    --provenance mode=max --sbom true --metadata-file "$facts" \
    --build-arg VERSION="$version" --build-arg REVISION="$(git rev-parse HEAD)" \
    --build-arg CREATED="$(git log -1 --format=%cI)"
digest=$(sed -n 's/.*"containerimage.digest": *"\(sha256:[0-9a-f]\{64\}\)".*/\1/p' "$facts" | head -n 1)
[ -n "$digest" ] || { echo "buildx said no digest" >&2; exit 1; }
if [ "${SIGN:-yes}" = yes ]; then
    cosign sign --yes --recursive "$name@$digest"
fi
echo "$name@$digest"
if [ -n "${GITHUB_OUTPUT:-}" ]; then
    printf 'name=%s\ndigest=%s\n' "$name" "$digest" >> "$GITHUB_OUTPUT"
fi
