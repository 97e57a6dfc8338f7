//===- RaceFixes.cpp - Edits that the race rules propose ------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/race/RaceFixes.h"
#include "checks/common/SourceText.h"
#include "checks/race/AtomicUses.h"
#include "checks/race/LockCalls.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <set>

namespace gridlock::checks {

using namespace solve;

//===----------------------------------------------------------------------===//
// The declaration
//===----------------------------------------------------------------------===//

namespace {

/// A variable's declaration on one line: `static int hits = 0;`.
struct Declaration {
  SourceLocation place; ///< of the name
  std::string name;
  bool isLocalToFile = true; ///< no other file can declare it
  bool isBool = false;
  ir::TypeKind kind = ir::TypeKind::None;
};

} // namespace

/// Whether one unit of a whole program names the global.
static bool isOnlyIn(const link::Program &program, link::GlobalId global) {
  unsigned units = 0;
  for (link::UnitId id = 0; id < program.unitCount(); ++id)
    units += llvm::is_contained(program.link(id).globals, global);
  return units == 1 && !program.mains().empty();
}

static std::optional<Declaration> declarationOf(const Solution &solution, const SharedVariable &variable) {
  const link::Program &program = solution.program;
  link::UnitId unitId = 0;
  ir::Index location = 0, type = 0;
  Declaration found;
  llvm::StringRef key = variable.key;
  unsigned first = 0, second = 0;
  if (variable.field) {
    const link::RowRef &row = program.field(variable.field).row;
    const ir::Field &field = program.unit(unitId = row.unit).fields[row.row];
    location = field.location, type = field.type;
    found.name = program.field(variable.field).name;
    if (field.flags & ir::FieldIsBitField)
      return std::nullopt;
  } else if (key.consume_front("global ") && !key.getAsInteger(10, first)) {
    const link::RowRef &row = program.global(first).row;
    const ir::Global &global = program.unit(unitId = row.unit).globals[row.row];
    location = global.location, type = global.type;
    found.name = llvm::StringRef(program.global(first).qualifiedName).rsplit(':').second;
    if (found.name.empty())
      found.name = program.global(first).qualifiedName;
    found.isLocalToFile = (global.flags & ir::GlobalIsInternal) || isOnlyIn(program, first);
    if (global.flags & ir::GlobalIsStaticMember)
      return std::nullopt; // declared in the class and defined elsewhere
  } else if (key.consume_front("local ") && !key.split(' ').first.getAsInteger(10, first) &&
             !key.split(' ').second.getAsInteger(10, second)) {
    unitId = program.function(first).row.unit;
    const ir::Variable &local = program.unit(unitId).variables[second];
    if (local.kind != ir::VariableKind::Local)
      return std::nullopt;
    location = local.location, type = local.type;
    found.name = program.unit(unitId).text(local.name);
  } else {
    return std::nullopt;
  }
  const ir::Unit &unit = program.unit(unitId);
  const ir::Location &at = unit.locations[location];
  if (!location || at.macro || (unit.files[at.file].flags & ir::FileIsSystem))
    return std::nullopt;
  found.place.file = unit.strings[unit.files[at.file].path];
  found.place.line = at.line;
  found.place.column = at.column;
  found.kind = unit.types[type].kind;
  found.isBool = found.kind == ir::TypeKind::Bool;
  return found;
}

//===----------------------------------------------------------------------===//
// Atomic
//===----------------------------------------------------------------------===//

std::optional<FixIt> atomicFix(SourceCache &sources, const Solution &solution, const SharedVariable &variable) {
  std::optional<Declaration> declaration = declarationOf(solution, variable);
  if (!declaration || (!declaration->isBool && declaration->kind != ir::TypeKind::Integer))
    return std::nullopt;
  const SourceLocation &place = declaration->place;
  llvm::StringRef line = sources.line(place.file, place.line);
  if (place.column < 2 || !line.substr(place.column - 1).starts_with(declaration->name))
    return std::nullopt;
  // What stands in front of the name: specifiers that stay, and the type.
  llvm::StringRef front = line.take_front(place.column - 1);
  std::size_t statement = front.find_last_of(";{}");
  std::size_t begin = front.find_first_not_of(" \t", statement == llvm::StringRef::npos ? 0 : statement + 1);
  if (begin == llvm::StringRef::npos)
    return std::nullopt;
  llvm::SmallVector<llvm::StringRef, 6> words;
  front.substr(begin).split(words, ' ', -1, false);
  std::string kept, type;
  for (llvm::StringRef word : words) {
    bool stays = word == "static" || word == "mutable" || word == "inline" || word == "private:" || word == "public:";
    bool isType = llvm::all_of(word, [](char c) { return llvm::isAlnum(c) || c == '_' || c == ':'; });
    if (!isType || word == "const" || word == "constexpr" || word == "extern" || word == "auto" ||
        word == "thread_local" || (stays && !type.empty()))
      return std::nullopt;
    if (stays)
      kept += word.str() + " ";
    else if (word != "volatile")
      type += (type.empty() ? "" : " ") + word.str();
  }
  // One name in the declaration, and nothing after it but a start value.
  llvm::StringRef after = line.substr(place.column - 1 + declaration->name.size()).ltrim();
  bool isSimple = after.starts_with(";") || after.starts_with("=") || after.starts_with("{");
  if (type.empty() || !isSimple || after.split(';').first.contains(','))
    return std::nullopt;
  std::optional<bool> inC = isReadAsC(solution.program, place.file);
  if (!inC)
    return std::nullopt;
  FixIt fix;
  fix.title = "make `" + variable.display + "` atomic";
  fix.edits.push_back(editLine(place, unsigned(begin) + 1, place.column,
                               kept + (*inC ? "_Atomic " + type : "std::atomic<" + type + ">") + " "));
  if (!*inC) {
    if (!addInclude(sources, place.file, "<atomic>", fix))
      return std::nullopt;
    // Before C++17 an atomic is not initialised by `=`.
    if (after.starts_with("=")) {
      unsigned equal = place.column + unsigned(declaration->name.size()) +
                       unsigned(after.data() - (line.data() + place.column - 1 + declaration->name.size()));
      llvm::StringRef value = after.drop_front().split(';').first.trim();
      fix.edits.push_back(editLine(place, place.column + unsigned(declaration->name.size()),
                                   equal + unsigned(after.split(';').first.size()), "{" + value.str() + "}"));
    }
  }
  // In C an atomic member is copied with its object; in C++ it cannot be.
  bool isCopied =
      variable.field && !*inC && mayBeCopied(solution.program, solution.program.field(variable.field).record);
  fix.safe = declaration->isLocalToFile && !isCopied &&
             allUsesSuitAtomic(sources, filesOf(solution, variable, place.file),
                               {declaration->name, place.file, place.line, place.column, declaration->isBool});
  return fix;
}

//===----------------------------------------------------------------------===//
// The guard
//===----------------------------------------------------------------------===//

/// Whether a guard can be declared before a statement: it stands in a block, and not
/// in brackets, under a `case` or behind the `}` of an `if`; no other `guard` is near.
static bool mayDeclareGuard(SourceCache &sources, const SourceLocation &statement) {
  std::vector<SourceWord> words = wordsOf(sources.text(statement.file));
  std::size_t at = 0;
  while (at < words.size() && std::pair(words[at].line, words[at].column) < std::pair(statement.line, statement.column))
    ++at;
  if (at == words.size() || llvm::is_contained({"}", "else", "while", "case", "default"}, words[at].text))
    return false;
  int depth = 0;
  for (std::size_t i = at; i-- > 0;) {
    llvm::StringRef word = words[i].text;
    if (word == "guard" && depth <= 0)
      return false;
    if (word == ")" || word == "]" || word == "}")
      ++depth;
    else if ((word == "(" || word == "[") && depth-- <= 0)
      return false;
    else if (word == "{" && depth-- <= 0)
      depth = 0;
    if (depth == 0 && (word == "case" || word == "default"))
      return false;
    // Out of the function: what comes before is another one's.
    if (word == "}" && depth == 1 && words[i].column == 1)
      break;
  }
  // Two guards in one block cannot both be called that.
  for (std::size_t i = at, open = 1; i < words.size() && open; ++i) {
    open += words[i].text == "{" ? 1 : words[i].text == "}" ? -1 : 0;
    if (words[i].text == "guard")
      return false;
  }
  return true;
}

/// Where the statement around a column begins: behind what ends the one before it
/// on its line, or at the line's first word; 0 when it began on an earlier line.
static unsigned statementColumn(SourceCache &sources, const SourceLocation &place) {
  llvm::StringRef line = sources.line(place.file, place.line);
  int depth = 0;
  for (std::size_t i = place.column - 1; i-- > 0;) {
    depth += line[i] == ')' ? 1 : line[i] == '(' ? -1 : 0;
    bool ends = line[i] == ';' || line[i] == '{' || line[i] == '}';
    if (ends && depth == 0)
      return unsigned(line.find_first_not_of(' ', i + 1)) + 1;
    if (line[i] == '"' || line[i] == '\'')
      return 0;
  }
  std::size_t first = line.find_first_not_of(" \t");
  for (unsigned number = place.line - 1; number > 0; --number) {
    llvm::StringRef before = sources.line(place.file, number).split("//").first.rtrim();
    if (before.empty())
      continue;
    bool ends = before.ends_with(";") || before.ends_with("{") || before.ends_with("}");
    return ends ? unsigned(first) + 1 : 0;
  }
  return 0;
}

/// The word in the line: at the column, else the nearest one before it (the place
/// of a call is the method's name), else the first one after it.
static std::size_t findWord(llvm::StringRef line, llvm::StringRef word, std::size_t column) {
  auto isPart = [&](std::size_t i) { return i < line.size() && (llvm::isAlnum(line[i]) || line[i] == '_'); };
  std::size_t best = llvm::StringRef::npos;
  for (std::size_t at = line.find(word); at != llvm::StringRef::npos; at = line.find(word, at + 1)) {
    if (isPart(at + word.size()) || (at && isPart(at - 1)))
      continue;
    if (at > column && best != llvm::StringRef::npos)
      break;
    best = at;
  }
  return best;
}

namespace {

/// The lock that guards a variable, as a member beside it.
struct GuardMember {
  std::string name;
  const ir::Unit *unit = nullptr;
  const ir::Field *field = nullptr; ///< in the unit
  std::string typeName;             ///< without template arguments
  link::RecordId record = 0;        ///< its class, if it has one
};

/// The statement with an access, and how the variable is reached there.
struct AccessText {
  SourceLocation statement;
  llvm::StringRef line, path; ///< path: `this->`, `entry.`; often empty
  bool ownsLine = false;      ///< nothing stands before it
  std::string gap;            ///< between it and what is put in front
};

} // namespace

static std::optional<GuardMember> guardMember(const Solution &solution, const SharedVariable &variable) {
  const link::Program &program = solution.program;
  if (!variable.field || !variable.guardIsRelated || variable.guardsPointee)
    return std::nullopt;
  // The first part of the guard's path.
  llvm::StringRef key = solution.words[variable.guard];
  const link::FieldInfo &field = program.field(variable.field);
  key.consume_front(program.record(field.record).qualifiedName);
  if (!key.consume_front("::"))
    return std::nullopt;
  GuardMember found;
  found.name = key.split('.').first.str();
  link::FieldId member = program.findField(field.record, found.name);
  if (!member || !program.field(member).row.row)
    return std::nullopt;
  const link::RowRef &row = program.field(member).row;
  found.unit = &program.unit(row.unit);
  found.field = &found.unit->fields[row.row];
  found.typeName = found.unit->strings[found.unit->types[found.field->type].name];
  found.record = program.recordOfType(row.unit, found.field->type);
  return found;
}

static std::optional<AccessText> accessText(SourceCache &sources, SourceLocation place, llvm::StringRef variable) {
  AccessText found;
  found.line = sources.line(place.file, place.line);
  if (!place.macro.empty() || !place.column || place.column > found.line.size())
    return std::nullopt;
  std::size_t name = findWord(found.line, variable, place.column - 1);
  if (name == llvm::StringRef::npos)
    return std::nullopt;
  std::size_t start = name;
  while (start && (llvm::isAlnum(found.line[start - 1]) || llvm::StringRef("_.->:").contains(found.line[start - 1])))
    --start;
  found.path = found.line.slice(start, name);
  if (!found.path.empty() && !found.path.ends_with(".") && !found.path.ends_with("->"))
    return std::nullopt;
  place.column = unsigned(start) + 1;
  unsigned column = statementColumn(sources, place);
  if (!column)
    return std::nullopt;
  found.statement = place;
  found.statement.column = column;
  llvm::StringRef before = found.line.take_front(column - 1);
  found.ownsLine = before.trim().empty();
  found.gap = found.ownsLine ? "\n" + before.str() : " ";
  return found;
}

/// One statement on one line, which goes on to the next, between two calls.
static bool putBetween(const LockCalls &calls, const std::string &lock, const AccessText &access, FixIt &fix) {
  unsigned column = access.statement.column;
  llvm::StringRef text = access.line.substr(column - 1).rtrim();
  bool isPlain = text.ends_with(";") && text.count(';') == 1 && !text.contains('{') && !text.contains("return") &&
                 !text.contains("if ") && !text.contains("break") && !text.contains("goto") &&
                 text.count('(') == text.count(')');
  if (!isPlain || !access.ownsLine)
    return false;
  unsigned end = unsigned(access.line.rtrim().size()) + 1;
  fix.edits.push_back(editLine(access.statement, column, column, calls.acquire + "(&" + lock + ");" + access.gap));
  fix.edits.push_back(editLine(access.statement, end, end, access.gap + calls.release + "(&" + lock + ");"));
  return true;
}

/// A const function needs a mutable lock. False when its declaration is no line of
/// its own.
static bool makeMutable(SourceCache &sources, const GuardMember &guard, FixIt &fix) {
  const ir::Location &at = guard.unit->locations[guard.field->location];
  SourceLocation place;
  place.file = guard.unit->strings[guard.unit->files[at.file].path];
  place.line = at.line;
  llvm::StringRef line = sources.line(place.file, at.line);
  std::size_t first = line.find_first_not_of(" \t");
  if (at.macro || first == llvm::StringRef::npos || !line.ends_with(";"))
    return false;
  fix.edits.push_back(editLine(place, unsigned(first) + 1, unsigned(first) + 1, "mutable "));
  return true;
}

std::optional<FixIt> GuardFixes::at(const Race &race) {
  const SharedVariable &variable = *race.variable;
  const link::Program &program = S.program;
  std::optional<GuardMember> guard = guardMember(S, variable);
  if (!guard)
    return std::nullopt;
  StepId step = S.innermost(S.accesses[variable.runs[race.reported].access].step);
  std::optional<AccessText> access = accessText(Sources, S.location(step), program.field(variable.field).name);
  if (!access)
    return std::nullopt;
  // The path to the variable, as written here, leads to the lock.
  std::string lock = access->path.str() + guard->name;
  FixIt fix;
  fix.title = "hold `" + variable.guardDisplay + "` here";
  if (std::optional<LockCalls> calls = lockCallsOf(program, guard->typeName))
    return putBetween(*calls, lock, *access, fix) ? std::optional(std::move(fix)) : std::nullopt;

  const std::string &file = access->statement.file;
  if (!isLockable(program, guard->record) || isReadAsC(program, file).value_or(true))
    return std::nullopt;
  const link::FunctionInfo &function = program.function(S.steps[step].function);
  bool isConst = (function.flags & ir::FunctionIsConst) && access->path.empty();
  if (isConst && !(guard->field->flags & ir::FieldIsMutable) && !makeMutable(Sources, *guard, fix))
    return std::nullopt;
  if (!mayDeclareGuard(Sources, access->statement) || !addInclude(Sources, file, "<mutex>", fix))
    return std::nullopt;
  const ir::Unit &unit = program.unit(function.row.unit);
  if (!Guarded.insert({file, unit.locations[unit.functions[function.row.row].location].line}).second)
    return std::nullopt;
  std::string type(guard->unit->text(guard->unit->records[guard->unit->types[guard->field->type].record].displayName));
  unsigned column = access->statement.column;
  fix.edits.push_back(
      editLine(access->statement, column, column, "std::lock_guard<" + type + "> guard(" + lock + ");" + access->gap));
  return fix;
}

} // namespace gridlock::checks
