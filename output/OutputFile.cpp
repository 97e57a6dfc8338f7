//===- OutputFile.cpp - Writing the files that a user names ---------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "output/OutputFile.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"

namespace fs = llvm::sys::fs;

namespace gridlock::output {

/// Whether it exists and is no ordinary file. What lies in /dev or /proc may lead to
/// one, which another program has open and goes on writing.
static bool isSpecial(llvm::StringRef file) {
  fs::file_status status;
  return file.starts_with("/dev/") || file.starts_with("/proc/") ||
         (!fs::status(file, status) && status.type() != fs::file_type::regular_file);
}

llvm::Error writeOutputFile(llvm::StringRef file, llvm::function_ref<llvm::Error(llvm::raw_ostream &)> write) {
  if (file == "-" || !isSpecial(file)) {
    llvm::SmallString<256> target;
    bool exists = file != "-" && !fs::real_path(file, target);
    return llvm::writeToOutput(exists ? target.str() : file, write);
  }
  std::error_code error;
  llvm::raw_fd_ostream stream(file, error, fs::CD_OpenExisting, fs::FA_Write, fs::OF_Append);
  if (error)
    return llvm::errorCodeToError(error);
  if (llvm::Error failed = write(stream))
    return failed;
  stream.flush();
  error = stream.error();
  stream.clear_error();
  return error ? llvm::errorCodeToError(error) : llvm::Error::success();
}

} // namespace gridlock::output
