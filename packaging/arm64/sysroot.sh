#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes a sysroot of Debian's arm64 packages to build against, and installs the cross compiler and qemu (root or sudo).
#   packaging/arm64/sysroot.sh FOLDER [SUITE]     (1.2 GB; SUITE: that of this machine)
# Does nothing where FOLDER holds a whole one.
set -euo pipefail
[ $# -ge 1 ] || { echo "usage: sysroot.sh FOLDER [SUITE]" >&2; exit 2; }
root=$1
suite=${2:-$(. /etc/os-release && echo "${VERSION_CODENAME:?this system names no Debian release: give SUITE}")}
mirror=${SPLITSCOPE_MIRROR:-http://deb.debian.org/debian}
packages=(libc6-dev libstdc++-12-dev libtorch-dev libopenblas-dev libdnnl-dev qt6-base-dev libzmq3-dev cppzmq-dev libsqlite3-dev
  libjpeg62-turbo-dev libpng-dev libwebp-dev libarchive-dev libzstd-dev)

tools=(mmdebstrap crossbuild-essential-arm64 qemu-user-static)
missing=()
for tool in "${tools[@]}"; do
  dpkg-query -W -f='${db:Status-Status}' "$tool" 2>/dev/null | grep -qx installed || missing+=("$tool")
done
if [ ${#missing[@]} -gt 0 ]; then
  as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
fi

[ ! -e "$root/.complete" ] || exit 0
if [ -e "$root" ]; then
  echo "sysroot.sh: '$root' exists and is no whole sysroot; remove it, or name another folder" >&2
  exit 1
fi
# Unpacked only: nothing of another architecture has to run.
mmdebstrap --quiet --architectures=arm64 --variant=extract --include="$(IFS=,; echo "${packages[*]}")" \
  --extract-hook="$(realpath "$(dirname "$0")")/database.sh" "$suite" "$root" "$mirror"
# Absolute links would lead out of the root.
find "$root" -type l -lname '/*' | while IFS= read -r link; do
  ln -snf "$(realpath -m --relative-to="$(dirname "$link")" "$root$(readlink "$link")")" "$link"
done
touch "$root/.complete"
