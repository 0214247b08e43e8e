# cmake --install, and what find_package(adatom) needs. Headers land in <prefix>/include/adatom/<folder>/.
include(CMakePackageConfigHelpers)

set(ADATOM_LIBRARIES core autodiff nn atoms potentials optim dynamics)

add_library(adatom INTERFACE)
add_library(adatom::adatom ALIAS adatom)
foreach(name IN LISTS ADATOM_LIBRARIES)
  target_link_libraries(adatom INTERFACE adatom_${name})
  install(TARGETS adatom_${name} EXPORT adatomTargets)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/${name} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/adatom FILES_MATCHING PATTERN "*.hpp")
endforeach()
install(TARGETS adatom EXPORT adatomTargets)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/adatom)
install(EXPORT adatomTargets NAMESPACE adatom:: DESTINATION ${package_dir})
configure_package_config_file(cmake/adatomConfig.cmake.in ${PROJECT_BINARY_DIR}/adatomConfig.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/adatomConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/adatomConfig.cmake ${PROJECT_BINARY_DIR}/adatomConfigVersion.cmake
  DESTINATION ${package_dir})
