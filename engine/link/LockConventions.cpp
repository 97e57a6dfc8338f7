//===- LockConventions.cpp - Lock operations known by their names -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Most projects have locks of their own, in a base library that is not always
// among the files that are looked at. Without bodies, `mu_lock(&c->mu)` says
// nothing, and every section under it is lost. But programs name such functions
// alike, so a name is believed when three things come together:
//
// * It is a word for taking a lock among other words (`mu_lock`, `LockMutex`,
//   `RWLockAcquireShared`), and the program calls a counterpart whose other words
//   are the same.
// * Both get a pointer or reference to the same class, or are its methods.
// * A word says that it is a lock: in the class's name or among the other words.
//   For `lock` and `unlock` of a C object nothing else need say it: the object is
//   locked as a whole. `acquire`, `enter` and the like mean too much else.
//
// A family with a `try` whose result is a number is left alone: zero says that the
// lock was taken in one library, and that it was not in the next.
//
// A type is a mutex, which its owner must not take again, when its name says so;
// else it may be taken again for all that is known.
//
//===----------------------------------------------------------------------===//

#include "engine/link/LockConventions.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include <map>

namespace gridlock::link {

namespace {

using Words = llvm::SmallVector<std::string, 6>;

/// `LWLockAcquire`, `lw_lock_acquire`: lw, lock, acquire.
Words wordsOf(llvm::StringRef name) {
  Words words;
  std::string word;
  auto end = [&] {
    if (!word.empty())
      words.push_back(std::move(word));
    word.clear();
  };
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (!llvm::isAlnum(c)) {
      end();
      continue;
    }
    const bool isUpper = llvm::isUpper(c);
    const bool startsWord =
        isUpper && i > 0 && (!llvm::isUpper(name[i - 1]) || (i + 1 < name.size() && llvm::isLower(name[i + 1])));
    if (startsWord)
      end();
    word += llvm::toLower(c);
  }
  end();
  return words;
}

bool saysLock(const Words &words) {
  return llvm::any_of(words, [](llvm::StringRef word) {
    return llvm::StringSwitch<bool>(word)
        .Cases({"mu", "mut", "rw", "spin", "futex", "critical", "critsec", "critsect", "latch", "locker"}, true)
        .Default(word.ends_with("mutex") || word.ends_with("mtx") || word.ends_with("lock"));
  });
}

bool saysMutex(const Words &words) {
  bool isMutex = false;
  for (llvm::StringRef word : words) {
    if (word == "recursive" || word == "rec" || word == "rmutex" || word == "reentrant" || word == "nested")
      return false;
    isMutex |= word.ends_with("mutex") || word.ends_with("mtx") || word == "mu" || word == "spin" || word == "spinlock";
  }
  return isMutex;
}

enum class Act { None, Acquire, Release };

struct Verb {
  Act act = Act::None;
  bool isPlain = false; ///< `lock`, `unlock`
  bool isShared = false;
};

Verb verb(llvm::StringRef word) {
  return llvm::StringSwitch<Verb>(word)
      .Case("lock", {Act::Acquire, true, false})
      .Cases({"rdlock", "rlock", "readlock"}, {Act::Acquire, true, true})
      .Cases({"wrlock", "wlock", "writelock"}, {Act::Acquire, true, false})
      .Cases({"acquire", "enter", "obtain"}, {Act::Acquire, false, false})
      .Cases({"unlock", "rdunlock", "runlock", "wrunlock", "wunlock", "rwunlock"}, {Act::Release, true, false})
      .Cases({"release", "leave", "exit"}, {Act::Release, false, false})
      .Default({});
}

/// What a function may be: one way to read its name.
struct Reading {
  FunctionId function = 0;
  Verb verb;
  bool isTry = false;
  bool isLock = false; ///< its words say so
};

/// The parameter that leads to the lock.
struct LockParameter {
  unsigned argument = 0;
  RecordId record = 0;
  bool isOpaque = false; ///< `void *`, a number
};

class ConventionFinder {
public:
  explicit ConventionFinder(const Program &program) : P(program) {}

  LockConventions run() {
    for (FunctionId id = 1; id < P.functionCount(); ++id) {
      read(id);
      if (P.function(id).flags & ir::FunctionIsDestructor)
        Destructors[P.function(id).record] = id;
    }
    for (const auto &[key, readings] : Families)
      settle(key, readings);
    for (FunctionId id = 1; id < P.functionCount(); ++id)
      readGuard(id);
    for (const auto &[record, isMutex] : Types)
      Result.types.push_back({record, isMutex ? "$mutex" : "$lock"});
    return std::move(Result);
  }

private:
  struct Key {
    RecordId owner;  ///< of methods
    RecordId record; ///< that the lock parameter leads to
    unsigned argument;
    bool isOpaque;
    std::string rest;
    friend auto operator<=>(const Key &, const Key &) = default;
  };

