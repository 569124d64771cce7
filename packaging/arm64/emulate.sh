#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a command that may start arm64 programs as if they were this machine's: the kernel hands them to qemu. As root.
#   packaging/arm64/emulate.sh COMMAND [ARGUMENT…]
# Where the kernel has not been told (Debian's qemu-user-static tells it when it is installed on a whole system), it is told in a
# user namespace of the command's own, which leaves the machine as it is; Linux 6.7 can.
set -euo pipefail
told=/proc/sys/fs/binfmt_misc
rule=/usr/lib/binfmt.d/qemu-aarch64.conf
[ ! -e "$told/qemu-aarch64" ] || exec "$@"
[ -e "$rule" ] || { echo "emulate.sh: there is no $rule: install qemu-user-static" >&2; exit 1; }

unshare --user --mount bash -c '
  until grep -q . /proc/self/gid_map; do sleep 0.1; done
  exec bash -euc "mount -t binfmt_misc binfmt_misc $0; cat $1 > $0/register; shift; exec \"\$@\"" - "$@"' "$told" "$rule" "$@" &
child=$!
# Every user of this machine is the same one in there: packages make users.
until [ "$(readlink /proc/$child/ns/user)" != "$(readlink /proc/self/ns/user)" ]; do sleep 0.1; done
for map in uid_map gid_map; do
  echo "0 0 4294967295" > "/proc/$child/$map"
done
wait $child
