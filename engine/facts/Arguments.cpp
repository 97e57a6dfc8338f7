//===- Arguments.cpp - Compile commands for the parser --------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which options Clang knows is asked of Clang's own option table, so that a
// command for another compiler loses exactly what would stop the parser.
//
//===----------------------------------------------------------------------===//

#include "engine/facts/Arguments.h"
#include "clang/Options/Options.h"
#include "clang/Tooling/ArgumentsAdjusters.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"

using namespace clang;

namespace gridlock::facts {

/// What lies beside the folder of the executable: the root of an installation.
static llvm::SmallString<256> installation() {
  static int anchor;
  using namespace llvm::sys;
  return llvm::SmallString<256>(path::parent_path(path::parent_path(fs::getMainExecutable("gridlock", &anchor))));
}

std::string resourceDirectory() {
  static const std::string found = [] {
    std::vector<std::string> candidates;
    if (auto given = llvm::sys::Process::GetEnv("CLANG_RESOURCE_DIR"))
      candidates.push_back(*given);
    llvm::SmallString<256> beside = installation();
    llvm::sys::path::append(beside, "lib", "clang", GRIDLOCK_CLANG_MAJOR);
    candidates.emplace_back(beside.str());
    candidates.emplace_back(GRIDLOCK_RESOURCE_DIRECTORY);
    for (const std::string &candidate : candidates)
      if (llvm::sys::fs::exists(candidate + "/include/stddef.h"))
        return candidate;
    return std::string();
  }();
  return found;
}

/// The folder of the headers that come with this program; empty: it is gone.
static const std::string &ownHeaders() {
  static const std::string found = [] {
    llvm::SmallString<256> beside = installation();
    llvm::sys::path::append(beside, "share", "gridlock", "headers");
    for (const std::string &candidate : {std::string(beside), std::string(GRIDLOCK_HEADER_DIRECTORY)})
      if (llvm::sys::fs::exists(candidate + "/omp.h"))
        return candidate;
    return std::string();
  }();
  return found;
}

/// Options without a value that only code generation, the build, or another
/// compiler cares about.
static bool isForeign(llvm::StringRef argument) {
  return argument.starts_with("-flto") || argument.starts_with("-fplugin") || argument.starts_with("-Wp,") ||
         argument.starts_with("-Wl,") || argument.starts_with("-Wa,") || argument.starts_with("-fdump-") ||
         argument.starts_with("-fprofile") || argument.starts_with("-fauto-profile") ||
         argument.starts_with("-fsanitize") || argument.starts_with("-fno-sanitize") ||
         argument.starts_with("-save-temps") || argument.starts_with("-fmodule") || argument.starts_with("-ftime-") ||
         argument.starts_with("-fcrash-diagnostics") || argument.starts_with("-fdiagnostics") ||
         argument.starts_with("-gsplit") || argument.starts_with("-Werror") || argument == "-pedantic-errors" ||
         argument == "-emit-llvm" || argument == "-v" || argument == "-###" || argument == "-pipe";
}

/// Drops what Clang's driver does not know.
static tooling::CommandLineArguments dropUnknown(const tooling::CommandLineArguments &command) {
  std::vector<const char *> pointers;
  for (std::size_t i = 1; i < command.size(); ++i)
    pointers.push_back(command[i].c_str());
  unsigned missingIndex = 0, missingCount = 0;
  const llvm::opt::InputArgList parsed =
      getDriverOptTable().ParseArgs(pointers, missingIndex, missingCount, llvm::opt::Visibility(options::ClangOption));
  std::vector<bool> isDropped(command.size() + 1, false);
  for (const llvm::opt::Arg *argument : parsed)
    if (argument->getOption().matches(options::OPT_UNKNOWN))
      isDropped[argument->getIndex() + 1] = true;
  // An option at the end that misses its value.
  if (missingCount)
    isDropped[missingIndex + 1] = true;
  tooling::CommandLineArguments kept;
  for (std::size_t i = 0; i != command.size(); ++i)
    if (i == 0 || (!isDropped[i] && !isForeign(command[i])))
      kept.push_back(command[i]);
  return kept;
}

/// Machine options of other compilers that Clang's table knows in another form
/// only stop the parser when the target does not have them; they change no
/// meaning here.
static tooling::CommandLineArguments dropMachine(const tooling::CommandLineArguments &command) {
  tooling::CommandLineArguments kept;
  for (const std::string &argument : command) {
    const llvm::StringRef text(argument);
    const bool isMachine = text.starts_with("-mtune=") || text.starts_with("-mpreferred-stack-boundary") ||
                           text.starts_with("-mindirect-branch") || text.starts_with("-mfunction-return") ||
                           text.starts_with("-mrecord-mcount") || text.starts_with("-mfentry") ||
                           text.starts_with("-mskip-rax-setup") || text.starts_with("-mabi=");
    if (!isMachine)
      kept.push_back(argument);
  }
  return kept;
}

/// A folder of installed headers that the compiler does not search by itself:
/// `/usr/include/glib-2.0`. Searching its own ones in another order would break
/// them.
static bool isInstalledFolder(llvm::StringRef folder) {
  folder = folder.rtrim('/');
  const bool isInstalled =
      llvm::any_of(std::initializer_list<llvm::StringRef>{"/usr/include/", "/usr/lib/", "/usr/local/include/",
                                                          "/usr/local/lib/", "/usr/share/", "/opt/homebrew/"},
                   [&](llvm::StringRef root) { return folder.starts_with(root); });
  const llvm::StringRef name = llvm::sys::path::filename(folder);
  return isInstalled && !folder.contains("/c++/") && !folder.contains("/gcc/") && !folder.contains("/clang/") &&
         !name.contains("-linux-") && !name.contains("-darwin");
}

/// pkg-config gives installed headers with `-I`; they are no more the project's
/// than those given with `-isystem`.
static void demoteInstalledHeaders(tooling::CommandLineArguments &arguments) {
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const llvm::StringRef argument = arguments[i];
    if (argument == "-I" && i + 1 < arguments.size() && isInstalledFolder(arguments[i + 1]))
      arguments[i] = "-isystem";
    else if (argument.starts_with("-I") && isInstalledFolder(argument.drop_front(2)))
      arguments[i] = ("-isystem" + argument.drop_front(2)).str();
  }
}

