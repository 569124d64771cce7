#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Fails where a program lacks what keeps an overflow from becoming more: a position-independent executable, relocations read-only
# and bound at start, no executable stack, stack canaries, checked copies (_FORTIFY_SOURCE); or where it names a build folder.
#   packaging/check-hardening.sh FILE…      programs, or Debian packages that hold some
set -euo pipefail
[ $# -gt 0 ] || { echo "usage: check-hardening.sh FILE…" >&2; exit 2; }
failed=no
complain() { echo "check-hardening.sh: $1" >&2; failed=yes; }

check() {  # FILE NAME
  local headers dynamic symbols
  headers=$(readelf -lW "$1")
  dynamic=$(readelf -dW "$1")
  symbols=$(readelf -sW --dyn-syms "$1")
  readelf -hW "$1" | grep -q 'Type:.*DYN' || complain "$2 is not position-independent"
  grep -q GNU_RELRO <<<"$headers" || complain "$2 keeps its relocations writable"
  grep -Eq 'BIND_NOW|FLAGS_1.*NOW' <<<"$dynamic" || complain "$2 binds symbols late"
  ! grep -Eq 'GNU_STACK.*RWE' <<<"$headers" || complain "$2 has an executable stack"
  grep -q __stack_chk_fail <<<"$symbols" || complain "$2 has no stack canaries"
  grep -Eq '__[a-z]+_chk' <<<"$(grep -v __stack_chk_fail <<<"$symbols")" || complain "$2 has no checked copies"
  ! grep -Eq 'R(UN)?PATH' <<<"$dynamic" || complain "$2 looks for libraries in a folder of its own"
}

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
for file in "$@"; do
  if [[ $file != *.deb ]]; then
    check "$file" "$file"
    continue
  fi
  dpkg-deb -x "$file" "$temporary/$(basename "$file")"
  for program in "$temporary/$(basename "$file")"/usr/{bin,libexec/splitscope}/*; do
    [ -e "$program" ] || continue
    check "$program" "$(basename "$file"): $(basename "$program")"
  done
done
[ "$failed" = no ]
