#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what Splitscope needs to build and run on Debian 12 or 13 (root or sudo). Does nothing when all is there.
#   packaging/setup.sh [--headless] [--full] [--package]
# --headless: no dashboard. --full: also what sanitizers, lints, fuzzers and the export from PyTorch need. --package: also what
# packages need.
set -euo pipefail

build=(g++ cmake ninja-build ccache pkg-config git ca-certificates
  qt6-base-dev libtorch-dev libopenblas-dev libdnnl-dev libzmq3-dev cppzmq-dev libsqlite3-dev
  libjpeg62-turbo-dev libpng-dev libwebp-dev libarchive-dev libzstd-dev)
# curl: `data fetch`; iproute2: shaped links between network namespaces; openssh-server: remote start, tested for real.
programs=(curl iproute2 openssh-client openssh-server)
dashboard=(qt6-charts-dev qt6-svg-dev libqt6opengl6-dev libgl-dev libopengl-dev libxkbcommon-dev libvulkan-dev
  libqt6svg6 qt6-qpa-plugins qt6-l10n-tools fonts-dejavu-core xvfb xauth cmark-gfm)  # cmark-gfm: the user guide as HTML
packaging=(dpkg-dev lintian python3 librsvg2-bin desktop-file-utils appstream mmdebstrap)
lints=(clang-14 clang-format-14 clang-tidy-14 libclang-rt-14-dev doxygen)
peers=(python3-torch)  # the export of PyTorch models is tried with a real one; tests of it skip elsewhere

packages=("${build[@]}" "${programs[@]}")
headless=no
for argument in "$@"; do
  case "$argument" in
    --headless) headless=yes ;;
    --full) packages+=("${lints[@]}" "${peers[@]}") ;;
    --package) packages+=("${packaging[@]}") ;;
    *) echo "setup.sh: unknown argument '$argument' (known: --headless, --full, --package)" >&2; exit 2 ;;
  esac
done
[ "$headless" = yes ] || packages+=("${dashboard[@]}")

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  echo "setup.sh: this machine has no apt. Install what these Debian packages hold, then run again with SPLITSCOPE_SKIP_SETUP=1:" >&2
  printf '  %s\n' "${packages[@]}" >&2
  [ -n "${SPLITSCOPE_SKIP_SETUP:-}" ] && exit 0
  exit 1
fi

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "setup.sh: run as root, or install sudo; missing: ${missing[*]}" >&2; exit 1; }
  as_root=(sudo)
fi
echo "setup.sh: installing ${#missing[@]} packages: ${missing[*]}" >&2
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
