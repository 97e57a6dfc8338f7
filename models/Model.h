//===- Model.h - What library calls mean ------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What calls into libraries mean, as data. `models/*.yaml` are compiled into
/// the tool; users add files of the same form (`--model FILE`, or `models:` in
/// `.gridlock.yaml`). A function that has a body in the analysed program needs
/// no model; where both exist, the model wins.
///
/// Form of a file (every key that is not known is an error with its place):
///
///   library: pthread
///   types:
///     - name: pthread_mutex_t            # a lock, by the type's name
///       lock: mutex                      # mutex | rwlock | spin | semaphore | gil
///     - name: std::recursive_mutex
///       lock: mutex
///       recursive: always                # never (default) | always | shared
///   functions:
///     - name: pthread_mutex_lock         # qualified, no template arguments,
///       effects:                         # no inline namespaces
///         - acquire: {lock: "*0"}
///     - name: std::unique_lock::unique_lock
///       parameters: [_, std::adopt_lock_t]   # selects an overload: names of
///       effects:                             # the parameter's class; `_` any;
///         - set: {place: this.$lock, value: "&*1"}   # one name too few is a
///         - set: {place: this.$owns, value: "1"}     # mismatch, `...` ends
///
/// One name may hold several entries; the first whose `parameters` match is
/// taken, an entry without `parameters` matches all. `names: [a, b]` defines
/// the same effects for several functions. `kind: method` is not needed: a
/// method's `this` is argument 0 and is also called `this`.
///
/// Operands (strings):
///   0, 1, 2, ...   the value of an argument (`this` pointer is 0 for methods);
///                  the arguments of a static method or function start at 0
///   this           the object: short for `*0` in methods
///   result         the value returned; as a place: the object that the call
///                  constructs (functions that return a class by value)
///   X.name         field `name` of place X; a name that starts with `$` is a
///                  field that the model imagines ("ghost": $lock, $owns, ...)
///   X[?]           some element of place X;  X[0] that element
///   *X             the object a value points to;   &X the address of a place
///   #N             the integer N (plain digits are arguments); `#null`
///   $NAME          a constant macro of C: `$EBUSY`, `$O_NONBLOCK`
///   $fresh         the address of a new object that nobody shares yet
///   $unknown       any value
/// Where a value is wanted and a place is given, what is stored there is meant.
///
/// Conditions (strings): `OPERAND` (is not zero), `!OPERAND`, `OPERAND == OP`,
/// `!=`, `<`, `>`, `OPERAND & OPERAND` (a bit is set). A list means all of them.
///
/// Loaded once, then read-only: any thread may read it.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_MODELS_MODEL_H
#define GRIDLOCK_MODELS_MODEL_H

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gridlock::model {

enum class OperandKind : std::uint8_t {
  None,
  Argument, ///< number
  Result,
  Constant, ///< number
  Null,
  Fresh,
  Unknown,
  Field,   ///< of the inner operand, a place; name
  Element, ///< of the inner operand, a place; number, or any when negative
  Deref,   ///< of the inner operand, a value
  AddressOf,
};

/// A parsed operand: the innermost step first.
struct Operand {
  struct Step {
    OperandKind kind = OperandKind::None;
    std::int64_t number = 0;
    std::string name;
  };
  std::vector<Step> steps;
  std::string text; ///< as written
  explicit operator bool() const { return !steps.empty(); }
};

enum class Comparison : std::uint8_t { NotZero, Zero, Equal, NotEqual, Less, Greater, HasBit };

struct Condition {
  Operand left;
  Comparison comparison = Comparison::NotZero;
  Operand right; ///< empty for NotZero, Zero
};

enum class LockKind : std::uint8_t { None, Mutex, ReaderWriter, Spin, Semaphore, Gil };
enum class Recursion : std::uint8_t {
  Never,
  Always, ///< may be acquired again in any mode
  Shared, ///< may be read-locked twice (pthread rwlocks)
};
enum class LockMode : std::uint8_t { Exclusive, Shared, Upgrade, Any };

/// Facts about a type.
struct TypeModel {
  std::string name;
  LockKind lock = LockKind::None;
  Recursion recursive = Recursion::Never;
  bool coroutineAware = false; ///< may be held across `co_await`
  bool prefersReaders = false; ///< readers never wait for queued writers
  bool atomic = false;         ///< every access synchronises
  bool container = false;      ///< elements belong to the object
  bool smartPointer = false;   ///< owns what it points to
  bool conditionVariable = false;
  bool joinsOnDestruction = false;     ///< `std::jthread`
  bool terminatesWhenJoinable = false; ///< `std::thread`
};

/// What a call does, one step. Which members count depends on `kind`; the
/// YAML key is the enumerator in kebab-case.
enum class EffectKind : std::uint8_t {
  // Locks. `lock`: a place.
  Acquire,     ///< lock, mode, [bound]
  Release,     ///< lock, mode
  TryAcquire,  ///< lock, mode, success (condition on the result), [bound]
  AcquireAll,  ///< locks (list): one deadlock-free step; [success]
  InitLock,    ///< lock, [recursive: condition]
  DestroyLock, ///< lock
  // Condition variables.
  Wait,   ///< condition, lock, [predicate: callable], [bound]
  Notify, ///< condition, [all]
  // Values and places.
  Set,     ///< place, value
  Returns, ///< value
  Swap,    ///< places `place`, `value` trade contents
  Reads,   ///< place: the object is read (container queries)
  Writes,  ///< place: the object is changed (container mutation)
  Atomic,  ///< place, operation: load | store | update | exchange | compare
  Fence,   ///< a memory fence
  Frees,   ///< place: the object's life ends
  // Calls and threads. `callee`: a callable value or object.
  Calls,         ///< callee, arguments, [times: once | many | maybe]
  Spawns,        ///< callee, arguments, [handle: place], [what: thread | task | timer
                 ///< | event], [detached]; `task` may run on a pool or at once
  Stores,        ///< callee kept in `place`, run later by `Calls`/`Spawns` of it
  Joins,         ///< handle, [bound]: waits for what was spawned into the handle
  Detaches,      ///< handle
  SignalHandler, ///< callee is run as a signal handler
  AtExit,        ///< callee runs at exit
  Once,          ///< callee at most once under a hidden lock: `flag`
  Exits,         ///< does not return
  Throws,        ///< may throw (external code without this does not)
  // Blocking. `what`: sleep socket pipe file file-lock child dns thread future
  // event terminal any
  Blocks, ///< what, [descriptor], [bound], [unless: conditions], [needs:
          ///< conditions]
  // Signals.
  UnsafeInSignal, ///< what: malloc | stdio | lock | other
  // Descriptors, streams, children.
  Opens,      ///< result: descriptor; what: socket file pipe ...; [flags]
  Pipe,       ///< read, write: places; [flags: value]; [bidirectional]
  Duplicate,  ///< from: value; [to: value]; result; [close_on_exec]
  Close,      ///< descriptor (a stream too)
  Stream,     ///< descriptor -> result: `fdopen`
  SetFlags,   ///< descriptor, flags: value; [unless]
  Read,       ///< descriptor; [whole]: reads to the end
  Write,      ///< descriptor; [size: value]; [whole]
  Poll,       ///< descriptors: places; [bound]
  Fork,       ///< result is 0 in the child; [shared: vfork]
  Exec,       ///< replaces the program (returns only on error)
  SpawnChild, ///< child: place or result; [stdin, stdout, stderr: operands],
              ///< [pipes: which of them are pipes to this process]
  WaitChild,  ///< child, [bound], [drains], [unless]
  Kill,       ///< child, [signal]
  Alarm,      ///< bound: the process is killed or interrupted after that
  // The Python GIL is a lock named `gil`.
  Python, ///< needs the GIL; [may_release: any Python code may run]
};

/// A bound in time: a value, its unit, and what "for ever" looks like.
struct Bound {
  Operand value;
  /// seconds | milliseconds | microseconds | nanoseconds | timespec | timeval |
  /// duration (std::chrono) | deadline (an absolute time) | some (finite)
  std::string unit;
  std::vector<Condition> infinite; ///< any of these: no bound at all
};

struct Effect {
  EffectKind kind{};
  std::vector<Condition> when; ///< the effect happens only then
  Operand lock, place, value, callee, handle, descriptor, from, to, condition, predicate, flags, size;
  std::vector<Operand> locks, arguments;
  LockMode mode = LockMode::Exclusive;
  std::optional<Condition> success;
  std::vector<Condition> unless;
  std::optional<Bound> bound;
  std::string what, operation, times;
  bool all = false, detached = false, whole = false, mayRelease = false, closeOnExec = false;
  Operand standardInput, standardOutput, standardError;
  std::vector<std::string> pipes;
  bool drains = false;
};

struct FunctionModel {
  std::string name;
  std::vector<std::string> parameters; ///< empty and !hasParameters: any
  bool hasParameters = false;
  std::vector<Effect> effects;
  bool asyncSignalSafe = false;
  bool pure = false; ///< no effect that any rule cares about
  std::string library;
};

/// All models that are in force.
class Models {
public:
  /// The compiled-in models.
  /// \returns an error only when the build is broken.
  static llvm::Expected<std::unique_ptr<Models>> builtin();

  /// Adds a user's file; its entries go before all that are already there.
  /// \returns one line: file, line, what is wrong, what is allowed.
  llvm::Error add(llvm::StringRef yaml, llvm::StringRef fileName);

  /// The entry for a call of `qualifiedName` whose parameters have these class
  /// names (empty strings for others), or null. O(overloads).
  const FunctionModel *function(llvm::StringRef qualifiedName, llvm::ArrayRef<llvm::StringRef> parameterTypes) const;

  /// Whether any entry has this name.
  bool knows(llvm::StringRef qualifiedName) const;

  /// The entry for a type by its name without template arguments, or null.
  const TypeModel *type(llvm::StringRef name) const;

  /// A hash of all that was loaded: part of the cache key.
  std::uint64_t version() const { return Version; }

private:
  llvm::StringMap<std::vector<FunctionModel>> Functions;
  llvm::StringMap<TypeModel> Types;
  std::uint64_t Version = 0;
};

} // namespace gridlock::model

#endif // GRIDLOCK_MODELS_MODEL_H
