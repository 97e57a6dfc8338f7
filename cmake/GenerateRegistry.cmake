# Script: from the pages of the rules to Registry.cpp and the rule docs.
#
#   cmake -D CHECKS=checks -D INPUTS=test_inputs -D REGISTRY=OUT.cpp -D DOCS=OUT_FOLDER -P GenerateRegistry.cmake
#
# A page, checks/<family>/<id>.md, opens with front matter:
#
#   ---
#   id: lock-not-released
#   family: lock
#   title: a path leaves the function with a lock still held
#   severity: error          (note, warning, error)
#   confidence: high         (low, medium, high)
#   default: on              (on, off)
#   cwe: 667                 (or nothing)
#   ---
#
# Every key has to be there, once and in this order, and nothing else; the .cpp
# file beside the page and at least one file in INPUTS/<id> have to be there
# too. Whatever is wrong is an error that names the file.
#
# Text is never put into a CMake list: pages hold semicolons and brackets.
cmake_minimum_required(VERSION 3.25)

set(keys id family title severity confidence default cwe)

# Takes the first line off `text`. (A REGEX REPLACE of ^... would go on with
# the next line, since CMake anchors it again after each replacement.)
macro(drop_line)
  string(FIND "${text}" "\n" end)
  math(EXPR end "${end} + 1")
  string(SUBSTRING "${text}" ${end} -1 text)
endmacro()

# Takes the line `key: value` off the front of `text`.
macro(take_key key)
  if(NOT text MATCHES "^${key}:[ ]*([^\n]*)\n")
    message(FATAL_ERROR "${page}: expected the line '${key}: ...' in the front matter; the keys are, in order: ${keys}")
  endif()
  set(${key} "${CMAKE_MATCH_1}")
  string(STRIP "${${key}}" ${key})
  drop_line()
endmacro()

# Fails unless the value of `key` is one of the words that follow.
function(one_of key)
  if(NOT "${${key}}" MATCHES "^[a-z]+$" OR NOT "${${key}}" IN_LIST ARGN)
    message(FATAL_ERROR "${page}: ${key} is '${${key}}', but has to be one of: ${ARGN}")
  endif()
endfunction()

# lock-not-released -> lockNotReleased
function(camel_case id result)
  string(REPLACE "-" ";" words "${id}")
  list(POP_FRONT words name)
  foreach(word IN LISTS words)
    string(SUBSTRING "${word}" 0 1 first)
    string(SUBSTRING "${word}" 1 -1 rest)
    string(TOUPPER "${first}" first)
    string(APPEND name "${first}${rest}")
  endforeach()
  set(${result} "${name}" PARENT_SCOPE)
endfunction()

# note -> Note
function(capitalise word result)
  string(SUBSTRING "${word}" 0 1 first)
  string(SUBSTRING "${word}" 1 -1 rest)
  string(TOUPPER "${first}" first)
  set(${result} "${first}${rest}" PARENT_SCOPE)
endfunction()

