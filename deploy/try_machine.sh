#!/bin/sh
# A machine as a new operator gets it – a Debian made by mmdebstrap – and docs/how-to/install.md, « On a machine », followed to the letter in
# it. Where systemd can be booted in a container (systemd-nspawn) the service is started by it; else the unit's command is run by hand
# as an account of its own. As root on Debian: apt-get install mmdebstrap systemd-container. `make try-machine`.
set -eu
cd "$(dirname "$0")/.."
work=${WORK:-/var/tmp/puls-machine}
root=$work/root
mkdir -p "$work"
if [ ! -e "$root/etc/debian_version" ]; then
    mmdebstrap --quiet --variant=apt --include=systemd,systemd-sysv,dbus,ca-certificates,curl bookworm "$root"
fi
cleaned() { for place in proc sys dev; do umount -l "$root/$place" 2>/dev/null || true; done; }
trap cleaned EXIT
mount --bind /proc "$root/proc"; mount --bind /sys "$root/sys"; mount --rbind /dev "$root/dev"; mount --make-rslave "$root/dev"
rm -rf "$root/root/puls"; mkdir -p "$root/root/puls/deploy"
cp dist/puls-*.whl "$root/root/puls/"; cp requirements/base.txt "$root/root/puls/requirements.txt"
cp -r deploy/vm deploy/compose "$root/root/puls/deploy/"
cp /etc/ssl/certs/ca-certificates.crt "$root/root/desk-certificates.crt"   # of this desk's way to PyPI
cp /etc/resolv.conf "$root/etc/resolv.conf"
wheel=$(cd dist && echo puls-*.whl)
began=$(date +%s)
chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root PIP_CERT=/root/desk-certificates.crt \
    sh -c "cd /root/puls && deploy/vm/install.sh $wheel requirements.txt"
echo "machine: installed by the how-to in $(($(date +%s) - began)) s"
chroot "$root" /usr/local/bin/puls --version

# What runs it: the unit's own command, as an account without rights, its home alone writable.
chroot "$root" sh -c 'getent passwd puls >/dev/null || useradd --system --home-dir /var/lib/puls --shell /usr/sbin/nologin puls'
chroot "$root" install -d -o puls -g puls -m 0750 /var/lib/puls
command=$(sed -n 's/^ExecStart=//p' "$root/etc/systemd/system/puls.service" | sed 's/--port 8000/--port 18401/')
chroot "$root" sh -c "set -a; . /etc/puls/puls.env; PULS_HOME=/var/lib/puls PULS_LOG_FORMAT=json; set +a
    cd /var/lib/puls && exec setpriv --reuid=puls --regid=puls --clear-groups --no-new-privs --bounding-set=-all $command --with-sample" \
    > "$work/puls.log" 2>&1 &
serving=$!
tries=0
until curl --silent --fail --max-time 10 'http://127.0.0.1:18401/v1/search?q=concert' | grep -q '"title"'; do
    tries=$((tries + 1))
    [ "$tries" -lt 180 ] || { echo "machine: FAILED: no event"; tail -5 "$work/puls.log"; kill "$serving"; exit 1; }
    sleep 1
done
echo "machine: the unit's command answers with events, run as an account without rights"
kill -TERM "$serving"
if wait "$serving"; then echo "machine: SIGTERM, exit code 0"; fi
chroot "$root" sh -c "set -a; . /etc/puls/puls.env; PULS_HOME=/var/lib/puls; set +a; cd /var/lib/puls
    exec setpriv --reuid=puls --regid=puls --clear-groups /opt/puls/bin/puls-backup" && echo "machine: the back-up of the timer was written"

# The same by systemd itself, with the rights that the unit leaves it, where this desk can boot one.
cleaned
command -v systemd-nspawn >/dev/null || { echo "machine: systemd-nspawn is not installed: the unit was not started by systemd"; exit 0; }
chroot "$root" userdel puls # DynamicUser makes its own
rm -rf "$root/var/lib/puls" "$root/var/lib/private/puls"
sed -i 's/--port 8000$/--port 18402 --with-sample/' "$root/etc/systemd/system/puls.service"
systemd-nspawn --quiet --directory="$root" --register=no --keep-unit --resolv-conf=off --console=pipe --boot < /dev/null > "$work/boot.log" 2>&1 &
machine=$!
trap 'kill -TERM "$machine" 2>/dev/null || true; wait "$machine" 2>/dev/null || true; cleaned' EXIT
tries=0
until curl --silent --fail --max-time 10 'http://127.0.0.1:18402/v1/search?q=concert' | grep -q '"title"'; do
    tries=$((tries + 1))
    if [ "$tries" -ge 120 ] || ! kill -0 "$machine" 2>/dev/null; then
        echo "machine: systemd could not be booted here or did not start the unit:"; tail -5 "$work/boot.log"; exit 1
    fi
    sleep 1
done
serving=$(pgrep --full 'puls serve --host 127.0.0.1 --port 18402' | head -1)
echo "machine: booted; puls.service answers with events after $tries s: $(grep -E '^(Uid|CapEff|NoNewPrivs|Seccomp):' "/proc/$serving/status" | tr -s '\t\n' ' ')"
