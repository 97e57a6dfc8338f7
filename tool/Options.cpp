//===- Options.cpp - The command line, as tables ----------------- -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tool/Options.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Format.h"

namespace gridlock::tool {

static constexpr OptionSpec HelpOption{"--help", "-h", "", "show this help"};

static llvm::Error usageError(const llvm::Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
}

llvm::StringRef closest(llvm::StringRef word, llvm::ArrayRef<llvm::StringRef> candidates) {
  llvm::StringRef best;
  unsigned bestDistance = static_cast<unsigned>(word.size() / 3 + 2);
  for (llvm::StringRef candidate : candidates) {
    unsigned distance = word.edit_distance(candidate, /*AllowReplacements=*/true, bestDistance);
    // A word of which everything was replaced is no slip.
    if (distance < bestDistance && distance < candidate.size() / 2 + 1) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

std::string didYouMean(llvm::StringRef word, llvm::ArrayRef<llvm::StringRef> candidates) {
  llvm::StringRef found = closest(word, candidates);
  return found.empty() ? std::string() : ("; did you mean '" + found + "'?").str();
}

static const OptionSpec *findOption(const CommandSpec &command, llvm::StringRef name) {
  if (name == HelpOption.name || name == HelpOption.alias)
    return &HelpOption;
  for (llvm::ArrayRef<OptionSpec> group : command.options)
    for (const OptionSpec &option : group)
      if (name == option.name || (!option.alias.empty() && name == option.alias))
        return &option;
  return nullptr;
}

/// `-j8`: the option `-j` with its value attached.
static const OptionSpec *findShortOption(const CommandSpec &command, llvm::StringRef word) {
  if (word.size() < 3 || word[1] == '-')
    return nullptr;
  const OptionSpec *option = findOption(command, word.take_front(2));
  return option && !option->value.empty() ? option : nullptr;
}

static llvm::Error unknownOption(const CommandSpec &command, llvm::StringRef word) {
  std::vector<llvm::StringRef> names{HelpOption.name};
  for (llvm::ArrayRef<OptionSpec> group : command.options)
    for (const OptionSpec &option : group)
      names.push_back(option.name);
  return usageError("unknown option '" + word + "'" + didYouMean(word, names) + " (gridlock " + command.name +
                    " --help lists all)");
}

llvm::Expected<Arguments> Arguments::parse(const CommandSpec &command, llvm::ArrayRef<const char *> words) {
  Arguments parsed;
  for (std::size_t i = 0; i < words.size(); ++i) {
    llvm::StringRef word = words[i];
    if (word == "--") {
      parsed.Separator = true;
      parsed.Rest.assign(words.begin() + i + 1, words.end());
      break;
    }
    if (word == "-" || !word.starts_with("-")) {
      parsed.Positional.push_back(word.str());
      continue;
    }
    auto [name, attached] = word.split('=');
    bool hasAttached = word.contains('=') && word.starts_with("--");
    const OptionSpec *option = findOption(command, hasAttached ? name : word);
    if (!option && (option = findShortOption(command, word))) {
      hasAttached = true;
      attached = word.drop_front(2);
    }
    if (!option)
      return unknownOption(command, hasAttached ? name : word);
    if (option->value.empty() && hasAttached)
      return usageError(option->name + " takes no value");
    std::vector<std::string> &values = parsed.Values[option->name];
    if (option->value.empty())
      values.push_back("");
    else if (hasAttached)
      values.push_back(attached.str());
    else if (i + 1 < words.size())
      values.push_back(words[++i]);
    else
      return usageError(option->name + " needs a value: " + option->name + " " + option->value);
  }
  return parsed;
}

llvm::StringRef Arguments::value(llvm::StringRef option, llvm::StringRef otherwise) const {
  auto found = Values.find(option);
  return found == Values.end() ? otherwise : llvm::StringRef(found->second.back());
}

std::vector<std::string> Arguments::values(llvm::StringRef option) const {
  auto found = Values.find(option);
  return found == Values.end() ? std::vector<std::string>() : found->second;
}

void printCommandHelp(const CommandSpec &command, llvm::raw_ostream &stream) {
  stream << "usage: gridlock " << command.name << " " << command.usage << "\n\n" << command.summary << "\n";
  auto print = [&](const OptionSpec &option) {
    std::string left = option.alias.empty() ? "" : (option.alias + ", ").str();
    left += option.name;
    if (!option.value.empty())
      left += (" " + option.value).str();
    stream << "  " << llvm::left_justify(left, 26);
    if (left.size() > 26)
      stream << "\n" << std::string(28, ' ');
    stream << " " << option.help << "\n";
  };
  stream << "\noptions:\n";
  for (llvm::ArrayRef<OptionSpec> group : command.options)
    llvm::for_each(group, print);
  print(HelpOption);
}

} // namespace gridlock::tool
