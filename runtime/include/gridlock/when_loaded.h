//===- when_loaded.h - Tell me when a shared library is there ---*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A callback when a shared library is loaded, at once if it already is:
///
///   auto watch = gridlock::when_loaded("libpython3", [](const gridlock::loaded_library &library) {
///     warn_about_fork(library.path);
///   });
///
/// The name matches the beginning of a library's file name, so "libfoo" and
/// "libfoo.so.1" both match libfoo.so.1.2. The callback is called once for each
/// such library, and never under the loader's lock: it may load, lock and start
/// what it wants.
///
/// Libraries that are loaded through gridlock::open_library are announced by
/// that call, before it returns. Loads by others (dlopen anywhere in the
/// process) are noticed by a helper thread, which looks at the loader's counter
/// every 20 ms while anybody waits; after `poll_loaded()` they have been
/// announced for sure.
///
/// The subscription ends with the returned object; its destructor waits for a
/// callback that is running on another thread. Exceptions of a callback end the
/// program when they come on the helper thread. Header only; Linux and others
/// with dl_iterate_phdr.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_WHEN_LOADED_H
#define GRIDLOCK_WHEN_LOADED_H

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <dlfcn.h>
#include <functional>
#include <link.h>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace gridlock {

struct loaded_library {
  std::string path;
  std::uintptr_t base = 0; ///< load address
};

using loaded_callback = std::function<void(const loaded_library &)>;

namespace when_loaded_detail {

inline std::string fileName(const std::string &path) {
  std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

/// The loader's count of loads so far, without looking at all libraries.
inline unsigned long long loadCount() {
  unsigned long long count = 0;
  dl_iterate_phdr(
      [](dl_phdr_info *info, std::size_t, void *result) {
        *static_cast<unsigned long long *>(result) = info->dlpi_adds;
        return 1;
      },
      &count);
  return count;
}

inline std::vector<loaded_library> libraries() {
  std::vector<loaded_library> result;
  dl_iterate_phdr(
      [](dl_phdr_info *info, std::size_t, void *list) {
        if (info->dlpi_name && info->dlpi_name[0])
          static_cast<std::vector<loaded_library> *>(list)->push_back({info->dlpi_name, info->dlpi_addr});
        return 0;
      },
      &result);
  return result;
}

struct Watch {
  std::string prefix;
  loaded_callback callback;
  std::vector<loaded_library> announced;
  /// Held during each call of the callback; recursive, because the callback may
  /// load the next library.
  std::recursive_mutex running;
  bool ended = false;
};

class Registry {
public:
  /// Never destroyed: the helper thread may outlive main.
  static Registry &get() {
    static Registry *registry = new Registry;
    return *registry;
  }

  std::shared_ptr<Watch> add(std::string prefix, loaded_callback callback) {
    auto watch = std::make_shared<Watch>();
    watch->prefix = std::move(prefix);
    watch->callback = std::move(callback);
    {
      std::lock_guard<std::mutex> lock(Guard);
      Watches.push_back(watch);
      if (!HelperRuns) {
        HelperRuns = true;
        std::thread([this] { help(); }).detach();
      }
    }
    announceTo(*watch, libraries());
    return watch;
  }

  void remove(const std::shared_ptr<Watch> &watch) {
    {
      std::lock_guard<std::mutex> lock(Guard);
      std::erase(Watches, watch);
      Changed.notify_all();
    }
    std::lock_guard<std::recursive_mutex> wait(watch->running);
    watch->ended = true;
  }

  void announce() {
    std::vector<std::shared_ptr<Watch>> watches;
    {
      std::lock_guard<std::mutex> lock(Guard);
      watches = Watches;
    }
    std::vector<loaded_library> now = libraries();
    for (const std::shared_ptr<Watch> &watch : watches)
      announceTo(*watch, now);
  }

private:
  static void announceTo(Watch &watch, const std::vector<loaded_library> &now) {
    std::lock_guard<std::recursive_mutex> lock(watch.running);
    // What was unloaded may come again.
    std::erase_if(watch.announced, [&](const loaded_library &known) { return !contains(now, known); });
    for (const loaded_library &library : now) {
      if (watch.ended)
        return;
      if (fileName(library.path).compare(0, watch.prefix.size(), watch.prefix) != 0 ||
          contains(watch.announced, library))
        continue;
      watch.announced.push_back(library);
      watch.callback(library);
    }
  }

  static bool contains(const std::vector<loaded_library> &list, const loaded_library &wanted) {
    for (const loaded_library &library : list)
      if (library.base == wanted.base && library.path == wanted.path)
        return true;
    return false;
  }

  void help() {
    unsigned long long seen = 0;
    while (true) {
      {
        std::unique_lock<std::mutex> lock(Guard);
        Changed.wait_for(lock, std::chrono::milliseconds(20), [&] { return Watches.empty(); });
        if (Watches.empty()) {
          HelperRuns = false;
          return;
        }
      }
      if (unsigned long long count = loadCount(); count != seen) {
        seen = count;
        announce();
      }
    }
  }

  std::mutex Guard;
  std::condition_variable Changed;
  std::vector<std::shared_ptr<Watch>> Watches;
  bool HelperRuns = false;
};

} // namespace when_loaded_detail

/// A subscription; see when_loaded.
class [[nodiscard("the subscription ends at once")]] load_watch {
public:
  load_watch() = default;
  explicit load_watch(std::shared_ptr<when_loaded_detail::Watch> watch) : Watch(std::move(watch)) {}
  load_watch(load_watch &&) = default;
  load_watch &operator=(load_watch &&other) noexcept {
    if (this != &other) {
      end();
      Watch = std::move(other.Watch);
    }
    return *this;
  }
  ~load_watch() { end(); }
  void end() {
    if (Watch)
      when_loaded_detail::Registry::get().remove(Watch);
    Watch.reset();
  }

private:
  std::shared_ptr<when_loaded_detail::Watch> Watch;
};

/// Calls back for each library whose file name begins with `prefix`: now for
/// those that are loaded, later for those that come.
inline load_watch when_loaded(std::string prefix, loaded_callback callback) {
  return load_watch(when_loaded_detail::Registry::get().add(std::move(prefix), std::move(callback)));
}

/// Announces what was loaded since the last look.
inline void poll_loaded() { when_loaded_detail::Registry::get().announce(); }

/// dlopen, and the callbacks before it returns. Inlined into the caller, whose
/// search path dlopen uses.
__attribute__((always_inline)) inline void *open_library(const char *path, int flags) {
  void *handle = dlopen(path, flags);
  if (handle)
    poll_loaded();
  return handle;
}

} // namespace gridlock

#endif // GRIDLOCK_WHEN_LOADED_H
