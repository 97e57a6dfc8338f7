//===- History.cpp - Keeping what a path did to descriptors -----*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The problem. Whether a wait comes before a drain is a question about the order
// of events on one path, made in many functions, of which most see only an `int`.
//
// The algorithm. Each path carries its history (DescriptorLog.h); a call replays
// the histories of its callee's outcomes with the caller's names, as locks'
// records are. So a helper needs no classification: what `drain(fd)` does is the
// list of its events on its first argument. Paths whose histories make pipes or
// children are kept apart like those with different locks; without such, two
// histories are united, since then an event only says what a helper may do.
//
// Names. A pipe's ends and a child are values named by the call that made them.
// A loop that makes another one first renames the older to an "aged" value, in
// the store and in the history: two rounds are told apart, more are not. What
// stands in `jobs[i].fd` is found by all elements that may be meant. A value that
// is not known makes an event that may concern everything; rules are silent then.
//
// Silence. Code that is not known and gets a descriptor may do anything with it
// (Escape). A path that leaves a loop which works on descriptors before its first
// round is not followed: such loops go over all children of a container, and
// nothing says that the container is empty in one of them and not in the next.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Executor.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

/// How many ways of ending a function are kept.
static constexpr unsigned endingLimit = 48;
/// An unknown name stands for at most this many values.
static constexpr unsigned candidateLimit = 8;

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

/// `stdin` and its like, as C's library sets them up.
static bool isStandardStream(const TermTable &terms, TermId value) {
  const Term &term = terms[value];
  const Term *root = term.kind == TermKind::Initial ? &terms[terms.root(term.a)] : nullptr;
  if (!root || root->kind != TermKind::Global)
    return false;
  std::string_view name = terms.program().global(root->a).qualifiedName;
  return name == "stdout" || name == "stderr" || name == "stdin";
}

/// A value that can be a descriptor or child whose history matters: made here,
/// or an input of the function.
bool FunctionExecutor::isTracked(TermId value) const {
  const Term &term = terms()[value];
  switch (term.kind) {
  case TermKind::Formal:
    return true;
  case TermKind::Opaque:
    return OriginKind(term.a) == OriginKind::PipeEnd || OriginKind(term.a) == OriginKind::Child ||
           OriginKind(term.a) == OriginKind::Descriptor;
  case TermKind::Address:
    return terms()[terms().root(term.a)].kind == TermKind::Heap;
  case TermKind::Initial: {
    const Term &root = terms()[terms().root(term.a)];
    if (root.kind == TermKind::Global)
      return !isStandardStream(terms(), value);
    return root.kind == TermKind::Formal || (root.kind == TermKind::Heap && root.number != 0);
  }
  default:
    return false;
  }
}

/// Whether two paths may be the same but for indices that are not known.
static bool samePath(const TermTable &terms, TermId a, TermId b) {
  if (a == b)
    return true;
  const Term &x = terms[a], &y = terms[b];
  if (x.kind == TermKind::Element && y.kind == TermKind::Element) {
    bool differ = x.b && y.b && terms[x.b].kind == TermKind::Integer && terms[y.b].kind == TermKind::Integer;
    return !(differ && x.b != y.b) && samePath(terms, x.a, y.a);
  }
  if (x.kind == TermKind::Element)
    return samePath(terms, x.a, b);
  if (y.kind == TermKind::Element)
    return samePath(terms, a, y.a);
  if (x.kind == TermKind::Field && y.kind == TermKind::Field)
    return x.b == y.b && samePath(terms, x.a, y.a);
  if ((x.kind == TermKind::Deref && y.kind == TermKind::Deref) ||
      (x.kind == TermKind::Initial && y.kind == TermKind::Initial))
    return samePath(terms, x.a, y.a);
  return false;
}

