//===- CriticalSections.h - Where locks are taken ---------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The critical sections of a program, by the class of their lock, and what they
// do input or output on. A section belongs to the function that has the lock
// until it is released: when `Guard::Guard` or `Mutex::lock` takes it for its
// caller, the section is the caller's, by the name that the lock has there.
//
// The executor fills it in the last pass, in one thread; rules read it.
//
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SOLVE_CRITICALSECTIONS_H
#define GRIDLOCK_ENGINE_SOLVE_CRITICALSECTIONS_H

#include "engine/solve/LockName.h"
#include "engine/solve/Summary.h"
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace gridlock::solve {

class CriticalSections {
public:
  /// The function, and the row of the acquisition or of the call that brings it.
  using Section = std::pair<link::FunctionId, ir::Index>;

  /// The lock is taken at this step.
  void begin(const LockName &lock, const Step &at) { All[lock.classKey].insert({at.function, at.location}); }
  /// What was taken at this step is handed to the caller, whose section it is.
  void handOut(const Step &at) { HandedOut.insert({at.function, at.location}); }
  /// The section that began at this step uses the descriptor in this place.
  void use(const LockName &lock, const Step &at, std::uint64_t descriptorHolder) {
    Using[{lock.classKey, descriptorHolder}].insert({at.function, at.location});
  }

  /// The sections of a class of locks; linear in their number.
  std::vector<Section> of(const std::string &classKey) const { return withoutHandedOut(All, classKey); }

  /// Whether the class has sections and every one of them uses the descriptor.
  bool allUse(const std::string &classKey, std::uint64_t descriptorHolder) const {
    std::vector<Section> all = of(classKey);
    return !all.empty() && withoutHandedOut(Using, {classKey, descriptorHolder}).size() >= all.size();
  }

private:
  template <typename Key>
  std::vector<Section> withoutHandedOut(const std::map<Key, std::set<Section>> &sections, const Key &key) const {
    std::vector<Section> result;
    if (auto found = sections.find(key); found != sections.end())
      for (const Section &section : found->second)
        if (!HandedOut.count(section))
          result.push_back(section);
    return result;
  }

  std::map<std::string, std::set<Section>> All;
  std::map<std::pair<std::string, std::uint64_t>, std::set<Section>> Using;
  std::set<Section> HandedOut;
};

} // namespace gridlock::solve

#endif
