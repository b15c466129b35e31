#!/bin/sh
# Verify who signed IMAGE (…@sha256:…), then copy it with its papers into REPOSITORY (of ECR): the same digest goes to every environment.
set -eu
: "${IMAGE:?with its digest}" "${REPOSITORY:?such as 111111111111.dkr.ecr.eu-west-3.amazonaws.com/puls/staging/puls}" "${VERSION:?}"
digest=${IMAGE##*@}
case $digest in sha256:????????????????????????????????????????????????????????????????) ;; *) echo "$IMAGE has no digest" >&2; exit 1 ;; esac
if [ -n "${REGISTRY_TOKEN:-}" ]; then
    printf %s "$REGISTRY_TOKEN" | docker login "${IMAGE%%/*}" --username "${GITHUB_ACTOR:-puls}" --password-stdin
fi
cosign verify --certificate-oidc-issuer https://token.actions.githubusercontent.com \
    --certificate-identity-regexp "^https://github\\.com/${GITHUB_REPOSITORY:?}/\\.github/workflows/release\\.yml@refs/tags/v" \
    "$IMAGE" > /dev/null
aws ecr get-login-password | docker login "${REPOSITORY%%/*}" --username AWS --password-stdin
docker buildx imagetools create --tag "$REPOSITORY:$VERSION" "$IMAGE"
copied=$(docker buildx imagetools inspect "$REPOSITORY:$VERSION" --format '{{.Manifest.Digest}}')
[ "$copied" = "$digest" ] || { echo "copied $copied, not $digest" >&2; exit 1; }
if [ -n "${GITHUB_ENV:-}" ]; then
    printf 'IMAGE=%s@%s\n' "$REPOSITORY" "$digest" >> "$GITHUB_ENV"
fi
echo "$REPOSITORY@$digest"
