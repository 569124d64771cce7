# SPDX-License-Identifier: GPL-3.0-or-later
# Builds for 64-bit ARM (a Raspberry Pi) on another machine: Debian's cross compiler, a sysroot of Debian's arm64 packages
# (packaging/arm64/sysroot.sh makes it), and qemu to run the tests with.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(SPLITSCOPE_SYSROOT "$ENV{SPLITSCOPE_SYSROOT}" CACHE PATH "Root of Debian's arm64 packages")
if(NOT EXISTS "${SPLITSCOPE_SYSROOT}/usr/lib/aarch64-linux-gnu")
  message(FATAL_ERROR "There is no arm64 sysroot in '${SPLITSCOPE_SYSROOT}'. Make one with packaging/arm64/sysroot.sh FOLDER "
                      "and set SPLITSCOPE_SYSROOT to that folder.")
endif()
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES SPLITSCOPE_SYSROOT)

set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_SYSROOT "${SPLITSCOPE_SYSROOT}")
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(QT_HOST_PATH /usr CACHE PATH "moc and rcc of this machine")
set(QT_HOST_PATH_CMAKE_DIR "/usr/lib/${CMAKE_HOST_SYSTEM_PROCESSOR}-linux-gnu/cmake" CACHE PATH "their package files")

set(libraries "${SPLITSCOPE_SYSROOT}/usr/lib/aarch64-linux-gnu")
set(ENV{PKG_CONFIG_SYSROOT_DIR} "${SPLITSCOPE_SYSROOT}")
set(ENV{PKG_CONFIG_LIBDIR} "${libraries}/pkgconfig:${SPLITSCOPE_SYSROOT}/usr/share/pkgconfig")
# BLAS is chosen by links that only an installed system has.
set(CMAKE_EXE_LINKER_FLAGS_INIT "-Wl,-rpath-link,${libraries}/openblas-pthread:${libraries}/blas:${libraries}/lapack:${libraries}")
set(CMAKE_CROSSCOMPILING_EMULATOR
    "${CMAKE_COMMAND};-E;env;SPLITSCOPE_SYSROOT=${SPLITSCOPE_SYSROOT};${CMAKE_CURRENT_LIST_DIR}/run.sh")
