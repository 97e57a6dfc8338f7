//===- PipeCheck.cpp - Children blocked on a pipe -------------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// /proc/PID/syscall shows the call that a process is blocked in, with its
// arguments; /proc/PID/fd/N shows which pipe a descriptor is. That the pipe is
// full is no test: a writer of records blocks when the next record does not
// fit, and the pipe counts pages, not bytes. That nothing moves is tested by
// the caller, who looks again. Where /proc is denied, nothing is said.
//
//===----------------------------------------------------------------------===//

#include "runtime/PipeCheck.h"
#include "runtime/Writer.h"

#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace gridlock::rt {

namespace {

/// A path like /proc/12/fd/3.
class ProcPath {
public:
  ProcPath(pid_t process, const char *rest, long number = -1) : Text(Storage, sizeof(Storage)) {
    Text.text("/proc/");
    if (process)
      Text.number(static_cast<std::uint64_t>(process));
    else
      Text.text("self");
    Text.text(rest);
    if (number >= 0)
      Text.number(static_cast<std::uint64_t>(number));
    Text.character(0);
  }
  const char *get() const { return Text.data(); }

private:
  char Storage[128];
  Writer Text;
};

std::size_t readFile(const char *path, char *buffer, std::size_t capacity) {
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return 0;
  ssize_t bytes = read(file, buffer, capacity - 1);
  close(file);
  buffer[bytes > 0 ? bytes : 0] = 0;
  return bytes > 0 ? static_cast<std::size_t>(bytes) : 0;
}

/// The inode of the pipe behind a descriptor; 0 when it is none.
std::uint64_t pipeInode(pid_t process, long descriptor) {
  char link[64];
  ssize_t bytes = readlink(ProcPath(process, "/fd/", descriptor).get(), link, sizeof(link) - 1);
  if (bytes <= 6 || std::memcmp(link, "pipe:[", 6) != 0)
    return 0;
  link[bytes] = 0;
  return std::strtoull(link + 6, nullptr, 10);
}

/// Calls `each` with the number of every entry of a directory of numbers, until
/// it returns true.
template <typename Function> bool forEachNumber(const char *path, Function each) {
  int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0)
    return false;
  alignas(8) char buffer[4096];
  bool found = false;
  long bytes;
  while (!found && (bytes = syscall(SYS_getdents64, directory, buffer, sizeof(buffer))) > 0)
    for (long at = 0; at < bytes && !found;) {
      // struct linux_dirent64: the length at 16, the name at 19.
      unsigned short length;
      std::memcpy(&length, buffer + at + 16, sizeof(length));
      const char *name = buffer + at + 19;
      if (*name >= '0' && *name <= '9')
        found = each(std::strtol(name, nullptr, 10), directory);
      at += length;
    }
  close(directory);
  return found;
}

bool isReadingEnd(long descriptor) {
  int flags = fcntl(static_cast<int>(descriptor), F_GETFL);
  return flags >= 0 && (flags & O_ACCMODE) == O_RDONLY;
}

/// What a blocked child wants to write, if it does.
bool isInWrite(pid_t child, long &descriptor, std::uint64_t &wanted) {
  char text[256];
  if (!readFile(ProcPath(child, "/syscall").get(), text, sizeof(text)) || text[0] < '0' || text[0] > '9')
    return false;
  char *at = text;
  long number = std::strtol(at, &at, 10);
  if (number != SYS_write && number != SYS_writev)
    return false;
  descriptor = static_cast<long>(std::strtoull(at, &at, 16));
  std::strtoull(at, &at, 16); // the buffer
  wanted = number == SYS_write ? std::strtoull(at, &at, 16) : 0;
  return true;
}

bool lookAt(pid_t child, PipeLook &look) {
  long descriptor;
  std::uint64_t wanted;
  if (!isInWrite(child, descriptor, wanted))
    return false;
  std::uint64_t inode = pipeInode(child, descriptor);
  if (!inode)
    return false;
  return forEachNumber("/proc/self/fd", [&](long own, int scan) {
    if (own == scan || pipeInode(0, own) != inode || !isReadingEnd(own))
      return false;
    int queued = 0;
    if (ioctl(static_cast<int>(own), FIONREAD, &queued) != 0)
      return false;
    look = {child, inode, static_cast<int>(own), queued, wanted};
    return true;
  });
}

} // namespace

bool holdsReadingEnd() {
  return forEachNumber("/proc/self/fd",
                       [](long own, int scan) { return own != scan && pipeInode(0, own) && isReadingEnd(own); });
}

PipeLook lookAtChildren(pid_t target) {
  PipeLook look = {};
  if (target > 0) {
    lookAt(target, look);
    return look;
  }
  forEachNumber("/proc/self/task", [&](long task, int) {
    char children[4096];
    char path[64];
    Writer text(path, sizeof(path));
    text.text("/proc/self/task/").number(static_cast<std::uint64_t>(task)).text("/children").character(0);
    if (!readFile(text.data(), children, sizeof(children)))
      return false;
    for (char *at = children; *at;) {
      char *end;
      long child = std::strtol(at, &end, 10);
      if (end == at)
        break;
      if (lookAt(static_cast<pid_t>(child), look))
        return true;
      at = end;
    }
    return false;
  });
  return look;
}

} // namespace gridlock::rt
