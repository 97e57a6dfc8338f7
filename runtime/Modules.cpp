//===- Modules.cpp - Loaded objects and their symbols ---------------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/Modules.h"
#include "runtime/Arena.h"

#include <algorithm>
#include <cstring>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gridlock::rt {

namespace {

Store<Module, 6> modules;
InternalLock Guard;
std::atomic<bool> stale{true};
std::atomic<std::uint32_t> epoch{1};
/// The module of the last answer: most questions are about one module.
std::atomic<std::uint32_t> lastModule{0};

const char *keepText(const char *text) {
  std::size_t bytes = std::strlen(text) + 1;
  char *copy = arenaNew<char>(bytes);
  std::memcpy(copy, text, bytes);
  return copy;
}

const char *executablePath() {
  static char path[512];
  if (!path[0]) {
    ssize_t bytes = readlink("/proc/self/exe", path, sizeof(path) - 1);
    path[bytes > 0 ? bytes : 0] = 0;
  }
  return path;
}

void readBuildId(Module &module, const char *note, std::size_t bytes) {
  const char *end = note + bytes;
  while (note + sizeof(ElfW(Nhdr)) <= end) {
    const ElfW(Nhdr) *header = reinterpret_cast<const ElfW(Nhdr) *>(note);
    const char *name = note + sizeof(*header);
    const char *description = name + ((header->n_namesz + 3) & ~3u);
    note = description + ((header->n_descsz + 3) & ~3u);
    if (note > end)
      return;
    if (header->n_type == NT_GNU_BUILD_ID && header->n_namesz == 4 && std::memcmp(name, "GNU", 4) == 0) {
      module.buildIdBytes = static_cast<std::uint8_t>(std::min<std::size_t>(header->n_descsz, 20));
      std::memcpy(module.buildId, description, module.buildIdBytes);
      return;
    }
  }
}

struct Scan {
  bool first = true;
  std::uint32_t knownBefore = 0;
  bool seen[4096] = {};
};

void describe(Module &module, const dl_phdr_info &info, bool isExecutable) {
  module.base = info.dlpi_addr;
  module.low = module.codeLow = ~std::uintptr_t(0);
  for (int i = 0; i < info.dlpi_phnum; ++i) {
    const ElfW(Phdr) &segment = info.dlpi_phdr[i];
    std::uintptr_t low = info.dlpi_addr + segment.p_vaddr;
    std::uintptr_t high = low + segment.p_memsz;
    if (segment.p_type == PT_LOAD) {
      module.low = std::min(module.low, low);
      module.high = std::max(module.high, high);
      if (segment.p_flags & PF_X) {
        module.codeLow = std::min(module.codeLow, low);
        module.codeHigh = std::max(module.codeHigh, high);
      }
    } else if (segment.p_type == PT_NOTE && !module.buildIdBytes) {
      readBuildId(module, reinterpret_cast<const char *>(low), segment.p_memsz);
    }
  }
  module.path = isExecutable ? executablePath() : keepText(info.dlpi_name);
  const char *slash = std::strrchr(module.path, '/');
  module.name = slash ? slash + 1 : module.path;
}

int visit(dl_phdr_info *info, std::size_t, void *argument) {
  Scan &scan = *static_cast<Scan *>(argument);
  bool isExecutable = scan.first;
  scan.first = false;
  Module candidate = {};
  // A module is the same one as before when it lies at the same place and has
  // the same path; an unloaded one is not revived, its ids stay its own.
  for (std::uint32_t i = 1; i < scan.knownBefore; ++i) {
    const Module &known = modules[i];
    if (known.loaded && known.base == info->dlpi_addr &&
        std::strcmp(known.path, isExecutable ? executablePath() : info->dlpi_name) == 0) {
      if (i < sizeof(scan.seen))
        scan.seen[i] = true;
      return 0;
    }
  }
  describe(candidate, *info, isExecutable);
  if (!candidate.high)
    return 0;
  std::uint32_t index = modules.add();
  if (!index)
    return 1;
  Module &module = modules[index];
  std::memcpy(static_cast<void *>(&module), &candidate, sizeof(module));
  module.loaded.store(true, std::memory_order_release);
  if (index < sizeof(scan.seen))
    scan.seen[index] = true;
  return 0;
}

} // namespace

InternalLock &modulesLock() { return Guard; }

void refreshModules() {
  InternalGuard guard(Guard);
  if (!stale.exchange(false))
    return;
  static Scan scan; // too big for a thread's stack; guarded
  scan = Scan();
  scan.knownBefore = modules.end();
  dl_iterate_phdr(visit, &scan);
  for (std::uint32_t i = 1; i < modules.end() && i < sizeof(scan.seen); ++i)
    if (!scan.seen[i])
      modules[i].loaded.store(false, std::memory_order_release);
}

void modulesChanged() {
  stale = true;
  epoch.fetch_add(1);
}

std::uint32_t moduleEpoch() { return epoch.load(std::memory_order_relaxed); }

const Module *moduleAt(std::uint32_t index) { return index && index < modules.end() ? &modules[index] : nullptr; }

std::uint32_t moduleEnd() { return modules.end(); }

