//===- Findings.cpp - Reports of the run time as findings -----------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A report is text for a terminal with a list of its parts: the words before
// each stack, who acts, which lock it is about. The words become the message of
// the stack's innermost step, without addresses; the frames above become calls.
//
//===----------------------------------------------------------------------===//

#include "engine/trace/Findings.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/GlobPattern.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Regex.h"
#include <algorithm>
#include <set>

namespace gridlock::trace {

namespace {

/// The words before a stack, for a step: "took mutex `a` here" has no thread, no
/// address and no "here".
std::string stepWords(llvm::StringRef words, const LockNames &names, Id lock) {
  std::string text;
  for (llvm::StringRef line : llvm::split(words, '\n'))
    if (!line.trim().empty())
      text = line.trim().str();
  static const llvm::Regex thread("^thread T[0-9]+( `[^`]*`| \\(main\\))?( \\(tid [0-9]+\\))? ");
  llvm::SmallVector<llvm::StringRef, 4> match;
  if (thread.match(text, &match))
    text = text.substr(match[0].size());
  static const llvm::Regex unnamed("L[0-9]+ \\(0x[0-9a-f]+[^)]*\\)"), address(" \\(0x[0-9a-f]+[^)]*\\)"),
      task(" \\(tid [0-9]+\\)"), kinds("(recursive mutex|mutex|read-write lock|spin lock|semaphore) $");
  // A lock without a name is called by what the whole trace knows about it.
  while (lock && unnamed.match(text, &match)) {
    std::size_t at = text.find(match[0].str()), bytes = match[0].size();
    llvm::SmallVector<llvm::StringRef, 2> kind;
    if (kinds.match(llvm::StringRef(text).take_front(at), &kind)) {
      at -= kind[0].size();
      bytes += kind[0].size();
    }
    text.replace(at, bytes, names.description(lock));
  }
  for (const llvm::Regex *what : {&address, &task})
    while (what->match(text, &match))
      text.erase(text.find(match[0].str()), match[0].size());
  llvm::StringRef result(text);
  result.consume_front("and ");
  result.consume_back(":");
  if (result.consume_back(" here, still holding it"))
    return result.str() + ", still holding it";
  result.consume_back(",");
  if (result.consume_back(", taken here"))
    return result.str() + ", taken";
  result.consume_back(" here");
  return result.str();
}

/// The words say that the thread waits for the lock, rather than has it.
bool isWanted(llvm::StringRef words) {
  return words.contains("wanted ") || words.contains(" wants ") || words.contains("waits for ");
}

class Converter {
public:
  Converter(const Trace &trace, const Report &report, const LockNames &names, Symbols &symbols)
      : Source(trace), From(report), Names(names), Places(symbols) {}

  Finding convert() {
    Result.rule = From.problem;
    Result.confidence = Confidence::High;
    headline();
    parts();
    cycle();
    if (Result.threads.empty()) {
      ThreadTrace nobody;
      nobody.title = "process " + std::to_string(Source.process);
      Result.threads.push_back(std::move(nobody));
    }
    return std::move(Result);
  }

private:
  void headline() {
    llvm::StringRef text(From.text), first = text.take_until([](char c) { return c == '\n'; });
    first = first.substr(std::min(first.size(), first.find("gridlock: ") + 10));
    first.consume_back(" [" + From.problem + "]");
    Result.severity = Severity::Error;
    if (first.consume_front("warning: "))
      Result.severity = Severity::Warning;
    first.consume_front("error: ");
    Result.message = first.str();
    std::size_t help = text.rfind("  help: ");
    if (help != llvm::StringRef::npos)
      Result.help = text.substr(help + 8).trim().str();
  }

  ThreadTrace &threadOf(Id id, std::vector<SourceFrame> *&last) {
    auto [found, isNew] = Index.try_emplace(id, Result.threads.size());
    if (isNew) {
      ThreadTrace thread;
      thread.title = threadTitle(Source, id);
      Result.threads.push_back(std::move(thread));
    }
    last = &Last[id];
    return Result.threads[found->second];
  }

