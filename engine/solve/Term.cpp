//===- Term.cpp - Symbolic values and access paths --------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/solve/Term.h"
#include "engine/solve/MixHash.h"
#include "engine/summary/Parameters.h"

namespace gridlock::solve {

/// Terms deeper than this lose their identity: a path of about five selectors,
/// each a Field of a Deref of an Initial.
static constexpr unsigned maximalDepth = 20;

static std::uint64_t hashOf(const Term &term) {
  std::uint64_t head = (std::uint64_t(term.kind) << 8) | std::uint64_t(term.op);
  std::uint64_t operands = (std::uint64_t(term.a) << 32) | term.b;
  return mixBits(mixBits(operands + (head << 48)) + std::uint64_t(term.number));
}

static bool isSame(const Term &a, const Term &b) {
  return a.kind == b.kind && a.op == b.op && a.a == b.a && a.b == b.b && a.number == b.number;
}

/// Whether a path goes on through the term to its operand.
static bool leadsOn(TermKind kind) {
  return kind == TermKind::Field || kind == TermKind::Element || kind == TermKind::Deref || kind == TermKind::Initial ||
         kind == TermKind::Address;
}

/// What follows from the parts of a term.
void TermTable::derive(Term &term) const {
  auto inherit = [&](TermId part) {
    const Term &other = Terms[part];
    term.mentionsFormal |= other.mentionsFormal;
    term.mentionsLocal |= other.mentionsLocal;
    term.mentionsInitial |= other.mentionsInitial;
    term.mentionsMade |= other.mentionsMade;
    term.inputsOnly &= other.inputsOnly;
    term.weak |= other.weak;
    term.depth = std::max<unsigned>(term.depth, other.depth + 1u);
  };
  // Composed terms start from true, and take it back for a part without it.
  term.inputsOnly = term.kind != TermKind::Opaque && term.kind != TermKind::Local && term.kind != TermKind::Heap;
  switch (term.kind) {
  case TermKind::Formal:
    term.mentionsFormal = true;
    break;
  case TermKind::Initial:
    term.mentionsInitial = true;
    inherit(term.a);
    break;
  case TermKind::Address:
  case TermKind::Unary:
  case TermKind::Field:
  case TermKind::Deref:
    inherit(term.a);
    break;
  case TermKind::Element:
    inherit(term.a);
    if (term.b)
      inherit(term.b);
    else
      term.weak = true;
    break;
  case TermKind::Binary:
    inherit(term.a);
    inherit(term.b);
    break;
  case TermKind::Opaque: {
    auto origin = OriginKind(term.a);
    term.weak = origin == OriginKind::Merge || origin == OriginKind::Loop || origin == OriginKind::Aged ||
                origin == OriginKind::Share;
    term.mentionsMade = true;
    break;
  }
  case TermKind::Heap:
    term.mentionsMade = true;
    break;
  case TermKind::Local:
    term.mentionsLocal = true;
    break;
  default:
    break;
  }
}

TermId TermTable::make(Term term) {
  // Nearly always the term is known, and its parts need not be looked at.
  const std::uint64_t hash = hashOf(term);
  if (TermId known = Index.find(hash, [&](TermId id) { return isSame(Terms[id], term); }))
    return known;
  derive(term);
  if (term.depth > maximalDepth) {
    TermId lost = opaque(OriginKind::Aged, 0);
    return term.kind >= TermKind::Local ? deref(lost) : lost;
  }
  const TermId id = TermId(Terms.size());
  Index.add(hash, id);
  term.root = leadsOn(term.kind) ? Terms[term.a].root : id;
  Terms.push_back(term);
  return id;
}

TermId TermTable::string(std::string_view text) {
  auto [entry, isNew] = StringIds.try_emplace(text, std::uint32_t(Strings.size()));
  if (isNew)
    Strings.emplace_back(text);
  return make({.kind = TermKind::String, .a = entry->second});
}

TermId TermTable::address(TermId place) {
  if (Terms[place].kind == TermKind::Deref)
    return Terms[place].a;
  return make({.kind = TermKind::Address, .a = place});
}

TermId TermTable::deref(TermId value) {
  if (Terms[value].kind == TermKind::Address)
    return Terms[value].a;
  return make({.kind = TermKind::Deref, .a = value});
}

TermId TermTable::unary(ir::Operator op, TermId operand) {
  const Term &term = Terms[operand];
  if (term.kind == TermKind::Integer)
    if (std::optional<std::int64_t> value = foldIntegers(op, term.number))
      return integer(*value);
  if (op == ir::Operator::Not)
    return binary(ir::Operator::Equal, operand, integer(0));
  return make({.kind = TermKind::Unary, .op = op, .a = operand});
}

std::optional<std::int64_t> foldIntegers(ir::Operator op, std::int64_t left, std::int64_t right) {
  using enum ir::Operator;
  auto wrap = [](std::uint64_t value) { return std::int64_t(value); };
  std::uint64_t l = std::uint64_t(left), r = std::uint64_t(right);
  switch (op) {
  case Not:
    return !left;
  case Negate:
    return wrap(0 - l);
  case Complement:
    return ~left;
  case Equal:
    return left == right;
  case NotEqual:
    return left != right;
  case Less:
    return left < right;
  case LessEqual:
    return left <= right;
  case Greater:
    return left > right;
  case GreaterEqual:
    return left >= right;
  case Add:
    return wrap(l + r);
  case Subtract:
    return wrap(l - r);
  case Multiply:
    return wrap(l * r);
  case And:
    return left & right;
  case Or:
    return left | right;
  case Xor:
    return left ^ right;
  case ShiftLeft:
    return right >= 0 && right < 63 ? std::optional(wrap(l << r)) : std::nullopt;
  case ShiftRight:
    return right >= 0 && right < 63 ? std::optional(left >> right) : std::nullopt;
  case Divide:
    return right > 0 ? std::optional(left / right) : std::nullopt;
  case Remainder:
    return right > 0 ? std::optional(left % right) : std::nullopt;
  default:
    return std::nullopt;
  }
}

namespace {
/// What is known of the bits of a value.
struct KnownBits {
  std::uint64_t ones = 0, zeros = 0;
};
} // namespace

static KnownBits knownBits(const TermTable &terms, TermId value, unsigned depth = 0) {
  const Term &term = terms[value];
  if (term.kind == TermKind::Integer)
    return {std::uint64_t(term.number), ~std::uint64_t(term.number)};
  bool isBitwise = term.op == ir::Operator::And || term.op == ir::Operator::Or;
  if (term.kind != TermKind::Binary || !isBitwise || depth > 6)
    return {};
  KnownBits a = knownBits(terms, term.a, depth + 1), b = knownBits(terms, term.b, depth + 1);
  return term.op == ir::Operator::Or ? KnownBits{a.ones | b.ones, a.zeros & b.zeros}
                                     : KnownBits{a.ones & b.ones, a.zeros | b.zeros};
}

/// A mask of flags, in one spelling: what others than the flags asked for have
/// done to the word does not matter.
TermId TermTable::masked(TermId value, std::int64_t mask) {
  const std::uint64_t wanted = std::uint64_t(mask);
  KnownBits known = knownBits(*this, value);
  if (((known.ones | known.zeros) & wanted) == wanted)
    return integer(std::int64_t(known.ones & wanted));
  const Term word = Terms[value];
  if (word.kind == TermKind::Binary && word.op == ir::Operator::And && Terms[word.b].kind == TermKind::Integer)
    return masked(word.a, mask & Terms[word.b].number);
  if (word.kind == TermKind::Binary && word.op == ir::Operator::Or) {
    if ((knownBits(*this, word.a).zeros & wanted) == wanted)
      return masked(word.b, mask);
    if ((knownBits(*this, word.b).zeros & wanted) == wanted)
      return masked(word.a, mask);
  }
  return make({.kind = TermKind::Binary, .op = ir::Operator::And, .a = value, .b = integer(mask)});
}

TermId TermTable::binary(ir::Operator op, TermId left, TermId right) {
  using enum ir::Operator;
  const Term l = Terms[left], r = Terms[right];
  if (l.kind == TermKind::Integer && r.kind == TermKind::Integer) {
    if (std::optional<std::int64_t> value = foldIntegers(op, l.number, r.number))
      return integer(*value);
  }
  // One spelling for each comparison: constants on the right, Less and Equal
  // with their negations.
  if (op == Greater)
    return binary(Less, right, left);
  if (op == GreaterEqual)
    return binary(LessEqual, right, left);
  if (op == Equal || op == NotEqual) {
    bool sameStrong = left == right && !l.weak;
    if (sameStrong)
      return integer(op == Equal);
    auto isObject = [&](const Term &t) {
      bool fresh = t.kind == TermKind::Opaque && OriginKind(t.a) == OriginKind::Fresh;
      return fresh || t.kind == TermKind::Function || t.kind == TermKind::String ||
             (t.kind == TermKind::Address && !mayBeNull(t));
    };
    auto isTryFailure = [](const Term &t) {
      return t.kind == TermKind::Opaque && OriginKind(t.a) == OriginKind::TryFailure;
    };
    if ((isTryFailure(l) && r.kind == TermKind::Integer) || (isTryFailure(r) && l.kind == TermKind::Integer))
      return integer(((isTryFailure(l) ? r.number : l.number) != 0) == (op == Equal));
    if (isObject(l) && r.kind == TermKind::Integer && r.number == 0)
      return integer(op == NotEqual);
    if (isObject(r) && l.kind == TermKind::Integer && l.number == 0)
      return integer(op == NotEqual);
    if (l.kind == TermKind::Function && r.kind == TermKind::Function)
      return integer((left == right) == (op == Equal));
    // A stream or a child that this function made is none that it was given.
    auto isMade = [](const Term &t) {
      return t.kind == TermKind::Opaque && !t.weak &&
             (OriginKind(t.a) == OriginKind::PipeEnd || OriginKind(t.a) == OriginKind::Child);
    };
    if ((isMade(l) && r.kind == TermKind::Initial && !r.weak) || (isMade(r) && l.kind == TermKind::Initial && !l.weak))
      return integer(op == NotEqual);
    // Two variables are two objects, and so are their parts.
    auto variable = [&](const Term &t) -> TermId {
      TermId part = t.kind == TermKind::Address ? t.a : 0;
      while (part && (Terms[part].kind == TermKind::Field || Terms[part].kind == TermKind::Element))
        part = Terms[part].a;
      return part && (Terms[part].kind == TermKind::Local || Terms[part].kind == TermKind::Global) ? part : 0;
    };
    bool areWhole =
        l.kind == TermKind::Address && r.kind == TermKind::Address && variable(l) == l.a && variable(r) == r.a;
    if (TermId one = variable(l), other = variable(r); one && other && (one != other || (areWhole && left != right)))
      return integer(op == NotEqual);
    if (l.kind == TermKind::Integer || (r.kind != TermKind::Integer && left > right))
      std::swap(left, right);
    // Of flags: what no bit of the mask can make is never equal, and one bit is
    // either there or not.
    const Term flags = Terms[left];
    if (flags.kind == TermKind::Binary && flags.op == And && Terms[flags.b].kind == TermKind::Integer &&
        Terms[right].kind == TermKind::Integer) {
      std::int64_t mask = Terms[flags.b].number, wanted = Terms[right].number;
      if (wanted & ~mask)
        return integer(op == NotEqual);
      if (wanted == mask && llvm::has_single_bit(std::uint64_t(mask)))
        return binary(op == Equal ? NotEqual : Equal, left, integer(0));
    }
    // (x == 0) == 0 is x != 0, and (x == 0) == 1 is x == 0.
    if ((isInteger(right, 0) || isInteger(right, 1)) && Terms[left].kind == TermKind::Binary) {
      const Term inner = Terms[left];
      if (inner.op == Equal || inner.op == NotEqual || inner.op == Less || inner.op == LessEqual) {
        if ((op == NotEqual) == isInteger(right, 0))
          return left;
        switch (inner.op) {
        case Equal:
          return binary(NotEqual, inner.a, inner.b);
        case NotEqual:
          return binary(Equal, inner.a, inner.b);
        case Less:
          return binary(LessEqual, inner.b, inner.a);
        default:
          return binary(Less, inner.b, inner.a);
        }
      }
    }
  }
  if ((op == Add || op == Subtract || op == Or || op == Xor) && isInteger(right, 0))
    return left;
  if (op == Subtract && left == right && !l.weak)
    return integer(0);
  if ((op == And || op == Or) && l.kind == TermKind::Integer)
    std::swap(left, right);
  if (op == And && Terms[right].kind == TermKind::Integer)
    return masked(left, Terms[right].number);
  return make({.kind = TermKind::Binary, .op = op, .a = left, .b = right});
}

llvm::SmallVector<TermId, 12> TermTable::steps(TermId place) const {
  llvm::SmallVector<TermId, 12> steps{place};
  const TermId start = root(place);
  while (place != start)
    steps.push_back(place = Terms[place].a);
  std::reverse(steps.begin(), steps.end());
  return steps;
}

TermId TermTable::declared(TermId place, bool throughPointers) const {
  for (TermId walk = place; walk;) {
    const Term &term = Terms[walk];
    if (term.kind == TermKind::Global || (term.kind == TermKind::Field && Linked.field(term.b).record))
      return walk;
    bool follows = throughPointers &&
                   (term.kind == TermKind::Deref || term.kind == TermKind::Initial || term.kind == TermKind::Address);
    if (term.kind != TermKind::Field && term.kind != TermKind::Element && !follows)
      return 0;
    walk = term.a;
  }
  return 0;
}

bool TermTable::mentions(TermId id, TermId part) const {
  if (id == part)
    return true;
  const Term &term = Terms[id];
  switch (term.kind) {
  case TermKind::Field:
  case TermKind::Deref:
  case TermKind::Initial:
  case TermKind::Address:
  case TermKind::Unary:
    return mentions(term.a, part);
  case TermKind::Element:
  case TermKind::Binary:
    return mentions(term.a, part) || (term.b && mentions(term.b, part));
  default:
    return false;
  }
}

void TermTable::forEachMade(TermId id, llvm::function_ref<void(TermId)> visit) const {
  const Term &term = Terms[id];
  if (!term.mentionsMade)
    return;
  if (term.kind == TermKind::Heap || term.kind == TermKind::Opaque) {
    visit(id);
    return;
  }
  forEachMade(term.a, visit);
  if (term.kind == TermKind::Element || term.kind == TermKind::Binary)
    forEachMade(term.b, visit);
}

TermId TermTable::rewrite(TermId id, llvm::function_ref<TermId(TermId)> replace,
                          llvm::function_ref<TermId(TermId)> initialValue) {
  if (!id)
    return 0;
  if (TermId replacement = replace(id))
    return replacement;
  const Term term = Terms[id];
  switch (term.kind) {
  case TermKind::Initial: {
    TermId place = rewrite(term.a, replace, initialValue);
    return initialValue(place);
  }
  case TermKind::Address:
  case TermKind::Deref:
  case TermKind::Field:
  case TermKind::Unary:
    return rebuild(term, rewrite(term.a, replace, initialValue), term.b);
  case TermKind::Element:
  case TermKind::Binary: {
    TermId a = rewrite(term.a, replace, initialValue);
    return rebuild(term, a, rewrite(term.b, replace, initialValue));
  }
  default:
    return id;
  }
}

TermId TermTable::rebuild(const Term &term, TermId a, TermId b) {
  switch (term.kind) {
  case TermKind::Initial:
    return initial(a);
  case TermKind::Address:
    return address(a);
  case TermKind::Deref:
    return deref(a);
  case TermKind::Field:
    return field(a, b);
  case TermKind::Element:
    return element(a, b);
  case TermKind::Unary:
    return unary(term.op, a);
  case TermKind::Binary:
    return binary(term.op, a, b);
  default:
    return 0;
  }
}

//===----------------------------------------------------------------------===//
// Spelling
//===----------------------------------------------------------------------===//

static std::string formalName(const link::Program &program, link::FunctionId id, unsigned position) {
  const ir::Function &function = program.body(id);
  const ir::Unit &unit = program.unit(program.function(id).row.unit);
  for (std::uint32_t i = 0; i < function.variables.count; ++i) {
    const ir::Variable &variable = unit.variables[unit.lists[function.variables.first + i]];
    bool isMethod = ir::takesObject(unit, function);
    if (variable.kind == ir::VariableKind::This && position == 0)
      return "this";
    if (variable.kind == ir::VariableKind::Parameter && variable.position + unsigned(isMethod) == position)
      return std::string(unit.strings[variable.name]);
  }
  return "argument " + std::to_string(position);
}

std::string TermTable::spellPlace(TermId id, link::FunctionId function) const {
  const Term &term = Terms[id];
  switch (term.kind) {
  case TermKind::Local: {
    const ir::Unit &unit = Linked.unit(Linked.function(term.a).row.unit);
    std::string name = unit.strings[unit.variables[term.b].name];
    return name.empty() ? "(temporary)" : name;
  }
  case TermKind::Global:
    return std::string(Linked.global(term.a).qualifiedName);
  case TermKind::Heap:
    return "(new object)";
  case TermKind::Field: {
    std::string name(Linked.field(term.b).name);
    const Term &base = Terms[term.a];
    if (name.empty() || name.starts_with("$"))
      return spellPlace(term.a, function);
    if (base.kind == TermKind::Deref) {
      std::string object = spell(base.a, function);
      // Members of the own object need no `this`.
      return object == "this" ? name : object + "->" + name;
    }
    return spellPlace(term.a, function) + "." + name;
  }
  case TermKind::Element: {
    std::string index = term.b ? spell(term.b, function) : "...";
    return spellPlace(term.a, function) + "[" + (index.size() > 12 ? "..." : index) + "]";
  }
  case TermKind::Deref: {
    std::string pointer = spell(term.a, function);
    return pointer == "this" ? "*this" : "*" + pointer;
  }
  default:
    return "?";
  }
}

std::string TermTable::spell(TermId id, link::FunctionId function) const {
  const Term &term = Terms[id];
  switch (term.kind) {
  case TermKind::Integer:
    return std::to_string(term.number);
  case TermKind::String:
    return '"' + Strings[term.a] + '"';
  case TermKind::Function:
    return std::string(Linked.function(term.a).displayName);
  case TermKind::Address:
    return "&" + spellPlace(term.a, function);
  case TermKind::Initial:
    return spellPlace(term.a, function);
  case TermKind::Formal:
    return function ? formalName(Linked, function, term.a) : "argument " + std::to_string(term.a);
  case TermKind::Opaque:
    return OriginKind(term.a) == OriginKind::CapturedThis ? "this" : "...";
  case TermKind::Binary:
  case TermKind::Unary:
    return "...";
  default:
    return spellPlace(id, function);
  }
}

} // namespace gridlock::solve
