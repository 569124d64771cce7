#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Keeps of a sysroot's packages what dpkg-shlibdeps asks for: which package a library is of, and from which version on. Called by
# mmdebstrap (sysroot.sh) with the sysroot, which it has unpacked, while the packages are still there.
set -eu
root=$(realpath "$1")
database=$root/var/lib/dpkg
mkdir -p "$database/info"
echo 1 > "$database/info/format"
echo arm64 > "$database/arch"
: > "$database/status"
for package in "$root"/var/cache/apt/archives/*.deb; do
  name=$(dpkg-deb -f "$package" Package)
  control=$database/info/$name
  [ "$(dpkg-deb -f "$package" Multi-Arch)" != same ] || control=$control:arm64
  # Files are named as they lie on this machine: as such they are asked for.
  dpkg-deb --fsys-tarfile "$package" | tar -t | sed -n "s|^\./\(.\)|$root/\1|p" > "$control.list"
  for part in symbols shlibs; do
    dpkg-deb --info "$package" "$part" > "$control.$part" 2>/dev/null || rm "$control.$part"
  done
  dpkg-deb -f "$package" | sed '1a Status: install ok installed' >> "$database/status"
  echo >> "$database/status"
done
