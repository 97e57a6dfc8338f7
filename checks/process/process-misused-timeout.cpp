//===- process-misused-timeout.cpp ---------------------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A time passed where the API takes something else. The models say what an
// argument is: a set of flags, or a time in some unit. What the caller meant is
// read from the one token that was written there: a bare number, or the name of
// a constant, parameter or field (`REPLY_TIMEOUT_SEC`); or from the unit of a
// `std::chrono` duration whose count is passed.
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Rule.h"
#include "engine/solve/Trace.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

namespace gridlock::checks {

using namespace solve;

namespace {

/// Words of a name: `replyTimeoutSec`, `REPLY_TIMEOUT_SEC`.
llvm::SmallVector<std::string, 6> wordsOf(llvm::StringRef name) {
  llvm::SmallVector<std::string, 6> words(1);
  for (std::size_t i = 0; i < name.size(); ++i) {
    char c = name[i];
    bool isUpper = (c >= 'A' && c <= 'Z'),
         wasLower = i && ((name[i - 1] >= 'a' && name[i - 1] <= 'z') || llvm::isDigit(name[i - 1]));
    if (!llvm::isAlnum(c) || (isUpper && wasLower))
      if (!words.back().empty())
        words.emplace_back();
    if (llvm::isAlnum(c))
      words.back().push_back(llvm::toLower(c));
  }
  return words;
}

llvm::StringRef unitOfWord(llvm::StringRef word) {
  return llvm::StringSwitch<llvm::StringRef>(word)
      .Cases({"s", "sec", "secs", "second", "seconds"}, "seconds")
      .Cases({"ms", "msec", "msecs", "milli", "millis", "millisec", "millisecs", "millisecond", "milliseconds"},
             "milliseconds")
      .Cases({"us", "usec", "usecs", "micro", "micros", "microsecond", "microseconds"}, "microseconds")
      .Cases({"ns", "nsec", "nsecs", "nano", "nanos", "nanosecond", "nanoseconds"}, "nanoseconds")
      .Cases({"minutes", "mins", "hours", "days"}, "minutes or more")
      .Default("");
}

/// The unit that a name ends in; empty when it names none, or more than one.
llvm::StringRef unitOfName(llvm::StringRef name) {
  auto words = wordsOf(name);
  llvm::StringRef unit = words.size() > 1 ? unitOfWord(words.back()) : words[0].size() > 1 ? unitOfWord(words[0]) : "";
  for (std::size_t i = 0; i + 1 < words.size(); ++i)
    if (llvm::StringRef other = words[i].size() > 1 ? unitOfWord(words[i]) : ""; !other.empty() && other != unit)
      return "";
  return unit;
}

bool namesTime(llvm::StringRef name) {
  bool time = false;
  for (const std::string &word : wordsOf(name)) {
    if (llvm::is_contained({"flags", "flag", "options", "option", "opts", "opt", "mode", "hang", "nohang"}, word))
      return false;
    time |= llvm::is_contained({"timeout", "timeouts", "seconds", "secs", "sec", "ms", "msec", "msecs", "millis",
                                "milliseconds", "usec", "delay", "deadline", "duration", "interval", "time"},
                               word);
  }
  return time;
}

/// Reads arguments of one unit.
class ArgumentText {
public:
  explicit ArgumentText(const ir::Unit &unit) : Unit(unit) {}

  /// The token that was written, or the name of the variable that is passed.
  llvm::StringRef name(ir::Index expr) const {
    const ir::Expr &e = Unit.exprs[expr];
    if (e.kind == ir::ExprKind::IntConst)
      return Unit.strings[e.a];
    if (e.kind != ir::ExprKind::Load)
      return "";
    const ir::Expr &place = Unit.exprs[e.a];
    switch (place.kind) {
    case ir::ExprKind::Local:
      return Unit.strings[Unit.variables[place.a].name];
    case ir::ExprKind::Global: {
      llvm::StringRef full = Unit.strings[Unit.globals[place.a].qualifiedName];
      return full.substr(full.rfind(':') + 1);
    }
    case ir::ExprKind::Field:
      return Unit.strings[Unit.fields[place.b].name];
    default:
      return "";
    }
  }

