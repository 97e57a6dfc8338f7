//===- CommandLine.cpp - Compile commands made fit for the parser -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// No list of GCC's flags is kept here. Clang's own option table decides: what
// it does not know, or knows as unsupported, is dropped, and everything else is
// passed on as it was written. What remains to be named are options that Clang
// knows but that have an effect nobody wants from an analysis: files written,
// files read that only this build's compiler can read (precompiled headers,
// plugins, profiles), and warnings turned into errors.
//
// Options keep their order and spelling: the table is used only to find where
// each option starts and how many words it takes.
//
//===----------------------------------------------------------------------===//

#include "engine/compile_db/CommandLine.h"
#include "clang/Basic/LangStandard.h"
#include "clang/Driver/ToolChain.h"
#include "clang/Driver/Types.h"
#include "clang/Options/Options.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Option/Arg.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Option/OptTable.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/VirtualFileSystem.h"

namespace gridlock::compile_db {

namespace options = clang::options;
namespace types = clang::driver::types;
namespace path = llvm::sys::path;

std::string absolutePath(llvm::StringRef file, llvm::StringRef directory) {
  llvm::SmallString<256> absolute(file);
  llvm::sys::path::make_absolute(directory, absolute);
  path::remove_dots(absolute, /*remove_dot_dot=*/true);
  return absolute.str().str();
}

FileLanguage languageOf(llvm::StringRef file) {
  llvm::StringRef extension = path::extension(file);
  if (extension.empty())
    return FileLanguage::Other;
  types::ID type = types::lookupTypeForExtension(extension.drop_front());
  switch (type) {
  case types::TY_C:
  case types::TY_PP_C:
    return FileLanguage::C;
  case types::TY_CXX:
  case types::TY_PP_CXX:
  case types::TY_CXXModule:
  case types::TY_PP_CXXModule:
    return FileLanguage::Cxx;
  case types::TY_CHeader:
  case types::TY_CXXHeader:
    return FileLanguage::Header;
  default:
    return llvm::StringSwitch<FileLanguage>(extension)
        .Cases({".inl", ".ipp", ".tpp", ".tcc", ".txx", ".inc"}, FileLanguage::Header)
        .Default(FileLanguage::Other);
  }
}

//===----------------------------------------------------------------------===//
// Launchers and other compilers
//===----------------------------------------------------------------------===//

static bool isLauncher(llvm::StringRef program) {
  return llvm::StringSwitch<bool>(path::stem(program))
      .Cases({"ccache", "sccache", "distcc", "icecc", "icerun", "gomacc", "buildcache", "rewrapper"}, true)
      .Cases({"libtool", "env", "time", "sh", "bash"}, true)
      .Default(false);
}

/// Index of the compiler: behind `ccache`, `CCACHE_DIR=x`, `libtool --mode=compile` and
/// the like.
static std::size_t compilerIndex(llvm::ArrayRef<std::string> arguments) {
  std::size_t index = 0;
  while (index < arguments.size() && isLauncher(arguments[index])) {
    ++index;
    while (index < arguments.size() &&
           (llvm::StringRef(arguments[index]).starts_with("-") ||
            (llvm::StringRef(arguments[index]).contains('=') && !llvm::StringRef(arguments[index]).contains('/'))))
      ++index;
  }
  return index;
}

/// The name to count the command under when its compiler takes flags that Clang
/// in GCC's manner does not.
static std::string foreignCompiler(llvm::StringRef compiler) {
  std::string name = path::stem(compiler).lower();
  return llvm::StringSwitch<std::string>(name)
      .Cases({"cl", "clang-cl", "icl", "nvcc", "hipcc", "armcc", "iccarm", "cl6x"}, name)
      .Default("");
}

//===----------------------------------------------------------------------===//
// Options
//===----------------------------------------------------------------------===//

namespace {

/// One pass over the options of a command.
class Cleaner {
public:
  Cleaner(const RawCommand &raw, CleanCommand &result) : Raw(raw), Result(result) {}

