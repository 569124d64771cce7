#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Measures which lines of core are run: a table by folder, and the lines that are not, in build/coverage/report.txt. What is tested is
# built once more for it.
#   packaging/coverage.sh [core|all|report]
# core (default): by core's own tests. all: by the integration tests as well, whose programs are whole experiments; over an hour.
# report: of the tests that have run already.
set -euo pipefail
cd "$(dirname "$0")/.."
case "${1:-core}" in
  core) labels=core targets=(core_tests) ;;
  all) labels='core|integration' targets=(core_tests integration_tests) ;;
  report) labels= ;;
  *) echo "usage: coverage.sh [core|all|report]" >&2; exit 2 ;;
esac
if [ -n "$labels" ]; then
  bash packaging/build.sh coverage "${targets[@]}"
  find build/coverage -name '*.gcda' -delete
  ctest --preset coverage -L "$labels" --timeout 1800
fi
python3 packaging/coverage.py build/coverage > build/coverage/report.txt
sed '/^$/q' build/coverage/report.txt
