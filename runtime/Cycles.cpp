//===- Cycles.cpp - Cycles of the lock-order graph ------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A two-cycle is one table probe, and is always found at once. For longer ones
// the question "does a path lead back?" must cost little for the very many
// edges where none does. Up to 4,096 nodes it is answered by an online
// topological order of strongly connected components: the algorithm of Pearce
// and Kelly ("A dynamic topological sort algorithm for directed acyclic
// graphs", 2006), extended as in Haeupler, Kavitha, Mathew, Sen, Tarjan
// ("Incremental cycle detection", 2012): an edge that closes a cycle merges the
// components on it into one. An edge that agrees with the order costs one
// comparison. Cycles that are harmless (one thread, a gate) stay in the graph
// as components with several members, and later edges inside such a component
// are examined in full.
//
// Above 4,096 nodes the order is given up: Tarjan's algorithm runs over the
// whole graph in the helper thread, without the lock (edges are only ever
// added), and leaves in each lock the number of its component when that has
// several members.
//
// The search for a reportable cycle goes by increasing length, so that the
// shortest is found, inside one component, and checks contexts as it goes: a
// context that cannot meet all those chosen before cuts the branch. It has a
// budget; what it costs is bounded whatever the graph.
//
//===----------------------------------------------------------------------===//

#include "runtime/Arena.h"
#include "runtime/Graph.h"
#include "runtime/HeldSet.h"
#include "runtime/Journal.h"
#include "runtime/Report.h"

#include <algorithm>
#include <cstring>