/// The one end of a pipe, or child, that stands at a place when indices that are
/// not known are left aside; 0: none, or several.
TermId FunctionExecutor::endStoredAt(State &state, TermId place) const {
  if (!(state.log & DescriptorLogs::makes))
    return 0;
  bool isElement = false;
  for (TermId part = place; !isElement; part = terms()[part].a) {
    isElement = terms()[part].kind == TermKind::Element;
    if (terms()[part].kind != TermKind::Field && !isElement)
      return 0;
  }
  TermId only = 0;
  for (auto [other, stored] : state.entries()) {
    const Term &value = terms()[stored];
    if (value.kind != TermKind::Opaque || !samePath(terms(), other, place))
      continue;
    if (OriginKind(value.a) != OriginKind::PipeEnd && OriginKind(value.a) != OriginKind::Child)
      continue;
    if (only && only != stored)
      return 0;
    only = stored;
  }
  return only;
}

/// Something is done to a descriptor that is not known: ends that no variable
/// of the path holds any more may be it.
void FunctionExecutor::noteLostEnds(State &state, ir::Index location) {
  std::vector<DescriptorEvent> events = Shared.solution.logs.events(state.log);
  for (const DescriptorEvent &event : events) {
    if (event.act != DescriptorAct::Pipe && event.act != DescriptorAct::Stream)
      continue;
    for (TermId end : {event.a, event.act == DescriptorAct::Pipe ? event.b : TermId(0)})
      if (end && llvm::none_of(state.entries(), [&](const auto &entry) { return entry.second == end; }))
        noteExact(state, makeEvent(DescriptorAct::Escape, end, location));
  }
}

/// The values that a value may be. `isUnknown` is set when they are not all
/// known and it may be anything.
void FunctionExecutor::candidates(State &state, TermId value, llvm::SmallVectorImpl<TermId> &result, bool &isUnknown,
                                  unsigned depth) {
  const Term term = terms()[value];
  if (term.kind == TermKind::Unary && term.op == ir::Operator::Negate) // a process group
    return candidates(state, term.a, result, isUnknown, depth);
  if (term.kind == TermKind::Opaque && term.weak) {
    isUnknown = true;
    return;
  }
  if (term.kind == TermKind::Initial && depth < 2) {
    llvm::SmallVector<TermId, 4> found;
    bool isElement = false;
    for (TermId part = term.a; terms().isPlace(part) && !isElement; part = terms()[part].a) {
      isElement = terms()[part].kind == TermKind::Element;
      if (terms()[part].kind != TermKind::Field && terms()[part].kind != TermKind::Element)
        break;
    }
    if (isElement)
      for (auto [place, stored] : state.entries())
        if (found.size() < candidateLimit && samePath(terms(), place, term.a) && stored != value)
          found.push_back(stored);
    for (TermId other : found)
      candidates(state, other, result, isUnknown, depth + 1);
    if (!found.empty())
      return;
    isUnknown |= term.weak && (state.log & DescriptorLogs::makes) && !term.mentionsFormal;
  }
  // Threads get their arguments by address.
  if (term.kind == TermKind::Address && depth < 2)
    if (TermId stored = state.stored(term.a))
      return candidates(state, stored, result, isUnknown, depth + 1);
  if (isTracked(value) && !llvm::is_contained(result, value))
    result.push_back(value);
}

//===----------------------------------------------------------------------===//
// Adding events
//===----------------------------------------------------------------------===//

DescriptorEvent FunctionExecutor::makeEvent(DescriptorAct act, TermId a, ir::Index location, std::uint16_t flags) {
  DescriptorEvent event;
  event.act = act;
  event.flags = flags;
  event.a = a;
  event.place = llvm::hash_combine(Function, location);
  event.step = step(location);
  return event;
}

/// Adds an event as it stands.
void FunctionExecutor::noteExact(State &state, DescriptorEvent event) {
  if (!Shared.tracksDescriptors || state.log == DescriptorLogs::unknown)
    return;
  state.log = Shared.solution.logs.append(state.log, event);
}

