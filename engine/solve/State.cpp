//===- State.cpp - What is known at one point of one path -------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/solve/State.h"
#include "engine/solve/DescriptorLog.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

namespace gridlock::solve {

//===----------------------------------------------------------------------===//
// Store
//===----------------------------------------------------------------------===//

static auto placeLess = [](const std::pair<TermId, TermId> &entry, TermId place) { return entry.first < place; };

TermId State::stored(TermId place) const {
  auto found = std::lower_bound(Store.begin(), Store.end(), place, placeLess);
  return found != Store.end() && found->first == place ? found->second : 0;
}

void State::store(TermId place, TermId value) {
  auto found = std::lower_bound(Store.begin(), Store.end(), place, placeLess);
  if (found != Store.end() && found->first == place)
    found->second = value;
  else
    Store.insert(found, {place, value});
}

void State::forget(const TermTable &terms, TermId place) {
  llvm::erase_if(Store, [&](const std::pair<TermId, TermId> &entry) { return terms.isPartOf(entry.first, place); });
}

//===----------------------------------------------------------------------===//
// Predicates
//===----------------------------------------------------------------------===//

const Fact *State::fact(TermId term) const {
  auto found = llvm::lower_bound(Facts, term, [](const Fact &fact, TermId id) { return fact.term < id; });
  return found != Facts.end() && found->term == term ? found : nullptr;
}

static std::optional<bool> compareInterval(const Fact &fact, ir::Operator op, std::int64_t value) {
  using enum ir::Operator;
  switch (op) {
  case Equal:
    if (fact.low == value && fact.high == value)
      return true;
    if (value < fact.low || value > fact.high || (value == 0 && fact.nonZero))
      return false;
    return std::nullopt;
  case NotEqual:
    if (auto equal = compareInterval(fact, Equal, value))
      return !*equal;
    return std::nullopt;
  case Less:
    if (fact.high < value)
      return true;
    if (fact.low >= value)
      return false;
    return std::nullopt;
  case LessEqual:
    if (fact.high <= value)
      return true;
    if (fact.low > value)
      return false;
    return std::nullopt;
  default:
    return std::nullopt;
  }
}

static bool isComparison(ir::Operator op) {
  using enum ir::Operator;
  return op == Equal || op == NotEqual || op == Less || op == LessEqual;
}

bool isTruthValue(const TermTable &terms, TermId value) {
  const Term &term = terms[value];
  if (term.kind != TermKind::Binary)
    return false;
  return isComparison(term.op) ||
         (term.op == ir::Operator::And && isTruthValue(terms, term.a) && isTruthValue(terms, term.b));
}

static bool isConjunction(const TermTable &terms, TermId value) {
  return terms[value].kind == TermKind::Binary && terms[value].op == ir::Operator::And && isTruthValue(terms, value);
}

/// A conjunction is decided by its parts: one that is false, or all true.
std::optional<bool> State::decideParts(const TermTable &terms, TermId condition) const {
  if (!isConjunction(terms, condition))
    return decide(terms, condition);
  std::optional<bool> left = decideParts(terms, terms[condition].a), right = decideParts(terms, terms[condition].b);
  if (left == false || right == false)
    return false;
  return left && right ? std::optional<bool>(true) : std::nullopt;
}

/// Whether a conjunction that is known to be false has come true.
bool State::contradictsExclusions(const TermTable &terms) const {
  return llvm::any_of(Facts, [&](const Fact &known) {
    return known.low == 0 && known.high == 0 && isConjunction(terms, known.term) &&
           decideParts(terms, known.term) == true;
  });
}

/// The ends of a pipe are open descriptors, but not the standard ones; a child's
/// number is that of a process.
const Fact *State::inherentFact(const Term &term) {
  static const Fact end{.low = 3}, child{.low = 2};
  if (term.kind != TermKind::Opaque)
    return nullptr;
  return OriginKind(term.a) == OriginKind::PipeEnd ? &end : OriginKind(term.a) == OriginKind::Child ? &child : nullptr;
}

std::optional<bool> State::decide(const TermTable &terms, TermId condition) const {
  using enum ir::Operator;
  const Term &term = terms[condition];
  if (isConjunction(terms, condition))
    if (std::optional<bool> truth = decideParts(terms, condition))
      return truth;
  if (term.kind == TermKind::Binary && (term.op == Equal || term.op == NotEqual) && terms.isInteger(term.b, 0) &&
      isConjunction(terms, term.a))
    if (std::optional<bool> truth = decide(terms, term.a))
      return *truth == (term.op == NotEqual);
  switch (term.kind) {
  case TermKind::Integer:
    return term.number != 0;
  case TermKind::String:
  case TermKind::Function:
    return true;
  case TermKind::Address:
    if (!terms.mayBeNull(term))
      return true;
    break;
  case TermKind::Opaque:
    if (OriginKind(term.a) == OriginKind::Fresh || OriginKind(term.a) == OriginKind::TryFailure)
      return true;
    break;
  default:
    break;
  }
  auto factOf = [&](TermId id) {
    const Fact *known = inherentFact(terms[id]);
    return known ? known : fact(id);
  };
  if (const Fact *known = factOf(condition)) {
    if (auto zero = compareInterval(*known, Equal, 0))
      return !*zero;
  }
  if (term.kind != TermKind::Binary || !isComparison(term.op))
    return std::nullopt;
  const Term &left = terms[term.a], &right = terms[term.b];
  if (right.kind == TermKind::Integer) {
    if (const Fact *known = factOf(term.a))
      if (auto truth = compareInterval(*known, term.op, right.number))
        return truth;
  } else if (left.kind == TermKind::Integer) {
    if (const Fact *known = factOf(term.b)) {
      // c < x is !(x <= c); c <= x is !(x < c).
      if (auto inverse = compareInterval(*known, term.op == Less ? LessEqual : Less, left.number))
        return !*inverse;
    }
  }
  // The opposite comparison may be known.
  auto truthOf = [&](ir::Operator op, TermId a, TermId b) -> std::optional<bool> {
    for (const Fact &known : Facts) {
      const Term &t = terms[known.term];
      if (t.kind == TermKind::Binary && t.op == op && t.a == a && t.b == b)
        if (auto zero = compareInterval(known, Equal, 0))
          return !*zero;
    }
    return std::nullopt;
  };
  auto equals = [&](TermId a, TermId b) -> std::optional<bool> {
    if (a > b && terms[b].kind != TermKind::Integer)
      std::swap(a, b); // as terms spell it
    if (auto truth = truthOf(Equal, a, b))
      return truth;
    if (auto truth = truthOf(NotEqual, a, b))
      return !*truth;
    return std::nullopt;
  };
  switch (term.op) {
  case NotEqual:
  case Equal:
    if (auto truth = equals(term.a, term.b))
      return *truth == (term.op == Equal);
    if (truthOf(Less, term.a, term.b) == true || truthOf(Less, term.b, term.a) == true)
      return term.op == NotEqual;
    break;
  case Less:
    if (auto truth = truthOf(LessEqual, term.b, term.a))
      return !*truth;
    if (truthOf(Less, term.b, term.a) == true || equals(term.a, term.b) == true)
      return false;
    break;
  case LessEqual:
    if (auto truth = truthOf(Less, term.b, term.a))
      return !*truth;
    if (truthOf(Less, term.a, term.b) == true || equals(term.a, term.b) == true)
      return true;
    break;
  default:
    break;
  }
  return std::nullopt;
}

bool State::constrain(TermId term, Fact wanted) {
  auto found = llvm::lower_bound(Facts, term, [](const Fact &fact, TermId id) { return fact.term < id; });
  if (found == Facts.end() || found->term != term) {
    wanted.term = term;
    Facts.insert(found, wanted);
    return true;
  }
  found->low = std::max(found->low, wanted.low);
  found->high = std::min(found->high, wanted.high);
  found->nonZero |= wanted.nonZero;
  if (found->nonZero && found->low == 0)
    found->low = 1;
  if (found->nonZero && found->high == 0)
    found->high = -1;
  return found->low <= found->high;
}

bool State::assume(TermTable &terms, TermId condition, bool truth) {
  using enum ir::Operator;
  if (auto known = decide(terms, condition))
    return *known == truth;
  const Term term = terms[condition];
  if (term.kind == TermKind::Binary && (term.op == Equal || term.op == NotEqual) && terms.isInteger(term.b, 0) &&
      isConjunction(terms, term.a))
    return assume(terms, term.a, truth == (term.op == NotEqual));
  if (isConjunction(terms, condition)) {
    if (truth)
      return assume(terms, term.a, true) && assume(terms, term.b, true);
    // All parts but one are true: then that one is false.
    if (decideParts(terms, term.a) == true)
      return assume(terms, term.b, false);
    if (decideParts(terms, term.b) == true)
      return assume(terms, term.a, false);
    Fact never;
    never.low = never.high = 0;
    return constrain(condition, never);
  }
  if (!assumePart(terms, condition, truth) || contradictsExclusions(terms))
    return false;
  // Where an allocation has failed there is no object.
  bool isTest =
      term.kind == TermKind::Binary && (term.op == Equal || term.op == NotEqual) && terms.isInteger(term.b, 0);
  TermId pointer = isTest ? term.a : condition;
  if (terms.mayBeNull(terms[pointer]) && decide(terms, pointer) == false)
    replace(terms, pointer, terms.integer(0));
  return true;
}

/// Assumes a condition that is no conjunction.
bool State::assumePart(TermTable &terms, TermId condition, bool truth) {
  using enum ir::Operator;
  const Term term = terms[condition];
  if (term.kind == TermKind::Binary && isComparison(term.op)) {
    ir::Operator op = term.op;
    TermId left = term.a, right = term.b;
    if (!truth) {
      if (op == Equal)
        op = NotEqual;
      else if (op == NotEqual)
        op = Equal;
      else {
        op = op == Less ? LessEqual : Less;
        std::swap(left, right);
      }
    }
    Fact wanted;
    TermId subject = 0;
    if (terms[right].kind == TermKind::Integer) {
      std::int64_t value = terms[right].number;
      subject = left;
      if (op == Equal)
        wanted.low = wanted.high = value;
      else if (op == Less && value != INT64_MIN)
        wanted.high = value - 1;
      else if (op == LessEqual)
        wanted.high = value;
      else if (op == NotEqual && value == 0)
        wanted.nonZero = true;
      else
        subject = 0;
    } else if (terms[left].kind == TermKind::Integer) {
      std::int64_t value = terms[left].number;
      subject = right;
      if (op == Less && value != INT64_MAX)
        wanted.low = value + 1;
      else if (op == LessEqual)
        wanted.low = value;
      else
        subject = 0;
    }
    if (subject)
      return constrain(subject, wanted);
    // A relation of two unknown values is itself a boolean.
    Fact boolean;
    boolean.low = boolean.high = 1;
    // Neither is smaller: then they are equal.
    if (op == LessEqual)
      if (const Fact *opposite = fact(terms.binary(op, right, left)); opposite && opposite->low == 1)
        op = Equal;
    return constrain(terms.binary(op, left, right), boolean);
  }
  Fact wanted;
  if (truth)
    wanted.nonZero = true;
  else
    wanted.low = wanted.high = 0;
  return constrain(condition, wanted);
}

unsigned State::commonFacts(const State &other, const llvm::DenseSet<TermId> &important) const {
  unsigned common = 0;
  for (const Fact &mine : Facts)
    if (const Fact *theirs = other.fact(mine.term); theirs && *theirs == mine)
      common += important.contains(mine.term) ? 1000 : 1;
  return common;
}

void State::intersectFacts(const TermTable &terms, const State &other) {
  // What one says of a conjunction, the other may know by its parts.
  auto excludes = [&](const State &state, const Fact &known) {
    return known.low == 0 && known.high == 0 && isConjunction(terms, known.term) &&
           state.decideParts(terms, known.term) == false;
  };
  llvm::SmallVector<Fact, 2> kept;
  for (const Fact &theirs : other.Facts)
    if (!fact(theirs.term) && excludes(*this, theirs))
      kept.push_back(theirs);
  llvm::erase_if(Facts, [&](Fact &mine) {
    const Fact *theirs = other.fact(mine.term);
    if (!theirs)
      return !excludes(other, mine);
    return !mine.widen(*theirs);
  });
  for (const Fact &fact : kept)
    constrain(fact.term, fact);
}

bool State::assumesEqual(const TermTable &terms, TermId lock) const {
  for (const Fact &known : Facts) {
    const Term &term = terms[known.term];
    bool equal = term.kind == TermKind::Binary && term.op == ir::Operator::Equal && known.nonZero;
    equal |= term.kind == TermKind::Binary && term.op == ir::Operator::Equal && known.low == 1;
    if (equal && terms[term.b].kind != TermKind::Integer &&
        (terms.mentions(lock, term.a) || terms.mentions(lock, term.b)))
      return true;
  }
  return false;
}

/// A comparison that puts one value before another.
static bool isOrder(const Term &term) {
  return term.kind == TermKind::Binary && (term.op == ir::Operator::Less || term.op == ir::Operator::LessEqual);
}

bool State::compares(const TermTable &terms, TermId left, TermId right) const {
  TermId a = terms.root(left), b = terms.root(right);
  auto leadTo = [&](TermId one, TermId two) {
    if (terms[one].kind == TermKind::Integer || terms[two].kind == TermKind::Integer)
      return false;
    return (terms.root(one) == a && terms.root(two) == b) || (terms.mentions(left, one) && terms.mentions(right, two));
  };
  return llvm::any_of(Facts, [&](const Fact &known) {
    const Term &term = terms[known.term];
    return isOrder(term) && (leadTo(term.a, term.b) || leadTo(term.b, term.a));
  });
}

//===----------------------------------------------------------------------===//
// Locks, equality, merging
//===----------------------------------------------------------------------===//

/// Places that a merged state remembers to differ; more are forgotten.
static constexpr std::size_t largestStore = 120;

const Held *State::held(TermId lock) const {
  for (const Held &entry : locks)
    if (entry.lock == lock)
      return &entry;
  return nullptr;
}

bool State::sameLocks(const State &other) const {
  auto sameOnce = [](const Held &a, const Held &b) { return a.lock == b.lock; };
  if (!llvm::equal(onces, other.onces, sameOnce))
    return false;
  if (locks.size() != other.locks.size() || released.size() != other.released.size() || lossy != other.lossy ||
      widened != other.widened)
    return false;
  if (log != other.log && ((log | other.log) & DescriptorLogs::makes))
    return false;
  for (std::size_t i = 0; i < locks.size(); ++i)
    if (locks[i].lock != other.locks[i].lock || locks[i].mode != other.locks[i].mode ||
        locks[i].count != other.locks[i].count)
      return false;
  return llvm::equal(released, other.released);
}

bool State::equals(const State &other) const {
  return log == other.log && sameLocks(other) && llvm::equal(Store, other.Store) && llvm::equal(Facts, other.Facts) &&
         llvm::equal(notHeld, other.notHeld) && llvm::equal(givenBack, other.givenBack) &&
         llvm::equal(alive, other.alive) && llvm::equal(joined, other.joined) && llvm::equal(changes, other.changes) &&
         llvm::equal(pieces, other.pieces) && llvm::equal(rounds, other.rounds);
}

void State::markOver(llvm::ArrayRef<std::uint32_t> spawns) {
  for (Alive &thread : alive)
    thread.over |= thread.spawn && llvm::is_contained(spawns, thread.spawn);
}

void State::awaitGlimpsed(std::uint32_t lockClass) {
  for (HandOver seen : glimpsed) {
    seen.lock = lockClass;
    if (!llvm::is_contained(awaited, seen) && awaited.size() < handOverLimit)
      awaited.push_back(seen);
  }
}

void State::mergeHandOver(const State &other) {
  beforeRounds &= other.beforeRounds;
  skippedLoop = skippedLoop == other.skippedLoop ? skippedLoop : 0;
  uniteRounds(rounds, other.rounds);
  llvm::erase_if(tested, [&](const SectionTest &test) { return !llvm::is_contained(other.tested, test); });
  llvm::erase_if(claimed, [&](const auto &claim) { return !llvm::is_contained(other.claimed, claim); });
  llvm::erase_if(awaited, [&](const HandOver &place) { return !llvm::is_contained(other.awaited, place); });
  llvm::erase_if(glimpsed, [&](const HandOver &place) { return !llvm::is_contained(other.glimpsed, place); });
  for (TermId object : other.handedOut)
    if (!llvm::is_contained(handedOut, object))
      handedOut.push_back(object);
  for (TermId object : other.published)
    if (!llvm::is_contained(published, object))
      published.push_back(object);
  for (TermId object : other.captured)
    if (!llvm::is_contained(captured, object))
      captured.push_back(object);
  for (std::uint32_t piece : other.pieces)
    insertSorted(pieces, piece);
  for (const HandOver &place : other.signaled)
    if (signaled.size() < handOverLimit && !llvm::is_contained(signaled, place))
      signaled.push_back(place);
}

bool State::knowsOrder(const TermTable &terms, TermId low, TermId high) const {
  return llvm::any_of(Facts, [&](const Fact &known) {
    const Term &term = terms[known.term];
    return isOrder(term) && term.a == low && term.b == high && known.low == 1;
  });
}

/// Pairs of variables whose values differ in the two states and which both order
/// in the same way: `if (a > b) swap(a, b)` leaves a <= b behind.
llvm::SmallVector<std::pair<TermId, TermId>, 2> State::commonOrders(const TermTable &terms, const State &other) const {
  constexpr std::size_t variableLimit = 8;
  llvm::SmallVector<std::pair<TermId, TermId>, 8> mine, theirs; ///< place and value
  for (auto [place, value] : Store)
    if (terms[place].kind == TermKind::Local && terms[value].kind != TermKind::Integer && mine.size() < variableLimit)
      if (TermId second = other.stored(place); second && second != value && terms[second].kind != TermKind::Integer) {
        mine.push_back({place, value});
        theirs.push_back({place, second});
      }
  llvm::SmallVector<std::pair<TermId, TermId>, 2> orders;
  for (std::size_t i = 0; i < mine.size(); ++i)
    for (std::size_t j = 0; j < mine.size(); ++j)
      if (i != j && knowsOrder(terms, mine[i].second, mine[j].second) &&
          other.knowsOrder(terms, theirs[i].second, theirs[j].second))
        orders.push_back({mine[i].first, mine[j].first});
  return orders;
}

void State::merge(TermTable &terms, const State &other, llvm::function_ref<TermId(TermId, TermId)> merged) {
  llvm::SmallVector<std::pair<TermId, TermId>, 2> orders = commonOrders(terms, other);
  mergeHandOver(other);
  intersectFacts(terms, other);
  llvm::SmallVector<std::pair<TermId, TermId>, 8> result;
  const auto *mine = Store.begin(), *theirs = other.Store.begin();
  while (mine != Store.end() || theirs != other.Store.end()) {
    if (theirs == other.Store.end() || (mine != Store.end() && mine->first < theirs->first)) {
      if (result.size() < largestStore)
        result.push_back({mine->first, merged(mine->first, mine->second)});
      ++mine;
    } else if (mine == Store.end() || theirs->first < mine->first) {
      if (result.size() < largestStore)
        result.push_back({theirs->first, merged(theirs->first, theirs->second)});
      ++theirs;
    } else {
      TermId either = terms.eitherOf(mine->second, theirs->second);
      result.push_back({mine->first, either ? either : merged(mine->first, mine->second)});
      ++mine, ++theirs;
    }
  }
  Store = std::move(result);
  for (auto [low, high] : orders)
    assume(terms, terms.binary(ir::Operator::LessEqual, stored(low), stored(high)), true);
  llvm::erase_if(notHeld, [&](TermId lock) { return !llvm::is_contained(other.notHeld, lock); });
  llvm::erase_if(skipped, [&](TermId lock) { return !llvm::is_contained(other.skipped, lock); });
  for (TermId lock : other.givenBack)
    if (!llvm::is_contained(givenBack, lock))
      givenBack.push_back(lock);
  for (const Alive &thread : other.alive)
    if (auto *same = llvm::find(alive, thread); same != alive.end())
      same->over |= thread.over;
    else
      alive.push_back(thread);
  for (std::uint32_t spawn : other.ended)
    if (!llvm::is_contained(ended, spawn))
      ended.push_back(spawn);
  markOver(ended);
  for (TermId handle : other.joinedOnSome)
    if (joinedOnSome.size() < handOverLimit && !llvm::is_contained(joinedOnSome, handle))
      joinedOnSome.push_back(handle);
  llvm::erase_if(joined, [&](TermId handle) { return !llvm::is_contained(other.joined, handle); });
  mergeChanges(changes, taken, other.changes, other.taken);
  thrownAt = thrownAt ? thrownAt : other.thrownAt;
}

bool State::locksMention(const TermTable &terms, TermId part) const {
  return llvm::any_of(locks, [&](const Held &entry) { return terms.mentions(entry.lock, part); });
}

bool State::isKnown(const TermTable &terms, TermId part) const {
  auto mentions = [&](TermId id) { return terms.mentions(id, part); };
  return locksMention(terms, part) || llvm::any_of(notHeld, mentions) ||
         llvm::any_of(Facts, [&](const Fact &fact) { return mentions(fact.term); }) ||
         llvm::any_of(Store, [&](const auto &entry) {
           return entry.first != part && (mentions(entry.first) || mentions(entry.second));
         });
}

void State::replace(TermTable &terms, TermId from, TermId to) {
  auto rebuilt = [&](TermId id) -> TermId {
    if (!id || !terms.mentions(id, from))
      return id;
    return terms.rewrite(
        id, [&](TermId leaf) { return leaf == from ? to : TermId(0); },
        [&](TermId place) { return terms.initial(place); });
  };
  // One entry for the locks of all older rounds, or each round would be a state
  // of its own.
  llvm::SmallVector<Held, 2> renamed;
  for (Held &entry : locks) {
    TermId before = entry.lock;
    entry.lock = rebuilt(entry.lock);
    bool isNew = llvm::none_of(renamed, [&](const Held &other) { return other.lock == entry.lock; });
    if (entry.lock == before || isNew)
      renamed.push_back(entry);
  }
  locks = std::move(renamed);
  for (Held &once : onces)
    once.lock = rebuilt(once.lock);
  for (Alive &thread : alive) {
    thread.handle = rebuilt(thread.handle);
    thread.value = rebuilt(thread.value);
    for (TermId &borrowed : thread.borrowed)
      borrowed = rebuilt(borrowed);
  }
  auto rename = [&](llvm::SmallVectorImpl<TermId> &list) {
    for (TermId &term : list)
      term = rebuilt(term);
  };
  rename(notHeld);
  rename(skipped);
  rename(captured);
  rename(givenBack);
  rename(joined);
  rename(joinedOnSome);
  rename(taken);
  for (Change &change : changes)
    rename(change.guards);
  for (HandOver &signal : signaled)
    signal.place = rebuilt(signal.place);
  for (Round &round : rounds)
    round.barrier = rebuilt(round.barrier);
  // What was awaited or tested in an older round says nothing about this one.
  llvm::erase_if(awaited, [&](const HandOver &wait) { return terms.mentions(wait.place, from); });
  llvm::erase_if(glimpsed, [&](const HandOver &flag) { return terms.mentions(flag.place, from); });
  llvm::erase_if(tested, [&](const SectionTest &test) { return terms.mentions(test.place, from); });
  auto old = std::move(Store);
  Store.clear();
  for (auto &[place, value] : old)
    store(rebuilt(place), rebuilt(value));
  llvm::erase_if(Facts, [&](const Fact &known) { return terms.mentions(known.term, from); });
}

} // namespace gridlock::solve
