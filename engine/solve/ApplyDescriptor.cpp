//===- ApplyDescriptor.cpp - Models of descriptors and children -*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Pipes, copies of descriptors, children, reads, writes and waits: what a model
// says of them becomes values in the store and events in the path's history (see
// History.cpp). No name of a library function stands here.
//
// A fork is three ways at once: it fails, it returns in the child, it returns in
// the parent. Paths of the child go on until exec or exit.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Executor.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

using model::EffectKind;
using model::OperandKind;

static constexpr std::int64_t nonBlock = 04000;
static constexpr std::int64_t closeOnExec = 02000000;
/// A write of at most this size fits in an empty pipe everywhere.
static constexpr std::int64_t shortWrite = 4096;

/// Whether a value surely (true), surely not (false) or possibly has a bit.
static std::optional<bool> hasBit(const TermTable &terms, TermId value, std::int64_t bit) {
  const Term &term = terms[value];
  if (term.kind == TermKind::Integer)
    return (term.number & bit) != 0;
  if (term.kind == TermKind::Binary && term.op == ir::Operator::Or) {
    std::optional<bool> left = hasBit(terms, term.a, bit), right = hasBit(terms, term.b, bit);
    if ((left && *left) || (right && *right))
      return true;
  }
  return std::nullopt;
}

TermId FunctionExecutor::makeEnd(CallFrame &frame, unsigned which, std::uint32_t kinds) {
  std::int64_t number = std::int64_t(llvm::hash_combine(frame.site, which));
  Shared.solution.descriptors[number] = kinds;
  return terms().opaque(OriginKind::PipeEnd, number);
}

//===----------------------------------------------------------------------===//
// Descriptors
//===----------------------------------------------------------------------===//

void FunctionExecutor::noteFlags(State &state, TermId descriptor, TermId flags, bool ofDescriptor, CallFrame &frame) {
  // Flags that are not known are taken to be the careful ones.
  if (ofDescriptor) {
    DescriptorEvent event = makeEvent(DescriptorAct::Flags, descriptor, frame.location, EventClosesOnExec);
    event.b = terms().integer(hasBit(terms(), flags, 1).value_or(true));
    note(state, event);
    return;
  }
  DescriptorEvent event = makeEvent(DescriptorAct::Flags, descriptor, frame.location, EventIsNonBlocking);
  event.b = terms().integer(hasBit(terms(), flags, nonBlock).value_or(true));
  note(state, event);
  if (!hasBit(terms(), flags, nonBlock).value_or(false))
    return;
  const Term term = terms()[descriptor];
  if (isDescriptor(term)) {
    std::uint32_t &kinds = Shared.solution.descriptors[term.number];
    kinds = (kinds & ~std::uint32_t(Solution::Blocking)) | Solution::NonBlocking;
  } else {
    Shared.solution.setsNonBlocking = true;
  }
  if (std::uint64_t key = holderKey(terms(), descriptor))
    Shared.solution.descriptorsByHolder[key] |= Solution::NonBlocking;
}

