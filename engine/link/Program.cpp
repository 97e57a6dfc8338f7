//===- Program.cpp - All units as one program -------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A compilation database may hold several programs, and C lets two of them
// define different things under one name. So identity is decided like this:
//
// * Internal names are keyed by their USR and the file that declares them (a
//   static inline function of a header is one function in all units).
// * Records are keyed by USR and layout: two C structs of one name and two
//   layouts are two. An incomplete record is the complete one of that USR.
// * External functions are keyed by USR. When several units define one USR
//   with different bodies in different files, each definition is a function of
//   its own, and a reference means its own unit's definition, else the one
//   whose path is nearest. Where the build says what it links together, only a
//   definition that is linked with the unit is meant, if there is one.
//
//===----------------------------------------------------------------------===//

#include "engine/link/Program.h"
#include "engine/link/LockConventions.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

namespace gridlock::link {

class Linker {
public:
  Linker(std::vector<std::shared_ptr<const ir::Unit>> units, const model::Models &models,
         llvm::ArrayRef<LinkedSources> programs)
      : Result(std::make_unique<Program>()), Models(models) {
    Result->ModelTable = &models;
    Result->ProgramCount = std::uint32_t(programs.size());
    llvm::StringMap<std::vector<std::uint32_t>> programsOf;
    for (std::uint32_t i = 0; i < programs.size(); ++i)
      for (const std::string &source : programs[i])
        programsOf[source].push_back(i);
    for (std::shared_ptr<const ir::Unit> &unit : units) {
      Program::UnitLink link;
      link.functions.resize(unit->functions.size());
      link.records.resize(unit->records.size());
      link.fields.resize(unit->fields.size());
      link.globals.resize(unit->globals.size());
      auto found = programsOf.find(unit->text(unit->files[unit->mainFile].path));
      if (found != programsOf.end())
        link.programs = found->second;
      link.unit = std::move(unit);
      Result->Units.push_back(std::move(link));
    }
  }

  std::unique_ptr<Program> run() {
    linkRecords();
    linkGlobals();
    linkFunctions();
    linkHierarchy();
    applyLockConventions();
    for (const char *name : {"$lock", "$owns", "$pointee", "$callee", "$elements", "$handle"})
      Result->ghostField(name);
    return std::move(Result);
  }

private:
  std::string_view text(UnitId unit, ir::Index string) const { return Result->Units[unit].unit->strings[string]; }

  std::string_view fileOf(UnitId unit, ir::Index location) const {
    const ir::Unit &u = *Result->Units[unit].unit;
    return u.strings[u.files[u.locations[location].file].path];
  }

  //===--- Records ---------------------------------------------------------===//

  void linkRecords() {
    for (UnitId unit = 0; unit < Result->Units.size(); ++unit)
      linkRecordsOf(unit, /*complete=*/true);
    for (UnitId unit = 0; unit < Result->Units.size(); ++unit)
      linkRecordsOf(unit, /*complete=*/false);
  }

  void linkRecordsOf(UnitId unit, bool complete) {
    Program::UnitLink &link = Result->Units[unit];
    for (ir::Index row = 1; row < link.unit->records.size(); ++row) {
      const ir::Record &record = link.unit->records[row];
      if (complete == bool(record.flags & ir::RecordIsIncomplete))
        continue;
      link.records[row] = complete ? internComplete(unit, row, record) : internIncomplete(unit, row, record);
      if (complete)
        linkFields(unit, row, link.records[row]);
    }
  }

  RecordId internComplete(UnitId unit, ir::Index row, const ir::Record &record) {
    auto &candidates = RecordsByUsr[text(unit, record.usr)];
    for (RecordId id : candidates) {
      const RowRef &other = Result->Records[id].row;
      if (Result->Units[other.unit].unit->records[other.row].layoutHash == record.layoutHash)
        return id;
    }
    RecordId id = addRecord(unit, row, record);
    candidates.push_back(id);
    return id;
  }

  RecordId internIncomplete(UnitId unit, ir::Index row, const ir::Record &record) {
    auto &candidates = RecordsByUsr[text(unit, record.usr)];
    if (candidates.empty())
      candidates.push_back(addRecord(unit, row, record));
    return candidates.front();
  }

