//===- acquire.h - Take several locks in one global order -------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// `gridlock::acquire(a, b, ...)` locks any Lockables in one global order and
/// remembers, for each thread, what it holds. Two calls can name the same locks
/// in any order and never deadlock. A nested call that would break the order
/// throws `gridlock::lock_order_violation` before it locks anything.
///
///   auto guard = gridlock::acquire(from.lock, to.lock);     // any order
///   auto guard = gridlock::acquire(gridlock::shared(table)); // for reading
///
/// The order is: rank (gridlock::checked<Mutex, Rank>; without one, the highest
/// band), then address. Header only; nothing to link.
///
/// Rules.
///  - One call locks all or, when it throws, nothing.
///  - Nested: every new lock must come after every lock held through acquire. A
///    nested call of the same rank that happens to ascend by address succeeds,
///    and is told once a place, since another run may have other addresses. With
///    `nested=strict` in GRIDLOCK_OPTIONS, or set_nesting(nesting::strict), it
///    throws always: use that in tests.
///  - A recursive lock may be acquired again. Any other lock that is held throws,
///    also shared after shared, as a writer may stand in the queue between.
///  - `try_acquire` takes all or nothing and is never checked, as it never waits;
///    what it holds counts for later calls.
///  - Guards are moved, not copied, and are released by the thread that acquired.
///  - Wait on a condition through the guard: `guard.wait(condition, predicate)`.
///
/// The held list is one thread-local symbol of default visibility, shared by all
/// libraries of a process; an executable that loads plug-ins which use acquire
/// on the same locks must export it (-rdynamic).
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ACQUIRE_H
#define GRIDLOCK_ACQUIRE_H

#include <array>
#include <atomic>
#include <climits>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

