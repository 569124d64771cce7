# SPDX-License-Identifier: GPL-3.0-or-later
# Everything from outside, found once.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Qt6 6.4 REQUIRED COMPONENTS Core)
if(SPLITSCOPE_GUI)
  find_package(Qt6 6.4 REQUIRED COMPONENTS Gui Widgets Charts Svg)
endif()
if(SPLITSCOPE_TESTS)
  find_package(Qt6 6.4 REQUIRED COMPONENTS Network Test)
endif()

# LibTorch's own package files pull in compilers and libraries that we do not use; headers and the two
# libraries are enough. A newer LibTorch is found through CMAKE_PREFIX_PATH.
find_path(TORCH_INCLUDE_DIR torch/csrc/api/include/torch/torch.h REQUIRED)
find_library(TORCH_LIBRARY torch REQUIRED)
find_library(TORCH_CPU_LIBRARY torch_cpu REQUIRED)
find_library(C10_LIBRARY c10 REQUIRED)
add_library(splitscope_libtorch INTERFACE)
target_include_directories(splitscope_libtorch SYSTEM INTERFACE
  "${TORCH_INCLUDE_DIR}" "${TORCH_INCLUDE_DIR}/torch/csrc/api/include")
target_link_libraries(splitscope_libtorch INTERFACE
  "-Wl,--no-as-needed,${TORCH_LIBRARY},${TORCH_CPU_LIBRARY},${C10_LIBRARY},--as-needed")

# oneDNN, which LibTorch runs on as well; its package file asks for OpenCL.
find_path(DNNL_INCLUDE_DIR dnnl.hpp REQUIRED)
find_library(DNNL_LIBRARY dnnl REQUIRED)
add_library(splitscope_onednn INTERFACE)
target_include_directories(splitscope_onednn SYSTEM INTERFACE "${DNNL_INCLUDE_DIR}")
target_link_libraries(splitscope_onednn INTERFACE "${DNNL_LIBRARY}")

pkg_check_modules(ZMQ REQUIRED IMPORTED_TARGET libzmq)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(JPEG REQUIRED IMPORTED_TARGET libjpeg)
pkg_check_modules(PNG REQUIRED IMPORTED_TARGET libpng)
pkg_check_modules(WEBP REQUIRED IMPORTED_TARGET libwebp)
pkg_check_modules(ARCHIVE REQUIRED IMPORTED_TARGET libarchive)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
