#!/bin/sh
# `uv tool install` of the wheel into folders of its own, then the first question: what somebody without containers does. `make try-wheel`.
# Needs PyPI. UV names the program uv when it is not on PATH.
set -eu
cd "$(dirname "$0")/.."
uv=${UV:-.venv/bin/uv}
work=$(mktemp -d)
serving=
trap 'if [ -n "$serving" ]; then kill "$serving" 2>/dev/null || true; wait "$serving" 2>/dev/null || true; fi; rm -rf "$work"' EXIT
export UV_TOOL_DIR="$work/tools" UV_TOOL_BIN_DIR="$work/bin" PULS_HOME="$work/home"
unset PYTHONPATH
"$uv" tool install --quiet --no-config --constraints requirements/base.txt dist/puls-*.whl
cd "$work"
echo "wheel: $("$work/bin/puls" --version), types: $(find "$work/tools" -path '*/puls/py.typed' | wc -l) py.typed"
"$work/bin/puls" serve --port 18301 --with-sample > "$work/log" 2>&1 &
serving=$!
tries=0
until curl --silent --fail --max-time 10 'http://127.0.0.1:18301/v1/search?q=concert' | grep -q '"title"'; do
    tries=$((tries + 1))
    [ "$tries" -lt 180 ] || { echo "wheel: FAILED: no event"; tail -5 "$work/log"; exit 1; }
    sleep 1
done
echo "wheel: serve --with-sample answers with events"
kill -TERM "$serving"
wait "$serving" && echo "wheel: SIGTERM, exit code 0"
serving=
