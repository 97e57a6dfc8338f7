//===- Symbols.cpp - Addresses of a trace as source places ----------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/trace/Symbols.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/Object/BuildID.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/Path.h"
#include <cstdlib>

namespace gridlock::trace {

namespace {

llvm::symbolize::LLVMSymbolizer::Options symbolizerOptions() {
  llvm::symbolize::LLVMSymbolizer::Options options;
  options.PrintFunctions = llvm::DILineInfoSpecifier::FunctionNameKind::LinkageName;
  options.Demangle = false; // see nameOf
  options.MaxCacheSize = std::size_t(512) << 20;
  return options;
}

/// What the C library does before it calls a thread's function or `main`.
bool isStart(llvm::StringRef function) {
  return llvm::StringSwitch<bool>(function)
      .Cases({"start_thread", "clone", "clone3", "__clone", "__clone3", "_start", "__libc_start_main",
              "__libc_start_main_impl", "__libc_start_call_main"},
             true)
      .Default(false);
}

/// A function's qualified name without its parameters, as the analysis writes it.
std::string nameOf(const std::string &linkage) {
  llvm::ItaniumPartialDemangler demangler;
  if (!llvm::StringRef(linkage).starts_with("_Z") || demangler.partialDemangle(linkage.c_str()) ||
      !demangler.isFunction())
    return llvm::demangle(linkage);
  std::size_t bytes = 0;
  char *text = demangler.getFunctionName(nullptr, &bytes);
  if (!text)
    return llvm::demangle(linkage);
  std::string result(text);
  std::free(text);
  // Tags of the binary interface are no part of a name in the source.
  for (std::size_t at; (at = result.find("[abi:")) != std::string::npos;)
    result.erase(at, result.find(']', at) + 1 - at);
  return result;
}

bool isLibc(llvm::StringRef module) {
  llvm::StringRef name = llvm::sys::path::filename(module);
  return name.starts_with("libc.so") || name.starts_with("libpthread") || name.starts_with("ld-linux");
}

/// The headers that programs include: what they do is done for the function that called.
bool isOwnHeader(llvm::StringRef file) {
  llvm::StringRef folder = llvm::sys::path::parent_path(file), name = llvm::sys::path::filename(file);
  return file.contains("/gridlock/detail/") || (llvm::sys::path::filename(folder) == "gridlock" &&
                                                (name == "mutex.h" || name == "acquire.h" || name == "annotate.h"));
}

} // namespace

bool SourceFrame::isLibrary() const {
  llvm::StringRef file(location.file), name(llvm::sys::path::filename(module));
  if (isLibc(module) || name.starts_with("libgridlock_rt") || name.starts_with("libstdc++") ||
      name.starts_with("libc++") || name.starts_with("libtsan") || name.starts_with("libasan"))
    return true;
  if (file.starts_with("/usr/include/") || file.starts_with("/usr/lib/") || file.contains("/include/c++/") ||
      isOwnHeader(file))
    return true;
  llvm::StringRef function = this->function;
  return function.starts_with("std::") || function.starts_with("__gnu_cxx::") || function.starts_with("__gthread");
}

std::string shortPlace(const SourceFrame &frame) {
  if (frame.location.line)
    return llvm::sys::path::filename(frame.location.file).str() + ":" + std::to_string(frame.location.line);
  return llvm::sys::path::filename(frame.module).str() + "+0x" + llvm::utohexstr(frame.offset, /*LowerCase=*/true);
}

Symbols::Symbols() : Symbolizer(symbolizerOptions()) {}

bool Symbols::isSameFile(const Module &module) {
  auto [known, isNew] = Same.try_emplace({module.path, module.buildId}, true);
  if (!isNew || module.buildId.empty())
    return known->second;
  llvm::Expected<llvm::object::OwningBinary<llvm::object::ObjectFile>> file =
      llvm::object::ObjectFile::createObjectFile(module.path);
  if (!file) {
    llvm::consumeError(file.takeError()); // the symbolizer may find its debug file
    return known->second;
  }
  std::string id = llvm::toHex(llvm::object::getBuildID(file->getBinary()), /*LowerCase=*/true);
  known->second = id == module.buildId;
  if (!known->second)
    Changed.push_back(module.path);
  return known->second;
}

std::vector<SourceFrame> Symbols::symbolize(const Module &module, const Frame &frame) {
  SourceFrame plain;
  plain.module = module.path;
  plain.offset = frame.offset - 1;
  if (module.path.empty() || !isSameFile(module))
    return {plain};
  auto inlined =
      Symbolizer.symbolizeInlinedCode(module.path, {frame.offset - 1, llvm::object::SectionedAddress::UndefSection});
  if (!inlined) {
    llvm::consumeError(inlined.takeError());
    return {plain};
  }
  std::vector<SourceFrame> result;
  for (std::uint32_t i = 0; i < inlined->getNumberOfFrames(); ++i) {
    const llvm::DILineInfo &info = inlined->getFrame(i);
    SourceFrame source = plain;
    if (info.FunctionName != llvm::DILineInfo::BadString)
      source.function = nameOf(info.FunctionName);
    if (info.FileName != llvm::DILineInfo::BadString && info.Line) {
      llvm::SmallString<256> file(info.FileName);
      llvm::sys::path::remove_dots(file, /*remove_dot_dot=*/true);
      source.location.file = std::string(file);
      source.location.line = info.Line;
      source.location.column = info.Column;
    }
    source.inlined = i + 1 < inlined->getNumberOfFrames();
    result.push_back(std::move(source));
  }
  if (result.empty())
    result.push_back(plain);
  return result;
}

const std::vector<SourceFrame> &Symbols::frames(const Trace &trace, Id stack) {
  auto [known, isNew] = Stacks.try_emplace({trace.serial, stack});
  if (!isNew)
    return known->second;
  std::vector<SourceFrame> result;
  for (const Frame &frame : trace.stack(stack)) {
    auto module = trace.modules.find(frame.module);
    Module none;
    const Module &file = module == trace.modules.end() ? none : module->second;
    auto [place, isNewPlace] = Places.try_emplace({file.path + "\n" + file.buildId, frame.offset});
    if (isNewPlace)
      place->second = symbolize(file, frame);
    for (SourceFrame source : place->second) {
      source.inexact = frame.inexact && !source.inlined;
      result.push_back(std::move(source));
    }
  }
  while (result.size() > 1 && isLibc(result.back().module) &&
         (result.back().function.empty() || isStart(result.back().function)))
    result.pop_back();
  while (result.size() > 1 && isStart(result.back().function))
    result.pop_back();
  known->second = std::move(result);
  return known->second;
}

const SourceFrame *Symbols::userFrame(const Trace &trace, Id stack) {
  const std::vector<SourceFrame> &all = frames(trace, stack);
  for (const SourceFrame &frame : all)
    if (!frame.isLibrary())
      return &frame;
  return all.empty() ? nullptr : &all.front();
}

std::string Symbols::variable(const Module &module, std::uint64_t offset) {
  if (module.path.empty() || !isSameFile(module))
    return "";
  auto global = Symbolizer.symbolizeData(module.path, {offset, llvm::object::SectionedAddress::UndefSection});
  if (!global) {
    llvm::consumeError(global.takeError());
    return "";
  }
  if (global->Name.empty() || global->Name == llvm::DILineInfo::BadString)
    return "";
  std::uint64_t inside = offset - global->Start;
  return global->Size && inside < global->Size
             ? llvm::demangle(global->Name) + (inside ? "+" + std::to_string(inside) : std::string())
             : std::string();
}

} // namespace gridlock::trace