/// Adds an event on whatever its first value may be.
void FunctionExecutor::note(State &state, DescriptorEvent event) {
  if (!Shared.tracksDescriptors || state.log == DescriptorLogs::unknown)
    return;
  llvm::SmallVector<TermId, 4> targets;
  bool isUnknown = event.flags & EventIsUnknown;
  if (!isUnknown)
    candidates(state, event.a, targets, isUnknown, 0);
  if (targets.size() > 1)
    event.flags &= ~EventIsAlone;
  for (TermId target : targets) {
    DescriptorEvent one = event;
    one.a = target;
    // What a helper does to its inputs is kept once for each kind of act.
    if (!(state.log & DescriptorLogs::makes) && terms()[target].mentionsFormal)
      one.place = llvm::hash_combine(Function, 1);
    noteExact(state, one);
  }
  const Term &given = terms()[event.a];
  bool mayBeLost =
      given.kind == TermKind::Opaque || (given.kind == TermKind::Initial && !isStandardStream(terms(), event.a));
  bool acts = event.act == DescriptorAct::Read || event.act == DescriptorAct::Close;
  if (targets.empty() && !isUnknown && acts && mayBeLost && (state.log & DescriptorLogs::makes))
    noteLostEnds(state, Shared.solution.steps[event.step].location);
  bool helperPolls = event.act == DescriptorAct::Poll;
  if (isUnknown && ((state.log & DescriptorLogs::makes) || helperPolls)) {
    event.a = 0;
    event.flags = (event.flags | EventIsUnknown) & ~EventIsAlone;
    noteExact(state, event);
  }
}

/// A call makes a value again that the path already knows: the older one gets
/// another name.
void FunctionExecutor::renew(State &state, TermId value) {
  DescriptorLogs &logs = Shared.solution.logs;
  if (!logs.isMade(state.log, value))
    return;
  TermId older = Shared.solution.aged(value);
  state.replace(terms(), value, older);
  LogId rebuilt = 0;
  for (DescriptorEvent event : logs.events(state.log)) {
    // A child keeps the name that its own path has for it.
    event.a = event.a == value ? older : event.a;
    event.b = event.b == value ? older : event.b;
    rebuilt = logs.append(rebuilt, event);
  }
  state.log = rebuilt;
}

/// Code that is not known gets these values, and what their pointees hold.
void FunctionExecutor::noteUnknownCall(State &state, llvm::ArrayRef<TermId> arguments, ir::Index location,
                                       bool isForeign) {
  if (!Shared.tracksDescriptors || state.log == DescriptorLogs::unknown)
    return;
  for (TermId argument : arguments) {
    const Term term = terms()[argument];
    bool isInput = term.kind == TermKind::Formal || (term.kind == TermKind::Initial && term.mentionsFormal);
    if (isInput && isForeign && Summary.escapes.size() < 12 && !llvm::is_contained(Summary.escapes, argument))
      Summary.escapes.push_back(argument);
    if (!(state.log & DescriptorLogs::makes))
      continue;
    if (term.kind == TermKind::Opaque && isTracked(argument))
      note(state, makeEvent(DescriptorAct::Escape, argument, location));
    TermId pointee = terms().deref(argument);
    for (auto [place, value] : llvm::SmallVector<std::pair<TermId, TermId>, 8>(state.entries()))
      if (terms()[value].kind == TermKind::Opaque && terms().mentions(place, pointee) && isTracked(value))
        note(state, makeEvent(DescriptorAct::Escape, value, location));
  }
}

//===----------------------------------------------------------------------===//
// Histories of callees and threads
//===----------------------------------------------------------------------===//