/// Drops Clang's precompiled headers; another version's cannot be read, and the
/// header itself is included as well.
static tooling::CommandLineArguments dropPrecompiled(const tooling::CommandLineArguments &command) {
  tooling::CommandLineArguments kept;
  for (std::size_t i = 0; i < command.size(); ++i) {
    if (command[i] == "-include-pch") {
      ++i;
    } else if (command[i] == "-Xclang" && i + 1 < command.size() && command[i + 1] == "-include-pch") {
      i += 3;
    } else {
      kept.push_back(command[i]);
    }
  }
  return kept;
}

std::vector<std::string> minimalArguments(const std::vector<std::string> &command, const std::string &file) {
  std::vector<std::string> kept = {command.empty() ? "clang" : command.front()};
  for (std::size_t i = 1; i < command.size(); ++i) {
    const llvm::StringRef argument(command[i]);
    const bool hasValueNext = llvm::is_contained(
        {"-I", "-D", "-U", "-x", "-include", "-isystem", "-iquote", "-idirafter", "-imacros", "-isysroot"}, argument);
    if (hasValueNext && i + 1 < command.size()) {
      kept.push_back(command[i]);
      kept.push_back(command[++i]);
    } else if (!hasValueNext &&
               llvm::any_of(llvm::ArrayRef<llvm::StringRef>{"-I", "-D", "-U", "-std=", "-x", "-isystem", "-iquote",
                                                            "-idirafter", "--sysroot=", "-nostdinc", "-pthread"},
                            [&](llvm::StringRef start) { return argument.starts_with(start); })) {
      kept.push_back(command[i]);
    }
  }
  kept.push_back(file);
  return kept;
}

std::vector<std::string> parserArguments(const std::vector<std::string> &command, const std::string &file) {
  tooling::CommandLineArguments arguments = command;
  if (arguments.empty())
    arguments = {"clang", file};
  // Clang looks for headers relative to where the compiler is.
  if (!llvm::StringRef(arguments.front()).contains('/')) {
    auto program = llvm::sys::findProgramByName(arguments.front());
    arguments.front() = program ? *program : "/usr/bin/" + arguments.front();
  }
  arguments = dropPrecompiled(dropMachine(dropUnknown(arguments)));
  demoteInstalledHeaders(arguments);
  arguments = tooling::getClangStripOutputAdjuster()(arguments, file);
  arguments = tooling::getClangStripDependencyFileAdjuster()(arguments, file);
  arguments = tooling::getStripPluginsAdjuster()(arguments, file);
  arguments = tooling::getClangSyntaxOnlyAdjuster()(arguments, file);
  // `g++ -c x.c` parses C++; a cross compiler's name holds the target.
  tooling::addTargetAndModeForProgramName(arguments, arguments.front());
  std::vector<std::string> extra = {"-w",
                                    "-Wno-everything",
                                    "-Qunused-arguments",
                                    "-ferror-limit=0",
                                    "-fno-spell-checking",
                                    "-fno-caret-diagnostics"};
  const bool hasResourceDirectory =
      llvm::any_of(arguments, [](llvm::StringRef argument) { return argument.starts_with("-resource-dir"); });
  if (const std::string directory = resourceDirectory(); !hasResourceDirectory && !directory.empty())
    extra.push_back("-resource-dir=" + directory);
  // GCC finds `omp.h` by itself, Clang only its own. Behind all other folders.
  const bool usesOpenMP = llvm::any_of(arguments, [](llvm::StringRef argument) {
    return argument.starts_with("-fopenmp") && argument != "-fopenmp-simd";
  });
  if (usesOpenMP && !ownHeaders().empty())
    extra.push_back("-idirafter" + ownHeaders());
  arguments.insert(arguments.begin() + 1, extra.begin(), extra.end());
  return arguments;
}

} // namespace gridlock::facts