  /// The unit of the duration whose count is passed.
  llvm::StringRef countUnit(ir::Index expr) const {
    const ir::Expr &e = Unit.exprs[expr];
    if (e.kind != ir::ExprKind::Result || !Unit.calls[e.a].receiver)
      return "";
    const ir::Record &record = Unit.records[Unit.calls[e.a].receiver];
    llvm::StringRef type = Unit.strings[record.displayName];
    if (!llvm::StringRef(Unit.strings[record.qualifiedName]).ends_with("chrono::duration"))
      return "";
    std::size_t ratio = type.find("ratio<");
    llvm::StringRef period = ratio == llvm::StringRef::npos ? "1>" : type.substr(ratio + 6);
    return llvm::StringSwitch<llvm::StringRef>(period.take_until([](char c) { return c == '>'; }))
        .Cases({"1", "1, 1"}, "seconds")
        .Case("1, 1000", "milliseconds")
        .Case("1, 1000000", "microseconds")
        .Case("1, 1000000000", "nanoseconds")
        .Default("");
  }

private:
  const ir::Unit &Unit;
};

class Search {
public:
  Search(const RuleInput &input, RuleOutput &output) : S(input.solution), Output(output) {}

  void run() {
    for (link::FunctionId id = 1; id < S.program.functionCount(); ++id)
      if (S.program.function(id).hasBody && !S.inSystemHeader(id))
        searchFunction(id);
  }

private:
  void searchFunction(link::FunctionId id) {
    const link::Program::UnitLink &link = S.program.link(S.program.function(id).row.unit);
    const ir::Unit &unit = *link.unit;
    S.program.forEachEvent(id, [&](const ir::Event &event) {
      if (event.kind != ir::EventKind::Call)
        return;
      const ir::Call &call = unit.calls[event.a];
      link::FunctionId callee = link.functions[call.callee];
      if (const model::FunctionModel *model = callee ? S.program.function(callee).model : nullptr)
        searchCall(id, unit, call, callee, *model);
    });
  }

  /// The argument that an operand is, when it is just that; else 0.
  static ir::Index argument(const ir::Unit &unit, const ir::Call &call, const model::Operand &operand) {
    if (operand.steps.size() != 1 || operand.steps[0].kind != model::OperandKind::Argument)
      return 0;
    auto number = std::uint64_t(operand.steps[0].number);
    return number < call.arguments.count ? unit.lists[call.arguments.first + number] : 0;
  }

  void searchCall(link::FunctionId function, const ir::Unit &unit, const ir::Call &call, link::FunctionId callee,
                  const model::FunctionModel &model) {
    ArgumentText text(unit);
    for (const model::Effect &effect : model.effects) {
      if (ir::Index flags = argument(unit, call, effect.flags); flags && effect.kind == model::EffectKind::WaitChild) {
        if (isTimeForFlags(unit, text, flags))
          return report(function, call, callee, text.name(flags),
                        "takes a set of flags there, no time: it waits without a time-out",
                        "pass WNOHANG and poll until a deadline, or wait on a pidfd with poll");
        continue;
      }
      ir::Index amount = effect.bound ? argument(unit, call, effect.bound->value) : 0;
      if (!amount || unitOfWord(effect.bound->unit).empty())
        continue;
      std::string_view number = unit.strings[unit.exprs[amount].a];
      bool isLiteral = unit.exprs[amount].kind == ir::ExprKind::IntConst && !number.empty() && llvm::isDigit(number[0]);
      llvm::StringRef count = text.countUnit(amount);
      llvm::StringRef unitMeant = isLiteral ? "" : count.empty() ? unitOfName(text.name(amount)) : count;
      if (unitMeant.empty() || unitMeant == effect.bound->unit)
        continue;
      std::string what = count.empty() ? text.name(amount).str() : "a count of " + count.str();
      return report(function, call, callee, what, "takes " + effect.bound->unit + ", and this is in " + unitMeant.str(),
                    "convert it to " + effect.bound->unit);
    }
  }

  bool isTimeForFlags(const ir::Unit &unit, const ArgumentText &text, ir::Index expr) const {
    llvm::StringRef name = text.name(expr);
    if (name.empty() || S.program.models().constant(name))
      return false;
    const ir::Expr &e = unit.exprs[expr];
    if (e.kind == ir::ExprKind::IntConst && llvm::isDigit(name.front()))
      return e.value > 3 && !name.starts_with("0x");
    return namesTime(name);
  }

  void report(link::FunctionId function, const ir::Call &call, link::FunctionId callee, llvm::StringRef written,
              const std::string &what, const std::string &help) {
    std::string name = S.functionName(callee);
    Finding finding = Output.make();
    finding.location = S.location(function, call.location);
    finding.message = "`" + written.str() + "` is passed as a time, but `" + name + "` " + what;
    finding.help = help;
    finding.identity = {name, written.str(), S.functionName(function)};
    finding.threads.push_back(
        TraceBuilder(S, "Thread 1").at(function, call.location, "passes `" + written.str() + "`").build());
    Output.add(std::move(finding));
  }

  const Solution &S;
  RuleOutput &Output;
};

} // namespace

void processMisusedTimeout(const RuleInput &input, RuleOutput &output) { Search(input, output).run(); }

} // namespace gridlock::checks
