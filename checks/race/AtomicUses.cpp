//===- AtomicUses.cpp - Whether a variable can become atomic --------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/race/AtomicUses.h"
#include "checks/common/SourceText.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace gridlock::checks {

using namespace solve;

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

static std::string_view pathOf(const ir::Unit &unit, ir::Index file) { return unit.text(unit.files[file].path); }

std::optional<bool> isReadAsC(const link::Program &program, llvm::StringRef file) {
  bool byC = false, byOthers = false;
  for (link::UnitId id = 0; id < program.unitCount(); ++id) {
    const ir::Unit &unit = program.unit(id);
    bool reads =
        llvm::any_of(unit.files, [&](const ir::File &row) { return file == llvm::StringRef(unit.text(row.path)); });
    if (reads)
      (llvm::StringRef(pathOf(unit, unit.mainFile)).ends_with(".c") ? byC : byOthers) = true;
  }
  return byC != byOthers ? std::optional<bool>(byC) : std::nullopt;
}

std::set<std::string> filesOf(const Solution &solution, const SharedVariable &variable, const std::string &declaredIn) {
  std::set<std::string> files{declaredIn};
  for (const AccessRun &run : variable.runs)
    files.insert(solution.location(solution.innermost(solution.accesses[run.access].step)).file);
  if (!variable.field)
    return files;
  for (link::UnitId id = 0; id < solution.program.unitCount(); ++id) {
    const ir::Unit &unit = solution.program.unit(id);
    for (ir::Index row = 1; row < unit.files.size(); ++row)
      if (!(unit.files[row].flags & ir::FileIsSystem))
        files.insert(std::string(pathOf(unit, row)));
  }
  return files;
}

//===----------------------------------------------------------------------===//
// Copies
//===----------------------------------------------------------------------===//

/// The class, those derived from it, and those that have a member of one of them.
static std::vector<bool> withRecord(const link::Program &program, link::RecordId record) {
  std::vector<bool> has(program.recordCount(), false);
  has[record] = true;
  for (bool changed = true; changed;) {
    changed = false;
    for (link::RecordId id = 1; id < program.recordCount(); ++id) {
      const link::RecordInfo &info = program.record(id);
      bool contains = llvm::any_of(info.bases, [&](link::RecordId base) { return has[base]; }) ||
                      llvm::any_of(info.fields, [&](link::FieldId field) {
                        const link::RowRef &row = program.field(field).row;
                        ir::Index type = program.unit(row.unit).fields[row.row].type;
                        return row.row && has[program.recordOfType(row.unit, type)];
                      });
      changed |= contains && !has[id];
      has[id] = has[id] || contains;
    }
  }
  return has;
}

bool mayBeCopied(const link::Program &program, link::RecordId record) {
  std::vector<bool> has = withRecord(program, record);
  has[0] = false;
  for (link::UnitId id = 0; id < program.unitCount(); ++id) {
    const ir::Unit &unit = program.unit(id);
    auto isOne = [&](ir::Index type) { return has[program.recordOfType(id, type)]; };
    // A container of them moves them about.
    for (const ir::Record &row : unit.records)
      for (std::uint32_t i = 0; i < row.templateArguments.count; ++i)
        if (isOne(unit.lists[row.templateArguments.first + i]))
          return true;
    for (const ir::Event &event : unit.events) {
      if (event.kind == ir::EventKind::Assign && unit.exprs[event.b].kind == ir::ExprKind::Load &&
          isOne(unit.exprs[event.a].type))
        return true;
      if (event.kind != ir::EventKind::Call)
        continue;
      const link::FunctionInfo &callee = program.function(program.link(id).functions[unit.calls[event.a].callee]);
      if ((callee.flags & ir::FunctionIsCopyOrMove) && has[callee.record])
        return true;
    }
  }
  return false;
}

//===----------------------------------------------------------------------===//
// Uses
//===----------------------------------------------------------------------===//

namespace {

/// Where a use stands: the words around the whole path to it.
struct Use {
  llvm::StringRef before, earlier, after;
  bool isStatement = false;    ///< nothing of the statement comes before it
  bool isCaptured = false;     ///< `&` before it stands in the list of a lambda
  bool makesReference = false; ///< the statement declares a reference or a pointer
  bool isReadAgain = false;    ///< the statement names it once more
  llvm::StringRef statement;   ///< the statement's first word
};

} // namespace

static bool beginsStatement(llvm::StringRef word) {
  return word.empty() || word == ";" || word == "{" || word == "}" || word == ")" || word == "else" || word == "do" ||
         word == ":";
}