  const ir::Function &declaration(FunctionId id) const {
    const RowRef &row = P.function(id).row;
    return P.unit(row.unit).functions[row.row];
  }

  bool isOpen(FunctionId id) const {
    const FunctionInfo &info = P.function(id);
    return !info.hasBody && !info.model && !info.qualifiedName.empty() && info.overriders.empty() &&
           !(info.record && (P.record(info.record).flags & (ir::RecordIsCapability | ir::RecordIsScopedLockable)));
  }

  static llvm::StringRef lastName(llvm::StringRef qualified) {
    std::size_t at = qualified.rfind("::");
    return at == llvm::StringRef::npos ? qualified : qualified.substr(at + 2);
  }

  Words wordsOfRecord(RecordId id) const { return wordsOf(lastName(P.record(id).qualifiedName)); }

  const ir::Type &parameterType(FunctionId id, unsigned position) const {
    const ir::Unit &unit = P.unit(P.function(id).row.unit);
    return unit.types[unit.lists[declaration(id).parameterTypes.first + position]];
  }

  /// The first parameter that may lead to a lock.
  bool findParameter(FunctionId id, LockParameter &found) const {
    const FunctionInfo &info = P.function(id);
    if (info.record) {
      found.record = info.record;
      return declaration(id).parameterTypes.count <= 1;
    }
    const ir::Unit &unit = P.unit(info.row.unit);
    for (unsigned i = 0; i < declaration(id).parameterTypes.count && i < 2; ++i) {
      const ir::Type &type = parameterType(id, i);
      if (type.kind != ir::TypeKind::Pointer && type.kind != ir::TypeKind::Reference)
        continue;
      const ir::Type &target = unit.types[type.element];
      found.argument = i;
      found.record = target.kind == ir::TypeKind::Record ? P.link(info.row.unit).records[target.record] : 0;
      found.isOpaque = !found.record;
      return target.kind == ir::TypeKind::Record || target.kind == ir::TypeKind::Void ||
             target.kind == ir::TypeKind::Integer;
    }
    return false;
  }

  void read(FunctionId id) {
    const FunctionInfo &info = P.function(id);
    LockParameter parameter;
    if (!isOpen(id) || (info.flags & (ir::FunctionIsConstructor | ir::FunctionIsInternal)))
      return;
    Words words = wordsOf(lastName(info.qualifiedName));
    if (llvm::none_of(words,
                      [](llvm::StringRef word) {
                        return verb(word).act != Act::None || word == "trylock" || word == "tryenter" ||
                               word == "tryacquire";
                      }) ||
        !findParameter(id, parameter))
      return;
    const bool typeSaysLock = parameter.record && saysLock(wordsOfRecord(parameter.record));
    bool isTry = false, isShared = false;
    Words plain;
    for (std::string &word : words) {
      if (word == "try" || word == "timed") {
        isTry = true;
      } else if (word == "trylock" || word == "tryenter" || word == "tryacquire" || word == "timedlock") {
        isTry = true;
        plain.push_back(word == "tryenter" ? "enter" : word == "tryacquire" ? "acquire" : "lock");
      } else if (word == "shared" || word == "read" || word == "reader" || word == "rd") {
        isShared = true;
      } else if (word != "exclusive" && word != "write" && word != "writer" && word != "wr") {
        plain.push_back(std::move(word));
      }
    }
    for (std::size_t at = 0; at < plain.size(); ++at) {
      Verb what = verb(plain[at]);
      if (what.act == Act::None)
        continue;
      what.isShared |= isShared && what.act == Act::Acquire;
      Words rest = plain;
      rest.erase(rest.begin() + at);
      const bool isLock = typeSaysLock || saysLock(rest);
      if (!isLock &&
          (!what.isPlain || info.record || parameter.isOpaque || (info.flags & ir::FunctionIsInSystemHeader)))
        continue;
      Families[{info.record, parameter.record, parameter.argument, parameter.isOpaque, llvm::join(rest, "_")}]
          .push_back({id, what, isTry, isLock});
    }
  }

