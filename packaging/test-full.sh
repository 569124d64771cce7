#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What packaging/test.sh --full adds: format, lints, sanitizers over core's tests, fuzzers.
#   packaging/test-full.sh [format|lint|asan|tsan|fuzz|documents]…   (default: all but documents, in this order)
# documents: the public headers' documentation, without a warning (doxygen: packaging/setup.sh --package).
set -euo pipefail
cd "$(dirname "$0")/.."
fuzz_seconds=${SPLITSCOPE_FUZZ_SECONDS:-60}

check_format() {
  git ls-files '*.cpp' '*.h' | xargs clang-format-14 --dry-run --Werror
}

check_lint() {
  cmake --preset release >/dev/null
  # Files whose precompiled header is LibTorch's need clang's own; the others are read as they are built.
  git ls-files 'core/base/*.cpp' 'core/codec/*.cpp' 'core/data/*.cpp' 'core/decision/*.cpp' 'core/sim/*.cpp' 'core/wire/*.cpp' \
    | xargs -P 2 -n 4 clang-tidy-14 --quiet -p build/release --extra-arg=-Wno-unknown-warning-option \
        --extra-arg=-Wno-ignored-optimization-argument
}

# Tests of what threads share. The others are built without the thread sanitizer: it knows nothing of LibTorch's own threads.
concurrent=(tst_ring_buffer tst_link tst_device_sender tst_hostile_link tst_journal tst_device_runtime tst_device_fallback tst_edge_runtime tst_recorder)

run_asan() {
  bash packaging/build.sh asan core_tests
  LSAN_OPTIONS="suppressions=$PWD/packaging/lsan.supp ${LSAN_OPTIONS:-}" ctest --preset asan -L core --timeout 900
}

run_tsan() {
  bash packaging/build.sh tsan "${concurrent[@]}"
  ctest --preset tsan -R "^($(IFS='|'; echo "${concurrent[*]}"))\$" --timeout 900
}

run_fuzzers() {
  local fuzzers
  mapfile -t fuzzers < <(cd tests/fuzz && ls fuzz_*.cpp | sed 's/[.]cpp$//')
  bash packaging/build.sh fuzz "${fuzzers[@]}"
  for name in "${fuzzers[@]}"; do
    fuzzer=build/fuzz/fuzz/$name
    corpus=build/fuzz/corpus/$name
    mkdir -p "$corpus"
    [ ! -d "tests/fuzz/corpus/$name" ] || cp -n "tests/fuzz/corpus/$name"/* "$corpus/"
    "$fuzzer" -max_total_time="$fuzz_seconds" -rss_limit_mb=2048 -timeout=10 -print_final_stats=1 "$corpus" 2>&1 | tail -n 8
  done
}

steps=("$@")
[ $# -gt 0 ] || steps=(format lint asan tsan fuzz)
for step in "${steps[@]}"; do
  echo "== $step ==" >&2
  case "$step" in
    format) check_format ;;
    lint) check_lint ;;
    asan) run_asan ;;
    tsan) TSAN_OPTIONS="suppressions=$PWD/packaging/tsan.supp die_after_fork=0 ${TSAN_OPTIONS:-}" run_tsan ;;
    fuzz) run_fuzzers ;;
    documents) doxygen docs/Doxyfile ;;
    *) echo "test-full.sh: unknown step '$step'" >&2; exit 2 ;;
  esac
done
