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
/// no model; where both exist, a user's model wins, a builtin one gives way
/// unless the body stands in a system header.
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
///       parameters: [_, std::adopt_lock_t]   # selects an overload
///       effects:
///         - set: {place: this.$lock, value: "1"}
///         - set: {place: this.$owns, value: "#1"}
///
/// One name may hold several entries; the first whose `parameters` match is
/// taken, an entry without `parameters` matches all. A parameter is written as
/// its class or enumeration without template arguments (or another type as C++
/// spells it), references left out; `_` matches any type; `X&&` and `_&&` match
/// rvalue references only; a last `...` matches any number of further ones.
///
/// `names: [a, b]` gives several functions one meaning, and
/// `std::{vector,deque}::{push_back,insert}` stands for all four names. A name
/// that ends in `*` stands for every name that begins so and that has no
/// matching entry of its own; the longest such prefix wins, and one without
/// `::` is for names without `::` only. A function's other
/// keys: `pure: true` (nothing that any rule cares about) and
/// `async-signal-safe: true`. Instead of `- exits: {}` say `- exits`; an effect
/// that needs only one operand may have it as its value: `- acquire: "*0"`.
///
/// A method's `this` is argument 0 and is also called `this`.
///
/// Operands (strings; YAML wants quotes around those that begin with * or &):
///   0, 1, 2, ...   the value of an argument (`this` pointer is 0 for methods);
///                  the arguments of a static method or function start at 0.
///                  Of a reference parameter the value is the object's address.
///                  Integers among the template's arguments follow the others:
///                  in `get<1>(t)` argument 1 is 1, in `10ms` argument 0 is 10
///   2...           in lists, and in the `value` of `set`: argument 2 and all that
///                  follow; `*2...` what each of them points to. Where one value
///                  is wanted: the first of them that is known
///   this           the object: short for `*0` in methods
///   result         the value returned; as a place: the object that the call
///                  constructs (functions that return a class by value), for
///                  other types the value that it returns
///   X.name         field `name` of place X; a name that starts with `$` is a
///                  field that the model imagines ("ghost": $lock, $owns, ...)
///   X->name        short for (*X).name. As a `callee`, `name` may be a method:
///                  it is called on X, by its dynamic type
///   X[?]           some element of place X; X[#0] that element; X[1] the one
///                  whose index is argument 1; X[*1] the one whose key argument 1
///                  refers to. Of what a pointer points to: (*0)[?]
///   *X             the object a value points to;   &X the address of a place
///                  (both bind weaker than . -> [], as in C)
///   #N             the integer N (plain digits are arguments); `#null`
///   "text"         a string
///   $NAME          a constant macro or enumerator: `$EBUSY`, `$O_NONBLOCK`; its
///                  value stands in `constants:` of this file or a builtin one
///   @NAME          a place that the process has once and the program cannot
///                  name: `@gil`
///   $fresh         the address of a new object that nobody shares yet
///   $allocated     the same, or null when there is no memory
///   $unknown       any value
///   $thread        the number of the calling thread among those that share some
///                  work: each has another one
/// Where a value is wanted and a place is given, what is stored there is meant;
/// of a class object that is all its fields, ghosts included. In `arguments`, a
/// place is passed as the callee's parameter asks: its address for a reference,
/// else what is stored there; an argument of the call that is taken by
/// reference stands for the object there. `X->$at` of a plain pointer X is X.
///
/// Conditions (strings): `OPERAND` (is not zero), `!OPERAND`, `OPERAND == OP`,
/// `!=`, `<`, `>`, `OPERAND & OPERAND` (a bit is set), `OPERAND ^= "text"` (the
/// string begins so). A list in `when`, `recursive` or `detached` means all of
/// them, a list in `unless` or `infinite` any of them. Every effect may have
/// `when` and `unless`.
///
/// `success` tells whether a try worked. A condition on `result` is a fact
/// about the value returned; `success: this.$owns`, a place, is where the
/// outcome is stored.
///
/// Ghosts that the builtin models agree on, so that objects of different
/// libraries fit together: `$lock`, `$lock1` ... (address of what a guard
/// guards), `$owns`, `$mode`, `$callee` (what a callable wrapper calls), `$ptr`
/// (what a smart pointer owns), `$elements` (what a container holds), `$at`
/// (address of the element an iterator is at), `$handle` (the thread or task
/// of a thread object or future), `$joinable`, `$state` (address of the state
/// that a promise and its future share), `$value` (what an atomic, optional or
/// duration holds; a duration's is in its own period), `$engaged`, `$deleter`,
/// `$descriptor` (of a stream object; a FILE * is one itself), `$type`
/// (attributes), `$count` (a semaphore's initial one), `$length` (of a text).
///
/// Loaded once, then read-only: any thread may read it.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_MODELS_MODEL_H
#define GRIDLOCK_MODELS_MODEL_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/STLFunctionalExtras.h"
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
  Argument, ///< number: a value
  Result,
  Constant, ///< number: a value; `name` when it was written as `$NAME`
  String,   ///< name: a value
  Null,
  Fresh,        ///< number: 1 when it may be null
  ThreadNumber, ///< of the calling thread in its team
  Unknown,
  Global,            ///< name: a place
  Field,             ///< of the inner operand, a place; name
  Element,           ///< of the inner operand, a place; number, or any when negative
  ElementByArgument, ///< of the inner operand, a place; index is argument `number`
  ElementByKey,      ///< of the inner operand, a place; argument `number` refers to the key
  Deref,             ///< of the inner operand, a value (or what is stored in a place)
  AddressOf,         ///< of the inner operand, a place
};