namespace gridlock::rt {

std::uint32_t orderOfNode[NodesInRows];
bool isOrdered = true;

namespace {

constexpr std::uint32_t MostOrdered = 4096;
/// Edges that one search may look at, and what all searches together may: each
/// earns a little, so that a program full of harmless cycles is not slowed down
/// for ever.
constexpr unsigned SearchBudget = 20000;
constexpr std::int64_t CreditPerSearch = 128, MostCredit = 4000000;
std::int64_t credit = MostCredit;

struct Component {
  std::uint32_t order;
  std::uint32_t firstMember; ///< lock ids, linked by nextInComponent
  std::uint32_t members;
  std::uint32_t forward, backward; ///< mark of the visit that met it
};

Store<Component, 8> components;
std::uint32_t nextOrder = 1;
std::uint32_t visit = 0;
std::atomic<bool> tooBig{false};
/// How many edges the last big search saw.
std::uint32_t bigSearchDone = 0;

/// Scratch lists of component numbers; never more than there are components.
struct List {
  std::uint32_t count = 0;
  std::uint32_t items[MostOrdered + 1];
  void add(std::uint32_t item) { items[count++] = item; }
};
List forwardSet, backwardSet, work, slots;

void setOrder(std::uint32_t component, std::uint32_t order) {
  components[component].order = order;
  for (std::uint32_t lock = components[component].firstMember; lock; lock = lockAt(lock).nextInComponent)
    orderOfNode[lockAt(lock).node.load(std::memory_order_relaxed)] = order;
}

/// The component of a lock that has a node; made when it is new.
std::uint32_t componentOf(Lock &lock) {
  if (lock.component)
    return lock.component;
  std::uint32_t index = components.add();
  components[index] = {0, lock.id, 1, 0, 0};
  lock.component = index;
  lock.nextInComponent = 0;
  setOrder(index, nextOrder++);
  return index;
}

/// All components reachable from `start` whose order is inside the bound. Each
/// lock's row of followers (or predecessors) is taken as a whole, without those
/// that were met before: in a dense graph that is one step for 64 edges.
void reach(std::uint32_t start, bool forward, std::uint32_t bound, List &result) {
  const NodeBits *rows = forward ? followersOf : predecessorsOf;
  unsigned words = std::min<unsigned>(WordsInRow, (nodeEnd() + 63) / 64);
  std::uint64_t met[WordsInRow] = {};
  result.count = 0;
  work.count = 0;
  auto meet = [&](std::uint32_t component) {
    Component &at = components[component];
    std::uint32_t &mark = forward ? at.forward : at.backward;
    if (mark == visit || (forward ? at.order > bound : at.order < bound))
      return;
    mark = visit;
    result.add(component);
    work.add(component);
  };
  meet(start);
  while (work.count) {
    std::uint32_t component = work.items[--work.count];
    for (std::uint32_t lock = components[component].firstMember; lock; lock = lockAt(lock).nextInComponent) {
      const NodeBits &row = rows[lockAt(lock).node.load(std::memory_order_relaxed)];
      for (unsigned i = 0; i < words; ++i) {
        std::uint64_t fresh = row.words[i].load(std::memory_order_relaxed) & ~met[i];
        met[i] |= fresh;
        for (; fresh; fresh &= fresh - 1)
          meet(lockOfNode(i * 64 + static_cast<unsigned>(__builtin_ctzll(fresh))).component);
      }
    }
  }
}

/// Makes one component of several; the biggest absorbs the others.
std::uint32_t merge(const std::uint32_t *list, std::uint32_t count) {
  std::uint32_t biggest = list[0];
  for (std::uint32_t i = 1; i < count; ++i)
    if (components[list[i]].members > components[biggest].members)
      biggest = list[i];
  for (std::uint32_t i = 0; i < count; ++i) {
    if (list[i] == biggest)
      continue;
    Component &small = components[list[i]];
    std::uint32_t last = 0;
    for (std::uint32_t lock = small.firstMember; lock; lock = lockAt(lock).nextInComponent) {
      lockAt(lock).component = biggest;
      last = lock;
    }
    lockAt(last).nextInComponent = components[biggest].firstMember;
    components[biggest].firstMember = small.firstMember;
    components[biggest].members += small.members;
    small.members = 0;
    small.firstMember = 0;
  }
  return biggest;
}

/// Puts the affected components into their own orders again such that all that
/// lead to the new edge stand before all that follow it. Returns the component
/// that the new edge made of several, or 0.
std::uint32_t reorder() {
  auto byOrder = [](std::uint32_t a, std::uint32_t b) { return components[a].order < components[b].order; };
  std::sort(forwardSet.items, forwardSet.items + forwardSet.count, byOrder);
  std::sort(backwardSet.items, backwardSet.items + backwardSet.count, byOrder);
  slots.count = 0;
  work.count = 0; // the components on the new cycle: in both sets
  for (std::uint32_t i = 0; i < backwardSet.count; ++i) {
    slots.add(components[backwardSet.items[i]].order);
    if (components[backwardSet.items[i]].forward == visit)
      work.add(backwardSet.items[i]);
  }
  for (std::uint32_t i = 0; i < forwardSet.count; ++i)
    if (components[forwardSet.items[i]].backward != visit)
      slots.add(components[forwardSet.items[i]].order);
  std::sort(slots.items, slots.items + slots.count);
  std::uint32_t low = 0, high = slots.count;
  for (std::uint32_t i = 0; i < backwardSet.count; ++i)
    if (components[backwardSet.items[i]].forward != visit)
      setOrder(backwardSet.items[i], slots.items[low++]);
  for (std::uint32_t i = forwardSet.count; i-- > 0;)
    if (components[forwardSet.items[i]].backward != visit)
      setOrder(forwardSet.items[i], slots.items[--high]);
  if (!work.count)
    return 0;
  std::uint32_t merged = merge(work.items, work.count);
  setOrder(merged, slots.items[low]);
  return merged;
}

/// The search for one reportable cycle of a given length.
class Search {
public:
  Search(std::uint32_t edge, std::uint32_t context) : Home(edgeAt(edge).from) {
    Steps[0] = {edge, context};
    Component = lockAt(Home).component;
  }

  /// Returns true and reports when there is one.
  bool run() {
    // Length two needs no component: the reverse edge is one probe.
    if (std::uint32_t reverse = findEdge(lockAt(edgeAt(Steps[0].edge).to), lockAt(Home))) {
      Length = 2;
      if (tryEdge(reverse, 1))
        return true;
    }
    if (!Component || credit <= 0)
      return false;
    bool found = false;
    for (Length = 3; Length <= LongestCycle && Budget && Deepest + 3 >= Length && !found; ++Length)
      found = extend(1);
    credit += CreditPerSearch - static_cast<std::int64_t>(SearchBudget - Budget);
    credit = std::min(credit, MostCredit);
    return found;
  }

private:
  /// Tries every edge that may follow step `depth - 1`.
  bool extend(unsigned depth) {
    std::uint32_t at = edgeAt(Steps[depth - 1].edge).to;
    if (depth == Length - 1) {
      std::uint32_t closing = findEdge(lockAt(at), lockAt(Home));
      return closing && tryEdge(closing, depth);
    }
    for (std::uint32_t i = lockAt(at).firstEdge.load(std::memory_order_acquire); i; i = edgeAt(i).nextOut) {
      if (!Budget)
        return false;
      --Budget;
      const Lock &next = lockAt(edgeAt(i).to);
      if (next.id == Home || next.component != Component || isVisited(next.id, depth) || !isLock(next))
        continue;
      if (tryEdge(i, depth))
        return true;
    }
    return false;
  }