  RecordId addRecord(UnitId unit, ir::Index row, const ir::Record &record) {
    RecordInfo info;
    info.qualifiedName = text(unit, record.qualifiedName);
    info.displayName = text(unit, record.displayName);
    info.flags = record.flags;
    info.row = {unit, row};
    info.model = Models.type(info.qualifiedName);
    Result->Records.push_back(std::move(info));
    return RecordId(Result->Records.size() - 1);
  }

  void linkFields(UnitId unit, ir::Index row, RecordId id) {
    Program::UnitLink &link = Result->Units[unit];
    const ir::Record &record = link.unit->records[row];
    RecordInfo &info = Result->Records[id];
    bool first = info.fields.empty();
    for (std::uint32_t i = 0; i < record.fields.count; ++i) {
      ir::Index fieldRow = link.unit->lists[record.fields.first + i];
      if (first) {
        const ir::Field &field = link.unit->fields[fieldRow];
        FieldInfo fieldInfo;
        fieldInfo.name = text(unit, field.name);
        fieldInfo.record = id;
        fieldInfo.row = {unit, fieldRow};
        fieldInfo.flags = field.flags;
        Result->Fields.push_back(fieldInfo);
        info.fields.push_back(FieldId(Result->Fields.size() - 1));
      }
      if (i < info.fields.size())
        link.fields[fieldRow] = info.fields[i];
    }
  }

  //===--- Globals ---------------------------------------------------------===//

  void linkGlobals() {
    for (UnitId unit = 0; unit < Result->Units.size(); ++unit) {
      Program::UnitLink &link = Result->Units[unit];
      for (ir::Index row = 1; row < link.unit->globals.size(); ++row) {
        const ir::Global &global = link.unit->globals[row];
        std::string key(text(unit, global.usr));
        if (global.flags & ir::GlobalIsInternal)
          key += '@' + std::string(fileOf(unit, global.location));
        GlobalId &id = GlobalsByKey[key];
        if (!id) {
          Result->Globals.push_back({text(unit, global.qualifiedName), {unit, row}, global.flags});
          id = GlobalId(Result->Globals.size() - 1);
        } else if ((global.flags & ir::GlobalIsDefinition) && !(Result->Globals[id].flags & ir::GlobalIsDefinition)) {
          Result->Globals[id].row = {unit, row};
          Result->Globals[id].flags = global.flags;
        }
        link.globals[row] = id;
      }
    }
  }

  //===--- Functions -------------------------------------------------------===//

  void linkFunctions() {
    for (UnitId unit = 0; unit < Result->Units.size(); ++unit)
      for (ir::Index row = 1; row < Result->Units[unit].unit->functions.size(); ++row)
        if (Result->Units[unit].unit->functions[row].blocks.count)
          defineFunction(unit, row);
    for (UnitId unit = 0; unit < Result->Units.size(); ++unit)
      for (ir::Index row = 1; row < Result->Units[unit].unit->functions.size(); ++row)
        if (!Result->Units[unit].functions[row])
          referFunction(unit, row);
  }

  std::string functionKey(UnitId unit, const ir::Function &function) const {
    std::string key(text(unit, function.usr));
    if (function.flags & (ir::FunctionIsInternal | ir::FunctionIsGlobalInitializer))
      key += '@' + std::string(fileOf(unit, function.location));
    return key;
  }

  void defineFunction(UnitId unit, ir::Index row) {
    const ir::Function &function = Result->Units[unit].unit->functions[row];
    FunctionId id = 0;
    if (function.flags & ir::FunctionIsGlobalInitializer) {
      id = addFunction(unit, row, function);
      Result->Initializers.push_back(id);
    } else {
      auto &candidates = FunctionsByKey[functionKey(unit, function)];
      for (FunctionId other : candidates)
        if (Result->body(other).bodyHash == function.bodyHash || sameFile(other, unit, function))
          id = other;
      if (!id) {
        id = addFunction(unit, row, function);
        candidates.push_back(id);
        if (function.flags & ir::FunctionIsMain)
          Result->Mains.push_back(id);
      }
    }
    Result->Units[unit].functions[row] = id;
  }

