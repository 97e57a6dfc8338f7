//===- Baseline.cpp - Findings that were there before -----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/suppress/Baseline.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/JSON.h"

namespace gridlock::suppress {

llvm::Expected<Baseline> Baseline::parse(llvm::StringRef json, llvm::StringRef fileName) {
  auto fail = [&](const llvm::Twine &why) {
    return llvm::createStringError(fileName + ": " + why + "; write it again with `gridlock baseline write`");
  };
  llvm::Expected<llvm::json::Value> document = llvm::json::parse(json);
  if (!document)
    return fail(llvm::toString(document.takeError()));
  const llvm::json::Object *object = document->getAsObject();
  if (!object || object->getInteger("version") != 1)
    return fail("this is not a baseline of version 1");
  const llvm::json::Array *findings = object->getArray("findings");
  if (!findings)
    return fail("there is no list `findings`");
  Baseline baseline;
  for (const llvm::json::Value &value : *findings) {
    const llvm::json::Object *entry = value.getAsObject();
    std::optional<llvm::StringRef> fingerprint = entry ? entry->getString("fingerprint") : std::nullopt;
    if (!fingerprint)
      return fail("an entry has no `fingerprint`");
    auto text = [&](llvm::StringRef key) { return entry->getString(key).value_or("").str(); };
    baseline.Entries.push_back({fingerprint->str(), text("rule"), text("file"), text("message")});
  }
  return baseline;
}

Baseline Baseline::of(llvm::ArrayRef<Finding> findings, llvm::StringRef root) {
  Baseline baseline;
  std::string prefix = root.rtrim('/').str() + '/';
  for (const Finding &finding : findings) {
    if (!finding.suppressedBy.empty())
      continue;
    llvm::StringRef file = finding.location.file;
    file.consume_front(prefix);
    baseline.Entries.push_back({finding.fingerprint, finding.rule, file.str(), finding.message});
  }
  return baseline;
}

void Baseline::write(llvm::raw_ostream &os) const {
  std::vector<const Entry *> sorted;
  for (const Entry &entry : Entries)
    sorted.push_back(&entry);
  llvm::sort(sorted, [](const Entry *a, const Entry *b) {
    return std::tie(a->file, a->rule, a->fingerprint) < std::tie(b->file, b->rule, b->fingerprint);
  });
  os << "{\n  \"version\": 1,\n  \"findings\": [";
  const char *separator = "\n";
  for (const Entry *entry : sorted) {
    os << separator << "    ";
    llvm::json::OStream json(os);
    json.object([&] {
      json.attribute("fingerprint", entry->fingerprint);
      json.attribute("rule", llvm::json::fixUTF8(entry->rule));
      json.attribute("file", llvm::json::fixUTF8(entry->file));
      json.attribute("message", llvm::json::fixUTF8(entry->message));
    });
    separator = ",\n";
  }
  os << (sorted.empty() ? "]\n}\n" : "\n  ]\n}\n");
}

unsigned Baseline::apply(std::vector<Finding> &findings) const {
  llvm::StringSet<> known;
  for (const Entry &entry : Entries)
    known.insert(entry.fingerprint);
  unsigned hidden = 0;
  for (Finding &finding : findings)
    if (finding.suppressedBy.empty() && known.contains(finding.fingerprint)) {
      finding.suppressedBy = "baseline";
      ++hidden;
    }
  return hidden;
}

unsigned Baseline::prune(llvm::ArrayRef<Finding> findings) {
  llvm::StringSet<> present;
  for (const Finding &finding : findings)
    present.insert(finding.fingerprint);
  std::size_t before = Entries.size();
  llvm::erase_if(Entries, [&](const Entry &entry) { return !present.contains(entry.fingerprint); });
  return before - Entries.size();
}

} // namespace gridlock::suppress