/// A parsed operand: the innermost step first.
struct Operand {
  struct Step {
    OperandKind kind = OperandKind::None;
    std::int64_t number = 0;
    std::string name;
  };
  std::vector<Step> steps;
  std::string text;          ///< as written
  bool andFollowing = false; ///< `2...`: for this argument and each after it
  explicit operator bool() const { return !steps.empty(); }
};

enum class Comparison : std::uint8_t { NotZero, Zero, Equal, NotEqual, Less, Greater, HasBit, HasPrefix };

struct Condition {
  Operand left;
  Comparison comparison = Comparison::NotZero;
  Operand right; ///< empty for NotZero, Zero
};

/// The values of `$NAME`s.
using ConstantTable = llvm::StringMap<std::int64_t>;

/// Parses an operand or a condition as described above. `constants` may be
/// null: then every `$NAME` is an error. \returns what is wrong, in one line.
llvm::Expected<Operand> parseOperand(llvm::StringRef text, const ConstantTable *constants);
llvm::Expected<Condition> parseCondition(llvm::StringRef text, const ConstantTable *constants);

enum class LockKind : std::uint8_t {
  None,
  Mutex,
  ReaderWriter,
  Spin,
  Semaphore, ///< owned by no thread; a release hands over to an acquire
  Gil,
  Flag, ///< a variable that threads wait for under a mutex; the program's own, in no model
  Once, ///< no object: an initialisation that one thread runs and all others wait for
};
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
  bool atomic = false;         ///< every access synchronises; of a lock: what is done under it is one atomic operation
  bool container = false;      ///< elements belong to the object
  bool smartPointer = false;   ///< owns what it points to
  bool shares = false;         ///< a smart pointer that is one of several owners
  bool aggregate = false;      ///< a bundle whose parts belong to what it is kept in
  bool conditionVariable = false;
  bool joinsOnDestruction = false;     ///< `std::jthread`
  bool terminatesWhenJoinable = false; ///< `std::thread`
  /// Fields whose functions outsiders call, holding these locks: `PyMethodDef`.
  std::vector<std::string> callbackFields;
  std::vector<Operand> callbackLocks;
};

