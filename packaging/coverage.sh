#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Measures which lines of core its own tests reach: a table by folder, and the lines that no test reaches, in
# build/coverage/report.txt. Core and its tests are built once more for it.
#   packaging/coverage.sh [--report]      --report: of the tests that have run already
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "${1:-}" != --report ]; then
  bash packaging/build.sh coverage core_tests
  find build/coverage -name '*.gcda' -delete
  ctest --preset coverage -L core --timeout 1800
fi
python3 packaging/coverage.py build/coverage > build/coverage/report.txt
sed '/^$/q' build/coverage/report.txt
