#!/bin/sh
# Debian's packages that a job needs: debian.sh PACKAGE…
set -eu
as_root=""
[ "$(id -u)" = 0 ] || as_root=sudo
$as_root apt-get update -qq
$as_root apt-get install -y -qq --no-install-recommends "$@"