namespace gridlock {

/// Thrown by a nested acquire that breaks the order, and by one that would wait
/// for a lock that the thread holds itself. Nothing was locked.
class lock_order_violation : public std::logic_error {
public:
  using std::logic_error::logic_error;
};

/// Whether a type of lock may be locked again by its owner. Specialise it for
/// your own types.
template <typename Lock>
inline constexpr bool is_recursive =
    std::is_base_of_v<std::recursive_mutex, Lock> || std::is_base_of_v<std::recursive_timed_mutex, Lock>;

/// Asks for a lock in shared mode.
template <typename Lock> struct shared_request {
  Lock &lock;
};
template <typename Lock> shared_request<Lock> shared(Lock &lock) { return {lock}; }

enum class nesting { by_address, strict };

namespace acquire_v1 {

/// One lock held through acquire. Lives in its guard; the guards of a thread
/// form a list.
struct held_lock {
  held_lock *next = nullptr;
  held_lock *previous = nullptr;
  void *object = nullptr;
  const void *address = nullptr; ///< of the native lock: its identity
  int rank = INT_MAX;
  bool is_shared = false;
  bool is_recursive = false;
  bool is_again = false; ///< a recursive lock that was held before
  void (*lock)(void *) = nullptr;
  void (*unlock)(void *) = nullptr;
  bool (*try_lock)(void *) = nullptr;
};

/// The locks of this thread, newest first.
__attribute__((visibility("default"))) inline thread_local held_lock *held_locks = nullptr;

__attribute__((visibility("default"))) inline std::atomic<int> nesting_mode{-1};

inline nesting current_nesting() {
  int mode = nesting_mode.load(std::memory_order_relaxed);
  if (mode < 0) {
    const char *options = std::getenv("GRIDLOCK_OPTIONS");
    mode = static_cast<int>(options && std::strstr(options, "nested=strict") ? nesting::strict : nesting::by_address);
    nesting_mode.store(mode, std::memory_order_relaxed);
  }
  return static_cast<nesting>(mode);
}

/// Whether `a` must be taken before `b`.
inline bool before(const held_lock &a, const held_lock &b) {
  if (a.rank != b.rank)
    return a.rank < b.rank;
  return std::less<const void *>()(a.address, b.address);
}

inline void link(held_lock &entry) {
  entry.previous = nullptr;
  entry.next = held_locks;
  if (held_locks)
    held_locks->previous = &entry;
  held_locks = &entry;
}

inline void unlink(held_lock &entry) {
  (entry.previous ? entry.previous->next : held_locks) = entry.next;
  if (entry.next)
    entry.next->previous = entry.previous;
  entry.next = entry.previous = nullptr;
}

/// `to` takes the place of `from` in the list.
inline void relink(held_lock &from, held_lock &to) {
  to = from;
  (to.previous ? to.previous->next : held_locks) = &to;
  if (to.next)
    to.next->previous = &to;
  from = held_lock();
}

inline std::string describe(const held_lock &entry) {
  char text[96];
  if (entry.rank == INT_MAX)
    std::snprintf(text, sizeof(text), "lock %p (no rank)", entry.address);
  else
    std::snprintf(text, sizeof(text), "lock %p (rank %d)", entry.address, entry.rank);
  return text;
}

[[noreturn]] inline void violation(const held_lock &wanted, const held_lock &held, const char *why, const char *help) {
  throw lock_order_violation("lock order violation: " + describe(wanted) + " wanted while " + describe(held) +
                             " is held: " + why + ". Help: " + help);
}

/// Tells once for each call that nests by luck.
__attribute__((noinline)) inline void note_nesting_by_address(const held_lock &wanted, const held_lock &held,
                                                              const void *caller) {
  static std::atomic<const void *> told[64];
  for (auto &place : told) {
    const void *known = nullptr;
    if (place.compare_exchange_strong(known, caller))
      break;
    if (known == caller)
      return;
  }
  std::fprintf(stderr,
               "gridlock: warning: nested acquire at %p: %s after %s: the order depends on addresses. Help: one "
               "acquire(a, b), or ranks\n",
               caller, describe(wanted).c_str(), describe(held).c_str());
}

/// Checks everything that can be checked before the first lock. `entries` are
/// sorted and without duplicates.
inline void check(held_lock *entries, std::size_t count, const void *caller) {
  const held_lock *highest = nullptr;
  for (held_lock *held = held_locks; held; held = held->next)
    if (!highest || before(*highest, *held))
      highest = held;
  if (!highest)
    return;
  for (std::size_t i = 0; i < count; ++i)
    for (held_lock *held = held_locks; held; held = held->next) {
      if (held->address != entries[i].address)
        continue;
      if (!entries[i].is_recursive || held->is_shared || entries[i].is_shared)
        violation(entries[i], *held, "it is the same lock, the thread would wait for itself",
                  "acquire it once, further out");
      entries[i].is_again = true;
    }
  for (std::size_t i = 0; i < count; ++i) {
    if (entries[i].is_again)
      continue;
    if (before(entries[i], *highest))
      violation(entries[i], *highest, "it comes first in the global order",
                "acquire both in one call, or give them ranks in the order in which they nest");
    if (entries[i].rank == highest->rank) {
      if (current_nesting() == nesting::strict)
        violation(entries[i], *highest, "locks of one rank do not nest (nested=strict)",
                  "acquire both in one call, or give them different ranks");
      note_nesting_by_address(entries[i], *highest, caller);
    }
    return; // the smallest new lock decides
  }
}

// The identity of a lock.

template <typename Lock>
concept has_native_handle = requires(Lock &lock) {
  { lock.native_handle() };
} && std::is_pointer_v<decltype(std::declval<Lock &>().native_handle())>;

template <typename Lock>
concept has_identity = requires(Lock &lock) {
  { lock_identity(lock) };
};

template <typename Lock> inline constexpr bool cannot_move = !std::is_move_constructible_v<Lock>;

template <typename Lock> inline constexpr bool is_unique_lock = false;
template <typename Mutex> inline constexpr bool is_unique_lock<std::unique_lock<Mutex>> = true;

template <typename Lock> const void *identity_of(Lock &lock) {
  if constexpr (is_unique_lock<Lock>) { // stands for its mutex
    if (!lock.mutex())
      throw lock_order_violation("gridlock::acquire: a unique_lock without a mutex");
    return identity_of(*lock.mutex());
  } else if constexpr (has_identity<Lock>) {
    return lock_identity(lock);
  } else if constexpr (has_native_handle<Lock>) {
    return lock.native_handle();
  } else {
    static_assert(cannot_move<Lock>,
                  "gridlock::acquire: a lock that can be moved is a proxy for another one. Pass the mutex itself, or "
                  "define `const void *lock_identity(your_type &)` in the type's namespace");
    return std::addressof(lock);
  }
}

template <typename Lock> constexpr int rank_of() {
  if constexpr (requires { Lock::lock_rank; })
    return Lock::lock_rank;
  else
    return INT_MAX;
}

template <typename Lock> held_lock make_entry(Lock &lock) {
  held_lock entry;
  entry.object = const_cast<void *>(static_cast<const void *>(std::addressof(lock)));
  entry.address = identity_of(lock);
  entry.rank = rank_of<Lock>();
  entry.is_recursive = gridlock::is_recursive<Lock>;
  entry.lock = [](void *object) { static_cast<Lock *>(object)->lock(); };
  entry.unlock = [](void *object) { static_cast<Lock *>(object)->unlock(); };
  if constexpr (requires { lock.try_lock(); })
    entry.try_lock = [](void *object) -> bool { return static_cast<Lock *>(object)->try_lock(); };
  return entry;
}

template <typename Lock> held_lock make_entry(shared_request<Lock> &request) {
  held_lock entry;
  entry.object = const_cast<void *>(static_cast<const void *>(std::addressof(request.lock)));
  entry.address = identity_of(request.lock);
  entry.rank = rank_of<Lock>();
  entry.is_shared = true;
  entry.lock = [](void *object) { static_cast<Lock *>(object)->lock_shared(); };
  entry.unlock = [](void *object) { static_cast<Lock *>(object)->unlock_shared(); };
  if constexpr (requires { request.lock.try_lock_shared(); })
    entry.try_lock = [](void *object) -> bool { return static_cast<Lock *>(object)->try_lock_shared(); };
  return entry;
}

inline void sort(held_lock *entries, std::size_t count) {
  for (std::size_t i = 1; i < count; ++i)
    for (std::size_t k = i; k > 0 && before(entries[k], entries[k - 1]); --k)
      std::swap(entries[k], entries[k - 1]);
}

/// Drops duplicates of recursive locks. Returns the new count; `count + 1` when
/// a lock that is not recursive comes twice.
inline std::size_t merge(held_lock *entries, std::size_t count) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (kept && entries[kept - 1].address == entries[i].address) {
      if (!entries[i].is_recursive || entries[i].is_shared || entries[kept - 1].is_shared)
        return count + 1;
      continue;
    }
    entries[kept++] = entries[i];
  }
  return kept;
}

} // namespace acquire_v1

