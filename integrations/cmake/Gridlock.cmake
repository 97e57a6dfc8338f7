# Gridlock as part of a CMake build.
#
#   find_package(Gridlock)            # or include(.../Gridlock.cmake)
#   gridlock_enable(my_library)
#   gridlock_enable(my_program)
#
#   cmake --build build --target gridlock
#
# Every source of an enabled target gets a build step that writes its summary
# (.gls), with the headers it read as dependencies; the target `gridlock` links
# all summaries and prints the findings. So after a change only the changed files
# are parsed again, in parallel, and nothing runs when nothing has changed. The
# target fails when there are findings at or above --fail-on.
#
#   GRIDLOCK_EXECUTABLE     the tool (searched for beside this file, then in PATH)
#   GRIDLOCK_LINK_OPTIONS   further options of `gridlock link`: --rules, --fail-on, --output ...
#
# Needs the generator Ninja or Makefiles; the compile commands are read from
# compile_commands.json, which this module switches on.

include_guard(GLOBAL)

get_filename_component(_gridlock_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
# The prefix of lib/cmake/Gridlock and lib/TRIPLET/cmake/Gridlock; a build in the checkout.
find_program(GRIDLOCK_EXECUTABLE gridlock DOC "The gridlock tool"
             HINTS "${_gridlock_prefix}/bin" "${_gridlock_prefix}/../bin"
                   "${CMAKE_CURRENT_LIST_DIR}/../../build/release/tool")
set(GRIDLOCK_LINK_OPTIONS "" CACHE STRING "Further options of `gridlock link`")
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(_gridlock_folder "${CMAKE_BINARY_DIR}/gridlock")

# What a target's compile commands are made of. Written only when it changes, so
# that new flags, and nothing else, make all files of the target be read again.
function(_gridlock_flags target result)
  set(properties COMPILE_DEFINITIONS COMPILE_OPTIONS COMPILE_FEATURES INCLUDE_DIRECTORIES C_STANDARD CXX_STANDARD
      C_EXTENSIONS CXX_EXTENSIONS POSITION_INDEPENDENT_CODE)
  set(text "${CMAKE_C_COMPILER} ${CMAKE_C_FLAGS}\n${CMAKE_CXX_COMPILER} ${CMAKE_CXX_FLAGS}\n")
  string(APPEND text "$<CONFIG> ")
  if(CMAKE_BUILD_TYPE)
    string(TOUPPER "${CMAKE_BUILD_TYPE}" configuration)
    string(APPEND text "${CMAKE_C_FLAGS_${configuration}} ${CMAKE_CXX_FLAGS_${configuration}}")
  endif()
  foreach(property IN LISTS properties)
    string(APPEND text "\n${property}=$<TARGET_PROPERTY:${target},${property}>")
  endforeach()
  get_target_property(sources ${target} SOURCES)
  get_target_property(directory ${target} SOURCE_DIR)
  foreach(source IN LISTS sources)
    foreach(property COMPILE_DEFINITIONS COMPILE_OPTIONS COMPILE_FLAGS INCLUDE_DIRECTORIES)
      get_source_file_property(value "${source}" DIRECTORY "${directory}" ${property})
      if(value)
        string(APPEND text "\n${source} ${property}=${value}")
      endif()
    endforeach()
  endforeach()
  file(GENERATE OUTPUT "${_gridlock_folder}/${target}.flags" CONTENT "${text}\n" TARGET ${target})
  set(${result} "${_gridlock_folder}/${target}.flags" PARENT_SCOPE)
endfunction()

# gridlock_enable(TARGET...)
function(gridlock_enable)
  if(NOT GRIDLOCK_EXECUTABLE)
    message(WARNING "gridlock was not found; set GRIDLOCK_EXECUTABLE. The target gridlock is left out.")
    return()
  endif()
  foreach(target IN LISTS ARGN)
    if(NOT TARGET ${target})
      message(FATAL_ERROR "gridlock_enable: there is no target ${target}")
    endif()
    set_target_properties(${target} PROPERTIES EXPORT_COMPILE_COMMANDS ON)
    # Sources may be added after this call.
    cmake_language(EVAL CODE "cmake_language(DEFER DIRECTORY [[${CMAKE_CURRENT_SOURCE_DIR}]] CALL _gridlock_add_steps ${target})")
  endforeach()
  get_property(is_deferred GLOBAL PROPERTY GRIDLOCK_DEFERRED)
  if(NOT is_deferred)
    set_property(GLOBAL PROPERTY GRIDLOCK_DEFERRED TRUE)
    cmake_language(EVAL CODE "cmake_language(DEFER DIRECTORY [[${CMAKE_SOURCE_DIR}]] CALL _gridlock_link)")
  endif()
endfunction()

# One step a source.
function(_gridlock_add_steps target)
  _gridlock_flags(${target} flags)
  get_target_property(sources ${target} SOURCES)
  get_target_property(directory ${target} SOURCE_DIR)
  get_target_property(binary_directory ${target} BINARY_DIR)
  set(summaries "")
  foreach(source IN LISTS sources)
    if(source MATCHES "\\$<" OR NOT source MATCHES "\\.(c|cc|cpp|cxx|c\\+\\+|C)$")
      continue()
    endif()
    get_source_file_property(is_generated "${source}" DIRECTORY "${directory}" GENERATED)
    if(IS_ABSOLUTE "${source}")
      set(path "${source}")
    elseif(is_generated AND NOT EXISTS "${directory}/${source}")
      set(path "${binary_directory}/${source}")
    else()
      set(path "${directory}/${source}")
    endif()
    file(RELATIVE_PATH name "${CMAKE_SOURCE_DIR}" "${path}")
    string(REPLACE "../" "up/" name "${name}")
    set(summary "${_gridlock_folder}/${target}/${name}.gls")
    get_filename_component(folder "${summary}" DIRECTORY)
    file(MAKE_DIRECTORY "${folder}")
    add_custom_command(
      OUTPUT "${summary}"
      COMMAND "${GRIDLOCK_EXECUTABLE}" extract "${path}" -p "${CMAKE_BINARY_DIR}" -o "${summary}" -MF "${summary}.d" --quiet
      DEPENDS "${path}" "${flags}" "${GRIDLOCK_EXECUTABLE}"
      DEPFILE "${summary}.d"
      COMMENT "Gridlock: ${name}"
      VERBATIM)
    list(APPEND summaries "${summary}")
  endforeach()
  # Headers that the target's own build generates exist before it is read.
  add_custom_target(${target}_gridlock DEPENDS ${summaries})
  get_target_property(dependencies ${target} MANUALLY_ADDED_DEPENDENCIES)
  if(dependencies)
    add_dependencies(${target}_gridlock ${dependencies})
  endif()
  set_property(GLOBAL APPEND PROPERTY GRIDLOCK_SUMMARIES ${summaries})
  set_property(GLOBAL APPEND PROPERTY GRIDLOCK_TARGETS ${target}_gridlock)
endfunction()

# The step that sees the whole program. Its stamp is written when nothing was
# found, so that findings are shown again until they are gone.
function(_gridlock_link)
  get_property(summaries GLOBAL PROPERTY GRIDLOCK_SUMMARIES)
  get_property(targets GLOBAL PROPERTY GRIDLOCK_TARGETS)
  set(stamp "${_gridlock_folder}/linked")
  separate_arguments(options UNIX_COMMAND "${GRIDLOCK_LINK_OPTIONS}")
  file(GLOB configuration CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/.gridlock.yaml")
  if(configuration)
    list(APPEND options --config "${configuration}")
  endif()
  add_custom_command(
    OUTPUT "${stamp}"
    COMMAND "${GRIDLOCK_EXECUTABLE}" link ${summaries} ${options}
    COMMAND "${CMAKE_COMMAND}" -E touch "${stamp}"
    DEPENDS ${summaries} ${configuration} "${GRIDLOCK_EXECUTABLE}"
    WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}"
    COMMENT "Gridlock: the whole program"
    VERBATIM)
  add_custom_target(gridlock DEPENDS "${stamp}")
  add_dependencies(gridlock ${targets})
endfunction()
