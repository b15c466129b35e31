#!/bin/sh
# Build the image and run it on this machine, with neither registry nor daemon: a Debian made by mmdebstrap as BASE, buildah for the
# Dockerfile as it stands, podman with runc to run it. As root on Debian 12 or newer:
#   apt-get install --no-install-recommends mmdebstrap buildah podman runc
#   make image-desk
# Packages come from Debian's archive and PyPI; what pip is told on this machine (certificates, folders) it is told in the build.
set -eu
cd "$(dirname "$0")/.."
work=${WORK:-/var/tmp/puls-image}
export STORAGE_DRIVER="${STORAGE_DRIVER:-vfs}" BUILDAH_ISOLATION=chroot
for program in mmdebstrap buildah podman runc; do
    command -v "$program" >/dev/null || { echo "image-desk: $program is not installed: apt-get install $program" >&2; exit 3; }
done
mkdir -p "$work"

if ! buildah inspect --type image localhost/puls-base >/dev/null 2>&1; then
    mmdebstrap --quiet --variant=essential --include=python3,python3-venv,ca-certificates,libstdc++6,tzdata \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' --aptopt='Acquire::http::Timeout "30"' \
        bookworm "$work/base.tar"
    container=$(buildah from scratch)
    buildah add --quiet "$container" "$work/base.tar" / >/dev/null
    buildah commit --quiet --rm "$container" localhost/puls-base >/dev/null
    rm "$work/base.tar"
fi

version=$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
printf '[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n' > "$work/pip.conf"
began=$(date +%s)
buildah bud --quiet --format docker --build-arg BASE=localhost/puls-base --build-arg VERSION="$version" \
    --build-arg REVISION="$(git rev-parse HEAD)" --build-arg CREATED="$(git log -1 --format=%cI)" \
    --volume /etc/ssl/certs:/etc/ssl/certs:ro --volume "$work/pip.conf:/etc/pip.conf:ro" \
    --tag localhost/puls . >/dev/null
echo "built in $(($(date +%s) - began)) s from $(podman image inspect --format '{{.Size}}' localhost/puls-base | awk '{printf "%.0f MB", $1/1e6}') of base"
[ "${1:-}" = --build-only ] || exec python3 deploy/image/trial.py localhost/puls
