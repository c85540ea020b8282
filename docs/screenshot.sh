#!/usr/bin/env bash
# Makes docs/images/overview.png: the overview of the demo's query.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(mktemp -d)
server=""
trap '[ -z "$server" ] || kill "$server"; rm -rf "$folder"' EXIT

cargo build --release --quiet
: >"$folder/out"
XDG_DATA_HOME="$folder" target/release/burndown serve --demo --port 0 --json >"$folder/out" &
server=$!
until grep -q '^}' "$folder/out"; do
    kill -0 "$server"
    sleep 0.1
done
url=$(sed -n 's|.*"url": "\(.*\)".*|\1|p' "$folder/out")
key=$(cat "$(sed -n 's|.*"key_file": "\(.*\)".*|\1|p' "$folder/out")")

mkdir -p docs/images
chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$folder/browser" \
    --window-size=1200,1120 --screenshot=docs/images/overview.png \
    "${url}login?key=$key&to=/profiles/demo-harbour/queries/checkout-rewrite" 2>"$folder/browser.log"
echo "docs/images/overview.png is made"