  bool sameFile(FunctionId other, UnitId unit, const ir::Function &function) const {
    const FunctionInfo &info = Result->Functions[other];
    return fileOf(info.row.unit, Result->body(other).location) == fileOf(unit, function.location);
  }

  void referFunction(UnitId unit, ir::Index row) {
    const ir::Function &function = Result->Units[unit].unit->functions[row];
    auto &candidates = FunctionsByKey[functionKey(unit, function)];
    if (candidates.empty())
      candidates.push_back(addFunction(unit, row, function));
    Result->Units[unit].functions[row] = nearest(candidates, unit);
  }

  /// Of several definitions, the one whose file shares most of its path with
  /// the unit that refers to it.
  FunctionId nearest(const llvm::SmallVectorImpl<FunctionId> &candidates, UnitId unit) const {
    if (candidates.size() == 1)
      return candidates.front();
    llvm::SmallVector<FunctionId, 4> together;
    llvm::copy_if(candidates, std::back_inserter(together),
                  [&](FunctionId id) { return Result->mayShareProgram(unit, Result->Functions[id].row.unit); });
    if (together.empty())
      together.append(candidates.begin(), candidates.end());
    const ir::Unit &from = *Result->Units[unit].unit;
    std::string_view path = from.strings[from.files[from.mainFile].path];
    FunctionId best = together.front();
    std::size_t bestLength = 0;
    for (FunctionId id : together) {
      std::string_view other = fileOf(Result->Functions[id].row.unit, Result->body(id).location);
      std::size_t length = std::mismatch(path.begin(), path.end(), other.begin(), other.end()).first - path.begin();
      if (length > bestLength) {
        bestLength = length;
        best = id;
      }
    }
    return best;
  }

  FunctionId addFunction(UnitId unit, ir::Index row, const ir::Function &function) {
    FunctionInfo info;
    info.usr = text(unit, function.usr);
    info.qualifiedName = text(unit, function.qualifiedName);
    info.displayName = text(unit, function.displayName);
    info.flags = function.flags;
    info.record = Result->Units[unit].records[function.record];
    info.row = {unit, row};
    info.hasBody = function.blocks.count != 0;
    info.model = findModel(unit, function, info.qualifiedName);
    if (info.model && info.model->builtin && info.hasBody && !(info.flags & ir::FunctionIsInSystemHeader))
      info.model = nullptr;
    Result->Functions.push_back(std::move(info));
    FunctionId id = FunctionId(Result->Functions.size() - 1);
    if (Result->Functions[id].record)
      Result->Methods[Result->Functions[id].record].push_back(id);
    return id;
  }

  const model::FunctionModel *findModel(UnitId unit, const ir::Function &function, std::string_view name) const {
    if (!Models.knows(name))
      return nullptr;
    const ir::Unit &u = *Result->Units[unit].unit;
    std::vector<std::string> names;
    for (std::uint32_t i = 0; i < function.parameterTypes.count; ++i) {
      const ir::Type *type = &u.types[u.lists[function.parameterTypes.first + i]];
      bool isRvalue = type->kind == ir::TypeKind::Reference && llvm::StringRef(u.strings[type->name]).ends_with("&&");
      while (type->kind == ir::TypeKind::Reference)
        type = &u.types[type->element];
      names.push_back(type->kind == ir::TypeKind::Record ? u.strings[u.records[type->record].qualifiedName]
                                                         : u.strings[type->name]);
      if (isRvalue)
        names.back() += "&&";
    }
    llvm::SmallVector<llvm::StringRef, 6> parameters(names.begin(), names.end());
    return Models.function(name, parameters);
  }

  //===--- Hierarchy -------------------------------------------------------===//

