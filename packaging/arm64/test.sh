#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Holds the arm64 daemon of build/packages against this machine, under qemu: the codecs' golden bytes, its self-test, and it as the
# device of this machine's edge (tst_arm64_device). Half an hour.
#   SPLITSCOPE_SYSROOT=FOLDER packaging/arm64/test.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
version=$(sed -n 's/^project(Splitscope VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
for package in splitscoped_"$version"-1_arm64 splitscope-data_"$version"-1_all; do
  dpkg-deb -x "build/packages/$package.deb" "$root" ||
    { echo "arm64/test.sh: packaging/package.sh, then packaging/package.sh arm64 make the packages" >&2; exit 1; }
done

echo "== golden bytes under qemu ==" >&2
golden=(tst_bitstreams tst_quantizer tst_bit_packer tst_level_kernels tst_frame_kernels)
bash packaging/build.sh arm64 "${golden[@]}"
ctest --preset arm64 -R "^($(IFS='|'; echo "${golden[*]}"))\$"

echo "== this machine's edge, the arm64 device ==" >&2
bash packaging/build.sh release tst_arm64_device
SPLITSCOPE_ARM64_DAEMON=$root/usr/bin/splitscoped ctest --preset release -R '^tst_arm64_device$'
