# SPDX-License-Identifier: GPL-3.0-or-later
# The user guide as HTML, where programs of the build tree look for it as installed ones do.
find_program(CMARK_GFM cmark-gfm)
if(SPLITSCOPE_GUI AND CMARK_GFM)
  set(guide "${CMAKE_BINARY_DIR}/share/splitscope/guide")
  file(GLOB chapters CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/docs/guide/*.md")
  add_custom_command(OUTPUT "${guide}/index.html"
    COMMAND bash "${CMAKE_SOURCE_DIR}/packaging/guide.sh" "${guide}"
    DEPENDS ${chapters} "${CMAKE_SOURCE_DIR}/packaging/guide.sh" VERBATIM)
  add_custom_target(guide ALL DEPENDS "${guide}/index.html")
  add_dependencies(splitscope guide)
elseif(SPLITSCOPE_GUI)
  message(STATUS "No cmark-gfm: Help will offer no user guide")
endif()
