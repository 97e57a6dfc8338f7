//===- CapturedObjects.cpp - The objects of stored lambdas ------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/solve/CapturedObjects.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::solve {

/// Objects that one lambda is followed to.
static constexpr std::size_t objectLimit = 6;

/// The lambda's field at which a path starts; 0: it starts elsewhere.
link::FieldId CapturedObjects::capturedField(TermId place) const {
  const Term &root = S.terms[S.terms.root(place)];
  return isCapturedThis(root) ? link::FieldId(root.number) : 0;
}

/// What functions that nobody calls capture: one object stands for all on which
/// outsiders may call them.
void CapturedObjects::addOpenCaptures() {
  for (const Root &root : S.roots) {
    if (!root.function || root.spawn || root.isHandler)
      continue;
    for (const CaptureRecord &record : S.summaries[root.function].captures) {
      TermId object = S.terms.rewrite(
          record.object,
          [&](TermId leaf) -> TermId {
            if (S.terms[leaf].kind != TermKind::Formal)
              return 0;
            return S.terms.address(S.terms.heap(std::int64_t(llvm::hash_combine(root.function, leaf, 57))));
          },
          [&](TermId place) { return S.terms.initial(place); });
      S.captures[record.field].push_back({object, record.repeated, root.function, 0});
    }
  }
}

const llvm::SmallVector<std::uint32_t, 2> &CapturedObjects::objectsOf(link::FieldId field) {
  auto [entry, isNew] = ByField.try_emplace(field);
  auto captures = S.captures.find(field);
  if (!isNew || captures == S.captures.end())
    return entry->second;
  llvm::SmallVector<std::uint32_t, 2> found;
  auto add = [&](TermId address, bool repeated, link::FunctionId function) {
    for (std::uint32_t known : found)
      if (Objects[known].address == address) {
        Objects[known].repeated |= repeated;
        return;
      }
    if (found.size() == objectLimit)
      return;
    found.push_back(std::uint32_t(Objects.size()));
    Objects.push_back({field, address, repeated, function});
  };
  for (const Capture &capture : captures->second) {
    link::FieldId outer = capturedField(capture.object);
    if (!outer) {
      add(capture.object, capture.repeated, capture.function);
      continue;
    }
    MadeIn.insert({field, outer});
    if (outer == field)
      continue;
    for (std::uint32_t object : llvm::SmallVector<std::uint32_t, 2>(objectsOf(outer))) {
      TermId address = S.terms.rewrite(
          capture.object,
          [&](TermId leaf) { return leaf == S.terms.root(capture.object) ? Objects[object].address : 0; },
          [&](TermId place) { return S.terms.initial(place); });
      add(address, capture.repeated || Objects[object].repeated, Objects[object].function);
    }
  }
  return ByField[field] = std::move(found);
}

/// What is made inside what was made inside a lambda was made inside that one.
void CapturedObjects::closeMadeIn() {
  for (bool changed = true; changed;) {
    changed = false;
    for (auto [inner, outer] : std::vector(MadeIn.begin(), MadeIn.end()))
      for (auto [next, outermost] : std::vector(MadeIn.begin(), MadeIn.end()))
        if (next == outer)
          changed |= MadeIn.insert({inner, outermost}).second;
  }
}

void CapturedObjects::nameAccesses() {
  addOpenCaptures();
  for (const auto &[field, captures] : S.captures)
    objectsOf(field);
  closeMadeIn();
  for (std::size_t i = 0, n = S.accesses.size(); i < n; ++i) {
    link::FieldId field = capturedField(S.accesses[i].subject);
    if (!field)
      continue;
    for (std::uint32_t object : objectsOf(field)) {
      Access access = S.accesses[i];
      TermId captured = S.terms.root(access.subject);
      access.subject = S.terms.rewrite(
          access.subject, [&](TermId leaf) { return leaf == captured ? Objects[object].address : 0; },
          [&](TermId place) { return S.terms.initial(place); });
      if (!isExactRoot(S.terms[S.terms.root(access.subject)]) || !S.terms.isPlace(access.subject))
        continue;
      access.flags |= AccessIsCaptured;
      access.capture = object;
      S.accesses.push_back(std::move(access));
    }
  }
}

bool CapturedObjects::areOneJob(const Access &a, const Access &b) const {
  if (!a.capture || !b.capture)
    return false;
  if (a.capture == b.capture)
    return !Objects[a.capture].repeated;
  link::FieldId x = Objects[a.capture].field, y = Objects[b.capture].field;
  return MadeIn.contains({x, y}) || MadeIn.contains({y, x});
}

bool CapturedObjects::isBeforeCapture(const Access &a, std::uint32_t rootOfA, const Access &b) const {
  if (a.capture || !b.capture || (a.flags & AccessIsAfterCapture))
    return false;
  return llvm::any_of(S.contexts[Objects[b.capture].function],
                      [&](const Context &context) { return context.root == rootOfA; });
}

} // namespace gridlock::solve