/// Whether the innermost bracket that is open before a word is a lambda's `[`.
static bool standsInCaptures(llvm::ArrayRef<SourceWord> words, std::size_t at) {
  int depth = 0;
  while (at-- > 0) {
    llvm::StringRef word = words[at].text;
    if (word == ")" || word == "]" || word == "}")
      ++depth;
    else if ((word == "(" || word == "[" || word == "{") && depth-- == 0)
      return word == "[" &&
             (!at || (!isName(words[at - 1].text) && words[at - 1].text != ")" && words[at - 1].text != "]"));
    else if (word == ";" && depth == 0)
      return false;
  }
  return false;
}

static Use useAt(llvm::ArrayRef<SourceWord> words, std::size_t at) {
  std::size_t first = at;
  // Back over `object.`, `pointer->`, `space::`.
  while (first >= 2 &&
         (words[first - 1].text == "." || words[first - 1].text == "->" || words[first - 1].text == "::") &&
         (llvm::isAlnum(words[first - 2].text.front()) || words[first - 2].text.front() == '_'))
    first -= 2;
  Use use;
  use.before = first ? words[first - 1].text : "";
  use.earlier = first > 1 ? words[first - 2].text : "";
  use.after = at + 1 < words.size() ? words[at + 1].text : "";
  use.isStatement = beginsStatement(use.before);
  use.isCaptured = use.before == "&" && standsInCaptures(words, first - 1);
  std::size_t start = first;
  while (start && words[start - 1].text != ";" && words[start - 1].text != "{" && words[start - 1].text != "}")
    --start;
  use.statement = words[start].text;
  for (std::size_t i = start; i < first && words[i].text != "="; ++i)
    use.makesReference |= words[i].text == "&" || words[i].text == "*" || words[i].text == "&&";
  for (std::size_t i = at + 1; i < words.size() && words[i].text != ";"; ++i)
    use.isReadAgain |= words[i].text == words[at].text;
  return use;
}

/// A use that an atomic object has as well, and that is one operation on it.
static bool suitsAtomic(const Use &use, bool isBool) {
  auto isOne = [](llvm::StringRef word, std::initializer_list<llvm::StringRef> list) {
    return llvm::is_contained(list, word);
  };
  bool deduces = use.statement == "auto" || use.statement == "decltype";
  if (isOne(use.before, {"++", "--"}) || isOne(use.after, {"++", "--", "+=", "-=", "&=", "|=", "^="}))
    return !isBool && !deduces;
  if (use.after == "=") // `hits = hits + 1` stays two operations
    return use.isStatement && !use.isReadAgain;
  if (isOne(use.after, {"*=", "/=", "%=", "<<=", ">>=", "[", ".", "->", "::"}) || isOne(use.before, {"*", "~"}))
    return false;
  if (use.before == "&")
    return use.isCaptured;
  static constexpr llvm::StringLiteral values[] = {"<", ">", "==", "!=", "<=", ">=", "&&", "||", "+", "-", "%", "!"};
  if (llvm::is_contained(values, use.before) || llvm::is_contained(values, use.after))
    return !deduces;
  if (use.before == "(" && use.after == ")")
    return use.earlier == "if" || use.earlier == "while" || use.earlier == "!";
  if (use.before == "<<" && (use.after == "<<" || use.after == ";"))
    return true;
  if (use.before == "=" && use.after == ";")
    return !use.makesReference && isOne(use.statement, {"int", "unsigned", "long", "bool", "size_t", "short", "const"});
  return false;
}

/// `return hits;` of a function whose head, on the same line or the line before,
/// returns a plain value.
static bool returnsValue(SourceCache &sources, const std::string &file, const SourceWord &word) {
  for (unsigned number = word.line; number > 0 && number + 3 > word.line; --number) {
    llvm::StringRef line = sources.line(file, number);
    if (!line.contains('(') || !line.contains('{'))
      continue;
    llvm::StringRef head = line.split('(').first;
    return !head.contains('&') && !head.contains("auto") && !line.contains("->") && !line.contains('[');
  }
  return false;
}

bool allUsesSuitAtomic(SourceCache &sources, const std::set<std::string> &files, const DeclaredName &declared) {
  for (const std::string &file : files) {
    llvm::StringRef text = sources.text(file);
    if (!text.contains(declared.name))
      continue;
    if (standsInDirective(text, declared.name))
      return false;
    std::vector<SourceWord> words = wordsOf(text);
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (words[i].text != declared.name)
        continue;
      if (file == declared.file && words[i].line == declared.line && words[i].column == declared.column)
        continue;
      Use use = useAt(words, i);
      bool isMember = i && (words[i - 1].text == "." || words[i - 1].text == "->");
      bool initialises =
          (use.after == "(" || use.after == "{") && !isMember && (use.before == ":" || use.before == ",");
      bool returns = use.before == "return" && use.after == ";" && returnsValue(sources, file, words[i]);
      if (!initialises && !returns && !suitsAtomic(use, declared.isBool))
        return false;
    }
  }
  return true;
}

} // namespace gridlock::checks