/// What a call does, one step. Which members count depends on `kind`; the
/// YAML key is the enumerator in kebab-case. Effects happen in their order.
///
/// Where a lock's class has lock operations of its own, modelled or with a body
/// (`acquire: "*1"` in a guard for any lockable class), they are what happens.
/// Acquire, Wait, Joins and Awaits block by nature; others say `blocks`.
enum class EffectKind : std::uint8_t {
  // Locks. `lock`: a place.
  Acquire,     ///< lock, mode, [bound], [success], [reentrant]. With `success`:
               ///< fails only by misuse; taken for granted when never tested
  Release,     ///< lock, mode, [reentrant]
  TryAcquire,  ///< lock, mode, success, [bound: then it waits that long]
  AcquireAll,  ///< locks (list): one deadlock-free step; [success]
  InitLock,    ///< lock, [recursive: conditions]
  DestroyLock, ///< lock
  // Condition variables.
  Wait,   ///< condition, lock, mode, [predicate: callable], [bound]
  Notify, ///< condition, [all]
  // Hand-over: what comes before `Signals` of a place happens before what comes
  // after `Awaits` of it. Promise and future, latch, semaphore, event.
  Signals, ///< place
  Awaits,  ///< place, [what], [bound], [success]; blocks
  // Values and places.
  Set,        ///< place, value. For the race rules no access: see Reads, Writes.
              ///< A value that is not known leaves elements `[?]` as they were
  Move,       ///< place, from: what is stored in `from`, ghosts included, goes to
              ///< `place`; the ghosts of `from` become null. A class's own move
              ///< with a body is what happens; numbers and pointers are copied
  Returns,    ///< value; several without a condition are alternatives
  Swap,       ///< places `place`, `value` trade contents
  Reads,      ///< place: the object is read (container queries); `*2...`: each further text is
  Writes,     ///< place: the object is changed (container mutation)
  Atomic,     ///< place, operation: load | store | update | exchange | compare;
              ///< [value: stored], [expected: value], [order: value]; [success]: a
              ///< comparing one returns whether it exchanged, as one that returns a truth value does
  Fence,      ///< a memory fence, [order]
  Frees,      ///< place: the object's life ends; no destructor runs
  Destroys,   ///< place: its destructor runs, its life ends; [times]; a smart
              ///< pointer's: by the deleter `callee`, else by the class that is
              ///< template argument `type-argument`
  Constructs, ///< place, arguments: a constructor of the class's template
              ///< argument number `type-argument` (of `this`; of the class
              ///< returned for functions) runs with these arguments
  // Calls and threads. `callee`: a callable value or object.
  Calls,         ///< callee, arguments, [times: once | many | maybe],
                 ///< [forward-result: what it returns is returned]
  Spawns,        ///< callee, arguments, [handle: place], [what: thread | task | timer
                 ///< | event], [detached], [success], [times], [locks: held at
                 ///< its entry]; `task` may run on a pool or at once
  Stores,        ///< callee kept in `place`, run later by `Calls`/`Spawns` of it;
                 ///< [arguments: passed first; placeholders of std::bind among them
                 ///< stand for later ones]
  Joins,         ///< handle, [bound], [what], [success]: waits for what was
                 ///< spawned into the handle
  Detaches,      ///< handle
  SignalHandler, ///< callee is run as a signal handler; [arguments: the signal's number first]
  SignalSet,     ///< place: a set of signals; operation: empty | fill | add | remove; [signal]
  SignalMask,    ///< value: SIG_BLOCK, ...; from: address of a set or null; [to: address of
                 ///< what gets the old mask, or null]
  AtExit,        ///< callee runs at exit
  Once,          ///< callee at most once under a hidden lock: `flag`; arguments
  Exits,         ///< does not return; [what: thread, when it ends only that; jump, when the
                 ///< program goes on elsewhere], [status: zero says that all went well]
  Throws,        ///< may throw (external code without this does not)
  // Blocking. `what`: sleep socket pipe file file-lock child dns thread future
  // event terminal any descriptor (its kind decides)
  Blocks,     ///< what, [descriptor], [bound]
  Dispatches, ///< calls the handlers of an event loop (what was spawned as `event`) until it ends;
              ///< [shared: several threads may run one loop]
  // Signals.
  UnsafeInSignal, ///< what: malloc | stdio | lock | other
  // Descriptors, streams, children.
  Opens,       ///< [descriptor: place; default result]; what: socket file pipe
               ///< terminal event other; [flags]
  Pipe,        ///< read, write: places; [flags: value]; [bidirectional]; [success]
  Duplicate,   ///< from: value; [to: value]; result; [close-on-exec]; [flags]
  Close,       ///< descriptor (a stream too); [to: the last of a range]
  Stream,      ///< descriptor -> result: `fdopen`
  SetFlags,    ///< descriptor, flags: value, what: descriptor (F_SETFD) | status
  Read,        ///< descriptor; [whole]: reads to the end
  Write,       ///< descriptor; [size: value]; [whole]
  Poll,        ///< descriptors: places of descriptors or of sets of them, or
               ///< descriptor: a set made by `Watches`; [bound]
  Watches,     ///< descriptor: of an epoll set, value: descriptor added to it
  Fork,        ///< result is 0 in the child; [shared: vfork]
  Exec,        ///< replaces the program (returns only on error)
  SpawnChild,  ///< child: place or result; [stdin, stdout, stderr: operands],
               ///< [pipes: which of them are pipes to this process], [actions:
               ///< place that `ChildAction`s were added to], [success]. A stream
               ///< whose address is null is none; several of these effects in
               ///< one call tell of one child
  ChildAction, ///< place, operation: duplicate | close | open; from, to: values
  WaitChild,   ///< child ($fresh: one of the call's own), [bound], [drains],
               ///< [success], [flags: an argument that is a set of flags]
  Kill,        ///< child, [signal]
  Reaps,       ///< [child; without it every child]: no wait is needed, a handler,
               ///< the system or the library collects what has ended
  Alarm,       ///< bound: the process is killed or interrupted after that
  // The Python GIL is the lock `@gil`.
  Python, ///< needs the GIL; [may-release: any Python code may run]
};