  void parts() {
    bool placed = false;
    std::map<Id, std::vector<std::string>> held;
    for (const ReportPart &part : From.parts) {
      std::string words = stepWords(part.words, Names, part.lock);
      if (words.find("was made") != std::string::npos) {
        if (const SourceFrame *frame = Places.userFrame(Source, part.stack))
          Result.related.push_back({frame->location, words});
        continue;
      }
      std::vector<SourceFrame> *last;
      ThreadTrace &thread = threadOf(part.thread, last);
      addSteps(thread, Source, part.stack, words, held[part.thread], Places, *last);
      const SourceFrame *frame = Places.userFrame(Source, part.stack);
      bool wanted = isWanted(part.words);
      if (frame && frame->location.line && (!placed || (wanted && !PlacedAtWait))) {
        Result.location = frame->location;
        placed = true;
        PlacedAtWait = wanted;
      }
      if (frame)
        Result.identity.push_back(frame->function.empty() ? shortPlace(*frame) : frame->function);
      if (part.lock && !wanted)
        held[part.thread].push_back(Names.name(part.lock));
    }
    std::sort(Result.identity.begin(), Result.identity.end());
  }

  /// Took one, wanted the next: the edges of a cycle.
  void cycle() {
    if (From.problem != "lock-order-inversion" && From.problem != "deadlock")
      return;
    std::map<Id, Id> has, wants;
    std::vector<Id> order;
    for (const ReportPart &part : From.parts) {
      if (!part.lock)
        continue;
      if (isWanted(part.words)) {
        if (wants.try_emplace(part.thread, part.lock).second)
          order.push_back(part.thread);
      } else {
        has.try_emplace(part.thread, part.lock);
      }
    }
    std::vector<CycleEdge> edges;
    for (Id thread : order)
      if (has.contains(thread) && Index.contains(thread))
        edges.push_back({Names.name(has[thread]), Names.name(wants[thread]), static_cast<unsigned>(Index[thread])});
    for (std::size_t i = 0; i < edges.size(); ++i)
      if (edges[i].to != edges[(i + 1) % edges.size()].from)
        return;
    if (edges.size() > 1)
      Result.cycle = std::move(edges);
  }

