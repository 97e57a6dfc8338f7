//===- ReplaceFiles.cpp - Several files changed as one --------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/finding/ReplaceFiles.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <optional>
#include <set>
#include <vector>

namespace gridlock {

namespace fs = llvm::sys::fs;

static llvm::Error failure(llvm::StringRef file, std::error_code code) {
  return llvm::createStringError(code, "cannot write " + file + ": " + code.message());
}

static llvm::Expected<fs::TempFile> writeSibling(const std::string &file, llvm::StringRef text, fs::perms mode) {
  llvm::Expected<fs::TempFile> made = fs::TempFile::create(file + ".%%%%%%");
  if (!made)
    return failure(file, llvm::errorToErrorCode(made.takeError()));
  llvm::raw_fd_ostream os(made->FD, /*shouldClose=*/false);
  os << text;
  os.flush();
  std::error_code code = os.error();
  os.clear_error();
  if (!code)
    code = fs::setPermissions(made->FD, mode);
  if (code)
    return llvm::joinErrors(failure(file, code), made->discard());
  return made;
}

namespace {

class Replacement {
public:
  ~Replacement() { discard(); }

  llvm::Error prepare(const FileText &text) {
    Step step;
    fs::perms mode = fs::perms::all_read | fs::perms::owner_write;
    llvm::SmallString<256> real;
    if (text.isNew) {
      if (llvm::Error error = makeFolders(llvm::sys::path::parent_path(text.file)))
        return error;
      real = text.file;
      mode = static_cast<fs::perms>(0666 & ~fs::getUmask());
    } else {
      if (std::error_code code = fs::real_path(text.file, real))
        return failure(text.file, code);
      llvm::ErrorOr<fs::perms> known = fs::getPermissions(real);
      if (!known)
        return failure(text.file, known.getError());
      mode = *known;
    }
    step.file = real.str().str();
    if (!Known.insert(step.file).second)
      return llvm::createStringError("cannot write %s: it is changed under two names", text.file.c_str());
    if (!text.isNew) {
      auto buffer = llvm::MemoryBuffer::getFile(real, /*IsText=*/false, /*RequiresNullTerminator=*/false,
                                                /*IsVolatile=*/true);
      if (!buffer)
        return failure(text.file, buffer.getError());
      llvm::Expected<fs::TempFile> old = writeSibling(step.file, (*buffer)->getBuffer(), mode);
      if (!old)
        return old.takeError();
      step.old = std::move(*old);
    }
    llvm::Expected<fs::TempFile> fresh = writeSibling(step.file, text.text, mode);
    if (fresh)
      step.fresh = std::move(*fresh);
    Steps.push_back(std::move(step)); // with what has to be removed
    return fresh ? llvm::Error::success() : fresh.takeError();
  }

  llvm::Error commit() {
    std::vector<Step *> order;
    for (bool isNew : {false, true})
      for (Step &step : Steps)
        if (isNew == !step.old)
          order.push_back(&step);
    for (std::size_t i = 0; i < order.size(); ++i) {
      llvm::Error error = order[i]->fresh->keep(order[i]->file);
      order[i]->fresh.reset();
      if (error)
        return llvm::joinErrors(failure(order[i]->file, llvm::errorToErrorCode(std::move(error))),
                                undo(llvm::ArrayRef(order).take_front(i)));
    }
    return llvm::Error::success();
  }

  /// After a failure.
  void abandon() {
    discard();
    for (const std::string &folder : llvm::reverse(Folders))
      fs::remove(folder); // unless somebody has put something there
  }

private:
  struct Step {
    std::string file;
    std::optional<fs::TempFile> fresh, old;
  };

  void discard() {
    for (Step &step : Steps)
      for (std::optional<fs::TempFile> *left : {&step.fresh, &step.old})
        if (*left) {
          llvm::consumeError((*left)->discard());
          left->reset();
        }
  }

  llvm::Error makeFolders(llvm::StringRef folder) {
    std::vector<std::string> missing;
    for (; !folder.empty() && !fs::exists(folder); folder = llvm::sys::path::parent_path(folder))
      missing.push_back(folder.str());
    for (const std::string &each : llvm::reverse(missing)) {
      if (std::error_code code = fs::create_directory(each))
        return failure(each, code);
      Folders.push_back(each);
    }
    return llvm::Error::success();
  }

  static llvm::Error undo(llvm::ArrayRef<Step *> done) {
    llvm::Error errors = llvm::Error::success();
    for (Step *step : done) {
      if (!step->old) {
        fs::remove(step->file);
        continue;
      }
      llvm::Error error = step->old->keep(step->file);
      step->old.reset();
      if (error)
        errors = llvm::joinErrors(std::move(errors), failure(step->file, llvm::errorToErrorCode(std::move(error))));
    }
    return errors;
  }

  std::vector<Step> Steps;
  std::vector<std::string> Folders; ///< made here, outermost first
  std::set<std::string> Known;
};

} // namespace

llvm::Error replaceFiles(llvm::ArrayRef<FileText> texts) {
  Replacement replacement;
  llvm::Error error = llvm::Error::success();
  for (const FileText &text : texts)
    if (!error)
      error = replacement.prepare(text);
  if (!error)
    error = replacement.commit();
  if (error)
    replacement.abandon();
  return error;
}

} // namespace gridlock
