# cmake -DOUTPUT=FILE -DNAMESPACE=NS -DNAME=NAME -DINPUTS=A|B|C -P HashSources.cmake
#   Writes a header with one constant: the first 64 bits of a hash of the
#   inputs' content. It changes whenever one of them does.
string(REPLACE "|" ";" inputs "${INPUTS}")
set(hashes "${EXTRA}")
foreach(input IN LISTS inputs)
  file(SHA256 ${input} hash)
  string(APPEND hashes ${hash})
endforeach()
string(SHA256 hash "${hashes}")
string(SUBSTRING ${hash} 0 16 hash)
set(content "#pragma once\n#include <cstdint>\nnamespace ${NAMESPACE} {\ninline constexpr std::uint64_t ${NAME} = 0x${hash};\n}\n")
file(WRITE ${OUTPUT} "${content}")
