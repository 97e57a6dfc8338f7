#!/usr/bin/env python3
# Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Gridlock's race rules beside ThreadSanitizer, on packages of real.py.

    tsan.py build PACKAGE...     compiles the package's program with -fsanitize=thread
    tsan.py run PACKAGE...       runs it on a load; keeps ThreadSanitizer's reports
    tsan.py build-tests PACKAGE...   the same for the package's own tests (`tests` in packages.json), in a
    tsan.py run-tests PACKAGE...     copy of its sources; the compile commands are written down on the way
    tsan.py compare PACKAGE...   found by both, by one of the two (--tests: beside the own tests)

The compile commands of a program come from real.py's databases. A variable counts as found by
both when ThreadSanitizer names it, or when one of the two lines of its report is
where a step of a finding is. Everything is written to --out.
"""
import argparse
import collections
import functools
import json
import os
import pathlib
import random
import re
import shlex
import shutil
import socket
import subprocess
import sys
import threading
import time

from sources import keep_units, load_recipes, recording_environment, shell, source_folder

COMPILER_FLAGS = ["-g", "-O1", "-fno-omit-frame-pointer", "-fsanitize=thread", "-w", "-Wno-error"]


def make_tree(folder, files, size):
    """Files that compress to something, of many sizes."""
    folder.mkdir(parents=True, exist_ok=True)
    source = random.Random(7)
    words = [bytes(source.choices(b"abcdefghij \n", k=9)) for _ in range(300)]
    for i in range(files):
        (folder / f"f{i}").write_bytes(b"".join(source.choices(words, k=size * (1 + i % 5))))
    return folder


def run(command, environment, **options):
    return subprocess.run([str(part) for part in command], env=environment, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, timeout=600, check=False, **options)


def load_pbzip2(out, environment):
    files = [str(f) for f in sorted(make_tree(out / "input", 4, 60000).iterdir())]
    run([out / "pbzip2", "-k", "-f", "-p4", "-b1", *files], environment)
    run([out / "pbzip2", "-d", "-k", "-f", "-p4", *[f + ".bz2" for f in files]], environment)


def load_squashfs(out, environment):
    tree = make_tree(out / "input", 60, 3000)
    image = out / "image.squashfs"
    for extra in (["-noappend"], []):
        run([out / "mksquashfs", tree, image, "-processors", "4", "-progress", *extra], environment)
    run([out / "unsquashfs", "-f", "-p", "4", "-d", out / "output", image], environment)


def talk(port, seed):
    source = random.Random(seed)
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.settimeout(20)
        for round_ in range(150):
            key = f"k{source.randrange(4000)}"
            data = "x" * source.choice([10, 500, 4000, 60000])
            lines = [f"set {key} 0 {source.choice([0, 1])} {len(data)}\r\n{data}\r\n", f"get {key}\r\n",
                     f"touch {key} 5\r\n", "stats\r\n", "stats items\r\n", "stats slabs\r\n", "stats sizes\r\n",
                     f"delete {key}\r\n", "lru_crawler crawl all\r\n", "lru_crawler metadump all\r\n",
                     "slabs reassign -1 5\r\n", "stats reset\r\n", "verbosity 0\r\n"]
            request = lines[0] if round_ % 3 else source.choice(lines[1:])
            client.sendall(request.encode())
            try:
                client.recv(1 << 16)
            except TimeoutError:
                return
        client.sendall(b"quit\r\n")


def load_memcached(out, environment):
    port = 21211
    command = [out / "memcached", "-u", "root", "-p", port, "-U", "0", "-t", "4", "-m", "24", "-o",
               "hashpower=16,lru_crawler,lru_maintainer,slab_reassign,slab_automove=2,track_sizes"]
    server = subprocess.Popen([str(part) for part in command], env=environment, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except OSError:
            time.sleep(0.1)
    clients = [threading.Thread(target=talk, args=(port, i)) for i in range(12)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    time.sleep(2)  # the background threads have something to do
    server.send_signal(2)
    server.wait(60)


# name: (sources that the program is made of, by a pattern over the output's name; libraries)
PROGRAMS = {
    "pbzip2": {"pbzip2": (r".*", ["-lbz2"])},
    "memcached": {"memcached": (r"^memcached-.*\.o$", ["-levent", "-lsasl2", "-lm"])},
    "squashfs-tools": {
        "mksquashfs": (r"^(?!unsquash).*\.o$", None),
        "unsquashfs": (r"^(unsquash.*|swap|compressor|.*_wrapper|read_xattrs)\.o$", None),
    },
}
LOADS = {"pbzip2": load_pbzip2, "memcached": load_memcached, "squashfs-tools": load_squashfs}
SQUASHFS_LIBRARIES = ["-lpthread", "-lm", "-lz", "-llzma", "-llzo2", "-llz4", "-lzstd"]


def arguments_of(entry):
    return entry["arguments"] if "arguments" in entry else shlex.split(entry["command"])


def compile_unit(entry, folder):
    """Compiles one unit as the database says; returns the object and the name it had."""
    given = arguments_of(entry)
    name, kept, skip = pathlib.Path(entry["file"]).stem + ".o", [], False
    for i, argument in enumerate(given):
        if skip:
            skip = False
        elif argument in ("-o", "-MF", "-MT", "-MQ"):
            if argument == "-o" and given[i + 1].endswith(".o"):
                name = pathlib.Path(given[i + 1]).name
            skip = True
        elif argument not in ("-c", "-MD", "-MP", "-MMD", "-Werror") and not argument.startswith(("-l", "-O")):
            kept.append(argument)
    sources = [a for a in kept[1:] if a.endswith((".c", ".cpp", ".cc"))]
    own = [a for a in kept if a not in sources] + [entry["file"]]
    target = folder / name
    subprocess.run([*own, *COMPILER_FLAGS, "-c", "-o", str(target)], cwd=entry["directory"], check=True)
    return target


def build(options, package):
    out = options.out / package
    (out / "objects").mkdir(parents=True, exist_ok=True)
    with open(options.work / "database" / package / "compile_commands.json", encoding="utf-8") as file:
        database = json.load(file)
    objects = {}
    for entry in database:
        target = compile_unit(entry, out / "objects")
        objects[target.name] = str(target)
    for program, (pattern, libraries) in PROGRAMS[package].items():
        chosen = [path for name, path in objects.items() if re.match(pattern, name)]
        compiler = "g++" if any(entry["file"].endswith(".cpp") for entry in database) else "gcc"
        subprocess.run([compiler, "-fsanitize=thread", "-o", str(out / program), *chosen, "-pthread",
                        *(libraries if libraries is not None else SQUASHFS_LIBRARIES)], check=True)


def run_package(options, package):
    out = options.out / package
    for old in out.glob("report.*"):
        old.unlink()
    out.chmod(0o777)  # some tests refuse to run as root
    environment = dict(os.environ, TSAN_OPTIONS=f"log_path={out}/report exitcode=0 history_size=4 report_bugs=1")
    LOADS[package](out, environment)
    print(f"{package}: {len(reports_of(out))} races on different pairs of lines")


# --- a package's own tests ---------------------------------------------------


def recipe_of(package):
    return load_recipes()[package]["tests"]


def build_tests(options, package):
    """In a copy of the sources; every compiler on PATH adds ThreadSanitizer and writes down what it was asked."""
    out = options.out / package
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    folder = out / "source"
    subprocess.run(["cp", "-a", str(source_folder(options.work, package)), str(folder)], check=True)
    record = out / "record"
    environment = dict(recording_environment(options.out, record), GRIDLOCK_COMPILE_WITH=" ".join(COMPILER_FLAGS))
    for command in recipe_of(package)["build"]:
        shell(command, folder, out / "log", environment, check=False, nice=5)
    with open(record, encoding="utf-8") as file:
        entries = keep_units([json.loads(line) for line in file], {})
    (out / "database").mkdir(exist_ok=True)
    with open(out / "database/compile_commands.json", "w", encoding="utf-8") as file:
        json.dump(entries, file, indent=1)
    print(f"{package}: {len(entries)} units")


def run_tests(options, package):
    """The tests may fail, as some do for being slow; only their races count here."""
    out = options.out / package
    for old in out.glob("report.*"):
        old.unlink()
    out.chmod(0o777)  # some tests refuse to run as root
    environment = dict(os.environ, TSAN_OPTIONS=f"log_path={out}/report exitcode=0 history_size=7 halt_on_error=0 "
                       "detect_deadlocks=0 report_thread_leaks=0 report_signal_unsafe=0")
    for command in recipe_of(package)["run"]:
        status = shell(f"timeout -k 5 {options.seconds} {command}", out / "source", out / "log", environment, False, nice=5)
        print(f"{package}: `{command}` ended with {status}")
    print(f"{package}: {len(reports_of(out))} races on different pairs of lines")


# --- reports -----------------------------------------------------------------


FRAME = re.compile(r"^\s+#\d+ (\S.*) ([^\s:]+):(\d+)")
ACCESS = re.compile(r"^  (Previous )?(atomic )?(Read|Write|read|write|Atomic) ?(read|write)?.* of size")
FOREIGN = ("../../../../src/libsanitizer", "/usr/")


@functools.cache
def lines_of(path):
    return pathlib.Path(path).read_text(encoding="utf-8", errors="replace").splitlines() if os.path.exists(path) else []


def text_at(path, line):
    return "".join(lines_of(path)[line - 1:line])


def reports_of(out):
    """Each race once: the places of both accesses, and the variable when it is named."""
    races = {}
    for file in sorted(out.glob("report.*")):
        for text in file.read_text(errors="replace").split("=================="):
            if "WARNING: ThreadSanitizer: data race" not in text:
                continue
            places, waiting = [], False
            for line in text.splitlines():
                if ACCESS.match(line):
                    waiting = True
                elif waiting and (frame := FRAME.match(line)) and not frame[2].startswith(FOREIGN):
                    places.append((os.path.normpath(frame[2]), int(frame[3]), frame[1].split("(")[0]))
                    waiting = False
            variable = re.search(r"Location is global '([^']+)'", text)
            if len(places) == 2:
                races[tuple(sorted(places))] = variable[1] if variable else ""
    return races


def database_of(options, package):
    return (options.out if options.tests else options.work / "database") / package / ("database" if options.tests else "")


def findings_of(options, package):
    command = [options.tool, "check", "-p", database_of(options, package), "--rules", options.rules, "--format", "json",
               "--no-cache", "--min-confidence", "low"]
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    return json.loads(done.stdout)["findings"]


def places_of(finding):
    found = {(os.path.basename(finding["location"]["file"]), finding["location"]["line"])}
    for thread in finding["threads"]:
        for step in thread["steps"][-1:]:
            found.add((os.path.basename(step["location"]["file"]), step["location"]["line"]))
    return found


def is_same(finding, places, variable):
    """A line of the report is the end of a thread's steps, or the finding's variable or field is named there."""
    if {(os.path.basename(path), line) for path, line, _ in places} & places_of(finding):
        return True
    if not finding["rule"].startswith("race-"):
        return False
    field = re.fullmatch(r"(?:.*::)(\w+)", finding["identity"][0])
    if field and all(re.search(rf"(->|\.){field[1]}\b", text_at(path, line)) for path, line, _ in places):
        return True
    return bool(variable) and finding["identity"][0] == variable


def compare(options, package):
    findings = findings_of(options, package)
    both, only = collections.OrderedDict(), []
    for places, variable in sorted(reports_of(options.out / package).items()):
        match = [f for f in findings if is_same(f, places, variable)]
        short = [(os.path.basename(path), line, function) for path, line, function in places]
        if match:
            match.sort(key=lambda f: ["high", "medium", "low"].index(f["confidence"]))
            both.setdefault(match[0]["fingerprint"], (match[0], []))[1].append((short, variable))
        else:
            only.append((short, variable, [text_at(path, line).strip()[:100] for path, line, _ in places]))
    print(f"## {package}\n\nBy both: {len(both)} findings; by ThreadSanitizer alone: {len(only)} pairs of lines; "
          f"by Gridlock alone: {len(findings) - len(both)} findings\n")
    for finding, races in both.values():
        print(f"both  {finding['confidence']:6} {finding['rule']} {finding['identity']}  <- {len(races)} pairs, as {races[0][0]}")
    for places, variable, texts in only:
        print(f"tsan  {places} {variable}" + "".join(f"\n        {text}" for text in texts))
    for finding in findings:
        if finding["fingerprint"] not in both:
            print(f"ours  {finding['confidence']:6} {finding['rule']} {finding['identity']} {sorted(places_of(finding))}")


STEPS = {"build": build, "run": run_package, "build-tests": build_tests, "run-tests": run_tests, "compare": compare}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=STEPS)
    parser.add_argument("package", nargs="+")
    parser.add_argument("--tests", action="store_true", help="compare: the races of the package's own tests")
    parser.add_argument("--rules", default="race-*", help="compare: Gridlock's rules")
    parser.add_argument("--seconds", type=int, default=150, help="run-tests: the most that one command may take")
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("build/real"), help="real.py's work folder")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("build/tsan"))
    parser.add_argument("--tool", type=pathlib.Path, default=pathlib.Path("build/release/tool/gridlock"))
    options = parser.parse_args()
    options.out = options.out.resolve()
    for package in options.package:
        STEPS[options.step](options, package)
    return 0


if __name__ == "__main__":
    sys.exit(main())
