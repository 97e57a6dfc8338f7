#!/usr/bin/env python3
# Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A compiler that writes down what it was asked and compiles nothing.

real.py puts links to this file, named like the compilers (gcc, cc, g++, ...),
first on PATH and runs the package's own `make`. Every compilation becomes an
entry of the compilation database at once, so the database of a program costs
seconds instead of a build. Outputs are made empty, so that make goes on; a
step of a build that runs a program which the build itself made cannot work
this way, and belongs in the recipe's `prepare` list, which real compilers run.

Anything that is not "compile this to an object" or "link that" (asking for the
version, preprocessing, printing dependencies) is passed to the real compiler.

Environment: GRIDLOCK_RECORD names the file that gets one JSON entry a line;
GRIDLOCK_REAL_PATH is PATH without this folder. With GRIDLOCK_COMPILE_WITH, flags
that are added to each command but not written down, things are compiled, too.
"""

import json
import os
import sys

SOURCES = (".c", ".cc", ".cpp", ".cxx", ".c++", ".C", ".CPP", ".cp")
# Options whose value is the next argument.
WITH_VALUE = {
    "-o", "-I", "-D", "-U", "-L", "-l", "-x", "-MF", "-MT", "-MQ", "-include", "-imacros", "-isystem", "-iquote",
    "-idirafter", "-iprefix", "-iwithprefix", "-Xlinker", "-Xpreprocessor", "-Xassembler", "-u", "-z", "-T", "-e",
    "-h", "--param", "-arch", "-B", "-dumpbase", "-aux-info", "-rpath", "-soname", "--sysroot", "-isysroot",
}
# Options with which nothing is compiled or linked.
PASSED_ON = {"-E", "-M", "-MM", "-S", "-fsyntax-only", "-v", "--version", "-dumpversion", "-dumpmachine", "-V", "-qversion"}


def run_real_compiler(name):
    path = os.environ.get("GRIDLOCK_REAL_PATH", "/usr/bin:/bin")
    os.environ["PATH"] = path
    for folder in path.split(":"):
        program = os.path.join(folder, name)
        if os.access(program, os.X_OK):
            os.execv(program, [program] + sys.argv[1:])
    sys.exit(f"recording_compiler: no {name} on {path}")


def touch(path, executable=False):
    if path in ("/dev/null", "-"):
        return
    if not os.path.exists(path):
        open(path, "w", encoding="utf-8").close()
    os.utime(path)
    if executable:
        os.chmod(path, 0o755)


def main():
    name = os.path.basename(sys.argv[0])
    arguments = sys.argv[1:]
    if any(a in PASSED_ON or a.startswith(("-print-", "--print-", "--help")) for a in arguments) or "-" in arguments:
        run_real_compiler(name)

    sources, output, dependencies = [], None, None
    skip = False
    for index, argument in enumerate(arguments):
        if skip:
            skip = False
            continue
        if argument in WITH_VALUE:
            skip = True
            if index + 1 < len(arguments):
                if argument == "-o":
                    output = arguments[index + 1]
                elif argument == "-MF":
                    dependencies = arguments[index + 1]
        elif argument.startswith("-o") and len(argument) > 2:
            output = argument[2:]
        elif argument.endswith(SOURCES) and not argument.startswith("-"):
            sources.append(argument)
    added = os.environ.get("GRIDLOCK_COMPILE_WITH", "").split()
    if not sources and not output:
        run_real_compiler(name)
    # Tests of the compiler that run in the middle of a build.
    if any(os.path.basename(s).startswith(("conftest", "cmTC", "CMakeC")) for s in sources):
        run_real_compiler(name)

    compile_only = "-c" in arguments
    with open(os.environ["GRIDLOCK_RECORD"], "a", encoding="utf-8") as record:
        for source in sources:
            others = [a for a in arguments if a == source or a not in sources]
            entry = {"directory": os.getcwd(), "file": source, "arguments": [name] + others}
            record.write(json.dumps(entry) + "\n")
    if added:
        sys.argv += added
        run_real_compiler(name)
    if compile_only and not output:
        for source in sources:
            touch(os.path.splitext(os.path.basename(source))[0] + ".o")
    else:
        touch(output or "a.out", executable=not compile_only)
    if dependencies:
        touch(dependencies)
    elif compile_only and ("-MD" in arguments or "-MMD" in arguments) and output:
        touch(os.path.splitext(output)[0] + ".d")


if __name__ == "__main__":
    main()
