#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes the Debian packages in build/packages and holds them against lintian and the hardening that they are to have.
#   packaging/package.sh [arm64]      (needs what packaging/setup.sh --package installs)
# arm64: splitscope-cli and splitscoped for 64-bit ARM, after this machine's; needs SPLITSCOPE_SYSROOT (packaging/arm64/sysroot.sh).
set -euo pipefail
cd "$(dirname "$0")/.."
case "${1:-}" in
  "") preset=package architecture=$(dpkg --print-architecture) programs=() ;;
  arm64) preset=arm64 architecture=arm64 programs=(splitscoped splitscope-cli splitscope-stubs) ;;
  *) echo "usage: package.sh [arm64]" >&2; exit 2 ;;
esac
version=$(sed -n 's/^project(Splitscope VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
for file in packaging/debian/changelog CHANGELOG.md packaging/desktop/splitscope.metainfo.xml CITATION.cff; do
  grep -qF "$version" "$file" || { echo "package.sh: $file says nothing of version $version" >&2; exit 1; }
done

make_icons() {
  local size icons
  for size in 48 64 128 256; do
    icons=build/package/icons/hicolor/${size}x$size/apps
    mkdir -p "$icons"
    rsvg-convert -w "$size" -h "$size" resources/icons/splitscope.svg -o "$icons/splitscope.png"
  done
  desktop-file-validate packaging/desktop/splitscope.desktop
  appstreamcli validate --no-net packaging/desktop/splitscope.metainfo.xml >&2
}

components=()
if [ "$preset" = arm64 ]; then
  [ -x build/package/bin/splitscope-cli ] || { echo "package.sh: make this machine's packages first: packaging/package.sh" >&2; exit 1; }
  components=(-D "CPACK_COMPONENTS_ALL=daemon;cli")  # data is there: it is for all
  export DEB_HOST_ARCH=arm64 DPKG_ADMINDIR=${SPLITSCOPE_SYSROOT:?packaging/arm64/sysroot.sh makes one}/var/lib/dpkg
fi
bash packaging/build.sh "$preset" "${programs[@]}"
[ "$preset" = arm64 ] || make_icons
# Man pages and completions are of this machine's programs: those of another one say the same.
rm -rf "build/$preset/reference"
python3 packaging/reference.py build/package/bin "build/$preset/reference"

documents=build/$preset/packaging
mkdir -p "$documents"
cp packaging/debian/copyright "$documents/copyright"
gzip -9nc packaging/debian/changelog > "$documents/changelog.Debian.gz"
gzip -9nc CHANGELOG.md > "$documents/changelog.gz"
chmod 644 "$documents"/*

(cd "build/$preset" && cpack -G DEB "${components[@]}") >&2
made=(build/packages/*_"$version"-1_"$architecture".deb build/packages/*_"$version"-1_all.deb)
bash packaging/check-hardening.sh build/packages/*_"$architecture".deb
(unset DPKG_ADMINDIR DEB_HOST_ARCH; lintian --fail-on error,warning --allow-root "${made[@]}") >&2
printf '%s\n' "${made[@]}"