  /// How the result tells that the lock was taken; null: it is not known.
  const char *successOf(FunctionId id) const {
    const ir::Unit &unit = P.unit(P.function(id).row.unit);
    const ir::Type &type = unit.types[declaration(id).returnType];
    return type.kind == ir::TypeKind::Bool      ? ".true"
           : type.kind == ir::TypeKind::Integer ? ".zero"
           : type.kind == ir::TypeKind::Void    ? ""
                                                : nullptr;
  }

  void settle(const Key &key, llvm::ArrayRef<Reading> readings) {
    auto has = [&](Act act) {
      return llvm::any_of(readings, [&](const Reading &r) { return r.verb.act == act && !r.isTry; });
    };
    if (!has(Act::Acquire) || !has(Act::Release))
      return;
    auto isClear = [&](const Reading &r) {
      const char *success = successOf(r.function);
      return r.verb.act == Act::Release || (success && (!r.isTry || llvm::StringRef(success) == ".true"));
    };
    if (!llvm::all_of(readings, isClear))
      return;
    const std::string argument = "." + std::to_string(key.argument);
    const bool isMutex = key.record && saysMutex(wordsOfRecord(key.record));
    const std::string acquire = isMutex ? "$acquire-mutex" : "$acquire";
    for (const Reading &r : readings) {
      std::string entry = r.verb.act == Act::Release ? "$release" + argument
                          : r.isTry ? "$try" + argument + ".true"
                                    : acquire + (r.verb.isShared ? "-shared" : "") + argument + successOf(r.function);
      Result.functions.push_back({r.function, std::move(entry)});
    }
    if (!key.record || P.record(key.record).model)
      return;
    Words words = wordsOfRecord(key.record);
    if (saysLock(words))
      Types[key.record] = saysMutex(words);
  }

  /// A class that gets a lock when it is constructed, and whose destructor is its own.
  void readGuard(FunctionId id) {
    const FunctionInfo &info = P.function(id);
    if (!(info.flags & ir::FunctionIsConstructor) || !isOpen(id) || !info.record ||
        declaration(id).parameterTypes.count != 1)
      return;
    Words words = wordsOfRecord(info.record);
    auto isGuardWord = [](llvm::StringRef word) {
      return word == "guard" || word == "locker" || word == "holder" || word == "scoped" || word == "auto" ||
             word == "lock" || word == "autolock";
    };
    FunctionId destructor = Destructors.lookup(info.record);
    const ir::Type &type = parameterType(id, 0);
    bool refers = type.kind == ir::TypeKind::Pointer || type.kind == ir::TypeKind::Reference;
    const ir::Unit &unit = P.unit(info.row.unit);
    RecordId lock = refers ? P.link(info.row.unit).records[unit.types[type.element].record] : 0;
    const model::TypeModel *model = lock ? P.record(lock).model : nullptr;
    bool isLock = (model && model->lock != model::LockKind::None) || Types.count(lock);
    if (llvm::any_of(words, isGuardWord) && isLock && destructor && isOpen(destructor)) {
      Result.functions.push_back({id, "$guard"});
      Result.functions.push_back({destructor, "$guard-end"});
    }
  }

  const Program &P;
  std::map<Key, std::vector<Reading>> Families;
  llvm::DenseMap<RecordId, FunctionId> Destructors;
  std::map<RecordId, bool> Types; ///< and whether their names say `mutex`
  LockConventions Result;
};

} // namespace

std::string lockConventionOf(const Program &program, FieldId field, unsigned argument) {
  const FieldInfo &info = program.field(field);
  if (!info.record || argument > 1)
    return {};
  const Words words = wordsOf(info.name);
  for (std::size_t at = 0; at < words.size(); ++at) {
    const Verb mine = verb(words[at]);
    Words rest = words;
    rest.erase(rest.begin() + at);
    if (mine.act == Act::None || (!mine.isPlain && !saysLock(rest)))
      continue;
    const bool isPaired = llvm::any_of(program.record(info.record).fields, [&](FieldId other) {
      Words theirs = wordsOf(program.field(other).name);
      if (other == field || theirs.size() != words.size())
        return false;
      const Verb counterpart = verb(theirs[at]);
      theirs.erase(theirs.begin() + at);
      return counterpart.act != Act::None && counterpart.act != mine.act && counterpart.isPlain == mine.isPlain &&
             theirs == rest;
    });
    if (isPaired)
      return (mine.act == Act::Release ? "$release."
              : mine.isShared          ? "$acquire-shared."
                                       : "$acquire.") +
             std::to_string(argument);
  }
  return {};
}

LockConventions findLockConventions(const Program &program) { return ConventionFinder(program).run(); }

} // namespace gridlock::link