  const Trace &Source;
  const Report &From;
  const LockNames &Names;
  Symbols &Places;
  Finding Result;
  std::map<Id, std::size_t> Index;
  std::map<Id, std::vector<SourceFrame>> Last;
  bool PlacedAtWait = false;
};

/// What two processes must share to have seen the same defect.
std::string defectKey(const Finding &finding) {
  std::vector<std::string> places;
  for (const ThreadTrace &thread : finding.threads)
    for (const TraceStep &step : thread.steps)
      if (!llvm::StringRef(step.message).starts_with("calls "))
        places.push_back(step.location.file + ":" + std::to_string(step.location.line) + " " + step.function);
  std::sort(places.begin(), places.end());
  std::string key = finding.rule + "\n" + finding.message;
  for (const std::string &place : places)
    key += "\n" + place;
  return key;
}

bool isSame(const SourceFrame &a, const SourceFrame &b) {
  return a.function == b.function && a.location == b.location && a.module == b.module && a.offset == b.offset;
}

} // namespace

std::string threadTitle(const Trace &trace, Id id) {
  std::string title = id == 0 ? "unknown thread" : "thread T" + std::to_string(id);
  auto thread = trace.threads.find(id);
  if (thread != trace.threads.end() && !thread->second.name.empty())
    title += " `" + thread->second.name + "`";
  else if (id == 1)
    title += " (main)";
  return title;
}

void addSteps(ThreadTrace &thread, const Trace &trace, Id stack, const std::string &message,
              const std::vector<std::string> &held, Symbols &symbols, std::vector<SourceFrame> &last) {
  std::vector<SourceFrame> frames = symbols.frames(trace, stack);
  // The library's own frames below the program's say nothing.
  auto own = std::find_if(frames.begin(), frames.end(), [](const SourceFrame &frame) { return !frame.isLibrary(); });
  if (own != frames.end())
    frames.erase(frames.begin(), own);
  std::reverse(frames.begin(), frames.end());
  std::size_t common = 0;
  while (common < frames.size() && common < last.size() && isSame(frames[common], last[common]))
    ++common;
  for (std::size_t i = common; i + 1 < frames.size(); ++i) {
    if (frames[i + 1].isLibrary() || frames[i].isLibrary())
      continue; // std::thread's ways to the function that it runs
    TraceStep step;
    step.location = frames[i].location;
    step.function = frames[i].function;
    step.depth = static_cast<unsigned>(i);
    step.held = held;
    const SourceFrame &next = frames[i + 1];
    step.message = next.function.empty() ? "calls " + shortPlace(next) : "calls `" + next.function + "`";
    thread.steps.push_back(std::move(step));
  }
  TraceStep step;
  step.message = message;
  step.held = held;
  if (!frames.empty()) {
    const SourceFrame &place = frames.back();
    step.location = place.location;
    step.function = place.function;
    step.depth = static_cast<unsigned>(frames.size() - 1);
    if (!place.location.line)
      step.message += " in " + (place.function.empty() ? "" : "`" + place.function + "` at ") + shortPlace(place);
    if (place.inexact)
      step.message += " (or earlier in this function)";
  }
  thread.steps.push_back(std::move(step));
  last = std::move(frames);
}

std::vector<Finding> findingsOf(llvm::ArrayRef<Trace> traces, Symbols &symbols) {
  std::vector<Finding> findings;
  std::set<std::string> known;
  for (const Trace &trace : traces) {
    LockNames names(trace, symbols);
    for (const Report &report : trace.reports) {
      Finding finding = Converter(trace, report, names, symbols).convert();
      if (!known.insert(defectKey(finding)).second)
        continue;
      // The innermost calls first: depths count from the thread's first step.
      for (ThreadTrace &thread : finding.threads) {
        unsigned least = ~0u;
        for (const TraceStep &step : thread.steps)
          least = std::min(least, step.depth);
        for (TraceStep &step : thread.steps)
          step.depth -= least;
      }
      findings.push_back(std::move(finding));
    }
  }
  finalizeFindings(findings);
  return findings;
}

llvm::Expected<std::vector<Suppression>> readSuppressions(const std::string &file) {
  auto buffer = llvm::MemoryBuffer::getFile(file);
  if (!buffer)
    return llvm::createStringError("cannot read " + file + ": " + buffer.getError().message());
  std::vector<Suppression> result;
  std::string comment;
  unsigned number = 0;
  for (llvm::StringRef line : llvm::split((*buffer)->getBuffer(), '\n')) {
    ++number;
    line = line.trim();
    if (line.consume_front("#")) {
      comment = line.trim().str();
      continue;
    }
    if (line.empty()) {
      comment.clear();
      continue;
    }
    auto [entry, reason] = line.split(" #");
    auto [rule, pattern] = entry.trim().split(':');
    std::string place = file + ":" + std::to_string(number) + ": ";
    if (pattern.empty())
      return llvm::createStringError(place + "expected RULE:PATTERN, got '" + line + "'");
    Suppression suppression;
    suppression.rule = rule.str();
    suppression.pattern = pattern.str();
    suppression.reason = reason.trim().empty() ? comment : reason.trim().str();
    suppression.line = number;
    if (suppression.reason.empty())
      return llvm::createStringError(place + "say why: '" + entry.trim() + " # reason', or a comment line before it");
    result.push_back(std::move(suppression));
  }
  return result;
}

void suppress(std::vector<Finding> &findings, std::vector<Suppression> &suppressions, llvm::StringRef file) {
  for (Suppression &suppression : suppressions) {
    auto pattern = llvm::GlobPattern::create("*" + suppression.pattern + "*");
    if (!pattern) {
      llvm::consumeError(pattern.takeError());
      continue;
    }
    for (Finding &finding : findings) {
      if (suppression.rule != "deadlock" && suppression.rule != finding.rule)
        continue;
      bool hit = false;
      for (const ThreadTrace &thread : finding.threads)
        for (const TraceStep &step : thread.steps)
          hit |= pattern->match(step.function) || pattern->match(step.location.file) || pattern->match(step.message);
      if (!hit)
        continue;
      suppression.used = true;
      if (finding.suppressedBy.empty())
        finding.suppressedBy = file.str() + ":" + std::to_string(suppression.line) + ": " + suppression.reason;
    }
  }
}

} // namespace gridlock::trace