void FunctionExecutor::applyDescriptor(State &state, const model::Effect &effect, CallFrame &frame) {
  auto flagBit = [&](std::int64_t bit) -> std::optional<bool> {
    return effect.flags ? hasBit(terms(), operandValue(state, effect.flags, frame), bit) : false;
  };
  auto blocking = [&] { return flagBit(nonBlock).value_or(false) ? Solution::NonBlocking : Solution::Blocking; };
  switch (effect.kind) {
  case EffectKind::Opens: {
    std::uint32_t kind = effect.what == "socket"     ? Solution::SocketDescriptor
                         : effect.what == "pipe"     ? Solution::PipeDescriptor
                         : effect.what == "file"     ? Solution::FileDescriptor
                         : effect.what == "terminal" ? Solution::TerminalDescriptor
                                                     : Solution::OtherDescriptor;
    std::int64_t number = std::int64_t(llvm::hash_combine(frame.site, 1));
    Shared.solution.descriptors[number] = kind | blocking();
    TermId descriptor = terms().opaque(OriginKind::Descriptor, number);
    if (effect.descriptor)
      storeValue(state, operandPlace(state, effect.descriptor, frame), descriptor);
    else
      setResult(state, frame, descriptor);
    break;
  }
  case EffectKind::Pipe: {
    std::uint32_t kinds = effect.bidirectional ? Solution::SocketDescriptor : Solution::PipeDescriptor;
    kinds |= blocking();
    if (effect.success)
      assumeSuccess(state, *effect.success, true, frame);
    TermId readEnd = makeEnd(frame, 2, kinds), writeEnd = makeEnd(frame, 3, kinds);
    renew(state, readEnd);
    renew(state, writeEnd);
    DescriptorEvent event = makeEvent(DescriptorAct::Pipe, readEnd, frame.location);
    event.b = writeEnd;
    if (effect.flags && flagBit(closeOnExec).value_or(true))
      event.flags |= EventClosesOnExec;
    if (effect.flags && flagBit(nonBlock).value_or(!effect.bidirectional))
      event.flags |= EventIsNonBlocking;
    if (effect.bidirectional)
      event.flags |= EventIsDuplex;
    noteExact(state, event);
    if (effect.readEnd)
      storeValue(state, operandPlace(state, effect.readEnd, frame), readEnd);
    if (effect.writeEnd)
      storeValue(state, operandPlace(state, effect.writeEnd, frame), writeEnd);
    break;
  }
  case EffectKind::Stream:
    setResult(state, frame, operandValue(state, effect.descriptor, frame));
    break;
  case EffectKind::Duplicate: {
    TermId from = operandValue(state, effect.from, frame);
    const Term term = terms()[from];
    if (effect.to) {
      TermId to = operandValue(state, effect.to, frame);
      DescriptorEvent event = makeEvent(DescriptorAct::Redirect, from, frame.location);
      event.b = to;
      if (flagBit(closeOnExec).value_or(true) && effect.flags)
        event.flags |= EventClosesOnExec;
      // What stood at that number is gone, whatever `from` is.
      bool isNumber = term.kind == TermKind::Integer;
      bool mayBeEnd = isTracked(from) || term.kind == TermKind::Initial || term.weak;
      if (!isNumber && !mayBeEnd)
        event.a = 0;
      if (mayBeEnd)
        note(state, event);
      else
        noteExact(state, event);
      setResult(state, frame, to);
      break;
    }
    bool isInput = term.kind == TermKind::Formal || term.kind == TermKind::Initial;
    if (!Shared.tracksDescriptors || !isTracked(from) || !(isInput || isDescriptor(term))) {
      setResult(state, frame, from);
      break;
    }
    std::int64_t number = std::int64_t(llvm::hash_combine(frame.site, 5));
    Shared.solution.descriptors[number] = Shared.solution.descriptorKinds(from);
    bool isEnd = term.kind == TermKind::Opaque && OriginKind(term.a) == OriginKind::PipeEnd;
    TermId copy = terms().opaque(isEnd ? OriginKind::PipeEnd : OriginKind::Descriptor, number);
    renew(state, copy);
    DescriptorEvent event = makeEvent(DescriptorAct::Duplicate, from, frame.location);
    event.b = copy;
    if (effect.closeOnExec)
      event.flags |= EventClosesOnExec;
    note(state, event);
    setResult(state, frame, copy);
    break;
  }
  case EffectKind::Close: {
    TermId descriptor = operandValue(state, effect.descriptor, frame);
    if (effect.to) {
      DescriptorEvent event = makeEvent(DescriptorAct::Close, descriptor, frame.location, EventIsFromHere);
      noteExact(state, event);
    } else if (const Term term = terms()[descriptor];
               term.kind == TermKind::Integer && term.number >= 0 && term.number < 3) {
      // `close(1); dup(end)`: the copy gets the number that was freed.
      noteExact(state, makeEvent(DescriptorAct::Close, descriptor, frame.location));
    } else {
      note(state, makeEvent(DescriptorAct::Close, descriptor, frame.location));
    }
    break;
  }
  case EffectKind::SetFlags:
    noteFlags(state, operandValue(state, effect.descriptor, frame), operandValue(state, effect.flags, frame),
              effect.what == "descriptor", frame);
    break;
  default:
    break;
  }
}

/// Reads and writes. The size of one in a loop that makes it up by itself is
/// what it was before the loop.
void FunctionExecutor::applyTransfer(State &state, const model::Effect &effect, CallFrame &frame) {
  bool isRead = effect.kind == EffectKind::Read;
  DescriptorEvent event = makeEvent(isRead ? DescriptorAct::Read : DescriptorAct::Write,
                                    operandValue(state, effect.descriptor, frame), frame.location);
  if (effect.whole)
    event.flags |= EventIsWhole;
  if (effect.size) {
    TermId size = operandValue(state, effect.size, frame);
    TermId total = terms().rewrite(
        size,
        [&](TermId leaf) {
          auto found = Shared.beforeLoop.find(leaf);
          return found == Shared.beforeLoop.end() ? TermId(0) : found->second;
        },
        [&](TermId place) { return terms().initial(place); });
    if (total != size)
      event.flags |= EventIsSized;
    event.b = total;
    const Term term = terms()[total];
    if (term.kind == TermKind::Integer && term.number >= 0 && term.number <= shortWrite)
      event.flags |= EventIsShort;
    // A text that was measured or just made is short by nature.
    if (term.kind == TermKind::Initial && terms()[term.a].kind == TermKind::Field &&
        terms()[term.a].b == Program.ghostField("$length"))
      event.flags |= EventIsShort;
  } else if (!isRead) {
    event.flags |= EventIsShort;
  }
  note(state, event);
}

