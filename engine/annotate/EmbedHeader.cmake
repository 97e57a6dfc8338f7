# Writes OUTPUT, a C++ file that defines gridlock::annotate::headerText(): the
# text of HEADER. Run with cmake -P.
file(READ "${HEADER}" text)
file(WRITE "${OUTPUT}" "// Generated; do not edit.
#include \"engine/annotate/Annotate.h\"

llvm::StringRef gridlock::annotate::headerText() { return R\"header(${text})header\"; }
")
