#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes the Debian packages in build/packages and holds them against lintian and the hardening that they are to have.
#   packaging/package.sh      (needs what packaging/setup.sh --package installs)
set -euo pipefail
cd "$(dirname "$0")/.."
version=$(sed -n 's/^project(Splitscope VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
for file in packaging/debian/changelog CHANGELOG.md packaging/desktop/splitscope.metainfo.xml CITATION.cff; do
  grep -qF "$version" "$file" || { echo "package.sh: $file says nothing of version $version" >&2; exit 1; }
done

bash packaging/build.sh package
reference=$PWD/build/package/reference
rm -rf "$reference"
python3 packaging/reference.py build/package/bin "$reference"

for size in 48 64 128 256; do
  icons=build/package/icons/hicolor/${size}x$size/apps
  mkdir -p "$icons"
  rsvg-convert -w "$size" -h "$size" resources/icons/splitscope.svg -o "$icons/splitscope.png"
done
documents=build/package/packaging
mkdir -p "$documents"
cp packaging/debian/copyright "$documents/copyright"
gzip -9nc packaging/debian/changelog > "$documents/changelog.Debian.gz"
gzip -9nc CHANGELOG.md > "$documents/changelog.gz"
chmod 644 "$documents"/*

desktop-file-validate packaging/desktop/splitscope.desktop
appstreamcli validate --no-net packaging/desktop/splitscope.metainfo.xml >&2

(cd build/package && cpack -G DEB) >&2
architecture=$(dpkg --print-architecture)
made=(build/packages/*_"$version"-1_"$architecture".deb build/packages/*_"$version"-1_all.deb)
bash packaging/check-hardening.sh "build/packages"/*_"$architecture".deb
lintian --fail-on error,warning --allow-root "${made[@]}" >&2
printf '%s\n' "${made[@]}"
