#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs an arm64 program on this machine: qemu, with the libraries of the sysroot.
#   SPLITSCOPE_SYSROOT=FOLDER packaging/arm64/run.sh PROGRAM [ARGUMENT…]
sysroot=${SPLITSCOPE_SYSROOT:?packaging/arm64/sysroot.sh makes one}
# BLAS is chosen by links that only an installed system has.
exec qemu-aarch64-static -L "$sysroot" -E LD_LIBRARY_PATH=/usr/lib/aarch64-linux-gnu/openblas-pthread "$@"