/// Chooses what a nested acquire of the same rank does, for the whole process.
inline void set_nesting(nesting mode) { acquire_v1::nesting_mode.store(static_cast<int>(mode)); }

/// Locks held until destruction, or `release`. Empty after a move and from a
/// failed try_acquire.
template <std::size_t Capacity> class [[nodiscard("the locks are released at once")]] acquired {
public:
  acquired() = default;
  acquired(acquired &&other) noexcept { take(other); }
  acquired &operator=(acquired &&other) noexcept {
    if (this != &other) {
      release();
      take(other);
    }
    return *this;
  }
  ~acquired() { release(); }

  /// Whether locks are held.
  explicit operator bool() const { return Count != 0; }

  /// Unlocks in reverse order. The guard is empty afterwards.
  void release() noexcept {
    while (Count) {
      acquire_v1::held_lock &entry = Entries[--Count];
      acquire_v1::unlink(entry);
      entry.unlock(entry.object);
      entry = acquire_v1::held_lock();
    }
  }

  /// Waits until the predicate holds; it is called with all locks of the guard
  /// held. Throws lock_order_violation before waiting when the thread holds
  /// another lock through acquire that does not come before these: taking them
  /// again would break the order. `Condition` is std::condition_variable_any, or
  /// std::condition_variable with one std::mutex in the guard.
  template <typename Condition, typename Predicate> void wait(Condition &condition, Predicate predicate) {
    waitWith(condition, predicate, [&](auto &lock) {
      condition.wait(lock);
      return true;
    });
  }

  /// As `wait`, but at most until a point in time. Returns the predicate.
  template <typename Condition, typename Clock, typename Duration, typename Predicate>
  bool wait_until(Condition &condition, const std::chrono::time_point<Clock, Duration> &deadline, Predicate predicate) {
    return waitWith(condition, predicate,
                    [&](auto &lock) { return condition.wait_until(lock, deadline) == std::cv_status::no_timeout; });
  }

  template <typename Condition, typename Rep, typename Period, typename Predicate>
  bool wait_for(Condition &condition, const std::chrono::duration<Rep, Period> &duration, Predicate predicate) {
    return wait_until(condition, std::chrono::steady_clock::now() + duration, std::move(predicate));
  }

private:
  template <typename... Locks> friend auto acquire(Locks &&...locks);
  template <typename... Locks> friend auto try_acquire(Locks &&...locks);

  /// What condition_variable_any locks and unlocks.
  struct All {
    acquired &Guard;
    void lock() { Guard.lockAll(); }
    void unlock() { Guard.unlockAll(); }
  };

  template <typename Condition, typename Predicate, typename Wait>
  bool waitWith(Condition &condition, Predicate &predicate, Wait wait) {
    checkWait();
    if constexpr (std::is_same_v<Condition, std::condition_variable>) {
      static_assert(Capacity == 1, "std::condition_variable waits with one std::mutex; with several locks use "
                                   "std::condition_variable_any");
      std::unique_lock<std::mutex> lock(*static_cast<std::mutex *>(Entries[0].object), std::adopt_lock);
      struct Disown {
        std::unique_lock<std::mutex> &lock;
        ~Disown() { lock.release(); }
      } disown{lock};
      return loop(predicate, [&] { return wait(lock); });
    } else {
      All all{*this};
      return loop(predicate, [&] { return wait(all); });
    }
  }

  template <typename Predicate, typename Wait> static bool loop(Predicate &predicate, Wait wait) {
    while (!predicate())
      if (!wait())
        return predicate();
    return true;
  }

  void checkWait() {
    if (!Count)
      throw lock_order_violation("gridlock: wait through a guard that holds nothing");
    for (acquire_v1::held_lock *held = acquire_v1::held_locks; held; held = held->next) {
      bool own = held >= Entries.data() && held < Entries.data() + Count;
      if (!own && !acquire_v1::before(*held, Entries[0]))
        acquire_v1::violation(Entries[0], *held, "the wait would take the first one again with the second one held",
                              "release the other lock before waiting");
    }
  }

  void take(acquired &other) noexcept {
    Count = other.Count;
    other.Count = 0;
    for (std::size_t i = 0; i < Count; ++i)
      acquire_v1::relink(other.Entries[i], Entries[i]);
  }

  /// Locks in order; unlocks what it got when one throws.
  void lockAll() {
    std::size_t locked = 0;
    struct Undo {
      acquired &guard;
      std::size_t &locked;
      bool armed = true;
      ~Undo() {
        while (armed && locked)
          --locked, guard.Entries[locked].unlock(guard.Entries[locked].object);
      }
    } undo{*this, locked};
    for (; locked < Count; ++locked)
      Entries[locked].lock(Entries[locked].object);
    undo.armed = false;
  }
  void unlockAll() {
    for (std::size_t i = Count; i-- > 0;)
      Entries[i].unlock(Entries[i].object);
  }
  bool tryAll() {
    for (std::size_t i = 0; i < Count; ++i) {
      bool got = false;
      struct Undo {
        acquired &guard;
        std::size_t count;
        bool &got;
        ~Undo() {
          while (!got && count)
            --count, guard.Entries[count].unlock(guard.Entries[count].object);
        }
      } undo{*this, i, got};
      got = Entries[i].try_lock(Entries[i].object);
      if (!got)
        return false;
    }
    return true;
  }
  void linkAll() {
    for (std::size_t i = 0; i < Count; ++i)
      acquire_v1::link(Entries[i]);
  }

  std::array<acquire_v1::held_lock, Capacity> Entries;
  std::size_t Count = 0;
};

