# SPDX-License-Identifier: GPL-3.0-or-later
# What is installed where, by components that become packages: data, daemon, cli, dashboard. `cmake --install` takes them all.
include(GNUInstallDirs)
set(SPLITSCOPE_REFERENCE "${CMAKE_BINARY_DIR}/reference" CACHE PATH
    "Man pages and completions, as packaging/reference.py makes them from the programs' --help")
set(packageFiles "${CMAKE_SOURCE_DIR}/packaging/debian")
set(resources "${CMAKE_INSTALL_DATADIR}/splitscope")

install(DIRECTORY resources/devices resources/examples resources/models resources/tools resources/traces
  DESTINATION "${resources}" COMPONENT data PATTERN "__pycache__" EXCLUDE)
install(DIRECTORY resources/scenarios DESTINATION "${resources}" COMPONENT data OPTIONAL)

# splitscope_install_reference(COMPONENT PROGRAM): its man page and completions, where they have been made.
function(splitscope_install_reference component program)
  foreach(kind man/man1 bash-completion/completions zsh/vendor-completions fish/vendor_completions.d)
    install(DIRECTORY "${SPLITSCOPE_REFERENCE}/${program}/${kind}/" DESTINATION "${CMAKE_INSTALL_DATADIR}/${kind}"
      COMPONENT ${component} OPTIONAL)
  endforeach()
endfunction()

install(TARGETS splitscoped RUNTIME COMPONENT daemon)
install(FILES "${packageFiles}/splitscoped.service" DESTINATION lib/systemd/system COMPONENT daemon)
install(FILES "${packageFiles}/splitscoped.json" DESTINATION "${CMAKE_INSTALL_FULL_SYSCONFDIR}/splitscope" COMPONENT daemon)
install(FILES "${packageFiles}/README.Debian" DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/splitscoped" COMPONENT daemon)
splitscope_install_reference(daemon splitscoped)

if(SPLITSCOPE_CLI)
  install(TARGETS splitscope-cli RUNTIME COMPONENT cli)
  # Only `bench fleet` starts it, with a recording of its own making: no command of a user's.
  install(TARGETS splitscope-stubs RUNTIME DESTINATION "${CMAKE_INSTALL_LIBEXECDIR}/splitscope" COMPONENT cli)
  splitscope_install_reference(cli splitscope-cli)
endif()

if(SPLITSCOPE_GUI)
  install(TARGETS splitscope RUNTIME COMPONENT dashboard)
  install(FILES packaging/desktop/splitscope.desktop DESTINATION "${CMAKE_INSTALL_DATADIR}/applications" COMPONENT dashboard)
  install(FILES packaging/desktop/splitscope.metainfo.xml DESTINATION "${CMAKE_INSTALL_DATADIR}/metainfo" COMPONENT dashboard)
  install(FILES resources/icons/splitscope.svg DESTINATION "${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps"
    COMPONENT dashboard)
  install(DIRECTORY "${CMAKE_BINARY_DIR}/icons/hicolor" DESTINATION "${CMAKE_INSTALL_DATADIR}/icons" COMPONENT dashboard OPTIONAL)
  install(DIRECTORY "${CMAKE_BINARY_DIR}/share/splitscope/guide" DESTINATION "${resources}" COMPONENT dashboard OPTIONAL)
  splitscope_install_reference(dashboard splitscope)
endif()