namespace {
std::uint32_t findModule(std::uintptr_t address) {
  std::uint32_t last = lastModule.load(std::memory_order_relaxed);
  if (last && modules[last].loaded && address >= modules[last].low && address < modules[last].high)
    return last;
  for (std::uint32_t i = 1; i < modules.end(); ++i) {
    const Module &module = modules[i];
    if (module.loaded.load(std::memory_order_acquire) && address >= module.low && address < module.high) {
      lastModule.store(i, std::memory_order_relaxed);
      return i;
    }
  }
  return 0;
}

/// Loads and unloads that the loader has counted so far.
std::uint64_t loaderCount() {
  std::uint64_t count = 0;
  dl_iterate_phdr(
      [](dl_phdr_info *info, std::size_t, void *result) {
        *static_cast<std::uint64_t *>(result) = info->dlpi_adds + info->dlpi_subs;
        return 1;
      },
      &count);
  return count;
}

/// As findModule, after a look at what was loaded since the last one.
std::uint32_t findModuleNow(std::uintptr_t address) {
  static std::atomic<std::uint64_t> seenCount{0};
  if (stale.load(std::memory_order_relaxed))
    refreshModules();
  std::uint32_t module = findModule(address);
  if (module)
    return module;
  std::uint64_t count = loaderCount();
  if (seenCount.exchange(count) == count)
    return 0;
  stale = true;
  refreshModules();
  return findModule(address);
}
} // namespace

Site siteOf(std::uintptr_t address) {
  std::uint32_t module = findModuleNow(address);
  if (!module)
    return {0, address};
  return {module, address - modules[module].base};
}

bool isCode(std::uintptr_t address) {
  std::uint32_t module = findModuleNow(address);
  return module && address >= modules[module].codeLow && address < modules[module].codeHigh;
}

bool isOwnCode(std::uintptr_t address) {
  std::uint32_t module = findModule(address);
  if (!module)
    return false;
  const char *name = modules[module].name;
  for (const char *own : {"libgridlock_rt.so", "libtsan.so", "libasan.so", "libubsan.so", "liblsan.so", "libclang_rt."})
    if (std::strncmp(name, own, std::strlen(own)) == 0)
      return true;
  return false;
}

namespace {

/// A module's file, mapped read-only while symbols are looked up.
class MappedFile {
public:
  explicit MappedFile(const char *path) {
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
      return;
    struct stat status;
    if (fstat(descriptor, &status) == 0 && status.st_size > static_cast<off_t>(sizeof(ElfW(Ehdr)))) {
      void *memory = mmap(nullptr, static_cast<std::size_t>(status.st_size), PROT_READ, MAP_PRIVATE, descriptor, 0);
      if (memory != MAP_FAILED) {
        Data = static_cast<const char *>(memory);
        Bytes = static_cast<std::size_t>(status.st_size);
      }
    }
    close(descriptor);
  }
  ~MappedFile() {
    if (Data)
      munmap(const_cast<char *>(Data), Bytes);
  }
  MappedFile(const MappedFile &) = delete;
  MappedFile &operator=(const MappedFile &) = delete;
  /// Null when the range is not inside the file.
  const char *at(std::uint64_t offset, std::uint64_t bytes) const {
    return Data && offset <= Bytes && bytes <= Bytes - offset ? Data + offset : nullptr;
  }

private:
  const char *Data = nullptr;
  std::size_t Bytes = 0;
};

struct Best {
  const char *name = nullptr;
  std::uint64_t offset = 0;
};

/// The symbol of one table that covers an offset. Prefers the nearest start,
/// and a global name over a local one at the same start.
Best searchTable(const MappedFile &file, const ElfW(Shdr) & table, const ElfW(Shdr) & strings, std::uint64_t offset,
                 bool code) {
  Best best;
  const char *data = file.at(table.sh_offset, table.sh_size);
  const char *names = file.at(strings.sh_offset, strings.sh_size);
  if (!data || !names || table.sh_entsize != sizeof(ElfW(Sym)))
    return best;
  const ElfW(Sym) *symbols = reinterpret_cast<const ElfW(Sym) *>(data);
  for (std::size_t i = 0; i < table.sh_size / sizeof(ElfW(Sym)); ++i) {
    const ElfW(Sym) &symbol = symbols[i];
    unsigned type = symbol.st_info & 15;
    bool fits = code ? type == STT_FUNC || type == STT_GNU_IFUNC : type == STT_OBJECT;
    if (!fits || symbol.st_shndx == SHN_UNDEF || symbol.st_name >= strings.sh_size)
      continue;
    if (offset < symbol.st_value || offset - symbol.st_value >= std::max<std::uint64_t>(symbol.st_size, 1))
      continue;
    std::uint64_t distance = offset - symbol.st_value;
    if (!best.name || distance < best.offset || (distance == best.offset && (symbol.st_info >> 4) != STB_LOCAL)) {
      best.name = names + symbol.st_name;
      best.offset = distance;
    }
  }
  return best;
}

} // namespace

Symbol symbolOf(const Site &site, bool code) {
  const Module *module = moduleAt(site.module);
  if (!module || !module->path[0])
    return {nullptr, 0};
  MappedFile file(module->path);
  const char *start = file.at(0, sizeof(ElfW(Ehdr)));
  if (!start || std::memcmp(start, ELFMAG, SELFMAG) != 0)
    return {nullptr, 0};
  const ElfW(Ehdr) &header = *reinterpret_cast<const ElfW(Ehdr) *>(start);
  const char *sectionData = file.at(header.e_shoff, std::uint64_t(header.e_shnum) * sizeof(ElfW(Shdr)));
  if (!sectionData)
    return {nullptr, 0};
  const ElfW(Shdr) *sections = reinterpret_cast<const ElfW(Shdr) *>(sectionData);
  for (unsigned wanted : {SHT_SYMTAB, SHT_DYNSYM})
    for (unsigned i = 0; i < header.e_shnum; ++i) {
      if (sections[i].sh_type != wanted || sections[i].sh_link >= header.e_shnum)
        continue;
      Best best = searchTable(file, sections[i], sections[sections[i].sh_link], site.offset, code);
      if (best.name)
        return {keepText(best.name), best.offset};
    }
  return {nullptr, 0};
}

} // namespace gridlock::rt
