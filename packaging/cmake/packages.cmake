# SPDX-License-Identifier: GPL-3.0-or-later
# Debian packages by CPack: one a component of install.cmake. packaging/package.sh makes them.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME splitscope)
set(CPACK_PACKAGE_VENDOR "Splitscope maintainers")
set(CPACK_PACKAGE_CONTACT "Splitscope maintainers <maintainers@splitscope.dev>")
# Each package has a summary of its own: CPack puts this one before it unless it is the one that nobody chose.
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${CMAKE_PROJECT_NAME} built using CMake")
set(CPACK_PACKAGE_VERSION "${PROJECT_VERSION}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_SET_DESTDIR ON)  # the configuration file lies outside the prefix
set(CPACK_STRIP_FILES ON)
set(CPACK_OUTPUT_FILE_PREFIX "${CMAKE_SOURCE_DIR}/build/packages")
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
if(CMAKE_CROSSCOMPILING)  # arm64: libraries, and what package they are of, are the sysroot's (package.sh names its database)
  set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE arm64)
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS "${SPLITSCOPE_SYSROOT}/usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}"
      "${SPLITSCOPE_SYSROOT}/lib/${CMAKE_LIBRARY_ARCHITECTURE}")
endif()

# splitscope_package(COMPONENT NAME SECTION SUMMARY TEXT DEPENDS): SUMMARY is a line without a full stop, TEXT what it is for.
# Libraries that the programs are linked with are found by dpkg-shlibdeps.
macro(splitscope_package component name section summary text depends)
  list(APPEND CPACK_COMPONENTS_ALL ${component})
  string(TOUPPER ${component} upper)
  set(CPACK_COMPONENT_${upper}_DESCRIPTION "${text}")
  set(CPACK_DEBIAN_${upper}_PACKAGE_NAME ${name})
  set(CPACK_DEBIAN_${upper}_PACKAGE_SECTION ${section})
  set(CPACK_DEBIAN_${upper}_DESCRIPTION "${summary}\n${text}")
  set(CPACK_DEBIAN_${upper}_PACKAGE_DEPENDS "${depends}")
  set(CPACK_DEBIAN_${upper}_PACKAGE_SHLIBDEPS ON)
  foreach(file changelog.Debian.gz changelog.gz copyright)
    install(FILES "${CMAKE_BINARY_DIR}/packaging/${file}" DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/${name}"
      COMPONENT ${component} OPTIONAL)
  endforeach()
  install(FILES packaging/debian/lintian-overrides DESTINATION "${CMAKE_INSTALL_DATADIR}/lintian/overrides" RENAME ${name}
    COMPONENT ${component})
endmacro()

splitscope_package(data splitscope-data science "networks and traces for splitting inference between two machines"
  "Splitscope runs one neural network on two machines, frame by frame.
This package holds what its programs share: networks with trained weights,
their codebooks, accuracy and cost tables and policies, bandwidth traces,
emulated devices and example scenarios."
  "")
set(CPACK_DEBIAN_DATA_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_DATA_PACKAGE_SHLIBDEPS OFF)

set(sameData "splitscope-data (>= ${PROJECT_VERSION})")
splitscope_package(daemon splitscoped science "device's half of split neural networks"
  "Splitscope runs one neural network on two machines, frame by frame: the
device computes the first layers and sends a tensor, the edge computes the
rest.
This package holds the daemon for the device, and a sandboxed systemd unit
that is to be started once an edge's key is allowed."
  "${sameData}")
set(CPACK_DEBIAN_DAEMON_PACKAGE_CONTROL_EXTRA
    "${CMAKE_SOURCE_DIR}/packaging/debian/postinst;${CMAKE_SOURCE_DIR}/packaging/debian/prerm;\
${CMAKE_SOURCE_DIR}/packaging/debian/postrm;${CMAKE_SOURCE_DIR}/packaging/debian/conffiles")
set(CPACK_DEBIAN_DAEMON_PACKAGE_SUGGESTS "iproute2")

set(sameDaemon "splitscoped (>= ${PROJECT_VERSION})")
if(SPLITSCOPE_CLI)
  splitscope_package(cli splitscope-cli science "split neural networks between two machines, from the command line"
    "Splitscope runs one neural network on two machines, frame by frame, and
decides where to stop, where to cut and how coarsely to send.
This package holds the command line program: experiments on this machine or
with a device, simulated evaluations, training, tables, figures, reports and
benchmarks."
    "${sameData}, ${sameDaemon}")
  set(CPACK_DEBIAN_CLI_PACKAGE_RECOMMENDS "curl")
  set(CPACK_DEBIAN_CLI_PACKAGE_SUGGESTS "splitscope, iproute2, openssh-client")
endif()
if(SPLITSCOPE_GUI)
  splitscope_package(dashboard splitscope science "dashboard for neural networks split between two machines"
    "Splitscope runs one neural network on two machines, frame by frame, over a
real, encrypted link.
This package holds the dashboard: it shows live what a split costs in
bandwidth, latency by stage, accuracy and energy, lets the decisions be
steered by sliders, and keeps, replays and compares recorded runs."
    "${sameData}, ${sameDaemon}, qt6-qpa-plugins, libqt6svg6")
  set(CPACK_DEBIAN_DASHBOARD_PACKAGE_RECOMMENDS "splitscope-cli")
endif()
include(CPack)
