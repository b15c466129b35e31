#!/bin/sh
# Puls on a Debian 12+ or Ubuntu 24.04+ machine without containers: `sudo ./install.sh [--domain NAME] WHEEL LOCK`.
#   WHEEL  puls-X.Y.Z-py3-none-any.whl of a release     LOCK  requirements/base.txt of the same release (hashes of all packages)
# Run again with another wheel to upgrade: the new version is made beside the old one and takes its place by one link; `install.sh
# --back` returns to the one before. Data stay in /var/lib/puls, settings in /etc/puls/puls.env; neither is touched.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
domain=
back=
while [ $# -gt 0 ]; do
    case $1 in
        --domain) domain=$2; shift 2 ;;
        --back) back=yes; shift ;;
        --*) echo "install.sh: $1 is not known" >&2; exit 2 ;;
        *) break ;;
    esac
done
[ "$(id -u)" = 0 ] || { echo "install.sh: run it as root (sudo)" >&2; exit 2; }
started() { [ -d /run/systemd/system ]; }

if [ -n "$back" ]; then
    [ -L /opt/puls.before ] || { echo "install.sh: there is no version to go back to" >&2; exit 1; }
    now=$(readlink /opt/puls)
    ln -sfn "$(readlink /opt/puls.before)" /opt/puls.next
    mv -T /opt/puls.next /opt/puls
    ln -sfn "$now" /opt/puls.before
    if started; then systemctl restart puls; fi
    /opt/puls/bin/puls --version
    exit 0
fi

wheel=${1:?name the wheel}
lock=${2:?name the lock of packages (requirements/base.txt)}
version=$(basename "$wheel" | cut -d- -f2)
for file in "$wheel" "$lock"; do [ -r "$file" ] || { echo "install.sh: $file cannot be read" >&2; exit 2; }; done
export DEBIAN_FRONTEND=noninteractive
apt-get update --quiet --quiet
# libnss-systemd: PostgreSQL asks for the name of its account
apt-get install --quiet --quiet --yes --no-install-recommends python3 python3-venv ca-certificates tzdata libnss-systemd > /dev/null

# -- the version, whole or not at all ----------------------------------------------------------------------------------
place=/opt/puls-$version-$(sha256sum "$wheel" | cut -c1-8)
if [ ! -x "$place/bin/puls" ]; then
    rm -rf "$place"
    trap 'rm -rf "$place"' EXIT
    python3 -m venv "$place"
    "$place/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: --requirement "$lock"
    "$place/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-index "$wheel"
    install -m 0755 "$here/puls-backup.sh" "$place/bin/puls-backup"
    "$place/bin/puls" --version
    trap - EXIT
fi

# -- settings: made once, then yours -----------------------------------------------------------------------------------
install -d -m 0750 /etc/puls
if [ ! -e /etc/puls/puls.env ]; then
    umask 077
    {
        echo "# Settings of Puls; .env.example lists them all. systemd reads this file as root."
        printf 'PULS_SECRET=%s\n' "$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')"
        if [ -n "$domain" ]; then printf 'PULS_PUBLIC_URL=https://%s\nPULS_TRUSTED_PROXIES=127.0.0.1,::1\n' "$domain"; fi
    } > /etc/puls/puls.env
    umask 022
fi

# -- one link decides which version runs -------------------------------------------------------------------------------
if [ -L /opt/puls ] && [ "$(readlink /opt/puls)" != "$place" ]; then ln -sfn "$(readlink /opt/puls)" /opt/puls.before; fi
ln -sfn "$place" /opt/puls.next
mv -T /opt/puls.next /opt/puls
ln -sfn /opt/puls/bin/puls /usr/local/bin/puls
install -m 0644 "$here/puls.service" "$here/puls-worker.service" "$here/puls-backup.service" "$here/puls-backup.timer" /etc/systemd/system/

if [ -n "$domain" ]; then
    apt-get install --quiet --quiet --yes --no-install-recommends caddy > /dev/null
    install -d /etc/caddy
    install -m 0644 "$here/../compose/Caddyfile" /etc/caddy/Caddyfile
    install -d /etc/systemd/system/caddy.service.d
    printf '[Service]\nEnvironment=DEPLOY_DOMAIN=%s DEPLOY_UPSTREAMS=127.0.0.1:8000\n# The file turns the door for reloading off.\nExecReload=\n' "$domain" \
        > /etc/systemd/system/caddy.service.d/puls.conf
fi

if started; then
    systemctl daemon-reload
    systemctl enable --quiet --now puls.service puls-backup.timer
    systemctl restart puls.service
    if [ -n "$domain" ]; then systemctl enable --quiet caddy; systemctl restart caddy; fi
else
    systemctl enable --quiet puls.service puls-backup.timer 2>/dev/null || true
    echo "install.sh: systemd does not run here; puls.service starts with the machine"
fi
echo "Puls $version is installed: /opt/puls -> $place; settings in /etc/puls/puls.env, data in /var/lib/puls."
