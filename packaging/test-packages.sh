#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs each package of build/packages into a clean Debian 12 of its own, without network and without this source tree, and
# has it prove there that it works: --version, --self-test, for the dashboard a look at its pages; then purges it. As root.
#   packaging/test-packages.sh [arm64]      the clean systems are kept in build/package-roots for the next time
# arm64: the packages for 64-bit ARM, under qemu (packaging/arm64/emulate.sh); half an hour.
# Only fetching the clean system and the packages' dependencies uses the network.
set -euo pipefail
cd "$(dirname "$0")/.."
[ "$(id -u)" -eq 0 ] || { echo "test-packages.sh: needs root, for chroot and mounts" >&2; exit 1; }
architecture=${1:-$(dpkg --print-architecture)}
if [ "$architecture" != "$(dpkg --print-architecture)" ] && [ -z "${SPLITSCOPE_EMULATED:-}" ]; then
  SPLITSCOPE_EMULATED=yes exec packaging/arm64/emulate.sh bash packaging/test-packages.sh "$architecture"
fi
work=$PWD/build/package-roots/$architecture
mirror=${SPLITSCOPE_MIRROR:-http://deb.debian.org/debian}
version=$(sed -n 's/^project(Splitscope VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
packages=(build/packages/*_"$version"-1_"$architecture".deb build/packages/*_"$version"-1_all.deb)
for package in "${packages[@]}"; do
  [ -e "$package" ] || { echo "test-packages.sh: no $package; packaging/package.sh makes them" >&2; exit 1; }
done
base=$work/base
mkdir -p "$work"

if [ ! -e "$base/.complete" ]; then
  rm -rf "$base"
  mmdebstrap --quiet --variant=minbase --architectures="$architecture" --skip=check/qemu bookworm "$base" "$mirror"
  touch "$base/.complete"
fi
mkdir -p "$base/packages"
rm -f "$base"/packages/*.deb
cp "${packages[@]}" "$base/packages/"
cp /etc/resolv.conf "$base/etc/resolv.conf" 2>/dev/null || true
if [ -e /etc/apt/apt.conf.d ]; then  # a proxy of this machine, where there is one
  grep -hi proxy /etc/apt/apt.conf.d/* > "$base/etc/apt/apt.conf.d/99proxy" 2>/dev/null || true
fi
in_base() {
  unshare --mount sh -euc 'mount --rbind /dev "$0/dev"; exec chroot "$0" "$@"' "$base" \
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
}
in_base apt-get update -qq
in_base sh -c 'apt-get install -y -qq --no-install-recommends --download-only /packages/*.deb' >/dev/null
rm -f "$base/etc/apt/apt.conf.d/99proxy"

# What runs in the clean system: no network but its own loopback, no path to this tree.
cat > "$work/inside.sh" <<'INSIDE'
set -eu
package=$1 emulated=$2
wanted="/packages/${package}_*.deb /packages/*_all.deb"
[ "$package" = splitscoped ] || wanted="$wanted /packages/splitscoped_*.deb"
# Unpacked by hand, completed by apt with what it has fetched: apt refuses local files where it may not download.
dpkg --unpack $wanted >/tmp/apt.log 2>&1 && apt-get install -y -qq --fix-broken --no-install-recommends --no-download >>/tmp/apt.log 2>&1 \
  || { cat /tmp/apt.log >&2; exit 1; }
for program in /usr/bin/splitscope*; do
  "$program" --version
done
"/usr/bin/$package" --self-test
# Emulated, two daemons take longer to begin than a benchmark waits.
[ "$package" != splitscope-cli ] || [ -n "$emulated" ] || splitscope-cli bench fleet --devices 4 --seconds 1
if [ "$package" = splitscope ]; then
  mkdir -p /root /tmp/shots
  DISPLAY=:1 timeout 600 splitscope --screenshot /tmp/shots --after-ms 5000 --out /tmp/run >/dev/null 2>&1
  test "$(ls /tmp/shots/*.png | wc -l)" -ge 10
  test -s /usr/share/splitscope/guide/index.html
fi
dpkg --purge $(dpkg-query -f '${Package}\n' -W 'splitscope*') >/dev/null
left=$(find / -xdev \( -path /proc -o -path /sys -o -path /packages -o -path /tmp -o -path /root \) -prune -o -name '*splitscope*' -print)
[ -z "$left" ] || { echo "left after purge: $left" >&2; exit 1; }
INSIDE

for package in splitscoped splitscope-cli splitscope; do
  compgen -G "$base/packages/${package}_*" >/dev/null || continue  # the dashboard is for this machine's architecture alone
  echo "== $package in a clean Debian 12 ($architecture) ==" >&2
  root=$work/$package
  rm -rf "$root"
  mkdir -p "$root"
  # The namespaces end with the command, and with them its mounts and processes.
  unshare --mount --net --pid --fork bash -euc '
    base=$1 root=$2 package=$3 script=$4 emulated=$5
    ip link set lo up
    mount -t tmpfs -o size=6g tmpfs "$root"
    cp -a "$base/." "$root"
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount --rbind /sys "$root/sys"  # what processors there are, LibTorch asks there
    mount -t tmpfs tmpfs "$root/dev/shm"
    cp "$script" "$root/tmp/inside.sh"
    if [ "$package" = splitscope ]; then  # a display, which the clean system has none of: its socket lies in its /tmp
      mount --bind "$root/tmp" /tmp
      Xvfb :1 -ac >/dev/null 2>&1 &
    fi
    exec chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
      sh /tmp/inside.sh "$package" "$emulated"' - "$base" "$root" "$package" "$work/inside.sh" "${SPLITSCOPE_EMULATED:-}"
  rmdir "$root"
done
echo "All packages work where they are installed." >&2
