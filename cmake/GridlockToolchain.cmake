# Finds LLVM and Clang 22.1, uses ccache when it is there, and collects the
# warnings that every target of the project is built with.

find_package(Clang 22.1 REQUIRED CONFIG
             HINTS /usr/lib/llvm-22/lib/cmake/clang)
find_package(Threads REQUIRED)

find_program(GRIDLOCK_CCACHE ccache)
if(GRIDLOCK_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${GRIDLOCK_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${GRIDLOCK_CCACHE})
endif()

add_library(gridlock_options INTERFACE)
target_compile_options(gridlock_options INTERFACE
  -Wall -Wextra -Wno-unused-parameter $<$<BOOL:${GRIDLOCK_WERROR}>:-Werror>)
# GCC 12 warns falsely about `"text" + std::string` (GCC bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(gridlock_options INTERFACE -Wno-restrict)
endif()
target_include_directories(gridlock_options INTERFACE ${PROJECT_SOURCE_DIR})

# Headers of LLVM are system headers: their warnings are not ours.
add_library(gridlock_llvm INTERFACE)
target_include_directories(gridlock_llvm SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS})
target_compile_definitions(gridlock_llvm INTERFACE ${LLVM_DEFINITIONS_LIST})
target_link_libraries(gridlock_llvm INTERFACE LLVM)

add_library(gridlock_clang INTERFACE)
target_include_directories(gridlock_clang SYSTEM INTERFACE ${CLANG_INCLUDE_DIRS})
target_link_libraries(gridlock_clang INTERFACE clang-cpp gridlock_llvm)
