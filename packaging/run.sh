#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing, builds, and starts the dashboard with the demonstration experiment. Without a display the same
# experiment runs in the terminal and leaves charts (PNG), a CSV and a database; it says where.
#   packaging/run.sh [--headless] [arguments for splitscope, or for splitscope-cli run]
set -euo pipefail
cd "$(dirname "$0")/.."

headless=no
[ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || headless=yes
if [ "${1:-}" = --headless ]; then
  headless=yes
  shift
fi

bash packaging/setup.sh
bash packaging/build.sh release splitscope splitscope-cli splitscoped
bin=build/release/bin
if [ "$headless" = no ]; then
  exec "$bin/splitscope" "$@"
fi

out=${SPLITSCOPE_OUT:-runs/$(date +%Y-%m-%d_%H-%M-%S)}
echo "No display: running the demonstration in this terminal. Records and charts go to $out" >&2
"$bin/splitscope-cli" run --demonstration --out "$out" "$@"
QT_QPA_PLATFORM=offscreen "$bin/splitscope" --charts-from "$out/frames.csv" --out "$out/charts"
echo "Charts: $out/charts  Table: $out/frames.csv  Records: $out/records.sqlite" >&2
