#!/bin/sh
# Search, then the next page, then the same search as a feed. Usage: sh search.sh [http://127.0.0.1:8000]
set -eu
PULS="${1:-http://127.0.0.1:8000}"

first=$(curl -sS --fail-with-body -G "$PULS/v1/search" --data-urlencode "q=concert à Lyon" -d limit=3)
echo "$first" | python3 -c 'import json, sys
for event in json.load(sys.stdin)["events"]: print(event["uid"], event["title"], event["occurrence"]["start"])'

cursor=$(echo "$first" | python3 -c 'import json, sys; print(json.load(sys.stdin)["next_cursor"] or "")')
if [ -n "$cursor" ]; then
  echo "-- next page"
  curl -sS --fail-with-body -G "$PULS/v1/search" --data-urlencode "q=concert à Lyon" -d limit=3 --data-urlencode "cursor=$cursor" |
    python3 -c 'import json, sys
for event in json.load(sys.stdin)["events"]: print(event["uid"], event["title"])'
fi

echo "-- the same as RSS"
curl -sS --fail-with-body -G "$PULS/v1/search.rss" --data-urlencode "q=concert à Lyon" | head -c 200
echo
