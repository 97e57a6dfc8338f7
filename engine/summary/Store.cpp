//===- Store.cpp - The stored form of a unit --------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A file is a fixed header followed by a FlatBuffer of the tables. The structs
// of the schema have the layout of the structs of Ir.h, so a table crosses the
// border as one memcpy in either direction.
//
// Reading trusts nothing. In this order: magic and version (is it ours?),
// format hash (does it mean what we think?), content hash (did the disk or a
// killed writer damage it?), FlatBuffers' own verifier (do the offsets stay in
// the file?), verifyUnit (do the rows refer to rows that exist?). The content
// hash catches accidents; the last two also hold against a file that was made
// up with a right hash.
//
//===----------------------------------------------------------------------===//

#include "engine/summary/Store.h"
#include "engine/summary/FormatHash.h"
#include "engine/summary/Summary_generated.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/xxhash.h"
#include <cstring>
#include <type_traits>

namespace gridlock::ir {

static_assert(sizeof(StoreHeader) == 32 && std::is_trivially_copyable_v<StoreHeader>);

/// Rows are stored in the byte order of the machine; the hash tells them apart.
std::uint64_t storeFormatHash() {
  return llvm::endianness::native == llvm::endianness::little ? FormatHash : ~FormatHash;
}

static llvm::Error failure(const llvm::Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

template <class Stored, class Row>
static auto packRows(flatbuffers::FlatBufferBuilder &builder, const std::vector<Row> &rows) {
  static_assert(sizeof(Stored) == sizeof(Row) && alignof(Stored) == alignof(Row),
                "Summary.fbs and Ir.h disagree about a struct");
  static_assert(std::is_trivially_copyable_v<Row> && std::has_unique_object_representations_v<Row>,
                "a row has padding, whose bytes would be stored unset");
  return builder.CreateVectorOfStructs(reinterpret_cast<const Stored *>(rows.data()), rows.size());
}

/// An upper bound for the file's size, to refuse what offsets cannot reach.
static std::uint64_t storedSize(const Unit &unit) {
  std::uint64_t size = 4096;
  for (const std::string &string : unit.strings)
    size += string.size() + sizeof(std::uint32_t);
  auto add = [&](const auto &rows) { size += std::uint64_t(rows.size()) * sizeof(rows[0]); };
  add(unit.lists), add(unit.files), add(unit.locations), add(unit.types), add(unit.records);
  add(unit.fields), add(unit.variables), add(unit.globals), add(unit.functions), add(unit.exprs);
  add(unit.events), add(unit.calls), add(unit.blocks), add(unit.attributes);
  return size;
}

static void packUnit(flatbuffers::FlatBufferBuilder &builder, const Unit &unit) {
  std::string text;
  std::vector<std::uint32_t> textEnds;
  textEnds.reserve(unit.strings.size());
  for (const std::string &string : unit.strings) {
    text += string;
    textEnds.push_back(text.size());
  }
  auto packedText = builder.CreateVector(reinterpret_cast<const std::uint8_t *>(text.data()), text.size());
  auto packedEnds = builder.CreateVector(textEnds);
  auto lists = builder.CreateVector(unit.lists);
  auto files = packRows<stored::File>(builder, unit.files);
  auto locations = packRows<stored::Location>(builder, unit.locations);
  auto types = packRows<stored::Type>(builder, unit.types);
  auto records = packRows<stored::Record>(builder, unit.records);
  auto fields = packRows<stored::Field>(builder, unit.fields);
  auto variables = packRows<stored::Variable>(builder, unit.variables);
  auto globals = packRows<stored::Global>(builder, unit.globals);
  auto functions = packRows<stored::Function>(builder, unit.functions);
  auto exprs = packRows<stored::Expr>(builder, unit.exprs);
  auto events = packRows<stored::Event>(builder, unit.events);
  auto calls = packRows<stored::Call>(builder, unit.calls);
  auto blocks = packRows<stored::Block>(builder, unit.blocks);
  auto attributes = packRows<stored::Attribute>(builder, unit.attributes);
  builder.Finish(stored::CreateUnit(builder, packedText, packedEnds, lists, files, locations, types, records, fields,
                                    variables, globals, functions, exprs, events, calls, blocks, attributes,
                                    unit.mainFile, unit.errorCount, unit.firstError));
}

llvm::Error writeUnit(const Unit &unit, llvm::raw_ostream &stream) {
  if (storedSize(unit) >= FLATBUFFERS_MAX_BUFFER_SIZE)
    return failure("the summary is larger than 2 GiB");
  flatbuffers::FlatBufferBuilder builder(1 << 16);
  packUnit(builder, unit);
  llvm::ArrayRef<std::uint8_t> payload(builder.GetBufferPointer(), builder.GetSize());

  StoreHeader header;
  header.version = StoreVersion;
  header.formatHash = storeFormatHash();
  header.contentHash = llvm::xxh3_64bits(payload);
  stream.write(reinterpret_cast<const char *>(&header), sizeof(header));
  stream.write(reinterpret_cast<const char *>(payload.data()), payload.size());
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

static llvm::Error checkHeader(const StoreHeader &header, llvm::StringRef payload) {
  if (header.magic != StoreHeader::Magic)
    return failure("this is not a Gridlock summary");
  if (header.version != StoreVersion)
    return failure("the summary has format version " + llvm::Twine(header.version) + ", this program reads version " +
                   llvm::Twine(StoreVersion) + "; extract it again");
  if (header.formatHash != storeFormatHash())
    return failure("the summary was written by another build of Gridlock; extract it again");
  if (header.contentHash != llvm::xxh3_64bits(payload))
    return failure("the summary is damaged: its content does not match its hash");
  return llvm::Error::success();
}

template <class Stored, class Row>
static void unpackRows(const flatbuffers::Vector<const Stored *> *stored, std::vector<Row> &rows) {
  static_assert(sizeof(Stored) == sizeof(Row));
  rows.resize(stored ? stored->size() : 0);
  if (!rows.empty())
    std::memcpy(static_cast<void *>(rows.data()), stored->Data(), rows.size() * sizeof(Row));
}

static llvm::Error unpackStrings(const stored::Unit &stored, std::vector<std::string> &strings) {
  strings.clear();
  if (!stored.text() || !stored.text_ends())
    return failure("the summary has no strings");
  llvm::StringRef text(reinterpret_cast<const char *>(stored.text()->Data()), stored.text()->size());
  strings.reserve(stored.text_ends()->size());
  std::uint32_t begin = 0;
  for (std::uint32_t end : *stored.text_ends()) {
    if (end < begin || end > text.size())
      return failure("string " + llvm::Twine(strings.size()) + " of the summary lies outside its text");
    strings.push_back(text.slice(begin, end).str());
    begin = end;
  }
  return llvm::Error::success();
}

static llvm::Expected<std::unique_ptr<Unit>> unpackUnit(const stored::Unit &stored) {
  auto unit = std::make_unique<Unit>();
  if (llvm::Error error = unpackStrings(stored, unit->strings))
    return error;
  unit->lists.clear();
  if (const flatbuffers::Vector<std::uint32_t> *lists = stored.lists())
    unit->lists.assign(lists->begin(), lists->end());
  unpackRows(stored.files(), unit->files);
  unpackRows(stored.locations(), unit->locations);
  unpackRows(stored.types(), unit->types);
  unpackRows(stored.records(), unit->records);
  unpackRows(stored.fields(), unit->fields);
  unpackRows(stored.variables(), unit->variables);
  unpackRows(stored.globals(), unit->globals);
  unpackRows(stored.functions(), unit->functions);
  unpackRows(stored.exprs(), unit->exprs);
  unpackRows(stored.events(), unit->events);
  unpackRows(stored.calls(), unit->calls);
  unpackRows(stored.blocks(), unit->blocks);
  unpackRows(stored.attributes(), unit->attributes);
  unit->mainFile = stored.main_file();
  unit->errorCount = stored.error_count();
  unit->firstError = stored.first_error();
  if (llvm::Error error = verifyUnit(*unit))
    return error;
  return unit;
}

llvm::Expected<std::unique_ptr<Unit>> readUnit(llvm::StringRef bytes) {
  StoreHeader header;
  if (bytes.size() < sizeof(header))
    return failure("this is not a Gridlock summary: it has only " + llvm::Twine(bytes.size()) + " bytes");
  std::memcpy(&header, bytes.data(), sizeof(header));
  llvm::StringRef payload = bytes.drop_front(sizeof(header));
  if (llvm::Error error = checkHeader(header, payload))
    return error;

  // FlatBuffers reads integers in place; memory buffers and mapped files are
  // aligned, slices of other data need not be.
  std::unique_ptr<llvm::MemoryBuffer> aligned;
  if (reinterpret_cast<std::uintptr_t>(payload.data()) % alignof(std::max_align_t) != 0) {
    aligned = llvm::MemoryBuffer::getMemBufferCopy(payload);
    payload = aligned->getBuffer();
  }
  flatbuffers::Verifier verifier(reinterpret_cast<const std::uint8_t *>(payload.data()), payload.size());
  if (payload.size() >= FLATBUFFERS_MAX_BUFFER_SIZE || !verifier.VerifyBuffer<stored::Unit>(nullptr))
    return failure("the summary is damaged: its tables do not lie within the file");
  return unpackUnit(*flatbuffers::GetRoot<stored::Unit>(payload.data()));
}

} // namespace gridlock::ir