/// Locks all in the global order. Throws lock_order_violation, with nothing
/// locked, when that would break the order of what the thread holds.
template <typename... Locks> [[nodiscard]] __attribute__((noinline)) auto acquire(Locks &&...locks) {
  static_assert(sizeof...(Locks) > 0, "gridlock::acquire: no lock given");
  constexpr std::size_t capacity = sizeof...(Locks);
  acquired<capacity> guard;
  std::array<acquire_v1::held_lock, capacity> entries = {acquire_v1::make_entry(locks)...};
  acquire_v1::sort(entries.data(), capacity);
  std::size_t count = acquire_v1::merge(entries.data(), capacity);
  if (count > capacity)
    throw lock_order_violation("lock order violation: one lock is named twice in one acquire, and is not recursive");
  acquire_v1::check(entries.data(), count, __builtin_return_address(0));
  guard.Entries = entries;
  guard.Count = count;
  struct Disarm {
    acquired<capacity> &guard;
    bool armed = true;
    ~Disarm() {
      if (armed)
        guard.Count = 0;
    }
  } disarm{guard};
  guard.lockAll();
  disarm.armed = false;
  guard.linkAll();
  return guard;
}

/// Locks all without waiting, or nothing: then the guard is empty. A lock that
/// the thread holds already, and that is not recursive, counts as not free.
template <typename... Locks> [[nodiscard]] auto try_acquire(Locks &&...locks) {
  constexpr std::size_t capacity = sizeof...(Locks);
  acquired<capacity> guard;
  std::array<acquire_v1::held_lock, capacity> entries = {acquire_v1::make_entry(locks)...};
  acquire_v1::sort(entries.data(), capacity);
  std::size_t count = acquire_v1::merge(entries.data(), capacity);
  if (count > capacity)
    throw lock_order_violation(
        "lock order violation: one lock is named twice in one try_acquire, and is not recursive");
  for (std::size_t i = 0; i < count; ++i)
    for (acquire_v1::held_lock *held = acquire_v1::held_locks; held; held = held->next)
      if (held->address == entries[i].address && (!entries[i].is_recursive || held->is_shared || entries[i].is_shared))
        return guard;
  guard.Entries = entries;
  guard.Count = count;
  struct Disarm {
    acquired<capacity> &guard;
    bool armed = true;
    ~Disarm() {
      if (armed)
        guard.Count = 0;
    }
  } disarm{guard};
  if (!guard.tryAll())
    return guard;
  disarm.armed = false;
  guard.linkAll();
  return guard;
}

/// How many locks this thread holds through acquire.
inline std::size_t held_count() {
  std::size_t count = 0;
  for (acquire_v1::held_lock *held = acquire_v1::held_locks; held; held = held->next)
    ++count;
  return count;
}

} // namespace gridlock

#endif // GRIDLOCK_ACQUIRE_H