/// Appends a callee's history, with the caller's names.
void FunctionExecutor::replay(State &state, LogId log, Substitution &substitute, ir::Index location, TermId thread) {
  if (!log || state.log == DescriptorLogs::unknown)
    return;
  if (log == DescriptorLogs::unknown) {
    state.log = DescriptorLogs::unknown;
    return;
  }
  for (DescriptorEvent event : Shared.solution.logs.events(log)) {
    StepId inner = event.step;
    event.a = substitute(event.a);
    event.b = substitute(event.b);
    event.c = substitute(event.c);
    event.thread = event.thread ? substitute(event.thread) : thread;
    event.place = llvm::hash_combine(Function, location, event.place);
    event.step = step(location, inner);
    bool mayBeNumber = event.act == DescriptorAct::Redirect || event.act == DescriptorAct::Prepare ||
                       event.act == DescriptorAct::Action;
    bool wasExact = DescriptorLogs::makesValues(event.act) || event.act == DescriptorAct::Exec ||
                    (event.flags & EventIsUnknown) || (!event.a && event.act == DescriptorAct::Wait) ||
                    event.act == DescriptorAct::Join ||
                    (mayBeNumber && (!event.a || terms()[event.a].kind == TermKind::Integer)) ||
                    (event.act == DescriptorAct::Close &&
                     ((event.flags & EventIsFromHere) || terms()[event.a].kind == TermKind::Integer));
    // A helper that was given no child need not wait at all.
    if (event.act == DescriptorAct::Wait && event.a && terms()[event.a].kind == TermKind::Integer)
      continue;
    if (wasExact)
      noteExact(state, event);
    else
      note(state, event);
  }
}

/// Before a callee's outcome takes effect: what it makes is new, also where an
/// earlier round of this call made the same.
void FunctionExecutor::renewMade(State &state, LogId log, CallFrame &frame) {
  if (!(log & DescriptorLogs::makes) || !(state.log & DescriptorLogs::makes))
    return;
  State names = state;
  Substitution substitute(*this, names, frame, true);
  for (const DescriptorEvent &event : Shared.solution.logs.events(log)) {
    if (DescriptorLogs::makesValues(event.act) && event.act != DescriptorAct::InChild)
      renew(state, substitute(event.a));
    if (event.act == DescriptorAct::Pipe || event.act == DescriptorAct::Duplicate)
      renew(state, substitute(event.b));
  }
}

/// The callee's paths that end in exec or exit end this path too.
void FunctionExecutor::replayEndings(State &state, link::FunctionId callee, CallFrame &frame) {
  if (!Shared.tracksDescriptors)
    return;
  auto endings = Shared.solution.summaries[callee].endings;
  for (const Ending &ending : endings) {
    if (!ending.log && !state.log && !Summary.endings.empty())
      continue;
    State ended = state;
    Substitution substitute(*this, ended, frame, true);
    if (!feasible(ended, substitute, ending.conditions, nullptr))
      continue;
    State before = ended;
    Substitution names(*this, before, frame, true);
    replay(ended, ending.log, names, frame.location, 0);
    addEnding(ended, ending.byExec);
  }
}

/// What a thread may do on any of its paths.
void FunctionExecutor::replayThread(State &state, link::FunctionId entry, CallFrame &frame, TermId thread) {
  if (!Shared.tracksDescriptors)
    return;
  auto outcomes = Shared.solution.summaries[entry].outcomes;
  State before = state;
  Substitution substitute(*this, before, frame, true);
  for (const Outcome &outcome : outcomes) {
    replay(state, outcome.log, substitute, frame.location, thread);
    // What it writes is not what this path stored there any more.
    for (auto [place, value] : outcome.writes)
      if (TermId to = substitute(place); (state.log & DescriptorLogs::makes) && terms().isPlace(to))
        if (TermId stored = state.stored(to); stored && terms()[stored].kind == TermKind::Integer)
          state.store(to, terms().opaque(OriginKind::CallResult, std::int64_t(llvm::hash_combine(frame.site, to))));
  }
  replayEscapes(state, Shared.solution.summaries[entry], frame);
}

