#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What packaging/test.sh --full adds: format, lints, sanitizers over core's tests, fuzzers.
#   packaging/test-full.sh [format|lint|documents|asan|tsan|fuzz|clazy]…   (default: all but clazy, in this order)
# documents: the public headers' documentation (doxygen), without a warning. clazy: Qt's own traps; needs Debian's clazy and a
# release build.
# SPLITSCOPE_FUZZERS: which fuzzers (names; default: all), SPLITSCOPE_FUZZ_SECONDS: how long each.
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
concurrent=(tst_ring_buffer tst_link tst_edge_hub tst_device_sender tst_hostile_link tst_journal tst_device_runtime
  tst_device_fallback tst_edge_runtime tst_edge_service tst_recorder tst_task_queue)

run_asan() {
  bash packaging/build.sh asan core_tests
  LSAN_OPTIONS="suppressions=$PWD/packaging/lsan.supp ${LSAN_OPTIONS:-}" ctest --preset asan -L core --timeout 900
}

# GCC's precompiled headers are left out: the files include them as well. That a loop over a JSON array of a document may copy it
# is not worth a name for each.
check_clazy() {
  mkdir -p build/clazy
  sed -E 's/-Winvalid-pch -include [^ ]*cmake_pch[.]hxx//; s/ -fpch-preprocess//; s/ -Wno-restrict//' \
    build/release/compile_commands.json > build/clazy/compile_commands.json
  git ls-files 'app/*.cpp' 'core/*.cpp' 'device_daemon/*.cpp' 'ui/*.cpp' \
    | xargs -P 2 -n 4 clazy-standalone -p build/clazy --checks=level1,no-qstring-ref > build/clazy/report.txt 2>&1 || true
  ! grep '[0-9]: error:' build/clazy/report.txt | grep -v 'detach Qt container (QJsonArray)'
}

run_tsan() {
  bash packaging/build.sh tsan "${concurrent[@]}"
  ctest --preset tsan -R "^($(IFS='|'; echo "${concurrent[*]}"))\$" --timeout 900
}

run_fuzzers() {
  local fuzzers name fuzzer corpus seeds seed
  mapfile -t fuzzers < <(cd tests/fuzz && ls fuzz_*.cpp | sed 's/[.]cpp$//')
  [ -z "${SPLITSCOPE_FUZZERS:-}" ] || read -ra fuzzers <<<"$SPLITSCOPE_FUZZERS"
  bash packaging/build.sh fuzz "${fuzzers[@]}"
  for name in "${fuzzers[@]}"; do
    fuzzer=build/fuzz/fuzz/$name
    corpus=build/fuzz/corpus/$name
    mkdir -p "$corpus"
    case "$name" in  # what it begins with
      fuzz_model_spec) seeds=(resources/models/*/model.json) ;;
      fuzz_session_scenario) seeds=(resources/scenarios/*.json) ;;
      fuzz_sim_traces) seeds=(tests/data/traces/*) ;;
      *) seeds=("tests/fuzz/corpus/$name"/*) ;;
    esac
    for seed in "${seeds[@]}"; do
      [ ! -e "$seed" ] || cp -n "$seed" "$corpus/$(tr / - <<<"$seed")"
    done
    "$fuzzer" -max_total_time="$fuzz_seconds" -rss_limit_mb=2048 -timeout=10 -print_final_stats=1 "$corpus" 2>&1 | tail -n 8
  done
}

steps=("$@")
[ $# -gt 0 ] || steps=(format lint documents asan tsan fuzz)
for step in "${steps[@]}"; do
  echo "== $step ==" >&2
  case "$step" in
    format) check_format ;;
    lint) check_lint ;;
    documents) doxygen docs/Doxyfile ;;
    asan) run_asan ;;
    tsan) TSAN_OPTIONS="suppressions=$PWD/packaging/tsan.supp die_after_fork=0 ${TSAN_OPTIONS:-}" run_tsan ;;
    fuzz) run_fuzzers ;;
    clazy) check_clazy ;;
    *) echo "test-full.sh: unknown step '$step'" >&2; exit 2 ;;
  esac
done
