//===- Ir.h - The events of one translation unit ----------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The tables of a translation unit's summary: what `engine/facts` writes, what
/// is stored in a `.gls` file, and what `engine/link` reads. Clang's AST ends
/// here; everything behind this header is ordinary C++ over small values.
///
/// Form. Every table is a vector of plain structs without pointers; rows refer
/// to each other by index. Row 0 of every table is a reserved "none" row, so an
/// index of 0 always means "there is none". Lists are runs in `Unit::lists`.
/// The structs have no padding that is not named, so that they can be stored
/// byte for byte (see Summary.fbs) and mapped back without a copy.
///
/// Evaluation. An expression (`Expr`) has no effects. It is evaluated at the
/// moment when the event that mentions it is executed. Whatever has an effect
/// is an event: assignments, calls, the start and end of lifetimes. Where the
/// language loads a value *before* a later effect of the same full expression
/// that may change it (`i++` used as a value, the arms of `?:`), lowering
/// copies it to a temporary first.
///
/// References are pointers: a variable or field of reference type holds an
/// address; naming it is `Deref(Load(place))`; binding it is an `Assign` of an
/// address. Arrays are places; decay to a pointer is `AddressOf(Index(a, 0))`.
/// Objects of class type are never values: an expression that yields one
/// constructs it in a place given beforehand (`Call::destination`, or the
/// constructor's `this`), as the standard's rules on result objects say.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_SUMMARY_IR_H
#define GRIDLOCK_ENGINE_SUMMARY_IR_H

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gridlock::ir {

/// A row number in the table that the field's comment names; 0 is "none".
using Index = std::uint32_t;

/// A run of `Unit::lists`.
struct List {
  Index first = 0;
  std::uint32_t count = 0;
};

/// Where the user wrote something. In a macro's expansion this is the place of
/// the outermost expansion, and `macro` names that macro.
struct Location {
  Index file = 0; ///< into `files`
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  Index macro = 0; ///< into `strings`
};

enum FileFlags : std::uint32_t { FileIsSystem = 1, FileIsMain = 2 };

/// A file that was read, for dependencies and for the cache.
struct File {
  Index path = 0; ///< into `strings`; absolute, without `.` and `..`
  std::uint32_t flags = 0;
  std::uint64_t contentHash = 0; ///< xxh3 of the bytes
};

//===----------------------------------------------------------------------===//
// Types, classes, fields
//===----------------------------------------------------------------------===//

enum class TypeKind : std::uint8_t {
  None,
  Void,
  Bool,
  Integer, ///< characters and enumerations too
  Floating,
  Pointer,   ///< `element` is the pointee
  Reference, ///< lvalue or rvalue; `element` is the referee
  Array,     ///< `element`; `extent` elements, 0 when unknown
  Record,    ///< `record`
  Function,
  MemberPointer, ///< to data or to a function
  Other
};

enum TypeFlags : std::uint8_t {
  TypeIsConst = 1,
  TypeIsVolatile = 2,
  TypeIsAtomic = 4, ///< C11 `_Atomic`; `std::atomic` is a record
};

/// A type, canonical but for qualifiers, which are kept. Enough to recognise
/// what a model names and to follow pointers.
struct Type {
  TypeKind kind = TypeKind::None;
  std::uint8_t flags = 0;
  std::uint16_t extent = 0; ///< saturates at 65535
  Index name = 0;           ///< into `strings`: as C++ spells it, unqualified,
                            ///< typedef of C libraries kept (`pthread_mutex_t`)
  Index record = 0;         ///< into `records`
  Index element = 0;        ///< into `types`
};

enum RecordFlags : std::uint32_t {
  RecordIsUnion = 1,
  RecordIsLambda = 2, ///< fields are the captures, in order
  RecordIsFinal = 4,
  RecordIsInSystemHeader = 8,
  RecordIsScopedLockable = 16, ///< Clang's attribute
  RecordIsCapability = 32,     ///< Clang's attribute
  RecordIsIncomplete = 64,
  RecordIsPolymorphic = 128,
  RecordIsNodiscard = 256,
};

/// A class, struct, union or closure type; each instantiation is one.
struct Record {
  Index usr = 0;           ///< into `strings`
  Index qualifiedName = 0; ///< `std::lock_guard`: no template arguments, inline
                           ///< namespaces dropped; a C tag for C; a typedef's
                           ///< name for an unnamed struct
  Index displayName = 0;   ///< `std::lock_guard<std::mutex>`
  Index location = 0;
  std::uint32_t flags = 0;
  Index callOperator = 0;       ///< into `functions`: a functor's or lambda's
  List fields;                  ///< of `fields`, in order, own fields only
  List bases;                   ///< of `records`, direct ones
  List templateArguments;       ///< of `types`; 0 for non-type arguments
  std::uint64_t layoutHash = 0; ///< of names and types of the fields
};

enum FieldFlags : std::uint32_t {
  FieldIsMutable = 1,
  FieldIsBitField = 2,
  FieldIsCaptureByReference = 4, ///< its type is a reference then
  FieldIsCapturedThis = 8,       ///< the captured `this` pointer
  FieldIsPublic = 16,
};

/// A non-static data member, or a closure's capture.
struct Field {
  Index record = 0;
  Index name = 0;
  Index type = 0;
  Index location = 0;
  std::uint32_t flags = 0;
  std::uint32_t position = 0;
  List attributes; ///< of `attributes`
};

//===----------------------------------------------------------------------===//
// Variables and functions
//===----------------------------------------------------------------------===//

enum class VariableKind : std::uint8_t {
  None,
  Parameter,
  This, ///< pointer to the object; always a method's first variable
  Local,
  Temporary,  ///< made by lowering, or a materialised temporary object
  ReturnSlot, ///< what the function returns; see `Function::returnSlot`
};

enum VariableFlags : std::uint8_t {
  /// The variable is the whole of an expression statement: `Guard{m};`.
  VariableIsDiscardedTemporary = 1,
  /// A declaration with a parenthesised name and no initialiser that hides
  /// another variable or field: `std::unique_lock<std::mutex> (m);`.
  VariableHidesAnother = 2,
  VariableIsThreadLocal = 4,
  VariableAddressTaken = 8, ///< `&x`, bound to a reference, or captured by it
  VariableIsConst = 16,
  VariableIsDivided = 32,     ///< counts a loop whose rounds the threads of a team divide
  VariableIsNested = 64,      ///< ... together with other such variables (`collapse`)
  VariableStartIsKnown = 128, ///< ... from `first` on
};

/// A variable of one function.
struct Variable {
  VariableKind kind = VariableKind::None;
  std::uint8_t flags = 0;
  std::uint16_t position = 0; ///< of a parameter, `this` not counted
  Index name = 0;
  Index type = 0;
  Index location = 0;
  std::uint32_t rounds = 0; ///< of the loop that a divided variable counts; 0: not known
  std::int32_t stride = 0;  ///< by which each round changes it; 0: not known
  std::int32_t first = 0;   ///< its first value, if the flags say so
};

enum GlobalFlags : std::uint32_t {
  GlobalIsInternal = 1, ///< internal linkage, or local to a function
  GlobalIsLocalStatic = 2,
  GlobalIsThreadLocal = 4,
  GlobalIsConst = 8,
  GlobalIsDefinition = 16,
  GlobalIsStaticMember = 32,
};

/// A variable with static or thread storage duration.
struct Global {
  Index usr = 0; ///< unique together with `file` when internal
  Index qualifiedName = 0;
  Index type = 0;
  Index location = 0;
  std::uint32_t flags = 0;
  Index function = 0; ///< of a function-local static
  List attributes;
};

enum FunctionFlags : std::uint32_t {
  FunctionIsInternal = 1, ///< internal linkage: unique per file only
  FunctionIsVirtual = 2,
  FunctionIsPure = 4,
  FunctionIsNoReturn = 8,
  FunctionIsInSystemHeader = 16,
  FunctionIsConstructor = 32,
  FunctionIsDestructor = 64,
  FunctionIsStaticMethod = 128,
  FunctionIsVariadic = 256,
  FunctionIsNonThrowing = 512,
  FunctionIsNodiscard = 1024,
  FunctionIsPublic = 2048, ///< free functions too
  FunctionIsLambda = 4096, ///< a closure's call operator
  FunctionIsImplicit = 8192,
  FunctionIsFinal = 16384,
  FunctionIsCoroutine = 32768,
  FunctionIsGlobalInitializer = 65536, ///< one a unit: dynamic and static
                                       ///< initialisation of its globals
  FunctionIsInline = 1 << 17,
  FunctionHasErrors = 1 << 18, ///< parts of the body did not compile
  FunctionIsMain = 1 << 19,
  FunctionIsConst = 1 << 20,      ///< a const method
  FunctionIsCopyOrMove = 1 << 21, ///< constructor or assignment
  FunctionIsNoThreadSafetyAnalysis = 1 << 22,
};

/// A function that is defined or called here.
struct Function {
  Index usr = 0;
  Index qualifiedName = 0; ///< `std::mutex::lock`, `pthread_mutex_lock`: as for
                           ///< records; `ns::f::(lambda)` for a lambda
  Index displayName = 0;   ///< for messages: `Cache<int>::get`
  Index record = 0;        ///< of a method
  Index location = 0;
  Index returnType = 0;
  std::uint32_t flags = 0;
  List parameterTypes; ///< of `types`, `this` not counted
  List overridden;     ///< of `functions`, direct ones
  List attributes;
  List variables; ///< of `variables`: `this`, parameters, the return slot
                  ///< and all others; those three even without a body
                  ///< when `attributes` need them
  Index returnSlot = 0;
  List blocks;           ///< of `blocks`; the first is the entry; empty: no body here
  Index endLocation = 0; ///< of the closing brace
  Index enclosing = 0;   ///< of a lambda: the function that holds it
  std::uint64_t bodyHash = 0;
};

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

enum class ExprKind : std::uint8_t {
  Unknown, ///< row 0 too: a value that is not modelled
  // Values.
  IntConst,    ///< `value`; booleans, characters, enumerators too; `a` of an argument: its one token, a string
  NullConst,   ///< a null pointer
  StringConst, ///< `a` into `strings`
  FunctionRef, ///< address of function `a`
  Load,        ///< what is stored in place `a`
  AddressOf,   ///< address of place `a`
  Result,      ///< what call `a` (into `calls`) returned; an address when it
               ///< returns a reference
  Unary,       ///< `op` on value `a`
  Binary,      ///< `op` on values `a`, `b`
  SizeOf,      ///< a compile-time size that is not needed exactly
  // Places.
  Local,  ///< variable `a` (into `variables`)
  Global, ///< global `a` (into `globals`)
  Field,  ///< field `b` (into `fields`) of the object at place `a`;
          ///< conversions to a base class leave no trace
  Index,  ///< element of the array at place `a`; `b` is the index, a value
  Deref,  ///< the object that pointer value `a` points to
};

enum class Operator : std::uint8_t {
  None,
  Not,    ///< logical
  Negate, ///< arithmetic minus
  Complement,
  Equal,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  Add,
  Subtract,
  Multiply,
  Divide,
  Remainder,
  And, ///< bitwise; logical ones are branches
  Or,
  Xor,
  ShiftLeft,
  ShiftRight,
};

struct Expr {
  ExprKind kind = ExprKind::Unknown;
  Operator op = Operator::None;
  std::uint16_t reserved = 0;
  Index a = 0;
  Index b = 0;
  Index type = 0; ///< into `types`: of the value, or of the object at the place
  std::int64_t value = 0;
};

//===----------------------------------------------------------------------===//
// Events and blocks
//===----------------------------------------------------------------------===//

enum class EventKind : std::uint8_t {
  None,
  Assign,    ///< store value `b` in place `a`
  Read,      ///< the program reads place `a` (always beside the `Load`s; only
             ///< for places other than plain locals whose address stays home)
  Call,      ///< `a` into `calls`
  Begin,     ///< the lifetime of variable `a` begins
  End,       ///< ... ends, after its destructor ran
  Suspend,   ///< the coroutine may be suspended here; `a`: 1 await, 2 yield
  OnceBegin, ///< the hidden lock of local static `a` (into `globals`) is taken
  OnceEnd,
  ParallelBegin, ///< code of OpenMP that runs beside other code, up to its end; `a`: the
                 ///< region's number in the function, `b`: of the region around it,
                 ///< `flags`: a RegionKind and RegionFlags
  ParallelEnd,   ///< `a`: the region that ends here, or 0; `b`: the one that goes on, or
                 ///< 0; `flags`: RegionEndFlags
  ParallelOrder, ///< region `a`, just begun, waits for the end of region `b`
};

/// How the code of a region runs beside other code.
enum class RegionKind : std::uint8_t {
  Team,          ///< each thread of a team runs it; ends at every barrier
  Piece,         ///< one thread runs it: a section, `single`, `master`
  Task,          ///< one thread runs it, any time from here on
  DependentTask, ///< the same, when those that were begun by it before have ended
};

enum RegionFlags : std::uint8_t {
  RegionKindMask = 15,
  RegionStartsAtBarrier = 16, ///< all threads of the team have come here
  RegionIsOrphan = 32,        ///< of a team that a caller has started
};

enum RegionEndFlags : std::uint8_t {
  RegionAllDone = 1,       ///< all pieces and tasks begun so far are done
  RegionEndsAtBarrier = 2, ///< all threads of the team have come here
};

enum EventFlags : std::uint8_t {
  AssignIsInitialization = 1,
  AssignIsUpdate = 2,  ///< reads the old value too: `+=`, `++`
  AssignIsReturn = 4,  ///< fills the return slot by a `return` statement
  AssignIsCapture = 8, ///< fills a closure's capture
};

struct Event {
  EventKind kind = EventKind::None;
  std::uint8_t flags = 0;
  std::uint16_t reserved = 0;
  Index location = 0;
  Index a = 0;
  Index b = 0;
};

enum CallFlags : std::uint32_t {
  CallIsVirtual = 1,         ///< dispatched on the object's dynamic type
  CallResultIsDiscarded = 2, ///< an expression statement is just this call
  CallIsImplicit = 4,        ///< destructors, conversions the user did not write
  CallIsNew = 8,             ///< `new T(...)`: result is the object's address; the
                             ///< constructor is a call of its own after it
  CallIsDelete = 16,         ///< `delete p`: args[0]; destructor call before it
  CallIsDestructorOfTemporary = 32,
};

/// One call. `this` is the first argument of a method (not static).
struct Call {
  Index callee = 0;      ///< into `functions`; 0: see `calleeValue`
  Index calleeValue = 0; ///< into `exprs`: function pointer or member pointer
  List arguments;        ///< of `exprs`; values, addresses for class objects
                         ///< passed by value (of the copy made for the call)
                         ///< Of a library's template, the integers among its
                         ///< template arguments follow: `get<1>(t)`, `10ms`
  Index destination = 0; ///< into `exprs`: the place where a class object that
                         ///< is returned by value is constructed
  Index type = 0;        ///< of the result
  Index location = 0;
  Index unwind = 0; ///< into `blocks`: where an exception goes on; 0: it
                    ///< leaves the function, nothing to destroy
  std::uint32_t flags = 0;
  Index receiver = 0; ///< into `records`: static class of a method's object
};

enum class TerminatorKind : std::uint8_t {
  None,
  Goto,   ///< successors[0]
  Branch, ///< `value` != 0: successors[0], else successors[1]
  Switch, ///< `value`; `cases` run beside `successors`, default last
  Return, ///< the return slot is filled, destructors have run
  Throw,  ///< a `throw` here; successors[0] is the unwind block, or none
  Resume, ///< an exception leaves the function, destructors have run
  Catch,  ///< an exception may enter any successor; the last one is a
          ///< catch-all, a further unwind block, or a `Resume` block
  Unreachable,
};

struct Block {
  Index firstEvent = 0;
  std::uint32_t eventCount = 0;
  TerminatorKind terminator = TerminatorKind::None;
  std::uint8_t isLoopHead = 0; ///< a back edge comes here
  std::uint16_t reserved = 0;
  Index value = 0;    ///< into `exprs`
  Index location = 0; ///< of the condition, `return`, `throw`, `goto`, `break`
  List successors;    ///< of `blocks`
  List cases;         ///< of `exprs` (IntConst); one fewer than successors
};

//===----------------------------------------------------------------------===//
// Clang's thread-safety attributes, as facts
//===----------------------------------------------------------------------===//

enum class AttributeKind : std::uint8_t {
  None,
  Acquire,
  AcquireShared,
  Release, ///< `release_generic_capability` too
  ReleaseShared,
  TryAcquire, ///< `value` is the result on success
  TryAcquireShared,
  Requires,
  RequiresShared,
  Excludes,
  AssertHeld,
  ReturnCapability,
  GuardedBy,
  PointeeGuardedBy,
  AcquiredBefore,
  AcquiredAfter,
  Cleanup, ///< `__attribute__((cleanup(f)))`; lowered as a call, kept for docs
};

struct Attribute {
  AttributeKind kind = AttributeKind::None;
  std::uint8_t reserved[3] = {};
  std::int32_t value = 0;
  List arguments; ///< of `exprs`: places of locks, in terms of the function's
                  ///< `variables`, or of `Deref(Load(Local(0)))` as the owner
                  ///< when on a field
};

/// All tables of one unit. Built by facts, read-only afterwards. Not
/// thread-safe while it is built.
struct Unit {
  std::vector<std::string> strings{std::string()};
  std::vector<Index> lists{0};
  std::vector<File> files{File{}};
  std::vector<Location> locations{Location{}};
  std::vector<Type> types{Type{}};
  std::vector<Record> records{Record{}};
  std::vector<Field> fields{Field{}};
  std::vector<Variable> variables{Variable{}};
  std::vector<Global> globals{Global{}};
  std::vector<Function> functions{Function{}};
  std::vector<Expr> exprs{Expr{}};
  std::vector<Event> events{Event{}};
  std::vector<Call> calls{Call{}};
  std::vector<Block> blocks{Block{}};
  std::vector<Attribute> attributes{Attribute{}};
  Index mainFile = 0;           ///< into `files`
  std::uint32_t errorCount = 0; ///< errors of the parser
  Index firstError = 0;         ///< into `strings`: "file:line:col: message"

  std::string_view text(Index string) const { return strings[string]; }
};

} // namespace gridlock::ir

#endif // GRIDLOCK_ENGINE_SUMMARY_IR_H