  void linkHierarchy() {
    for (RecordId id = 1; id < Result->Records.size(); ++id) {
      RecordInfo &info = Result->Records[id];
      Program::UnitLink &link = Result->Units[info.row.unit];
      const ir::Record &record = link.unit->records[info.row.row];
      info.callOperator = link.functions[record.callOperator];
      for (std::uint32_t i = 0; i < record.bases.count; ++i)
        if (RecordId base = link.records[link.unit->lists[record.bases.first + i]]) {
          info.bases.push_back(base);
          Result->Records[base].derived.push_back(id);
        }
    }
    for (FunctionId id = 1; id < Result->Functions.size(); ++id) {
      const RowRef row = Result->Functions[id].row;
      const ir::Function &function = Result->Units[row.unit].unit->functions[row.row];
      for (std::uint32_t i = 0; i < function.overridden.count; ++i) {
        FunctionId base =
            Result->Units[row.unit].functions[Result->Units[row.unit].unit->lists[function.overridden.first + i]];
        if (!base || base == id)
          continue;
        Result->Functions[id].overridden.push_back(base);
        Result->Functions[base].overriders.push_back(id);
      }
    }
  }

  //===--- Conventions -----------------------------------------------------===//

  void applyLockConventions() {
    LockConventions found = findLockConventions(*Result);
    for (const auto &[function, entry] : found.functions)
      Result->Functions[function].model = Models.function(entry, {});
    for (const auto &[record, entry] : found.types)
      if (!Result->Records[record].model)
        Result->Records[record].model = Models.type(entry);
  }

