# Writes OUTPUT, a C++ file that defines gridlock::model::embeddedModels(), from
# the model files in DIRECTORY named in the list FILES. Run with cmake -P.
#
# Long texts are cut into pieces: compilers need not take string literals of any
# length. The pieces are joined by the compiler, at no cost at run time.

set(source "// Generated from models/*.yaml; do not edit.\n#include \"models/Model.h\"\n\n")
string(APPEND source "namespace gridlock::model {\n\nstatic const EmbeddedModel Files[] = {\n")
foreach(name IN LISTS FILES)
  file(READ "${DIRECTORY}/${name}" text)
  string(LENGTH "${text}" length)
  string(APPEND source "    {\"models/${name}\",\n")
  set(position 0)
  while(position LESS length)
    string(SUBSTRING "${text}" ${position} 8000 piece)
    string(APPEND source "     R\"yaml(${piece})yaml\"\n")
    math(EXPR position "${position} + 8000")
  endwhile()
  string(APPEND source "    },\n")
endforeach()
string(APPEND source "};\n\nllvm::ArrayRef<EmbeddedModel> embeddedModels() { return Files; }\n\n}\n")
file(WRITE "${OUTPUT}" "${source}")
