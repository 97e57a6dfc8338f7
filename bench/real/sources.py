# Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The sources of real packages, and how they are compiled.

Debian's source packages with their patches, and a compilation database for each,
by the recipes in packages.json. Used by real.py and by parse_cost.py.
"""

import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
COMPILERS = ["cc", "gcc", "c99", "c++", "g++", "clang", "clang++", "x86_64-linux-gnu-gcc", "x86_64-linux-gnu-g++"]


class Failure(Exception):
    """A message for the user; the package is given up, the others go on."""


def load_recipes():
    with open(HERE / "packages.json", encoding="utf-8") as file:
        return json.load(file)


def shell(command, directory, log, environment=None, check=True, nice=19):
    """Runs a shell line; its output goes to the log."""
    with open(log, "a", encoding="utf-8") as out:
        out.write(f"\n$ cd {directory} && {command}\n")
        out.flush()
        status = subprocess.call(["nice", "-n", str(nice), "bash", "-c", command], cwd=directory, stdout=out, stderr=out,
                                 stdin=subprocess.DEVNULL, env=environment)
    if check and status != 0:
        raise Failure(f"`{command}` failed with status {status}; see {log}")
    return status


# --- fetch ------------------------------------------------------------------


def apt_configuration(work):
    """An apt of our own: the machine's sources with deb-src added, lists and cache in the work folder."""
    folder = work / "apt"
    parts = folder / "parts"
    for needed in (parts, folder / "lists/partial", folder / "cache/archives/partial"):
        needed.mkdir(parents=True, exist_ok=True)
    found = False
    for source in sorted(pathlib.Path("/etc/apt/sources.list.d").glob("*.sources")):
        text = source.read_text(encoding="utf-8")
        (parts / source.name).write_text(re.sub(r"(?m)^Types:.*$", "Types: deb deb-src", text), encoding="utf-8")
        found = True
    plain = pathlib.Path("/etc/apt/sources.list")
    if plain.exists():
        lines = [l for l in plain.read_text(encoding="utf-8").splitlines() if l.startswith("deb ")]
        lines += [l.replace("deb ", "deb-src ", 1) for l in lines]
        (parts / "machine.list").write_text("\n".join(lines) + "\n", encoding="utf-8")
        found = found or bool(lines)
    if not found:
        raise Failure("no apt sources on this machine: `fetch` needs Debian or a distribution made from it")
    configuration = folder / "apt.conf"
    configuration.write_text(
        f'Dir::Etc::sourcelist "/dev/null";\nDir::Etc::sourceparts "{parts}";\n'
        f'Dir::State::lists "{folder}/lists";\nDir::Cache "{folder}/cache";\nAPT::Sandbox::User "root";\n',
        encoding="utf-8")
    return dict(os.environ, APT_CONFIG=str(configuration))


def source_folder(work, package):
    """Where apt-get source unpacked the package: NAME-UPSTREAM_VERSION."""
    found = [p for p in (work / "source").glob(f"{package}-*") if p.is_dir() and re.match(r"\d", p.name[len(package) + 1:])]
    if not found:
        raise Failure(f"{package} is not here: run `real.py fetch {package}`")
    return sorted(found)[-1].resolve()


def version_of(work, package):
    changelog = source_folder(work, package) / "debian/changelog"
    match = re.search(r"\(([^)]+)\)", changelog.read_text(encoding="utf-8", errors="replace")) if changelog.exists() else None
    return match.group(1) if match else "?"


def fetch(options, package):
    environment = apt_configuration(options.work)
    target = options.work / "source"
    target.mkdir(parents=True, exist_ok=True)
    log = options.work / "fetch.log"
    if not any((options.work / "apt/lists").glob("*_Sources*")):
        shell("apt-get -qq update", options.work, log, environment)
    try:
        print(f"{package}: already in {source_folder(options.work, package)}")
        return
    except Failure:
        pass
    shell(f"apt-get -qq source {package}", target, log, environment)
    print(f"{package}: {source_folder(options.work, package)}")


# --- database ---------------------------------------------------------------


def recording_environment(work, record):
    """PATH with the recording compiler first under every name a build may ask for."""
    folder = work / "recording"
    folder.mkdir(parents=True, exist_ok=True)
    for name in COMPILERS:
        link = folder / name
        if not link.exists():  # a link may lead to a checkout that is gone
            link.unlink(missing_ok=True)
            link.symlink_to(HERE / "recording_compiler.py")
    return dict(os.environ, PATH=f"{folder}:{os.environ['PATH']}", GRIDLOCK_REAL_PATH=os.environ["PATH"],
                GRIDLOCK_RECORD=str(record), CCACHE_DISABLE="1")


def database_path(work, package):
    return work / "database" / package / "compile_commands.json"


def keep_units(entries, recipe):
    """Drops what the recipe excludes, second commands for one file, and files that do not exist."""
    excluded = re.compile(recipe["exclude"]) if "exclude" in recipe else None
    kept, seen, missing = [], set(), []
    for entry in entries:
        path = os.path.realpath(os.path.join(entry["directory"], entry["file"]))
        if path in seen or (excluded and excluded.search(path)):
            continue
        seen.add(path)
        if not os.path.exists(path):
            if not path.startswith("/tmp/"):  # a trial of the compiler
                missing.append(path)
            continue
        kept.append(entry)
    if missing:
        print(f"  {len(missing)} generated sources are not there, the first is {missing[0]}", file=sys.stderr)
    return kept


