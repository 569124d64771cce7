# SPDX-License-Identifier: GPL-3.0-or-later
# One target per folder. Every .cpp of the folder belongs to it.

# splitscope_library(NAME [TORCH] DEPENDS … LINK …)
#   DEPENDS: folders below this one, public. LINK: libraries from outside, private. TORCH: uses LibTorch in .cpp files.
function(splitscope_library name)
  cmake_parse_arguments(ARG "TORCH" "" "DEPENDS;LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp" "${CMAKE_CURRENT_SOURCE_DIR}/*.h")
  if(NOT sources MATCHES "[.]cpp")
    return()  # scaffolding: an empty folder
  endif()
  add_library(splitscope_${name} STATIC ${sources})
  target_include_directories(splitscope_${name} PUBLIC "${CMAKE_SOURCE_DIR}")
  list(TRANSFORM ARG_DEPENDS PREPEND splitscope_)
  target_link_libraries(splitscope_${name} PUBLIC ${ARG_DEPENDS} PRIVATE ${ARG_LINK})
  if(ARG_TORCH)
    splitscope_use_torch(splitscope_${name})
  endif()
endfunction()

# LibTorch and its precompiled header (core/base/torch_p.h), for a target whose .cpp files include Torch.
function(splitscope_use_torch target)
  target_link_libraries(${target} PRIVATE splitscope_libtorch)
  target_precompile_headers(${target} REUSE_FROM splitscope_torch_pch)
endfunction()