/// What a poll waits for: every descriptor that stands somewhere in the set.
void FunctionExecutor::applyPoll(State &state, const model::Effect &effect, CallFrame &frame) {
  if (effect.kind == EffectKind::Watches) {
    note(state, makeEvent(DescriptorAct::Poll, operandValue(state, effect.value, frame), frame.location));
    return;
  }
  llvm::SmallVector<TermId, 4> found;
  bool isUnknown = effect.descriptors.empty();
  for (const model::Operand &operandText : effect.descriptors) {
    TermId place = operandPlace(state, operandText, frame);
    const Term at = terms()[place];
    // `*1`: a set in which the descriptor is a bit: it stands in the index.
    bool isSet = at.kind != TermKind::Field;
    if (isSet && at.kind == TermKind::Deref && terms().isInteger(at.a, 0))
      continue; // no set
    bool any = false;
    for (auto [stored, value] : llvm::SmallVector<std::pair<TermId, TermId>, 8>(state.entries())) {
      if (!isSet) {
        TermId bare = stored;
        auto strip = [&](TermId path) { return terms()[path].kind == TermKind::Field ? terms()[path].a : path; };
        const Term entry = terms()[bare];
        if (entry.kind != TermKind::Field)
          continue;
        TermId a = strip(bare), b = strip(place);
        while (terms()[a].kind == TermKind::Element)
          a = terms()[a].a;
        while (terms()[b].kind == TermKind::Element)
          b = terms()[b].a;
        if (a != b)
          continue;
        if (entry.b != at.b) { // what the kernel answers
          state.store(stored,
                      terms().opaque(OriginKind::CallResult, std::int64_t(llvm::hash_combine(frame.site, stored))));
          continue;
        }
        any = true;
        candidates(state, value, found, isUnknown, 0);
      } else if (terms().mentions(stored, place) && stored != place) {
        for (const DescriptorEvent &event : Shared.solution.logs.events(state.log))
          for (TermId made : {event.a, event.b})
            if (made && isTracked(made) && (terms().mentions(stored, made) || terms().mentions(value, made)) &&
                !llvm::is_contained(found, made)) {
              found.push_back(made);
              any = true;
            }
      }
    }
    isUnknown |= !any;
  }
  std::uint16_t flags = found.size() == 1 && !isUnknown ? EventIsAlone : 0;
  for (TermId descriptor : found)
    note(state, makeEvent(DescriptorAct::Poll, descriptor, frame.location, flags));
  if (isUnknown || found.empty())
    note(state, makeEvent(DescriptorAct::Poll, 0, frame.location, EventIsUnknown));
}

//===----------------------------------------------------------------------===//
// Children
//===----------------------------------------------------------------------===//

States FunctionExecutor::applyFork(State state, const model::Effect &effect, CallFrame &frame) {
  States after;
  if (!Shared.tracksDescriptors) {
    State child = state;
    setResult(child, frame, terms().integer(0));
    after.push_back(std::move(child));
    state.assume(terms(), terms().binary(ir::Operator::NotEqual, currentResult(state, frame), terms().integer(0)),
                 true);
    after.push_back(std::move(state));
    return after;
  }
  // What a program does about a child that could not be started is not judged.
  State failed = state;
  failed.log = DescriptorLogs::unknown;
  setResult(failed, frame, terms().integer(-1));
  after.push_back(std::move(failed));
  TermId name = terms().opaque(OriginKind::Child, std::int64_t(llvm::hash_combine(frame.site, 41)));
  renew(state, name);
  DescriptorEvent event = makeEvent(DescriptorAct::Fork, name, frame.location);
  event.c = name;
  State child = state;
  setResult(child, frame, terms().integer(0));
  event.act = DescriptorAct::InChild;
  noteExact(child, event);
  after.push_back(std::move(child));
  event.act = DescriptorAct::Fork;
  noteExact(state, event);
  setResult(state, frame, name);
  after.push_back(std::move(state));
  return after;
}