file(GLOB pages ${CHECKS}/*/*.md)

# Sorted by id, whatever the family's name is.
set(ids "")
foreach(page IN LISTS pages)
  get_filename_component(id "${page}" NAME_WE)
  if(id IN_LIST ids)
    message(FATAL_ERROR "${page}: another rule is called ${id} already")
  endif()
  list(APPEND ids "${id}")
  set(page_of_${id} "${page}")
endforeach()
list(SORT ids)

set(declarations "")
set(rows "")
set(table "")
set(count 0)
file(REMOVE_RECURSE "${DOCS}") # pages of rules that are gone
file(MAKE_DIRECTORY "${DOCS}")

foreach(name IN LISTS ids)
  set(page "${page_of_${name}}")
  get_filename_component(folder "${page}" DIRECTORY)
  get_filename_component(folder_name "${folder}" NAME)
  file(READ "${page}" text)
  if(NOT text MATCHES "^---\n")
    message(FATAL_ERROR "${page}: the first line has to be '---', the start of the front matter")
  endif()
  drop_line()
  foreach(key IN LISTS keys)
    take_key(${key})
  endforeach()
  if(NOT text MATCHES "^---\n")
    message(FATAL_ERROR "${page}: expected '---' after the key cwe, the end of the front matter")
  endif()
  drop_line()
  string(STRIP "${text}" text)
  string(APPEND text "\n")

  if(NOT id STREQUAL name)
    message(FATAL_ERROR "${page}: id is '${id}', but the file is called ${name}.md")
  endif()
  if(NOT family STREQUAL folder_name)
    message(FATAL_ERROR "${page}: family is '${family}', but the folder is called ${folder_name}")
  endif()
  if(NOT title MATCHES "^[^\"\\]+$")
    message(FATAL_ERROR "${page}: the title has to be one line of text without quotation marks or backslashes")
  endif()
  one_of(severity note warning error)
  one_of(confidence low medium high)
  one_of(default on off)
  if(NOT cwe MATCHES "^[0-9]*$")
    message(FATAL_ERROR "${page}: cwe is '${cwe}', but has to be a number or nothing")
  endif()
  if(NOT EXISTS "${folder}/${name}.cpp")
    message(FATAL_ERROR "${page}: a rule's page needs its source beside it: ${name}.cpp is missing")
  endif()
  file(GLOB inputs "${INPUTS}/${name}/*")
  if(inputs STREQUAL "")
    message(FATAL_ERROR "${page}: a rule needs labelled programs: ${INPUTS}/${name} is missing or empty")
  endif()

  camel_case("${name}" function)
  capitalise("${severity}" severity_name)
  capitalise("${confidence}" confidence_name)
  if(default STREQUAL "on")
    set(on true)
  else()
    set(on false)
  endif()
  string(APPEND declarations "void ${function}(const RuleInput &, RuleOutput &);\n")
  string(APPEND rows "    {{\"${id}\", \"${family}\", \"${title}\", Severity::${severity_name}, "
                     "Confidence::${confidence_name}, ${on}, \"${cwe}\",\nR\"gridlock_page(${text})gridlock_page\"},\n     ${function}},\n")
  math(EXPR count "${count} + 1")

  set(weakness "")
  if(NOT cwe STREQUAL "")
    set(weakness "[CWE-${cwe}](https://cwe.mitre.org/data/definitions/${cwe}.html)")
  endif()
  string(APPEND table "| [${id}](${id}.md) | ${title} | ${severity} | ${confidence} | ${default} | ${weakness} |\n")
  string(CONCAT body "# ${id}\n\n${title}\n\n"
                     "| family | severity | usual confidence | on by default | weakness |\n| --- | --- | --- | --- | --- |\n"
                     "| ${family} | ${severity} | ${confidence} | ${default} | ${weakness} |\n\n${text}")
  file(WRITE "${DOCS}/${id}.md" "${body}")
endforeach()

file(WRITE "${DOCS}/README.md" "# Rules

`gridlock explain RULE` prints the same pages.

| rule | reports | severity | usual confidence | on by default | weakness |
| --- | --- | --- | --- | --- | --- |
${table}")

file(WRITE "${REGISTRY}" "// Generated from checks/*/*.md by cmake/GenerateRegistry.cmake.
#include \"checks/Registry.h\"
#include \"llvm/ADT/STLExtras.h\"
#include <array>

namespace gridlock::checks {

${declarations}
namespace {
const std::array<RegisteredRule, ${count}> Rules{{
${rows}}};
} // namespace

llvm::ArrayRef<RegisteredRule> allRules() { return Rules; }

const RegisteredRule *findRule(std::string_view id) {
  const RegisteredRule *rule =
      llvm::partition_point(allRules(), [&](const RegisteredRule &row) { return row.info.id < id; });
  return rule != allRules().end() && rule->info.id == id ? rule : nullptr;
}

} // namespace gridlock::checks
")