def database(options, package):
    recipe = options.recipes[package]
    source = source_folder(options.work, package)
    folder = options.work / "database" / package
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "log"
    log.unlink(missing_ok=True)
    environment = apt_configuration(options.work)
    if recipe.get("depends"):
        shell("apt-get -qq install -y -o DPkg::Lock::Timeout=300 --no-install-recommends " + " ".join(recipe["depends"]), folder, log,
              dict(environment, DEBIAN_FRONTEND="noninteractive"))
    build = folder / "build"
    kind = recipe["build"]
    start = source / recipe.get("directory", ".")
    for command in recipe.get("prepare", []):
        shell(command, start, log)
    if kind == "cmake":
        shell(f"cmake -S {start} -B {build} -G Ninja -DCMAKE_EXPORT_COMPILE_COMMANDS=ON -DCMAKE_BUILD_TYPE=RelWithDebInfo "
              + " ".join(recipe.get("options", [])), folder, log)
    elif kind == "meson":
        if not (build / "build.ninja").exists():
            shell(f"meson setup {build} {start} " + " ".join(recipe.get("options", [])), folder, log)
    elif kind == "record":
        build = start
        record = folder / "record"
        record.unlink(missing_ok=True)
        recording = recording_environment(options.work, record)
        for command in recipe["record"]:
            shell(command, start, log, recording, check=False)
        if not record.exists():
            raise Failure(f"{package}: nothing was compiled; see {log}")
        with open(record, encoding="utf-8") as file:
            entries = [json.loads(line) for line in file]
    else:
        raise Failure(f"{package}: unknown kind of build `{kind}`")
    if kind in ("cmake", "meson"):
        generate_sources(recipe, build, log)
        with open(build / "compile_commands.json", encoding="utf-8") as file:
            entries = json.load(file)
    entries = keep_units(entries, recipe)
    with open(database_path(options.work, package), "w", encoding="utf-8") as file:
        json.dump(entries, file, indent=1)
    print(f"{package} {version_of(options.work, package)}: {len(entries)} units")


def generate_sources(recipe, build, log):
    """Runs what makes sources: the recipe's targets, and the custom commands that need no compiled program."""
    targets = recipe.get("targets", [])
    if recipe.get("generate"):
        listed = subprocess.run(["ninja", "-C", str(build), "-t", "targets", "rule", "CUSTOM_COMMAND"],
                                capture_output=True, text=True, check=False).stdout.split()
        targets = targets + [t for t in listed if re.search(recipe["generate"], t)]
    if targets:
        shell("ninja -k 0 " + " ".join(targets), build, log, check=False)


def parse(options, package):
    """Do the commands work? clang -fsyntax-only over some of them, evenly spread."""
    with open(database_path(options.work, package), encoding="utf-8") as file:
        entries = json.load(file)
    step = max(1, len(entries) // options.count)
    good, bad = 0, []
    for entry in entries[::step]:
        command = syntax_command(entry)
        done = subprocess.run(["nice", "-n", "19"] + command, cwd=entry["directory"], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            good += 1
        else:
            first = next((l for l in done.stderr.splitlines() if "error:" in l), done.stderr[:200])
            bad.append(first)
    print(f"{package}: {good} of {good + len(bad)} units parse ({len(entries)} in all)")
    for line in bad[:options.errors]:
        print(f"  {line}")


DROPPED = {"-c", "-MD", "-MMD", "-MP", "-M", "-MM"}
DROPPED_WITH_VALUE = {"-o", "-MF", "-MT", "-MQ"}
# GCC's own options, which Clang refuses or which only matter to GCC's back end.
DROPPED_PREFIXES = ("-fmodules-ts", "-fdeps-format", "-fmodule-mapper", "-Wl,", "-ffat-lto-objects", "-flto",
                    "-fno-tree", "-mpreferred-stack-boundary", "-flifetime-dse", "-fno-partial-inlining")


def syntax_command(entry):
    """The entry's command as Clang's syntax check with no warnings."""
    arguments = entry.get("arguments") or shlex.split(entry["command"])
    while arguments[0].endswith(("ccache", "libtool")):
        arguments = arguments[1:]
    compiler = "clang++-22" if arguments[0].endswith("++") or entry["file"].endswith((".cpp", ".cc", ".cxx")) else "clang-22"
    kept, skip = [], False
    for argument in arguments[1:]:
        if skip:
            skip = False
        elif argument in DROPPED_WITH_VALUE:
            skip = True
        elif argument not in DROPPED and not argument.startswith(DROPPED_PREFIXES):
            kept.append(argument)
    return [compiler, "-fsyntax-only", "-w", "-Wno-error", "-Wno-everything", "-Wno-unknown-warning-option",
            "-Qunused-arguments"] + [a for a in kept if not a.startswith("-Werror")]