void FunctionExecutor::replayEscapes(State &state, const ProcedureSummary &summary, CallFrame &frame) {
  if (!Shared.tracksDescriptors || summary.escapes.empty())
    return;
  auto escapes = summary.escapes;
  State before = state;
  Substitution substitute(*this, before, frame, true);
  for (TermId value : escapes)
    noteUnknownCall(state, substitute(value), frame.location, true);
}

void FunctionExecutor::addEnding(const State &state, bool byExec) {
  if (!Shared.tracksDescriptors || state.log == DescriptorLogs::unknown)
    return;
  // What follows an exec that failed is not what the child does.
  bool failed = false;
  std::vector<DescriptorEvent> events = Shared.solution.logs.events(state.log);
  for (std::size_t i = 0; i < events.size(); ++i)
    failed |= events[i].act == DescriptorAct::Exec && (!byExec || i + 1 < events.size());
  if (failed)
    return;
  for (Ending &other : Summary.endings)
    if (other.log == state.log && other.byExec == byExec) {
      llvm::SmallVector<Fact, 2> mine = inputFacts(state);
      llvm::erase_if(other.conditions, [&](const Fact &fact) { return !llvm::is_contained(mine, fact); });
      return;
    }
  if (Summary.endings.size() < endingLimit)
    Summary.endings.push_back({state.log, byExec, inputFacts(state)});
}

//===----------------------------------------------------------------------===//
// Joins, loops, ends
//===----------------------------------------------------------------------===//

TermId FunctionExecutor::mergeValue(TermId place, TermId before, std::int64_t join) {
  const Term &term = terms()[before];
  bool merged = term.kind == TermKind::Opaque && OriginKind(term.a) == OriginKind::Merge;
  const TermId either = merged ? before : terms().opaque(OriginKind::Merge, join);
  if (isTicket(Shared.solution, before))
    Shared.solution.contests[either] = {Contest::Counts, {}, {}};
  return either;
}

void FunctionExecutor::mergeInto(State &into, const State &other, std::int64_t join) {
  if (into.log != other.log)
    into.log = Shared.solution.logs.unite(into.log, other.log);
  into.merge(terms(), other,
             [&](TermId place, TermId before) { return mergeValue(place, before, join * 0x10000 + place); });
}

/// Whether a call works on descriptors or children.
bool FunctionExecutor::touchesDescriptors(const ir::Call &call) const {
  if (!Shared.tracksDescriptors || !call.callee)
    return false;
  link::FunctionId callee = Link.functions[call.callee];
  if (const model::FunctionModel *model = Program.function(callee).model)
    return llvm::any_of(model->effects, [](const model::Effect &effect) {
      switch (effect.kind) {
      case model::EffectKind::Close:
      case model::EffectKind::Read:
      case model::EffectKind::Poll:
      case model::EffectKind::WaitChild:
      case model::EffectKind::Kill:
      case model::EffectKind::Joins:
        return true;
      default:
        return false;
      }
    });
  return llvm::any_of(Shared.solution.summaries[callee].outcomes, [](const Outcome &outcome) { return outcome.log; });
}

/// Whether a path that leaves a loop has not been through its body.
bool FunctionExecutor::skipsLoop(const State &state, const Loop &loop) const {
  if (!(state.log & DescriptorLogs::makes) || !loop.touches)
    return false;
  for (const DescriptorEvent &event : Shared.solution.logs.events(state.log)) {
    const Step &top = Shared.solution.steps[event.step];
    if (top.function == Function && loop.calls.contains(top.location))
      return false;
  }
  return true;
}