/// The name of an effect in YAML: `try-acquire`.
llvm::StringRef toString(EffectKind kind);

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
  std::vector<Condition> when;   ///< the effect happens only when all hold
  std::vector<Condition> unless; ///< ... and none of these
  Operand lock, place, value, expected, order, callee, flag, handle;
  Operand condition, predicate, descriptor, from, to, flags, size;
  Operand readEnd, writeEnd, child, signal, actions;
  Operand standardInput, standardOutput, standardError;
  std::vector<Operand> locks, arguments, descriptors;
  LockMode mode = LockMode::Exclusive;
  std::optional<Condition> success;
  std::vector<Condition> recursive;    ///< of `InitLock`
  std::vector<Condition> detachedWhen; ///< `detached` is set as well
  std::optional<Bound> bound;
  std::string what, operation, times;
  std::vector<std::string> pipes;
  unsigned typeArgument = 0;
  bool all = false, detached = false, whole = false, mayRelease = false, closeOnExec = false;
  bool drains = false, reentrant = false, forwardResult = false, bidirectional = false, shared = false;
  bool tests = false; ///< of `Writes`: changes only what is not there yet
};

struct FunctionModel {
  std::string name;                    ///< the first of its names, as written
  std::vector<std::string> parameters; ///< empty and !hasParameters: any
  bool hasParameters = false;
  std::vector<Effect> effects;
  bool asyncSignalSafe = false;
  bool pure = false; ///< no effect that any rule cares about
  /// A compiled-in one. It gives way to a body in the analysed project (which
  /// may well have a `send` of its own); a user's model wins over the body.
  bool builtin = false;
  std::string library;
  std::string file; ///< where it stands
  unsigned line = 0;

  /// The first effect of a kind; null: it has none. Linear in the effects.
  const Effect *effect(EffectKind kind) const {
    const auto found = llvm::find_if(effects, [&](const Effect &effect) { return effect.kind == kind; });
    return found == effects.end() ? nullptr : &*found;
  }
};

/// All models that are in force.
class Models {
public:
  /// The compiled-in models.
  /// \returns an error only when the build is broken.
  static llvm::Expected<std::unique_ptr<Models>> builtin();

  /// Adds a user's file; its entries go before all that are already there.
  /// Nothing is added when there is an error.
  /// \returns one line: file, line, column, what is wrong, what is allowed.
  llvm::Error add(llvm::StringRef yaml, llvm::StringRef fileName, bool isBuiltin = false);

  /// The entry for a call of `qualifiedName`, or null. `parameterTypes` name
  /// the parameters, `this` not counted: the class or enumeration without
  /// template arguments, other types as spelled or empty; references left out,
  /// but `&&` added for rvalue references. O(overloads + log wildcards).
  const FunctionModel *function(llvm::StringRef qualifiedName, llvm::ArrayRef<llvm::StringRef> parameterTypes) const;

  /// Whether any entry has this name, wildcards included.
  bool knows(llvm::StringRef qualifiedName) const;

  /// Calls `visit` for every entry under each of its names; wildcards keep
  /// their `*`. The order is not specified.
  void forEachFunction(llvm::function_ref<void(llvm::StringRef name, const FunctionModel &)> visit) const;

  /// The entry for a type by its name without template arguments, or null.
  const TypeModel *type(llvm::StringRef name) const;

  /// The value of a constant (`O_NONBLOCK`, without `$`), if it is listed.
  std::optional<std::int64_t> constant(llvm::StringRef name) const;

  /// A hash of all that was loaded: part of the cache key.
  std::uint64_t version() const { return Version; }

private:
  friend class ModelLoader;
  /// Of one name; what was loaded last comes first.
  using Overloads = std::vector<std::shared_ptr<const FunctionModel>>;
  llvm::StringMap<Overloads> Functions;
  /// Names that ended in `*`, without it.
  llvm::StringMap<Overloads> Prefixes;
  llvm::StringMap<TypeModel> Types;
  ConstantTable Constants;
  std::uint64_t Version = 0;
};

/// A compiled-in model file.
struct EmbeddedModel {
  llvm::StringRef name; ///< `models/pthread.yaml`
  llvm::StringRef text;
};
/// All of them; the table of constants comes first. Generated by the build.
llvm::ArrayRef<EmbeddedModel> embeddedModels();

} // namespace gridlock::model

#endif // GRIDLOCK_MODELS_MODEL_H
