//===- EffectReader.cpp - From YAML to effects ----------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Two tables are the schema. `Kinds` says which keys an effect needs and which
/// it may have; `Members` says which member of `Effect` a key fills, and through
/// the member's type how it is written. A new key is one line in each.
///
//===----------------------------------------------------------------------===//

#include "models/EffectReader.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include <variant>

using namespace llvm;

namespace gridlock::model {
namespace {

struct KindEntry {
  EffectKind kind;
  StringLiteral name;
  StringLiteral required; ///< keys, separated by spaces; the first has the short form
  StringLiteral optional;
  StringLiteral words = ""; ///< allowed for `what` or `operation`
};

constexpr StringLiteral ThreadWords = "thread task timer event";
constexpr StringLiteral WaitWords = "thread task future latch barrier semaphore event timer process any";
constexpr StringLiteral BlockWords =
    "sleep socket pipe file file-lock child dns thread future event terminal any descriptor";

constexpr KindEntry Kinds[] = {
    {EffectKind::Acquire, "acquire", "lock", "mode bound success reentrant"},
    {EffectKind::Release, "release", "lock", "mode reentrant"},
    {EffectKind::TryAcquire, "try-acquire", "lock success", "mode bound"},
    {EffectKind::AcquireAll, "acquire-all", "locks", "success"},
    {EffectKind::InitLock, "init-lock", "lock", "recursive"},
    {EffectKind::DestroyLock, "destroy-lock", "lock", ""},
    {EffectKind::Wait, "wait", "condition lock", "mode predicate bound"},
    {EffectKind::Notify, "notify", "condition", "all"},
    {EffectKind::Signals, "signals", "place", "what", WaitWords},
    {EffectKind::Awaits, "awaits", "place", "what bound success", WaitWords},
    {EffectKind::Set, "set", "place value", ""},
    {EffectKind::Move, "move", "place from", ""},
    {EffectKind::Returns, "returns", "value", ""},
    {EffectKind::Swap, "swap", "place value", ""},
    {EffectKind::Reads, "reads", "place", ""},
    {EffectKind::Writes, "writes", "place", "tests"},
    {EffectKind::Atomic, "atomic", "place operation", "value expected order success",
     "load store update exchange compare"},
    {EffectKind::Fence, "fence", "", "order"},
    {EffectKind::Frees, "frees", "place", ""},
    {EffectKind::Destroys, "destroys", "place", "times callee type-argument"},
    {EffectKind::Constructs, "constructs", "place", "arguments type-argument"},
    {EffectKind::Calls, "calls", "callee", "arguments times forward-result"},
    {EffectKind::Spawns, "spawns", "callee", "arguments handle what detached success times locks", ThreadWords},
    {EffectKind::Stores, "stores", "callee place", "arguments"},
    {EffectKind::Joins, "joins", "handle", "bound what success", WaitWords},
    {EffectKind::Detaches, "detaches", "handle", ""},
    {EffectKind::SignalHandler, "signal-handler", "callee", "arguments"},
    {EffectKind::SignalSet, "signal-set", "place operation", "signal", "empty fill add remove"},
    {EffectKind::SignalMask, "signal-mask", "value from", "to"},
    {EffectKind::AtExit, "at-exit", "callee", "arguments"},
    {EffectKind::Once, "once", "callee", "flag arguments"},
    {EffectKind::Exits, "exits", "", "what status", "thread jump"},
    {EffectKind::Throws, "throws", "", ""},
    {EffectKind::Blocks, "blocks", "what", "descriptor bound", BlockWords},
    {EffectKind::Dispatches, "dispatches", "", "shared"},
    {EffectKind::UnsafeInSignal, "unsafe-in-signal", "what", "", "malloc stdio lock other"},
    {EffectKind::Opens, "opens", "what", "descriptor flags success", "socket file pipe terminal event other"},
    {EffectKind::Pipe, "pipe", "read write", "flags bidirectional success"},
    {EffectKind::Duplicate, "duplicate", "from", "to flags close-on-exec"},
    {EffectKind::Close, "close", "descriptor", "to"},
    {EffectKind::Stream, "stream", "descriptor", ""},
    {EffectKind::SetFlags, "set-flags", "descriptor flags", "what", "descriptor status"},
    {EffectKind::Read, "read", "descriptor", "whole size"},
    {EffectKind::Write, "write", "descriptor", "whole size"},
    {EffectKind::Poll, "poll", "", "descriptors descriptor bound"},
    {EffectKind::Watches, "watches", "descriptor value", ""},
    {EffectKind::Fork, "fork", "", "shared"},
    {EffectKind::Exec, "exec", "", ""},
    {EffectKind::SpawnChild, "spawn-child", "child", "stdin stdout stderr pipes actions success"},
    {EffectKind::ChildAction, "child-action", "place operation", "from to", "duplicate close open"},
    {EffectKind::WaitChild, "wait-child", "child", "bound drains success flags"},
    {EffectKind::Kill, "kill", "child", "signal"},
    {EffectKind::Reaps, "reaps", "", "child"},
    {EffectKind::Alarm, "alarm", "bound", ""},
    {EffectKind::Python, "python", "", "may-release"},
};

using Member = std::variant<Operand Effect::*, std::vector<Operand> Effect::*, std::vector<Condition> Effect::*,
                            std::optional<Condition> Effect::*, bool Effect::*, std::string Effect::*>;

struct MemberEntry {
  StringLiteral key;
  Member member;
};

const MemberEntry Members[] = {
    {"when", &Effect::when},
    {"unless", &Effect::unless},
    {"lock", &Effect::lock},
    {"place", &Effect::place},
    {"value", &Effect::value},
    {"status", &Effect::value},
    {"expected", &Effect::expected},
    {"order", &Effect::order},
    {"callee", &Effect::callee},
    {"flag", &Effect::flag},
    {"handle", &Effect::handle},
    {"condition", &Effect::condition},
    {"predicate", &Effect::predicate},
    {"descriptor", &Effect::descriptor},
    {"from", &Effect::from},
    {"to", &Effect::to},
    {"flags", &Effect::flags},
    {"size", &Effect::size},
    {"read", &Effect::readEnd},
    {"write", &Effect::writeEnd},
    {"child", &Effect::child},
    {"signal", &Effect::signal},
    {"actions", &Effect::actions},
    {"stdin", &Effect::standardInput},
    {"stdout", &Effect::standardOutput},
    {"stderr", &Effect::standardError},
    {"locks", &Effect::locks},
    {"arguments", &Effect::arguments},
    {"descriptors", &Effect::descriptors},
    {"success", &Effect::success},
    {"recursive", &Effect::recursive},
    {"what", &Effect::what},
    {"operation", &Effect::operation},
    {"times", &Effect::times},
    {"all", &Effect::all},
    {"whole", &Effect::whole},
    {"may-release", &Effect::mayRelease},
    {"close-on-exec", &Effect::closeOnExec},
    {"drains", &Effect::drains},
    {"reentrant", &Effect::reentrant},
    {"forward-result", &Effect::forwardResult},
    {"bidirectional", &Effect::bidirectional},
    {"shared", &Effect::shared},
    {"tests", &Effect::tests},
};

constexpr StringLiteral BoundUnits =
    "seconds milliseconds microseconds nanoseconds timespec timeval duration deadline some";

bool contains(StringRef words, StringRef word) {
  return any_of(split(words, ' '), [&](StringRef candidate) { return candidate == word; });
}

std::string commaList(StringRef words) {
  SmallVector<StringRef, 32> parts;
  words.split(parts, ' ', -1, /*KeepEmpty=*/false);
  return join(parts, ", ");
}

const KindEntry *findKind(StringRef name) {
  const KindEntry *found = find_if(Kinds, [&](const KindEntry &entry) { return entry.name == name; });
  return found == std::end(Kinds) ? nullptr : found;
}

std::string allKinds() {
  return join(map_range(Kinds, [](const KindEntry &entry) { return entry.name.str(); }), " ");
}

} // namespace

StringRef toString(EffectKind kind) {
  return find_if(Kinds, [&](const KindEntry &entry) { return entry.kind == kind; })->name;
}

Error EffectReader::failUnknown(const YamlNode &key, StringRef where, StringRef allowed) const {
  return fail(key, "unknown key '" + shown(key.text) + "' in " + where + " (allowed: " + commaList(allowed) + ")");
}

Error EffectReader::readOperand(const YamlNode &node, Operand &operand) const {
  if (!node.isScalar())
    return fail(node, "an operand is missing here (in YAML, one that begins with # & or * needs quotes)");
  auto parsed = parseOperand(node.text, &Constants);
  if (!parsed)
    return fail(node, toString(parsed.takeError()));
  operand = std::move(*parsed);
  return Error::success();
}

Error EffectReader::readOperands(const YamlNode &node, std::vector<Operand> &operands) const {
  if (!node.isSequence())
    return readOperand(node, operands.emplace_back());
  for (const YamlNode &item : node.items)
    if (Error error = readOperand(item, operands.emplace_back()))
      return error;
  return Error::success();
}

Error EffectReader::readCondition(const YamlNode &node, Condition &condition) const {
  if (!node.isScalar())
    return fail(node, "a condition is missing here");
  auto parsed = parseCondition(node.text, &Constants);
  if (!parsed)
    return fail(node, toString(parsed.takeError()));
  condition = std::move(*parsed);
  return Error::success();
}

Error EffectReader::readConditions(const YamlNode &node, std::vector<Condition> &conditions) const {
  if (!node.isSequence())
    return readCondition(node, conditions.emplace_back());
  for (const YamlNode &item : node.items)
    if (Error error = readCondition(item, conditions.emplace_back()))
      return error;
  return Error::success();
}

Error EffectReader::readFlag(const YamlNode &node, bool &flag) const {
  if (node.text != "true" && node.text != "false")
    return fail(node, "'" + shown(node.text) + "' is neither true nor false");
  flag = node.text == "true";
  return Error::success();
}

Error EffectReader::readWord(const YamlNode &node, StringRef allowed, std::string &word) const {
  if (!node.isScalar() || !contains(allowed, node.text))
    return fail(node, "unknown word '" + shown(node.text) + "' (allowed: " + commaList(allowed) + ")");
  word = node.text;
  return Error::success();
}

Error EffectReader::readStrings(const YamlNode &node, std::vector<std::string> &strings) const {
  if (node.isScalar()) {
    strings.push_back(node.text);
    return Error::success();
  }
  if (!node.isSequence())
    return fail(node, "a list is missing here");
  for (const YamlNode &item : node.items) {
    if (!item.isScalar() || item.text.empty())
      return fail(item, "a word is missing here");
    strings.push_back(item.text);
  }
  return Error::success();
}

Error EffectReader::readBound(const YamlNode &node, Bound &bound) const {
  if (!node.isMapping())
    return fail(node, "a bound is written {value: OPERAND, unit: UNIT}");
  for (const auto &[key, value] : node.pairs) {
    Error error = Error::success();
    if (key.text == "value")
      error = readOperand(value, bound.value);
    else if (key.text == "unit")
      error = readWord(value, BoundUnits, bound.unit);
    else if (key.text == "infinite")
      error = readConditions(value, bound.infinite);
    else
      error = failUnknown(key, "a bound", "value unit infinite");
    if (error)
      return error;
  }
  if (bound.unit.empty() || (!bound.value && bound.unit != "some"))
    return fail(node, "a bound needs 'unit', and 'value' unless the unit is 'some'");
  return Error::success();
}

/// Reads one key of an effect. `words` are allowed for `what` and `operation`.
Error EffectReader::readMember(const YamlNode &key, const YamlNode &value, StringRef words, Effect &effect) const {
  if (key.text == "bound")
    return readBound(value, effect.bound.emplace());
  if (key.text == "mode") {
    std::string word;
    if (Error error = readWord(value, "exclusive shared upgrade any", word))
      return error;
    effect.mode = word == "exclusive" ? LockMode::Exclusive
                  : word == "shared"  ? LockMode::Shared
                  : word == "upgrade" ? LockMode::Upgrade
                                      : LockMode::Any;
    return Error::success();
  }
  if (key.text == "detached") {
    effect.detached = true;
    if (value.text == "true")
      return Error::success();
    return readConditions(value, effect.detachedWhen);
  }
  if (key.text == "type-argument")
    return StringRef(value.text).getAsInteger(10, effect.typeArgument) ? fail(value, "a small number is missing here")
                                                                       : Error::success();
  if (key.text == "pipes") {
    if (Error error = readStrings(value, effect.pipes))
      return error;
    for (const std::string &name : effect.pipes)
      if (!contains("stdin stdout stderr", name))
        return fail(value, "unknown stream '" + shown(name) + "' (allowed: stdin, stdout, stderr)");
    return Error::success();
  }
  if (key.text == "times")
    words = "once many maybe";

  const MemberEntry *entry = find_if(Members, [&](const MemberEntry &member) { return member.key == key.text; });
  if (auto *operand = std::get_if<Operand Effect::*>(&entry->member))
    return readOperand(value, effect.**operand);
  if (auto *operands = std::get_if<std::vector<Operand> Effect::*>(&entry->member))
    return readOperands(value, effect.**operands);
  if (auto *conditions = std::get_if<std::vector<Condition> Effect::*>(&entry->member))
    return readConditions(value, effect.**conditions);
  if (auto *condition = std::get_if<std::optional<Condition> Effect::*>(&entry->member))
    return readCondition(value, (effect.**condition).emplace());
  if (auto *flag = std::get_if<bool Effect::*>(&entry->member))
    return readFlag(value, effect.**flag);
  return readWord(value, words, effect.*std::get<std::string Effect::*>(entry->member));
}

Error EffectReader::read(const YamlNode &item, Effect &effect) const {
  bool hasBody = item.isMapping() && item.pairs.size() == 1;
  if (!hasBody && !item.isScalar())
    return fail(item, "an effect is one key, as in `- acquire: {lock: \"*0\"}`");
  const YamlNode &name = hasBody ? item.pairs.front().first : item;
  const KindEntry *kind = findKind(name.text);
  if (!kind)
    return fail(name, "unknown effect '" + shown(name.text) + "' (allowed: " + commaList(allKinds()) + ")");
  effect.kind = kind->kind;

  std::string allowed = (kind->required + " " + kind->optional + " when unless").str();
  YamlNode empty;
  const YamlNode &body = hasBody ? item.pairs.front().second : empty;
  SmallVector<StringRef, 4> missing;
  kind->required.split(missing, ' ', -1, /*KeepEmpty=*/false);

  if (body.isScalar() || body.isSequence()) { // The short form.
    if (missing.size() != 1)
      return fail(name, "'" + shown(name.text) + "' has no short form; its keys: " + commaList(allowed));
    YamlNode key = name;
    key.text = missing.front().str();
    return readMember(key, body, kind->words, effect);
  }
  for (const auto &[key, value] : body.pairs) {
    if (!contains(allowed, key.text))
      return failUnknown(key, "the effect '" + kind->name.str() + "'", allowed);
    erase(missing, StringRef(key.text));
    if (Error error = readMember(key, value, kind->words, effect))
      return error;
  }
  if (!missing.empty())
    return fail(name, "'" + shown(name.text) + "' needs the key '" + missing.front() +
                          "' (allowed: " + commaList(allowed) + ")");
  return Error::success();
}

} // namespace gridlock::model