/// Drops the events of pipes and children that no caller can reach: what there
/// was to say about them has been said.
void FunctionExecutor::pruneLogs() {
  DescriptorLogs &logs = Shared.solution.logs;
  llvm::DenseSet<TermId> live;
  auto reaches = [&](TermId value) {
    const Term &term = terms()[value];
    if (term.kind == TermKind::Opaque || term.kind == TermKind::Address)
      live.insert(value);
  };
  bool keepAll = false;
  auto collect = [&](const Outcome &outcome) {
    for (auto [place, value] : outcome.writes)
      reaches(value);
    reaches(outcome.result);
    for (const DescriptorEvent &event : logs.events(outcome.log))
      keepAll |= event.act == DescriptorAct::InChild || event.thread;
  };
  bool any = false;
  for (auto *outcomes : {&Summary.outcomes, &Summary.unwinds})
    for (const Outcome &outcome : *outcomes)
      if (outcome.log & DescriptorLogs::makes) {
        any = true;
        collect(outcome);
      }
  if (!any || keepAll)
    return;
  llvm::DenseSet<TermId> kept;
  for (auto *outcomes : {&Summary.outcomes, &Summary.unwinds})
    for (Outcome &outcome : *outcomes) {
      if (!(outcome.log & DescriptorLogs::makes))
        continue;
      std::vector<DescriptorEvent> events = logs.events(outcome.log);
      llvm::DenseSet<TermId> mine = live;
      bool pipeLives = false;
      for (bool changed = true; changed;) {
        changed = false;
        for (const DescriptorEvent &event : events) {
          bool pairs = event.act == DescriptorAct::Pipe || event.act == DescriptorAct::Duplicate;
          bool isStream = event.act == DescriptorAct::Stream;
          if ((pairs || isStream) && (mine.count(event.a) || mine.count(event.b))) {
            pipeLives = true;
            changed |= mine.insert(event.a).second;
            changed |= mine.insert(event.b).second;
          }
        }
      }
      LogId left = 0;
      bool hasOwnChild = llvm::any_of(events, [](const DescriptorEvent &event) {
        return event.act == DescriptorAct::Fork || event.act == DescriptorAct::Spawn;
      });
      for (const DescriptorEvent &event : events) {
        bool isMade = logs.isMade(outcome.log, event.a);
        bool isChild = event.act == DescriptorAct::Fork || event.act == DescriptorAct::Spawn;
        bool keep = !isMade || mine.count(event.a) || (isChild && pipeLives) ||
                    (pipeLives && (event.act == DescriptorAct::Wait || event.act == DescriptorAct::Kill));
        if (event.act == DescriptorAct::Action)
          keep = pipeLives;
        if (event.act == DescriptorAct::Wait && !event.a)
          keep = pipeLives || !hasOwnChild;
        if (!keep)
          continue;
        if (isChild)
          kept.insert(event.c);
        left = logs.append(left, event);
      }
      outcome.log = left;
    }
  // Ways of ending as a child that nobody remembers.
  llvm::erase_if(Summary.endings, [&](const Ending &ending) {
    for (const DescriptorEvent &event : logs.events(ending.log))
      if (event.act == DescriptorAct::InChild)
        return !kept.count(event.c);
    return false;
  });
}

/// The function's paths are known: judges them, and keeps what callers need.
void FunctionExecutor::finishLogs() {
  noteLoops();
  if (Shared.finalPass)
    findPipeConflicts(Shared.solution, Function, Summary, Shared.hasCallers[Function]);
  pruneLogs();
}

/// Remembers which calls of the function each of its loops repeats, for those
/// that rules ask about.
void FunctionExecutor::noteLoops() {
  if (!Shared.tracksDescriptors || Loops.empty())
    return;
  bool matters = false;
  for (const auto *outcomes : {&Summary.outcomes, &Summary.unwinds})
    for (const Outcome &outcome : *outcomes)
      matters |= outcome.log != 0;
  for (const Ending &ending : Summary.endings)
    matters |= ending.log != 0;
  if (!matters)
    return;
  auto &loops = Shared.solution.loops[Function];
  loops.clear();
  for (auto &[head, loop] : Loops)
    loops.push_back(loop.calls);
}

} // namespace gridlock::solve
