//===- ConfigurationFile.cpp - Reading and showing .gridlock.yaml *- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/suppress/Configuration.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/YAMLTraits.h"

using gridlock::Confidence;
using gridlock::Severity;
using gridlock::suppress::Configuration;

namespace {

constexpr llvm::StringLiteral TopKeys[] = {"enable",  "disable",        "severity", "min-confidence", "fail-on",
                                           "exclude", "system-headers", "models",   "thresholds",     "cache-dir"};
constexpr llvm::StringLiteral ThresholdKeys[] = {"blocking-bound-ms"};

/// What the parser is doing, for the message about an unknown key: LLVM reports
/// the key and its place, but not what would have been right.
struct ParseState {
  llvm::StringRef fileName;
  llvm::ArrayRef<llvm::StringLiteral> allowedKeys = TopKeys;
  std::string message = {}; ///< the first error
  llvm::yaml::Input *input = nullptr;
};

struct Thresholds {
  Configuration &configuration;
};

} // namespace

LLVM_YAML_IS_STRING_MAP(Severity)

namespace llvm::yaml {

template <> struct ScalarTraits<Severity> {
  static void output(const Severity &severity, void *, raw_ostream &os) { os << gridlock::toString(severity); }
  static StringRef input(StringRef text, void *, Severity &severity) {
    return gridlock::parseSeverity(text, severity) ? StringRef() : "expected note, warning or error";
  }
  static QuotingType mustQuote(StringRef) { return QuotingType::None; }
};

template <> struct ScalarTraits<Confidence> {
  static void output(const Confidence &confidence, void *, raw_ostream &os) { os << gridlock::toString(confidence); }
  static StringRef input(StringRef text, void *, Confidence &confidence) {
    return gridlock::parseConfidence(text, confidence) ? StringRef() : "expected low, medium or high";
  }
  static QuotingType mustQuote(StringRef) { return QuotingType::None; }
};

template <> struct MappingTraits<Thresholds> {
  static void mapping(IO &io, Thresholds &thresholds) {
    io.mapOptional("blocking-bound-ms", thresholds.configuration.blockingBoundMs);
    static_cast<ParseState *>(io.getContext())->allowedKeys = ThresholdKeys;
  }
};

template <> struct MappingTraits<Configuration> {
  static void mapping(IO &io, Configuration &configuration) {
    auto &state = *static_cast<ParseState *>(io.getContext());
    if (state.input->getCurrentNode()) // Null when the document is empty; `keys` does not look.
      for (StringRef key : io.keys())
        configuration.origins[key.str()] = state.fileName.str();
    io.mapOptional("enable", configuration.enable);
    io.mapOptional("disable", configuration.disable);
    io.mapOptional("severity", configuration.severity);
    io.mapOptional("min-confidence", configuration.minConfidence);
    io.mapOptional("fail-on", configuration.failOn);
    io.mapOptional("exclude", configuration.exclude);
    io.mapOptional("system-headers", configuration.systemHeaders);
    io.mapOptional("models", configuration.models);
    Thresholds thresholds{configuration};
    io.mapOptional("thresholds", thresholds);
    io.mapOptional("cache-dir", configuration.cacheDirectory);
    // The parser looks for unknown keys after this.
    state.allowedKeys = TopKeys;
  }
};

} // namespace llvm::yaml

namespace gridlock::suppress {

static void keepFirstError(const llvm::SMDiagnostic &diagnostic, void *context) {
  auto &state = *static_cast<ParseState *>(context);
  if (!state.message.empty())
    return;
  state.message = (state.fileName + ":" + llvm::Twine(std::max(diagnostic.getLineNo(), 1)) + ":" +
                   llvm::Twine(diagnostic.getColumnNo() + 1) + ": " + diagnostic.getMessage())
                      .str();
  if (diagnostic.getMessage().starts_with("unknown key"))
    state.message += "; allowed are: " + llvm::join(state.allowedKeys, ", ");
}

static void makeAbsolute(std::string &path, llvm::StringRef folder) {
  if (path.empty() || llvm::sys::path::is_absolute(path))
    return;
  llvm::SmallString<256> absolute(folder);
  llvm::sys::path::append(absolute, path);
  llvm::sys::path::remove_dots(absolute, /*remove_dot_dot=*/true);
  path = absolute.str().str();
}

llvm::Expected<Configuration> parseConfiguration(llvm::StringRef yaml, llvm::StringRef fileName) {
  Configuration configuration;
  configuration.folder = llvm::sys::path::parent_path(fileName).str();
  ParseState state{fileName};
  llvm::yaml::Input input(yaml, &state, keepFirstError, &state);
  state.input = &input;
  input >> configuration; // An empty file has no document, and that is no error.
  if (std::error_code code = input.error())
    return llvm::createStringError(code, state.message.empty() ? fileName + ": " + code.message()
                                                               : llvm::Twine(state.message));
  for (std::string &model : configuration.models)
    makeAbsolute(model, configuration.folder);
  makeAbsolute(configuration.cacheDirectory, configuration.folder);
  return configuration;
}

llvm::Expected<Configuration> loadConfiguration(llvm::StringRef file) {
  llvm::SmallString<256> absolute(file);
  llvm::sys::fs::make_absolute(absolute);
  auto buffer = llvm::MemoryBuffer::getFile(absolute);
  if (!buffer)
    return llvm::createStringError(buffer.getError(),
                                   "cannot read the configuration file " + file + ": " + buffer.getError().message());
  return parseConfiguration((*buffer)->getBuffer(), absolute);
}

//===----------------------------------------------------------------------===//
// --show-config
//===----------------------------------------------------------------------===//

/// Quotes as YAML's double-quoted style does.
static std::string quoted(llvm::StringRef text) { return "\"" + llvm::yaml::escape(text) + "\""; }

static std::string flowList(llvm::ArrayRef<std::string> items) {
  std::vector<std::string> texts;
  for (const std::string &item : items)
    texts.push_back(quoted(item));
  return "[" + llvm::join(texts, ", ") + "]";
}

void showConfiguration(const Configuration &configuration, llvm::raw_ostream &os) {
  auto origin = [&](llvm::StringRef key) {
    auto found = configuration.origins.find(key.str());
    return found == configuration.origins.end() ? std::string("default") : found->second;
  };
  auto line = [&](llvm::StringRef key, llvm::StringRef value) {
    os << key << ": " << value << "  # " << origin(key) << '\n';
  };
  line("enable", flowList(configuration.enable));
  line("disable", flowList(configuration.disable));
  std::vector<std::string> severities;
  for (const auto &[rule, severity] : configuration.severity)
    severities.push_back(quoted(rule) + ": " + std::string(toString(severity)));
  line("severity", "{" + llvm::join(severities, ", ") + "}");
  line("min-confidence", toString(configuration.minConfidence));
  line("fail-on", toString(configuration.failOn));
  line("exclude", flowList(configuration.exclude));
  line("system-headers", configuration.systemHeaders ? "true" : "false");
  line("models", flowList(configuration.models));
  line("thresholds", "{blocking-bound-ms: " + std::to_string(configuration.blockingBoundMs) + "}");
  line("cache-dir", quoted(configuration.cacheDirectory));
}

} // namespace gridlock::suppress