  std::unique_ptr<Program> Result;
  const model::Models &Models;
  llvm::StringMap<llvm::SmallVector<RecordId, 1>> RecordsByUsr;
  llvm::StringMap<llvm::SmallVector<FunctionId, 1>> FunctionsByKey;
  llvm::StringMap<GlobalId> GlobalsByKey;
};

std::unique_ptr<Program> linkProgram(std::vector<std::shared_ptr<const ir::Unit>> units, const model::Models &models,
                                     llvm::ArrayRef<LinkedSources> programs) {
  return Linker(std::move(units), models, programs).run();
}

bool Program::mayShareProgram(UnitId a, UnitId b) const {
  llvm::ArrayRef<std::uint32_t> mine = programsOf(a), theirs = programsOf(b);
  return a == b || mine.empty() || theirs.empty() ||
         llvm::any_of(mine, [&](std::uint32_t program) { return llvm::is_contained(theirs, program); });
}

bool Program::derivesFrom(RecordId derived, RecordId base) const {
  if (derived == base)
    return true;
  return llvm::any_of(Records[derived].bases, [&](RecordId direct) { return derivesFrom(direct, base); });
}

const model::TypeModel *Program::typeModel(UnitId unitId, ir::Index row) const {
  const ir::Unit &unit = this->unit(unitId);
  const ir::Type *type = &unit.types[row];
  while (type->kind == ir::TypeKind::Reference || type->kind == ir::TypeKind::Array)
    type = &unit.types[type->element];
  if (const model::TypeModel *model = ModelTable->type(unit.strings[type->name]))
    return model;
  RecordId record = type->kind == ir::TypeKind::Record ? link(unitId).records[type->record] : 0;
  return record ? Records[record].model : nullptr;
}

bool Program::anyEvent(FunctionId id, llvm::function_ref<bool(const ir::Event &)> visit) const {
  const ir::Unit &unit = this->unit(Functions[id].row.unit);
  const ir::Function &function = body(id);
  for (std::uint32_t b = 0; b < function.blocks.count; ++b) {
    const ir::Block &block = unit.blocks[unit.lists[function.blocks.first + b]];
    for (std::uint32_t e = 0; e < block.eventCount; ++e)
      if (visit(unit.events[block.firstEvent + e]))
        return true;
  }
  return false;
}

llvm::SmallVector<FunctionId, 4> Program::virtualTargets(FunctionId function, RecordId receiver, unsigned limit) const {
  llvm::SmallVector<FunctionId, 4> targets;
  llvm::SmallVector<FunctionId, 8> work{function};
  llvm::DenseMap<FunctionId, bool> seen;
  while (!work.empty() && targets.size() < limit) {
    FunctionId next = work.pop_back_val();
    if (!seen.try_emplace(next, true).second)
      continue;
    const FunctionInfo &info = Functions[next];
    bool reachable =
        !receiver || !info.record || derivesFrom(info.record, receiver) || derivesFrom(receiver, info.record);
    if (info.hasBody && reachable)
      targets.push_back(next);
    work.append(info.overriders.begin(), info.overriders.end());
  }
  return targets;
}

FieldId Program::findField(RecordId record, std::string_view name) const {
  llvm::SmallVector<FieldId, 2> path = findFieldPath(record, name);
  return path.empty() ? 0 : path.back();
}

llvm::SmallVector<FieldId, 2> Program::findFieldPath(RecordId record, std::string_view name) const {
  const RecordInfo &info = Records[record];
  for (FieldId id : info.fields)
    if (Fields[id].name == name)
      return {id};
  for (RecordId base : info.bases)
    if (auto path = findFieldPath(base, name); !path.empty())
      return path;
  for (FieldId id : info.fields) {
    const RowRef &row = Fields[id].row;
    const ir::Unit &u = *Units[row.unit].unit;
    const ir::Type &type = u.types[u.fields[row.row].type];
    if (type.kind != ir::TypeKind::Record)
      continue;
    RecordId inner = Units[row.unit].records[type.record];
    if (inner && (Fields[id].name.empty() || (Records[inner].flags & ir::RecordIsUnion)))
      if (auto path = findFieldPath(inner, name); !path.empty()) {
        path.insert(path.begin(), id);
        return path;
      }
  }
  return {};
}

static bool isMethodNamed(std::string_view qualified, std::string_view name) {
  return qualified.size() > name.size() + 2 && qualified.ends_with(name) &&
         qualified.substr(qualified.size() - name.size() - 2, 2) == "::";
}

FunctionId Program::findMethod(RecordId record, std::string_view name) const {
  if (auto found = Methods.find(record); found != Methods.end())
    for (FunctionId id : found->second)
      if (Functions[id].hasBody && isMethodNamed(Functions[id].qualifiedName, name))
        return id;
  for (RecordId base : Records[record].bases)
    if (FunctionId id = findMethod(base, name))
      return id;
  return 0;
}

FunctionId Program::findMethodOrVirtual(RecordId record, std::string_view name) const {
  if (FunctionId id = findMethod(record, name))
    return id;
  if (auto found = Methods.find(record); found != Methods.end())
    for (FunctionId id : found->second)
      if ((Functions[id].flags & ir::FunctionIsVirtual) && isMethodNamed(Functions[id].qualifiedName, name))
        return id;
  for (RecordId base : Records[record].bases)
    if (FunctionId id = findMethodOrVirtual(base, name))
      return id;
  return 0;
}

FunctionId Program::findDestructor(RecordId record) const {
  std::string_view name = Records[record].qualifiedName;
  return findMethodOrVirtual(record, "~" + std::string(name.substr(name.rfind(':') + 1)));
}

FunctionId Program::findConstructor(RecordId record, unsigned parameters) const {
  if (auto found = Methods.find(record); found != Methods.end())
    for (FunctionId id : found->second)
      if (Functions[id].hasBody && (Functions[id].flags & ir::FunctionIsConstructor) &&
          !(Functions[id].flags & ir::FunctionIsCopyOrMove) && body(id).parameterTypes.count == parameters)
        return id;
  return 0;
}

FieldId Program::ghostField(std::string_view name) const {
  auto &self = const_cast<Program &>(*this);
  auto [entry, isNew] = self.Ghosts.try_emplace(name, 0);
  if (isNew) {
    FieldInfo info;
    info.name = entry->getKey();
    self.Fields.push_back(info);
    entry->second = FieldId(self.Fields.size() - 1);
  }
  return entry->second;
}

RecordId Program::recordOfType(UnitId unit, ir::Index type) const {
  const ir::Unit &u = *Units[unit].unit;
  const ir::Type *t = &u.types[type];
  for (unsigned depth = 0; depth < 8 && (t->kind == ir::TypeKind::Reference || t->kind == ir::TypeKind::Array); ++depth)
    t = &u.types[t->element];
  return t->kind == ir::TypeKind::Record ? Units[unit].records[t->record] : 0;
}

} // namespace gridlock::link
