# find_package(GridlockRuntime): the target gridlock::runtime, for debug builds.
#
# A program with a sanitizer must take the shared library: from the archive, the
# interposed functions would stand in the executable itself, before the
# sanitizer's, and make it lie.

include("${CMAKE_CURRENT_LIST_DIR}/GridlockRuntimeTargets.cmake")
