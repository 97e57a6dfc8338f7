# find_package(Gridlock): gridlock_enable() for static analysis as part of the
# build, and the target gridlock::runtime when the run-time checker is installed.
include(${CMAKE_CURRENT_LIST_DIR}/Gridlock.cmake)
if(NOT TARGET gridlock::runtime AND EXISTS ${CMAKE_CURRENT_LIST_DIR}/../GridlockRuntime/GridlockRuntimeConfig.cmake)
  include(${CMAKE_CURRENT_LIST_DIR}/../GridlockRuntime/GridlockRuntimeConfig.cmake)
endif()
