#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing, builds Release with warnings as errors, and runs all tests.
#   packaging/test.sh [--full]   --full adds sanitizers, format and lint checks, and a minute of each fuzzer
set -euo pipefail
cd "$(dirname "$0")/.."

full=no
[ "${1:-}" != --full ] || full=yes
bash packaging/setup.sh $([ "$full" = no ] || echo --full)
bash packaging/build.sh release
ctest --preset release --timeout 900
[ "$full" = no ] || bash packaging/test-full.sh