  void run(llvm::ArrayRef<std::string> arguments);

private:
  const RawCommand &Raw;
  CleanCommand &Result;
  std::vector<std::string> Kept;
  llvm::StringRef LanguageInForce; ///< the last `-x`
  llvm::StringRef FileLanguage;    ///< the `-x` in force at our file
  llvm::StringRef Standard;        ///< the last `-std=`
  bool SawFile = false, SawArchitecture = false;

  enum class Decision { Keep, Drop, DropUnknown };
  Decision decide(const llvm::opt::Arg &argument);
  Decision decideXclang(llvm::StringRef value);
  Decision decideInclude(const llvm::opt::Arg &argument);
  /// Words that follow a dropped `-Xclang` option as its values.
  unsigned XclangValuesToDrop = 0;

  bool CompilerIsCxx = false; ///< `g++ a.c` compiles C++

  types::ID language() const;
  void finish(const std::string &compiler);
};

} // namespace

Cleaner::Decision Cleaner::decideXclang(llvm::StringRef value) {
  if (XclangValuesToDrop > 0) {
    --XclangValuesToDrop;
    return Decision::Drop;
  }
  if (value == "-include-pch" || value == "-load" || value == "-plugin" || value == "-add-plugin" ||
      value == "-dependency-file") {
    XclangValuesToDrop = 1;
    return Decision::Drop;
  }
  if (value == "-emit-pch" || value.starts_with("-plugin-arg-") || value == "-fno-pch-timestamp" ||
      value.starts_with("-fmodule-output"))
    return Decision::Drop;
  return Decision::Keep;
}

/// `-include all.h.gch` means `all.h` to us; when only the binary file is
/// there, nothing can be read.
Cleaner::Decision Cleaner::decideInclude(const llvm::opt::Arg &argument) {
  llvm::StringRef header = argument.getValue();
  llvm::StringRef extension = path::extension(header);
  if (extension != ".gch" && extension != ".pch")
    return Decision::Keep;
  std::string source = header.drop_back(extension.size()).str();
  if (llvm::sys::fs::exists(absolutePath(source, Raw.directory))) {
    Kept.push_back("-include");
    Kept.push_back(source);
  }
  return Decision::Drop;
}

Cleaner::Decision Cleaner::decide(const llvm::opt::Arg &argument) {
  const llvm::opt::Option &option = argument.getOption();
  if (option.getID() == options::OPT_UNKNOWN)
    return Decision::DropUnknown;
  if (option.hasFlag(options::Unsupported))
    return Decision::DropUnknown;
  switch (option.getUnaliasedOption().getID()) {
  case options::OPT_INPUT:
    if (absolutePath(argument.getValue(), Raw.directory) == Raw.file) {
      SawFile = true;
      FileLanguage = LanguageInForce;
    }
    return Decision::Drop; // the file is added at the end
  case options::OPT_x:
    LanguageInForce = argument.getValue();
    return Decision::Drop;
  case options::OPT_std_EQ:
    Standard = argument.getValue();
    return Decision::Drop; // added again when it fits the language
  case options::OPT_arch:  // universal binaries: one architecture is enough
    return std::exchange(SawArchitecture, true) ? Decision::Drop : Decision::Keep;
  case options::OPT_Xclang:
    return decideXclang(argument.getValue());
  case options::OPT_include:
    return decideInclude(argument);
  case options::OPT_W_Joined:
    return llvm::StringRef(argument.getValue()).starts_with("error") ? Decision::Drop : Decision::Keep;
  case options::OPT__DASH_DASH:
  // Files that would be written.
  case options::OPT_o:
  case options::OPT_c:
  case options::OPT_S:
  case options::OPT_E:
  case options::OPT_M:
  case options::OPT_MM:
  case options::OPT_MD:
  case options::OPT_MMD:
  case options::OPT_MF:
  case options::OPT_MG:
  case options::OPT_MJ:
  case options::OPT_MP:
  case options::OPT_MQ:
  case options::OPT_MT:
  case options::OPT_MV:
  case options::OPT_save_temps:
  case options::OPT_save_temps_EQ:
  case options::OPT_emit_llvm:
  case options::OPT_emit_ast:
  case options::OPT_fsyntax_only:
  case options::OPT__serialize_diags:
  case options::OPT_ftime_trace:
  case options::OPT_ftime_trace_EQ:
  case options::OPT_ftime_report:
  case options::OPT_v:
  case options::OPT__HASH_HASH_HASH:
  // Files that only another compiler, or another version, can read.
  case options::OPT_resource_dir:
  case options::OPT_include_pch:
  case options::OPT_fplugin_EQ:
  case options::OPT_fpass_plugin_EQ:
  case options::OPT_fprofile_use:
  case options::OPT_fprofile_use_EQ:
  case options::OPT_fprofile_instr_use:
  case options::OPT_fprofile_instr_use_EQ:
  case options::OPT_fprofile_sample_use_EQ:
  case options::OPT_fmodule_output:
  case options::OPT_fmodule_output_EQ:
  // Warnings as errors.
  case options::OPT_pedantic_errors:
    return Decision::Drop;
  default:
    return Decision::Keep;
  }
}

types::ID Cleaner::language() const {
  if (!FileLanguage.empty() && FileLanguage != "none")
    return types::lookupTypeForTypeSpecifier(FileLanguage.str().c_str());
  llvm::StringRef extension = path::extension(Raw.file);
  types::ID type = extension.empty() ? types::TY_INVALID : types::lookupTypeForExtension(extension.drop_front());
  // A header of unknown language is the harder one.
  if (type == types::TY_CHeader) {
    const clang::LangStandard *standard = clang::LangStandard::getLangStandardForName(Standard);
    return standard && !standard->isCPlusPlus() ? types::TY_CHeader : types::TY_CXXHeader;
  }
  if (type == types::TY_C && CompilerIsCxx)
    return types::TY_CXX;
  if (type == types::TY_INVALID && compile_db::languageOf(Raw.file) == compile_db::FileLanguage::Header)
    return types::TY_CXXHeader;
  return type;
}

static bool isC(types::ID type) {
  return type == types::TY_C || type == types::TY_PP_C || type == types::TY_CHeader || type == types::TY_PP_CHeader;
}

static bool isPlainCxx(types::ID type) {
  return types::isCXX(type) && !types::isObjC(type) && !types::isCuda(type) && !types::isHIP(type) &&
         !types::isOpenCL(type) && !types::isHLSL(type);
}

void Cleaner::run(llvm::ArrayRef<std::string> arguments) {
  std::size_t first = compilerIndex(arguments);
  if (first >= arguments.size()) {
    Result.skipped = "command without a compiler";
    return;
  }
  const std::string &compiler = arguments[first];
  Result.skipped = foreignCompiler(compiler);
  if (!Result.skipped.empty())
    return;

  const char *mode = clang::driver::ToolChain::getTargetAndModeFromProgramName(compiler).DriverMode;
  CompilerIsCxx = mode && llvm::StringRef(mode) == "--driver-mode=g++";

  std::vector<const char *> words;
  for (const std::string &argument : arguments.drop_front(first + 1))
    words.push_back(argument.c_str());
  unsigned missingIndex = 0, missingCount = 0;
  llvm::opt::InputArgList parsed = clang::getDriverOptTable().ParseArgs(words, missingIndex, missingCount,
                                                                        llvm::opt::Visibility(options::ClangOption));
  std::vector<const llvm::opt::Arg *> ordered(parsed.begin(), parsed.end());
  for (std::size_t i = 0; i < ordered.size(); ++i) {
    std::size_t begin = ordered[i]->getIndex();
    std::size_t end = i + 1 < ordered.size() ? ordered[i + 1]->getIndex() : words.size();
    switch (decide(*ordered[i])) {
    case Decision::Keep:
      Kept.insert(Kept.end(), words.begin() + begin, words.begin() + end);
      break;
    case Decision::DropUnknown:
      Result.droppedFlags.push_back(words[begin]);
      break;
    case Decision::Drop:
      break;
    }
  }
  finish(compiler);
}

void Cleaner::finish(const std::string &compiler) {
  if (!SawFile)
    FileLanguage = LanguageInForce;
  types::ID type = language();
  bool cxx = isPlainCxx(type);
  if (!cxx && !isC(type)) {
    Result.skipped = type == types::TY_INVALID ? "file of unknown language" : types::getTypeName(type);
    return;
  }

  facts::CompileJob &job = Result.job;
  job.file = Raw.file;
  job.directory = Raw.directory;
  job.arguments.push_back(compiler);
  clang::tooling::addTargetAndModeForProgramName(job.arguments, compiler);
  // Generated code nests deeper than Clang's 256; our threads have the stack.
  job.arguments.push_back("-fbracket-depth=8192");
  job.arguments.insert(job.arguments.end(), Kept.begin(), Kept.end());
  if (!Standard.empty()) {
    const clang::LangStandard *standard = clang::LangStandard::getLangStandardForName(Standard);
    if (standard && standard->isCPlusPlus() == cxx)
      job.arguments.push_back("-std=" + Standard.str());
    else if (!standard)
      Result.droppedFlags.push_back("-std=" + Standard.str());
  }

  // What GCC accepts with a warning, and Clang takes for an error by default.
  // With `-w` the remaining warnings cost nothing.
  if (cxx)
    for (const char *flag : {"-Wno-register", "-Wno-c++11-narrowing", "-Wno-reserved-user-defined-literal"})
      job.arguments.push_back(flag);
  else
    for (const char *flag : {"-Wno-error=implicit-function-declaration", "-Wno-error=implicit-int",
                             "-Wno-error=int-conversion", "-Wno-error=incompatible-pointer-types",
                             "-Wno-error=incompatible-function-pointer-types", "-Wno-error=return-mismatch"})
      job.arguments.push_back(flag);
  job.arguments.insert(job.arguments.end(), {"-w", "-fsyntax-only"});

  // The language is stated where the extension alone would not give it.
  llvm::StringRef extension = path::extension(Raw.file);
  if (type == types::TY_CHeader || extension.empty() || types::lookupTypeForExtension(extension.drop_front()) != type) {
    job.arguments.push_back("-x");
    job.arguments.push_back(types::getTypeName(type));
  }
  job.arguments.push_back(Raw.file);
}

//===----------------------------------------------------------------------===//
// The room's functions
//===----------------------------------------------------------------------===//

CleanCommand cleanCommand(const RawCommand &raw) {
  CleanCommand result;
  std::vector<std::string> arguments = raw.arguments;
  clang::tooling::addExpandedResponseFiles(arguments, raw.directory, llvm::cl::TokenizeGNUCommandLine,
                                           *llvm::vfs::getRealFileSystem());
  // What is left could not be read: module maps that the build has yet to write.
  llvm::erase_if(arguments, [](const std::string &argument) { return llvm::StringRef(argument).starts_with("@"); });
  Cleaner(raw, result).run(arguments);
  return result;
}

std::string outputOf(llvm::ArrayRef<std::string> arguments, llvm::StringRef directory) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    llvm::StringRef argument = arguments[i];
    if (argument == "-o" && i + 1 < arguments.size())
      return absolutePath(arguments[i + 1], directory);
    if (argument.starts_with("-o") && argument.size() > 2 && argument.ends_with(".o"))
      return absolutePath(argument.drop_front(2), directory);
  }
  return std::string();
}

} // namespace gridlock::compile_db
