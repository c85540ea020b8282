#!/usr/bin/env bash
# Makes docs/images/workspace.png: the workspace page over the small sample workspace.
set -euo pipefail
cd "$(dirname "$0")/.."

# A name of its own, because the page shows it; fails if somebody has it already.
folder=${TMPDIR:-/tmp}/burndown-sample
mkdir "$folder"
server=""
trap '[ -z "$server" ] || kill "$server"; rm -rf "$folder"' EXIT

tar -xzf fixtures/legacy/small.tar.gz -C "$folder"
cargo build --release --quiet
target/release/burndown serve --port 0 --workspace "$folder/small" >"$folder/out" &
server=$!
until url=$(grep -o 'http://[^ ]*/' "$folder/out"); do
    kill -0 "$server"
    sleep 0.1
done

mkdir -p docs/images
chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$folder/browser" \
    --window-size=1200,800 --screenshot=docs/images/workspace.png "$url" 2>"$folder/browser.log"
echo "docs/images/workspace.png is made"
