# Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Labelled programs: finding them, reading their labels, comparing them with
what the tool reports.

A case is one .c or .cpp file, or a folder that holds a file named CASE: all
.c and .cpp files in it are analysed together. Labels are comments at the end
of a line of code:

    b.lock();   // expect: lock-order-inversion#1
    sleep(1);   // allow: lock-blocking-call

`expect` names a rule that must be reported on this line. Labels of one case
that share a `#group` describe one finding: it is found when its primary
location or any of its steps or related locations is on a line of the group.
`allow` marks a line on which the rule may be reported or not. Everything else
that is reported is extra, and so is a second report for one label.

`// flags: ...` on a line of its own adds compiler flags (default: -std=c++20,
-std=c17 when all files are C); `// needs: PACKAGE ...` names Debian packages
without which the case is skipped. `// gap: WHY` on a line of its own says that
the tool does not get this case right yet, and why; a case with a gap fails
when the tool gets it right, so that the line goes.
"""
import dataclasses
import functools
import json
import os
import pathlib
import re
import shlex
import subprocess
import tempfile

LABEL = re.compile(r"//\s*(expect|allow):\s*([a-z0-9#_,\- ]+)")
FLAGS = re.compile(r"^//\s*flags:\s*(.+)$", re.M)
GAP = re.compile(r"^// gap:\s*(.+)$", re.M)
NEEDS = re.compile(r"^//\s*needs:\s*(.+)$", re.M)
SOURCES = (".c", ".cpp")
HEADERS = (".h", ".hpp")


@dataclasses.dataclass
class Case:
    path: pathlib.Path  # of the file or folder
    sources: list  # what is given to the tool

    def files(self):
        """All files that may hold labels."""
        if self.path.is_file():
            return [self.path]
        return sorted(p for p in self.path.rglob("*") if p.suffix in SOURCES + HEADERS)


@dataclasses.dataclass
class Outcome:
    case: Case
    expected: int = 0
    missed: list = dataclasses.field(default_factory=list)  # one line each
    extra: list = dataclasses.field(default_factory=list)
    failure: str = ""  # why the tool gave no answer
    skipped: str = ""

    def good(self):
        return not (self.missed or self.extra or self.failure)

    def gap(self):
        """Why the case is not got right yet, or nothing."""
        return next((why for path in self.case.files() for why in GAP.findall(path.read_text())), "")


def find_cases(folder):
    """The cases of one folder, sorted by name."""
    cases = []
    for path in sorted(pathlib.Path(folder).resolve().iterdir()):
        if path.suffix in SOURCES:
            cases.append(Case(path, [path]))
        elif (path / "CASE").exists():
            cases.append(Case(path, sorted(p for p in path.rglob("*") if p.suffix in SOURCES)))
    return cases


@functools.lru_cache(maxsize=None)
def is_installed(package):
    query = subprocess.run(["dpkg-query", "-W", "-f", "${Status}", package], capture_output=True, text=True)
    return "install ok installed" in query.stdout


def missing_packages(case):
    names = {name for path in case.files() for line in NEEDS.findall(path.read_text()) for name in re.split(r"[\s,]+", line.strip())}
    return sorted(name for name in names if name and not is_installed(name))


def read_labels(case):
    """-> ({key: (rule, {(file, line)})}, {(rule, file, line)}): what has to be
    found, and what may be."""
    expected, allowed = {}, set()
    for path in case.files():
        for number, line in enumerate(path.read_text().splitlines(), 1):
            for verb, names in LABEL.findall(line):
                for name in filter(None, (n.strip() for n in names.split(","))):
                    rule, _, group = name.partition("#")
                    place = (str(path), number)
                    if verb == "allow":
                        allowed.add((rule, *place))
                    else:
                        key = (rule, "#" + group) if group else (rule, *place)
                        expected.setdefault(key, (rule, set()))[1].add(place)
    return expected, allowed


def compiler_flags(case):
    text = "\n".join(path.read_text() for path in case.sources)
    flags = [flag for line in FLAGS.findall(text) for flag in shlex.split(line)]
    if not any(flag.startswith("-std=") for flag in flags):
        flags.insert(0, "-std=c17" if all(p.suffix == ".c" for p in case.sources) else "-std=c++20")
    return flags


def places(result, base):
    """-> (primary places, all other places) of a SARIF result."""

    def place(location):
        physical = location.get("physicalLocation", {})
        uri = re.sub(r"^file://", "", physical.get("artifactLocation", {}).get("uri", ""))
        return os.path.realpath(os.path.join(base, uri)), physical.get("region", {}).get("startLine", 0)

    primary = [place(location) for location in result.get("locations", [])]
    others = [place(location) for location in result.get("relatedLocations", [])]
    for flow in result.get("codeFlows", []):
        for thread in flow.get("threadFlows", []):
            others += [place(step.get("location", {})) for step in thread.get("locations", [])]
    return primary, others


def run_tool(tool, case, rules=None, timeout=120):
    """-> (the results of the SARIF log that are not suppressed, "") or (None,
    why there is no log)."""
    base = case.path if case.path.is_dir() else case.path.parent
    with tempfile.TemporaryDirectory() as scratch:
        out = os.path.join(scratch, "out.sarif")
        command = [tool, "check", "--format", "sarif", "-o", out, "--no-cache", "--strict"]
        command += ["--rules", rules] if rules else []
        command += [*map(str, case.sources), "--", *compiler_flags(case)]
        try:
            done = subprocess.run(command, cwd=base, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout)
        except subprocess.TimeoutExpired:
            return None, f"no answer in {timeout} s"
        if done.returncode not in (0, 1):
            return None, f"exit status {done.returncode}: {done.stderr.strip()[-400:]}"
        try:
            with open(out, encoding="utf-8") as file:
                sarif = json.load(file)
        except (OSError, ValueError) as error:
            return None, f"no SARIF: {error}"
    return [r for run in sarif.get("runs", []) for r in run.get("results", []) if not r.get("suppressions")], ""


def compare(case, results):
    """Labels against results, (rule, primary places, other places) each:
    exactly, both ways."""
    expected, allowed = read_labels(case)
    outcome = Outcome(case, expected=len(expected))
    seen = set()
    for rule, primary, others in results:
        where = f"{os.path.basename(primary[0][0])}:{primary[0][1]}" if primary else "no place"
        hits = [key for key, (wanted, spots) in expected.items()
                if wanted == rule and (spots & set(primary) or (len(key) == 2 and spots & set(others)))]
        # One result answers one label: the first that nothing answered yet.
        fresh = [key for key in hits if key not in seen]
        if fresh:
            seen.add(fresh[0])
        elif hits:
            outcome.extra.append(f"{rule} at {where} (a second report of one defect)")
        elif not any((rule, *spot) in allowed for spot in primary):
            outcome.extra.append(f"{rule} at {where}")
    for key, (rule, spots) in sorted(expected.items()):
        if key not in seen:
            outcome.missed.append(f"{rule} at " + ", ".join(f"{os.path.basename(f)}:{n}" for f, n in sorted(spots)))
    return outcome


def check_case(tool, case, rules=None):
    absent = missing_packages(case)
    if absent:
        return Outcome(case, skipped="needs " + " ".join(absent))
    results, failure = run_tool(tool, case, rules)
    if results is None:
        return Outcome(case, expected=len(read_labels(case)[0]), failure=failure)
    base = case.path if case.path.is_dir() else case.path.parent
    return compare(case, [(r.get("ruleId", ""), *places(r, base)) for r in results])