/// The places of streams of a library's child. Of several arguments that may be a
/// redirection, those that name a stream count.
llvm::SmallVector<TermId, 2> FunctionExecutor::streamPlaces(State &state, const model::Operand &op, CallFrame &frame) {
  llvm::SmallVector<TermId, 2> places;
  model::Operand one = op;
  std::int64_t first = op.steps.front().number;
  std::int64_t last = op.andFollowing ? std::int64_t(frame.arguments.size()) - 1 : first;
  for (std::int64_t i = first; i <= last; ++i) {
    if (op.andFollowing)
      one.steps.front().number = i;
    TermId place = operandPlace(state, one, frame);
    const Term term = terms()[place];
    if (term.kind == TermKind::Deref && terms().isInteger(term.a, 0))
      continue; // a null address
    if (op.andFollowing) {
      // The redirection's own field leads to a stream, or to nothing known.
      const Term &owner = terms()[term.kind == TermKind::Field ? term.a : place];
      if (owner.kind == TermKind::Deref && terms()[owner.a].kind != TermKind::Formal)
        continue;
    }
    if (!llvm::is_contained(places, place))
      places.push_back(place);
  }
  return places;
}

States FunctionExecutor::applySpawn(State state, const model::Effect &effect, CallFrame &frame) {
  States after;
  if (!Shared.tracksDescriptors) {
    after.push_back(std::move(state));
    return after;
  }
  bool isResult = effect.child.steps.size() == 1 && effect.child.steps[0].kind == OperandKind::Result;
  Cursor cursor = isResult ? Cursor{currentResult(state, frame), false} : operand(state, effect.child, frame);
  TermId child = cursor.isPlace ? state.stored(cursor.term) : cursor.term;
  const Term known = terms()[child];
  bool hasName = child && (known.kind == TermKind::Address ||
                           (known.kind == TermKind::Opaque && OriginKind(known.a) == OriginKind::PipeEnd));
  // A later effect of one call tells of the same child.
  bool isNew = !hasName || !Shared.solution.logs.isMade(state.log, child);
  if (effect.success && isNew && !isResult) {
    State failed = state;
    failed.log = DescriptorLogs::unknown;
    if (assumeSuccess(failed, *effect.success, false, frame))
      after.push_back(std::move(failed));
    if (!assumeSuccess(state, *effect.success, true, frame))
      return after;
  }
  bool isStream = effect.standardOutput.steps.size() == 1 && effect.standardOutput.steps[0].kind == OperandKind::Result;
  isStream |= effect.standardInput.steps.size() == 1 && effect.standardInput.steps[0].kind == OperandKind::Result;
  if (!hasName) {
    child = isStream ? makeEnd(frame, 6, Solution::PipeDescriptor | Solution::Blocking)
                     : terms().opaque(OriginKind::Child, std::int64_t(llvm::hash_combine(frame.site, 42)));
    renew(state, child);
    if (cursor.isPlace)
      storeValue(state, cursor.term, child);
    else if (isResult)
      setResult(state, frame, child);
  }
  DescriptorEvent event = makeEvent(DescriptorAct::Spawn, child, frame.location);
  event.c = child;
  noteExact(state, event);
  if (effect.actions) {
    TermId actions = operandPlace(state, effect.actions, frame);
    std::vector<DescriptorEvent> history = Shared.solution.logs.events(state.log);
    for (const DescriptorEvent &prepared : history)
      if (prepared.act == DescriptorAct::Prepare && prepared.c == terms().address(actions)) {
        DescriptorEvent action = prepared;
        action.act = DescriptorAct::Action;
        action.c = child;
        noteExact(state, action);
      }
  }
  const std::pair<const model::Operand *, const char *> streams[] = {
      {&effect.standardInput, "stdin"}, {&effect.standardOutput, "stdout"}, {&effect.standardError, "stderr"}};
  llvm::SmallVector<TermId, 3> used;
  for (unsigned i = 0; i < 3; ++i) {
    const model::Operand &op = *streams[i].first;
    if (!op || !llvm::is_contained(effect.pipes, streams[i].second))
      continue;
    auto addStream = [&](TermId end) {
      DescriptorEvent stream =
          makeEvent(DescriptorAct::Stream, end, frame.location, std::uint16_t(i ? EventIsOutput : 0));
      stream.b = child;
      noteExact(state, stream);
    };
    if (op.steps.size() == 1 && op.steps[0].kind == OperandKind::Result) {
      addStream(child);
      continue;
    }
    unsigned which = 7 + i;
    for (TermId place : streamPlaces(state, op, frame)) {
      if (llvm::is_contained(used, place))
        continue; // two of the child's streams share one pipe
      used.push_back(place);
      TermId end = makeEnd(frame, which, Solution::PipeDescriptor | Solution::Blocking);
      which += 3;
      renew(state, end);
      storeValue(state, place, end);
      addStream(end);
    }
  }
  after.push_back(std::move(state));
  return after;
}

