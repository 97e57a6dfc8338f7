//===- Program.h - All units as one program ---------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The units of a run joined into one program: every function, class, field and
/// global gets one identity, references are resolved to definitions, and the
/// class hierarchy is known. Event tables stay in their units; a body is named
/// by its unit and row.
///
/// Built once by `linkProgram`, read-only afterwards: any thread may read it.
/// Cost: linear in the rows of all units.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_ENGINE_LINK_PROGRAM_H
#define GRIDLOCK_ENGINE_LINK_PROGRAM_H

#include "engine/summary/Ir.h"
#include "models/Model.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gridlock::link {

using UnitId = std::uint32_t;
/// Identities in the whole program; 0 is "none".
using FunctionId = std::uint32_t;
using RecordId = std::uint32_t;
using FieldId = std::uint32_t;
using GlobalId = std::uint32_t;

/// A row of a unit's table.
struct RowRef {
  UnitId unit = 0;
  ir::Index row = 0;
};

struct RecordInfo {
  std::string_view qualifiedName;
  std::string_view displayName;
  std::uint32_t flags = 0;
  RowRef row;
  FunctionId callOperator = 0;
  std::vector<FieldId> fields;
  std::vector<RecordId> bases;
  std::vector<RecordId> derived; ///< direct ones
  const model::TypeModel *model = nullptr;
};

/// A data member, or a ghost field of a model (`$lock`), which has no record.
struct FieldInfo {
  std::string_view name;
  RecordId record = 0;
  RowRef row; ///< row 0 for ghosts
  std::uint32_t flags = 0;
};

struct GlobalInfo {
  std::string_view qualifiedName;
  RowRef row;
  std::uint32_t flags = 0;
};

struct FunctionInfo {
  std::string_view usr;
  std::string_view qualifiedName;
  std::string_view displayName;
  std::uint32_t flags = 0;
  RecordId record = 0;
  RowRef row; ///< of the definition, or of a declaration
  bool hasBody = false;
  std::vector<FunctionId> overriders; ///< direct ones
  std::vector<FunctionId> overridden; ///< direct ones
  const model::FunctionModel *model = nullptr;
};

/// A linked program.
class Program {
public:
  struct UnitLink {
    std::shared_ptr<const ir::Unit> unit;
    std::vector<FunctionId> functions; ///< by row
    std::vector<RecordId> records;
    std::vector<FieldId> fields;
    std::vector<GlobalId> globals;
    std::vector<std::uint32_t> programs; ///< that link it; sorted
  };

  const model::Models &models() const { return *ModelTable; }

  const ir::Unit &unit(UnitId id) const { return *Units[id].unit; }
  const UnitLink &link(UnitId id) const { return Units[id]; }
  std::size_t unitCount() const { return Units.size(); }

  const FunctionInfo &function(FunctionId id) const { return Functions[id]; }
  const RecordInfo &record(RecordId id) const { return Records[id]; }
  const FieldInfo &field(FieldId id) const { return Fields[id]; }
  /// Whether it belongs to what its object is kept in: the half of a pair.
  bool isPartOfAggregate(FieldId id) const {
    const model::TypeModel *owner = Records[Fields[id].record].model;
    return owner && owner->aggregate;
  }
  const GlobalInfo &global(GlobalId id) const { return Globals[id]; }
  std::size_t functionCount() const { return Functions.size(); }
  std::size_t recordCount() const { return Records.size(); }
  std::size_t fieldCount() const { return Fields.size(); }
  std::size_t globalCount() const { return Globals.size(); }

  const ir::Function &body(FunctionId id) const {
    const RowRef &row = Functions[id].row;
    return Units[row.unit].unit->functions[row.row];
  }

  /// Calls `visit` for the events of a function's body, block by block, until it
  /// returns true. \returns whether it did.
  bool anyEvent(FunctionId id, llvm::function_ref<bool(const ir::Event &)> visit) const;
  void forEachEvent(FunctionId id, llvm::function_ref<void(const ir::Event &)> visit) const {
    anyEvent(id, [&](const ir::Event &event) {
      visit(event);
      return false;
    });
  }

  /// All functions that a virtual call of `function` on a `receiver` may reach,
  /// itself included when it is defined. At most `limit`.
  llvm::SmallVector<FunctionId, 4> virtualTargets(FunctionId function, RecordId receiver, unsigned limit) const;

  /// Whether `derived` is `base` or inherits from it.
  bool derivesFrom(RecordId derived, RecordId base) const;

  /// The field `name` of a record, of its bases, or of its unnamed and union
  /// members; 0 when there is none.
  FieldId findField(RecordId record, std::string_view name) const;
  /// ... and the members that it stands in: `sa_handler` may be a member of a union
  /// that is a member. Empty: none.
  llvm::SmallVector<FieldId, 2> findFieldPath(RecordId record, std::string_view name) const;

  /// The method `name` of a record that has a body, most derived first; 0 when
  /// there is none.
  FunctionId findMethod(RecordId record, std::string_view name) const;

  /// As `findMethod`, or a virtual method without a body.
  FunctionId findMethodOrVirtual(RecordId record, std::string_view name) const;
  /// The destructor, as `findMethodOrVirtual` finds it.
  FunctionId findDestructor(RecordId record) const;
  /// A constructor with a body and that many parameters; 0 when there is none.
  FunctionId findConstructor(RecordId record, unsigned parameters) const;

  /// The identity of a model's ghost field. `name` includes the `$`.
  FieldId ghostField(std::string_view name) const;

  /// The functions named `main`, one for each program in the database.
  llvm::ArrayRef<FunctionId> mains() const { return Mains; }
  /// Each unit's synthetic function that initialises its globals.
  llvm::ArrayRef<FunctionId> initializers() const { return Initializers; }

  /// The programs of the build that a unit is linked into, as indices; empty when
  /// the build does not say.
  llvm::ArrayRef<std::uint32_t> programsOf(UnitId id) const { return Units[id].programs; }
  /// How many programs the build was said to link.
  std::uint32_t programCount() const { return ProgramCount; }
  /// Whether code of two units may run in one process.
  bool mayShareProgram(UnitId a, UnitId b) const;

  /// What a model says of a type, by its name or its class, through references
  /// and arrays (not pointers); null when none does.
  const model::TypeModel *typeModel(UnitId unit, ir::Index type) const;

  /// The record of a type, through references and arrays (not pointers); 0.
  RecordId recordOfType(UnitId unit, ir::Index type) const;

private:
  friend class Linker;
  const model::Models *ModelTable = nullptr;
  std::vector<UnitLink> Units;
  std::vector<FunctionInfo> Functions{FunctionInfo{}};
  std::vector<RecordInfo> Records{RecordInfo{}};
  std::vector<FieldInfo> Fields{FieldInfo{}};
  std::vector<GlobalInfo> Globals{GlobalInfo{}};
  std::vector<FunctionId> Mains, Initializers;
  std::uint32_t ProgramCount = 0;
  llvm::StringMap<FieldId> Ghosts;
  llvm::DenseMap<RecordId, llvm::SmallVector<FunctionId, 8>> Methods;
};

/// Source files that the build links into one program or library.
using LinkedSources = std::vector<std::string>;

/// Joins units. `models` must outlive the program. `programs` says what the build
/// links together; without it, every `main` is a program of what it reaches.
std::unique_ptr<Program> linkProgram(std::vector<std::shared_ptr<const ir::Unit>> units, const model::Models &models,
                                     llvm::ArrayRef<LinkedSources> programs = {});

} // namespace gridlock::link

#endif // GRIDLOCK_ENGINE_LINK_PROGRAM_H
