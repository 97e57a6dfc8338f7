//===- mutex.h - Locks with a name and a rank -------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// `gridlock::checked<Mutex, Rank>` is a lock of any standard type with a name
/// for reports and, if given, a rank that fixes the order in which locks are
/// taken:
///
///   gridlock::checked<std::mutex> cache_lock{"cache"};
///   gridlock::checked<std::shared_mutex, 20> table_lock{"table"};
///
/// It has the members of Mutex and works with std::lock_guard, std::unique_lock,
/// std::shared_lock, std::scoped_lock, std::condition_variable_any and
/// gridlock::acquire. When checking is on, it tells the run time (when that is
/// loaded) its name and rank. When checking is off, it is nothing but the plain
/// lock: the same size, no calls. The rank is part of the type, so acquire
/// orders by it in every build.
///
/// Checking is on unless NDEBUG is defined; GRIDLOCK_CHECKED as 0 or 1 decides
/// otherwise. The two modes live in different inline namespaces: a program that
/// mixes them across an interface fails to link instead of misbehaving.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_MUTEX_H
#define GRIDLOCK_MUTEX_H

#include "gridlock/annotate.h"
#include "gridlock/detail/view.h"

#include <climits>
#include <mutex>
#include <type_traits>
#include <utility>

#ifndef GRIDLOCK_CHECKED
#ifdef NDEBUG
#define GRIDLOCK_CHECKED 0
#else
#define GRIDLOCK_CHECKED 1
#endif
#endif

namespace gridlock {

/// The rank of locks that have none: one band above all ranks.
inline constexpr int unranked = INT_MAX;

#if GRIDLOCK_CHECKED
inline namespace checking_on {
#else
inline namespace checking_off {
#endif

template <typename Mutex, int Rank = unranked> class checked : public Mutex {
public:
  static constexpr int lock_rank = Rank;

#if GRIDLOCK_CHECKED
  checked() { describe(nullptr); }
  /// The name must live as long as the program; usually a string literal.
  explicit checked(const char *name) { describe(name); }
  template <typename... Arguments>
  explicit checked(const char *name, Arguments &&...arguments) : Mutex(std::forward<Arguments>(arguments)...) {
    describe(name);
  }
  ~checked() { GRIDLOCK_DESTROYED(address()); }

#ifdef GRIDLOCK_INLINE_LOCKS
  // In the usual case a plain mutex is taken without a call (see detail/view.h).
  void lock() {
    if constexpr (std::is_same_v<Mutex, std::mutex>) {
      if (__builtin_expect(detail::take(this->native_handle()), 1))
        return;
      Mutex::lock();
      detail::find_view();
    } else {
      Mutex::lock();
    }
  }
  void unlock() {
    if constexpr (std::is_same_v<Mutex, std::mutex>) {
      if (__builtin_expect(detail::release(this->native_handle()), 1))
        return;
    }
    Mutex::unlock();
  }
#endif

private:
  const void *address() const { return static_cast<const Mutex *>(this); }
  void describe(const char *name) {
    if (name)
      GRIDLOCK_SET_NAME(address(), name);
    if (Rank != unranked)
      GRIDLOCK_SET_RANK(address(), Rank);
  }
#else
  checked() = default;
  explicit constexpr checked(const char *) {}
  template <typename... Arguments>
  explicit checked(const char *, Arguments &&...arguments) : Mutex(std::forward<Arguments>(arguments)...) {}
#endif
};

} // namespace checking_on or checking_off

} // namespace gridlock

#endif // GRIDLOCK_MUTEX_H