void FunctionExecutor::applyAction(State &state, const model::Effect &effect, CallFrame &frame) {
  DescriptorEvent event;
  TermId object = terms().address(operandPlace(state, effect.place, frame));
  TermId from = effect.from ? operandValue(state, effect.from, frame) : 0;
  event = makeEvent(DescriptorAct::Prepare, from, frame.location);
  event.c = object;
  event.b = effect.to ? operandValue(state, effect.to, frame) : 0;
  if (effect.operation == "open")
    event.flags |= EventOpens;
  if (effect.operation == "close")
    event.b = 0;
  if (from && terms()[from].kind != TermKind::Integer)
    note(state, event);
  else
    noteExact(state, event);
}

void FunctionExecutor::applyWaitChild(State &state, const model::Effect &effect, Applies how, CallFrame &frame) {
  if (!Shared.tracksDescriptors || effect.child.steps.empty())
    return;
  if (effect.child.steps[0].kind == OperandKind::Fresh)
    return; // a child of the call's own
  bool isAny = effect.child.steps[0].kind == OperandKind::Unknown;
  TermId child = isAny ? 0 : operandValue(state, effect.child, frame);
  const Term term = terms()[child];
  if (term.kind == TermKind::Integer) {
    if (term.number > 0)
      return;
    isAny = true;
  }
  DescriptorEvent event = makeEvent(DescriptorAct::Wait, isAny ? 0 : child, frame.location);
  if (effect.drains)
    event.flags |= EventDrains;
  if (effect.bound) {
    bool isInfinite = llvm::any_of(effect.bound->infinite, [&](const model::Condition &infinite) {
      return condition(state, infinite, frame).value_or(false);
    });
    bool atOnce = false;
    if (effect.bound->value && !isInfinite) {
      TermId limit = operandValue(state, effect.bound->value, frame);
      atOnce = terms().isInteger(limit, 0);
    }
    if (!isInfinite)
      event.flags |= atOnce ? EventReturnsAtOnce : EventIsBounded;
  }
  if (how != Applies::Yes)
    event.flags |= EventIsBounded;
  if (isAny)
    noteExact(state, event);
  else
    note(state, event);
}

States FunctionExecutor::descriptorEffect(State state, const model::Effect &effect, Applies how, CallFrame &frame) {
  States after;
  switch (effect.kind) {
  case EffectKind::Fork:
    return applyFork(std::move(state), effect, frame);
  case EffectKind::SpawnChild:
    if (how == Applies::Yes)
      return applySpawn(std::move(state), effect, frame);
    // Whether there is a pipe at all is not known.
    note(state, makeEvent(DescriptorAct::Escape, 0, frame.location, EventIsUnknown));
    break;
  case EffectKind::Read:
  case EffectKind::Write:
    if (Shared.tracksDescriptors)
      applyTransfer(state, effect, frame);
    break;
  case EffectKind::Poll:
  case EffectKind::Watches:
    if (Shared.tracksDescriptors)
      applyPoll(state, effect, frame);
    break;
  case EffectKind::ChildAction:
    if (Shared.tracksDescriptors)
      applyAction(state, effect, frame);
    break;
  case EffectKind::WaitChild:
    applyWaitChild(state, effect, how, frame);
    break;
  case EffectKind::Kill:
    if (Shared.tracksDescriptors && effect.child &&
        !(effect.signal && terms().isInteger(operandValue(state, effect.signal, frame), 0)))
      note(state, makeEvent(DescriptorAct::Kill, operandValue(state, effect.child, frame), frame.location));
    break;
  case EffectKind::Exec:
    if (Shared.tracksDescriptors) {
      noteExact(state, makeEvent(DescriptorAct::Exec, 0, frame.location));
      addEnding(state, true);
    }
    break;
  case EffectKind::Opens:
  case EffectKind::Pipe:
  case EffectKind::Stream:
  case EffectKind::Duplicate:
  case EffectKind::Close:
  case EffectKind::SetFlags:
    applyDescriptor(state, effect, frame);
    break;
  default:
    break;
  }
  after.push_back(std::move(state));
  return after;
}

} // namespace gridlock::solve
