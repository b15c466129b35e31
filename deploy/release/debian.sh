#!/bin/sh
# Debian's packages that a job needs: debian.sh PACKAGE…
set -eu
apt-get update -qq
apt-get install -y -qq --no-install-recommends "$@"