  /// Tries every context of an edge as step `depth`.
  bool tryEdge(std::uint32_t edge, unsigned depth) {
    for (std::uint32_t i = edgeAt(edge).firstContext; i; i = contextAt(i).next) {
      if (!fits(edge, i, depth))
        continue;
      Steps[depth] = {edge, i};
      Deepest = std::max(Deepest, depth);
      if (depth + 1 < Length ? extend(depth + 1) : closes())
        return true;
    }
    return false;
  }

  bool fits(std::uint32_t edge, std::uint32_t context, unsigned depth) const {
    const Context &candidate = contextAt(context);
    if (!isStopped(contextAt(Steps[depth - 1].context), candidate, edgeAt(edge).from))
      return false;
    for (unsigned i = 0; i < depth; ++i)
      if (!canMeet(contextAt(Steps[i].context), candidate))
        return false;
    return true;
  }

  bool closes() const {
    if (!isStopped(contextAt(Steps[Length - 1].context), contextAt(Steps[0].context), Home))
      return false;
    if (isFirstOfItsLocks())
      reportCycle(Steps, Length);
    for (unsigned i = 0; i < Length; ++i)
      mutableEdge(Steps[i].edge).flags |= Edge::Reported;
    return true;
  }

  /// One report for a set of locks, whatever the contexts.
  bool isFirstOfItsLocks() const {
    std::uint64_t key = Length;
    for (unsigned i = 0; i < Length; ++i)
      key += mix(edgeAt(Steps[i].edge).from, 5);
    return rememberReport(key);
  }

  bool isVisited(std::uint32_t lock, unsigned depth) const {
    for (unsigned i = 0; i < depth; ++i)
      if (edgeAt(Steps[i].edge).from == lock || edgeAt(Steps[i].edge).to == lock)
        return true;
    return false;
  }

  CycleStep Steps[LongestCycle];
  std::uint32_t Home, Component;
  unsigned Length = 0, Budget = SearchBudget;
  unsigned Deepest = 0; ///< the longest path that fits has this many edges and one
};

} // namespace

std::uint32_t orderEdge(Lock &fromLock, Lock &toLock) {
  if (tooBig.load(std::memory_order_relaxed))
    return 0;
  if (components.end() >= MostOrdered - 2) {
    tooBig.store(true, std::memory_order_relaxed);
    isOrdered = false;
    return 0;
  }
  std::uint32_t from = componentOf(fromLock), to = componentOf(toLock);
  if (from == to || components[from].order < components[to].order)
    return 0;
  ++visit;
  reach(to, true, components[from].order, forwardSet);
  reach(from, false, components[to].order, backwardSet);
  return reorder();
}

std::uint32_t firstMember(std::uint32_t component) { return components[component].firstMember; }

bool isOnCycle(const Lock &from, const Lock &to) { return from.component && from.component == to.component; }

void searchCycle(std::uint32_t edge, std::uint32_t context) {
  if (!isLock(lockAt(edgeAt(edge).from)) || !isLock(lockAt(edgeAt(edge).to)))
    return;
  Search search(edge, context);
  search.run();
}

namespace {

/// Memory for one search, given back at its end.
template <typename T> class Scratch {
public:
  explicit Scratch(std::size_t count)
      : Bytes((count * sizeof(T) + 4096) & ~std::size_t(4095)), Items(static_cast<T *>(mapPages(Bytes))) {}
  ~Scratch() { unmapPages(Items, Bytes); }
  Scratch(const Scratch &) = delete;
  Scratch &operator=(const Scratch &) = delete;
  T &operator[](std::size_t index) const { return Items[index]; }

private:
  std::size_t Bytes;
  T *Items;
};

/// Tarjan's algorithm without recursion, over locks and edges as they are now.
/// First the edges are copied, those of one lock together, so that the search
/// reads them in a row.
class StrongComponents {
public:
  StrongComponents(std::uint32_t locks, std::uint32_t edges)
      : Count(locks), MostEdges(edges), Nodes(locks + 1), Followers(edges), Stack(locks), Path(locks) {}

