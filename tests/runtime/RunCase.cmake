# Runs one case under the run time and compares its reports with what the case
# expects. Arguments: PROGRAM, LIBRARY, EXPECT (list of kinds, or none),
# OPTIONS, MATCH (a regular expression for the output, may be empty), STATUS.

set(ENV{LD_PRELOAD} "${LIBRARY}")
set(ENV{GRIDLOCK_OPTIONS} "${OPTIONS}")
execute_process(COMMAND ${PROGRAM} RESULT_VARIABLE status ERROR_VARIABLE errors OUTPUT_VARIABLE output TIMEOUT 20)

string(REGEX MATCHALL "gridlock: (error|warning): [^\n]*\\[([a-z-]+)\\]" headlines "${errors}")
set(kinds "")
foreach(headline IN LISTS headlines)
  string(REGEX REPLACE ".*\\[([a-z-]+)\\]$" "\\1" kind "${headline}")
  list(APPEND kinds "${kind}")
endforeach()
if(NOT kinds)
  set(kinds none)
endif()

set(problems "")
if(NOT "${kinds}" STREQUAL "${EXPECT}")
  string(APPEND problems "  reported: ${kinds}\n  expected: ${EXPECT}\n")
endif()
if(NOT "${status}" STREQUAL "${STATUS}")
  string(APPEND problems "  exit status: ${status}\n  expected: ${STATUS}\n")
endif()
if(MATCH AND NOT "${errors}" MATCHES "${MATCH}")
  string(APPEND problems "  the output does not match: ${MATCH}\n")
endif()
if(problems)
  message(FATAL_ERROR "${problems}--- standard error ---\n${errors}\n--- standard output ---\n${output}")
endif()