  /// Writes into each lock the root of its component, or 0 when it is alone.
  /// Returns whether any has company.
  bool run() {
    copyEdges();
    for (std::uint32_t lock = 1; lock < Count; ++lock)
      if (!Nodes[lock].number && Nodes[lock].edge != Nodes[lock].end)
        visitFrom(lock);
    return Found;
  }

private:
  struct Node {
    std::uint32_t number, low, edge, end;
    bool onStack;
  };

  void copyEdges() {
    Scratch<std::uint64_t> pairs(MostEdges);
    std::uint32_t count = 0;
    // What is made after the start the next run sees.
    forEachEdge([&](std::uint32_t from, std::uint32_t to) {
      if (count == MostEdges || from >= Count || to >= Count)
        return;
      pairs[count++] = std::uint64_t(from) << 32 | to;
      ++Nodes[from].end;
    });
    std::uint32_t place = 0;
    for (std::uint32_t lock = 0; lock < Count; ++lock) {
      std::uint32_t own = Nodes[lock].end;
      Nodes[lock].edge = Nodes[lock].end = place;
      place += own;
    }
    for (std::uint32_t i = 0; i < count; ++i)
      Followers[Nodes[pairs[i] >> 32].end++] = static_cast<std::uint32_t>(pairs[i]);
  }

  void enterNode(std::uint32_t lock) {
    Nodes[lock].number = Nodes[lock].low = ++Number;
    Nodes[lock].onStack = true;
    Stack[StackCount++] = lock;
    Path[PathCount++] = lock;
  }

  void visitFrom(std::uint32_t start) {
    enterNode(start);
    while (PathCount) {
      std::uint32_t lock = Path[PathCount - 1];
      Node &node = Nodes[lock];
      if (node.edge != node.end) {
        std::uint32_t to = Followers[node.edge++];
        Node &next = Nodes[to];
        if (!next.number)
          enterNode(to);
        else if (next.onStack)
          node.low = std::min(node.low, next.number);
        continue;
      }
      --PathCount;
      if (PathCount)
        Nodes[Path[PathCount - 1]].low = std::min(Nodes[Path[PathCount - 1]].low, node.low);
      if (node.low == node.number)
        leaveComponent(lock);
    }
  }

  void leaveComponent(std::uint32_t root) {
    bool alone = Stack[StackCount - 1] == root;
    Found |= !alone;
    while (true) {
      std::uint32_t member = Stack[--StackCount];
      Nodes[member].onStack = false;
      lockAt(member).component = alone ? 0 : root;
      if (member == root)
        return;
    }
  }

  std::uint32_t Count, MostEdges;
  Scratch<Node> Nodes;
  Scratch<std::uint32_t> Followers, Stack, Path;
  std::uint32_t StackCount = 0, PathCount = 0, Number = 0;
  bool Found = false;
};

} // namespace

InternalLock &bigSearchLock() {
  static InternalLock lock;
  return lock;
}

void searchBigGraph() {
  if (!tooBig.load(std::memory_order_relaxed))
    return;
  InternalGuard one(bigSearchLock());
  std::uint32_t edges = edgesIndexed();
  if (edges == bigSearchDone)
    return;
  if (StrongComponents(lockEnd(), edges).run()) {
    {
      InternalGuard guard(graphLock());
      replayComponent(0);
    }
    std::uint32_t end = edgeEnd();
    for (std::uint32_t i = 1; i < end; ++i) {
      const Edge &edge = edgeAt(i);
      if (!isOnCycle(lockAt(edge.from), lockAt(edge.to)) || (edge.flags & (Edge::OnCycle | Edge::Reported)))
        continue;
      InternalGuard guard(graphLock());
      mutableEdge(i).flags |= Edge::OnCycle;
      for (std::uint32_t context = edge.firstContext; context; context = contextAt(context).next)
        searchCycle(i, context);
    }
  }
  bigSearchDone = edges;
}

} // namespace gridlock::rt
