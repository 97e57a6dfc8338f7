#!/usr/bin/env python3
# Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Gridlock over the source code of real packages.

    real.py fetch PACKAGE... | --all      Debian's source packages, patches applied
    real.py database PACKAGE... | --all   a compilation database for each
    real.py run PACKAGE... | --all        gridlock check; compares with the recorded findings
    real.py diff PACKAGE...               what the last run found that is not recorded, and the reverse
    real.py record PACKAGE...             makes the last run's findings the recorded ones (--family: some of them)
    real.py show PACKAGE                  the last run's findings, with their traces
    real.py report                        one markdown table over all that was run
    real.py verdicts [--family lock]      the recorded findings that were read, how they were judged, and the share
                                          (--family race --min-confidence high: all that were read of races)
    real.py reverted [NAME...]            known defects, put back: are they found, and only when present?

packages.json holds a recipe for each package, recorded/ the findings that were
agreed on, verdicts/ what a reader said of them, reverted/ the known defects.
Everything else lives in a work folder (default build/real), which can be thrown
away.

Nothing is compiled for a database when that can be avoided: CMake and Meson
write one when they configure, and for the rest recording_compiler.py stands in
for the compiler (sources.py).
"""

import argparse
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

from sources import Failure, database, database_path, fetch, load_recipes, parse, source_folder, version_of

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
RECORDED = HERE / "recorded"
REVERTED = HERE / "reverted"
VERDICTS = HERE / "verdicts"


# --- run --------------------------------------------------------------------


def measure(command, directory, timeout, stderr):
    """Runs a command; its exit status (negative: the signal), wall and CPU seconds, and peak memory in MiB.

    wait4 is asked for this child alone, so other children do not count. A
    command over its time is killed, and its status is the text `timeout`.
    """
    started = time.monotonic()
    with open(stderr, "w", encoding="utf-8") as err:
        child = subprocess.Popen(command, cwd=directory, stdout=subprocess.DEVNULL, stderr=err, stdin=subprocess.DEVNULL)
        late = False
        while True:
            pid, status, usage = os.wait4(child.pid, os.WNOHANG)
            if pid:
                break
            if not late and time.monotonic() - started > timeout:
                late = True
                child.send_signal(signal.SIGKILL)
            time.sleep(0.02)
    child.returncode = os.waitstatus_to_exitcode(status)
    return {"status": "timeout" if late else child.returncode, "wall": round(time.monotonic() - started, 2),
            "cpu": round(usage.ru_utime + usage.ru_stime, 2), "memory": round(usage.ru_maxrss / 1024)}


def results_folder(work, package):
    return work / "result" / package


def check(options, package, database_file, folder, extra=()):
    """One run of the tool. Its findings, and what it cost."""
    folder.mkdir(parents=True, exist_ok=True)
    findings = folder / "findings.json"
    findings.unlink(missing_ok=True)
    command = ["nice", "-n", str(options.nice), str(options.tool), "check", "-p", str(database_file.parent), "--format", "json",
               "-o", str(findings), "--stats", "-j", str(options.jobs)] + list(extra)
    cache = getattr(options, "cache_dir", None)
    command += ["--cache-dir", str(cache.resolve())] if cache else ["--no-cache"]
    cost = measure(command, folder, options.timeout, folder / "stderr")
    cost["command"] = " ".join(command)
    found = {}
    if findings.exists():
        try:
            found = load_findings(findings)
        except json.JSONDecodeError as error:
            cost["status"] = f"broken JSON: {error}"
    return found, cost


def load_findings(path):
    """The tool's document, with every path made absolute: it shows them below `root`."""
    with open(path, encoding="utf-8") as file:
        document = json.load(file)

    def visit(value):
        if isinstance(value, dict):
            if isinstance(value.get("file"), str) and value["file"]:
                value["file"] = os.path.normpath(os.path.join(document.get("root", "/"), value["file"]))
            for each in value.values():
                visit(each)
        elif isinstance(value, list):
            for each in value:
                visit(each)

    visit(document)
    return document


def normalised(document, source):
    """What is worth keeping of the findings: no absolute paths, no columns, sorted."""
    kept = []
    prefixes = [str(source) + "/", str(source)]
    for finding in document.get("findings", []):
        location = finding.get("location", {})
        file, message = location.get("file", ""), finding["message"]
        for prefix in prefixes:
            file, message = file.replace(prefix, ""), message.replace(prefix, "")
        if finding.get("suppressedBy"):
            continue
        kept.append({"rule": finding["rule"], "file": file, "line": location.get("line", 0), "message": message,
                     "fingerprint": finding.get("fingerprint", ""), "confidence": finding.get("confidence", ""),
                     "severity": finding.get("severity", "")})
    kept.sort(key=lambda f: (f["file"], f["rule"], f["line"], f["fingerprint"]))
    return kept


def write_findings(path, findings):
    """One finding a line, so that a change of one is a change of one line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(json.dumps(f, ensure_ascii=False) for f in findings) + "\n]\n")


def read_findings(path):
    if not path.exists():
        return []
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def run(options, package):
    source = source_folder(options.work, package)
    folder = results_folder(options.work, package)
    file = database_path(options.work, package)
    if not file.exists():
        raise Failure(f"{package} has no database: run `real.py database {package}`")
    with open(file, encoding="utf-8") as opened:
        units = len(json.load(opened))
    document, cost = check(options, package, file, folder, ["--rules", options.rules] if options.rules else [])
    findings = normalised(document, source)
    write_findings(folder / "normalised.json", findings)
    errors = (folder / "stderr").read_text(encoding="utf-8", errors="replace")
    cost.update(package=package, version=version_of(options.work, package), units=units, findings=len(findings),
                units_with_errors=units_with_errors(document, errors))
    with open(folder / "cost.json", "w", encoding="utf-8") as opened:
        json.dump(cost, opened, indent=1)
    crashed = "" if cost["status"] in (0, 1) else f"  STATUS {cost['status']}"
    print(f"{package}: {units} units, {len(findings)} findings, {cost['units_with_errors']} units with errors, "
          f"{cost['wall']} s wall, {cost['cpu']} s CPU, {cost['memory']} MiB{crashed}")
    new, gone = difference(options.work, package)
    print(f"  against the record: {len(new)} new, {len(gone)} vanished")


def units_with_errors(document, errors):
    """How many units did not compile cleanly, as the tool says among its notes or statistics."""
    text = "\n".join(document.get("notes", [])) + "\n" + errors
    match = re.search(r"\d+ crashed, (\d+) with errors", text)
    return int(match.group(1)) if match else 0


def key(finding):
    return (finding["rule"], finding["file"], finding["fingerprint"])


def difference(work, package):
    now = read_findings(results_folder(work, package) / "normalised.json")
    then = read_findings(RECORDED / f"{package}.json")
    known, present = {key(f) for f in then}, {key(f) for f in now}
    return [f for f in now if key(f) not in known], [f for f in then if key(f) not in present]


def diff(options, package):
    new, gone = difference(options.work, package)
    for sign, findings in (("+", new), ("-", gone)):
        for f in findings:
            print(f"{sign} {package}: {f['file']}:{f['line']}: {f['severity']}: {f['message']} [{f['rule']}, {f['confidence']}]")
    if new or gone:
        options.status = 1


def record(options, package):
    source = results_folder(options.work, package) / "normalised.json"
    if not source.exists():
        raise Failure(f"{package} was not run")
    RECORDED.mkdir(exist_ok=True)
    findings = read_findings(source)
    if options.family:  # the others stay as they were recorded
        mine = lambda f: f["rule"].startswith(options.family + "-")
        findings = [f for f in findings if mine(f)] + [f for f in read_findings(RECORDED / f"{package}.json") if not mine(f)]
        findings.sort(key=lambda f: (f["file"], f["rule"], f["line"], f["fingerprint"]))
    write_findings(RECORDED / f"{package}.json", findings)
    print(f"{package}: {len(findings)} findings recorded")


LEVELS = ["low", "medium", "high"]


def show(options, package):
    source = source_folder(options.work, package)
    findings = load_findings(results_folder(options.work, package) / "findings.json")["findings"]

    def place(location):
        return location.get("file", "?").replace(str(source) + "/", "") + f":{location.get('line', 0)}"

    number = 0
    for f in findings:
        if options.rule and f["rule"] not in options.rule:
            continue
        if LEVELS.index(f.get("confidence", "low")) < LEVELS.index(options.min_confidence) or f.get("suppressedBy"):
            continue
        number += 1
        print(f"\n[{number}] {place(f['location'])}: {f['severity']}: {f['message']} [{f['rule']}, {f.get('confidence')}]")
        for assumption in f.get("assumptions", []):
            print(f"    assumed: {assumption}")
        for thread in f.get("threads", []):
            print(f"    {thread.get('title', '')}")
            for step in thread.get("steps", []):
                held = step.get("held") or []
                print("      " + "  " * step.get("depth", 0) + f"{place(step['location'])}: {step['message']}"
                      + (f"   holds {', '.join(held)}" if held else ""))
        for related in f.get("related", []):
            print(f"    {place(related['location'])}: {related['message']}")


def report(options):
    print("| package | version | language | units | with errors | findings | high | medium | low | wall s | CPU s | MiB | status |")
    print("| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |")
    for package, recipe in sorted(options.recipes.items()):
        folder = results_folder(options.work, package)
        if not (folder / "cost.json").exists():
            continue
        with open(folder / "cost.json", encoding="utf-8") as file:
            cost = json.load(file)
        levels = [f["confidence"] for f in read_findings(folder / "normalised.json")]
        counts = " | ".join(str(levels.count(level)) for level in reversed(LEVELS))
        status = "ok" if cost["status"] in (0, 1) else str(cost["status"])
        print(f"| {package} | {cost['version']} | {recipe['language']} | {cost['units']} | {cost['units_with_errors']} | "
              f"{cost['findings']} | {counts} | {cost['wall']} | {cost['cpu']} | {cost['memory']} | {status} |")


# --- verdicts ---------------------------------------------------------------


JUDGED = ["true", "by design", "false"]


def verdicts(options):
    """What was read of the recorded findings of a family, as markdown; notes do not count.

    A verdict names its finding by package and fingerprint. One whose finding is
    not recorded any more is told, so that the file keeps to what the tool says.
    """
    with open(VERDICTS / f"{options.family}.json", encoding="utf-8") as file:
        read = json.load(file)
    known = {(v["package"], v["fingerprint"]): v for v in read}
    rows, unread = [], 0
    for path in sorted(RECORDED.glob("*.json")):
        for f in read_findings(path):
            if not f["rule"].startswith(options.family + "-") or f["severity"] == "note":
                continue
            if LEVELS.index(f["confidence"]) < LEVELS.index(options.min_confidence):
                continue
            verdict = known.pop((path.stem, f["fingerprint"]), None)
            if verdict:
                rows.append(verdict)
            else:
                unread += 1
    counts = {judged: sum(v["verdict"] == judged for v in rows) for judged in JUDGED}
    share = round(100 * counts["true"] / len(rows)) if rows else 0
    print(f"{len(rows)} findings were read, of {len(rows) + unread} recorded: " +
          ", ".join(f"{counts[judged]} {judged}" for judged in JUDGED) + f"; {share} % are true.")
    for judged in JUDGED:
        print(f"\n### {judged.capitalize()}\n\n| package | place | rule | why |\n| --- | --- | --- | --- |")
        for v in rows:
            if v["verdict"] == judged:
                print(f"| {v['package']} | {v['place']} | `{v['rule']}` | {v['why']} |")
    for gone in known.values():
        print(f"no longer recorded: {gone['package']} {gone['place']} {gone['rule']}", file=sys.stderr)


# --- reverted ---------------------------------------------------------------


def reverted(options, name):
    """Puts a defect back that upstream had fixed. Found with it, silent without it: then the rule works.

    The patch goes on in place (the database names these paths) and comes off
    again whatever happens.
    """
    folder = REVERTED / name
    with open(folder / "defect.json", encoding="utf-8") as file:
        defect = json.load(file)
    package = defect["package"]
    source = source_folder(options.work, package)
    with open(database_path(options.work, package), encoding="utf-8") as file:
        entries = json.load(file)
    if defect.get("units") and not options.whole:
        wanted = tuple(defect["units"])
        entries = [e for e in entries if os.path.realpath(os.path.join(e["directory"], e["file"])).endswith(wanted)]
        if not entries:
            raise Failure(f"{name}: none of its units is in the database of {package}")
    result = options.work / "result" / "reverted" / name
    database_file = result / "database/compile_commands.json"
    database_file.parent.mkdir(parents=True, exist_ok=True)
    with open(database_file, "w", encoding="utf-8") as file:
        json.dump(entries, file)

    patch = str(folder / "defect.patch")
    after, cost_after = check(options, package, database_file, result / "fixed")
    subprocess.run(["patch", "-p1", "--no-backup-if-mismatch", "-s", "-i", patch], cwd=source, check=True)
    try:
        before, cost_before = check(options, package, database_file, result / "defect")
    finally:
        subprocess.run(["patch", "-p1", "-R", "--no-backup-if-mismatch", "-s", "-i", patch], cwd=source, check=True)

    found, false = matching(before, defect), matching(after, defect)
    for cost in (cost_before, cost_after):
        if cost["status"] not in (0, 1):
            print(f"  {name}: the tool ended with status {cost['status']}")
    verdict = "found" if found else "MISSED"
    if false:
        verdict += ", but also reported without the defect"
    print(f"{name} ({package}, {defect['rule']} in {defect['function']}): {verdict}")
    for finding in found[:1]:
        print(f"  {finding['location']['file'].replace(str(source) + '/', '')}:{finding['location']['line']}: {finding['message']}"
              f" [{finding.get('confidence')}]")
    if not found or false:
        options.status = 1


def matching(document, defect):
    """The findings of the expected rule that touch the expected function."""
    rules = [defect["rule"]] + defect.get("also", [])
    found = []
    for finding in document.get("findings", []):
        if finding["rule"] not in rules or finding.get("suppressedBy"):
            continue
        steps = [s for t in finding.get("threads", []) for s in t.get("steps", [])]
        places = [finding["location"]] + [s["location"] for s in steps]
        names = [finding.get("message", "")] + [s.get("function", "") or "" for s in steps] + finding.get("identity", [])
        if not any(place.get("file", "").endswith(defect["file"]) for place in places):
            continue
        if not re.search(defect.get("about", ""), finding.get("message", "")):
            continue
        if any(re.search(rf"\b{re.escape(defect['function'])}\b", n) for n in names):
            found.append(finding)
    return found


# --- command line -----------------------------------------------------------


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=pathlib.Path, default=ROOT / "build/real", help="the work folder (default build/real)")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ACTIONS:
        command = commands.add_parser(name)
        if name == "verdicts":
            command.add_argument("--family", default="lock")
            command.add_argument("--min-confidence", choices=LEVELS, default="low", help="count these findings only")
        elif name != "report":
            command.add_argument("names", nargs="*", metavar="NAME")
            command.add_argument("--all", action="store_true")
        if name == "parse":
            command.add_argument("--count", type=int, default=8, help="how many units to try")
            command.add_argument("--errors", type=int, default=3, help="how many errors to show")
        if name in ("run", "reverted"):
            command.add_argument("--nice", type=int, default=19, help="how far the tool stands back for others")
            command.add_argument("--tool", type=pathlib.Path, default=ROOT / "build/release/tool/gridlock")
            command.add_argument("--timeout", type=float, default=1800, help="seconds for one package")
            command.add_argument("-j", "--jobs", type=int, default=2)
        if name == "reverted":
            command.add_argument("--whole", action="store_true", help="the whole package instead of the units that matter")
        if name == "run":
            command.add_argument("--rules", help="these rules only, as the tool's own option")
            command.add_argument("--cache-dir", type=pathlib.Path,
                                 help="keeps what was parsed, for the next run: the costs then say little")
        if name == "record":
            command.add_argument("--family", help="the findings of this family only; the others stay as they are")
        if name == "show":
            command.add_argument("--rule", action="append")
            command.add_argument("--min-confidence", choices=LEVELS, default="low")
    return parser.parse_args()


ACTIONS = {"fetch": fetch, "database": database, "parse": parse, "run": run, "diff": diff, "record": record,
           "show": show, "report": report, "verdicts": verdicts, "reverted": reverted}


def main():
    options = arguments()
    options.recipes = load_recipes()
    options.work = options.work.resolve()
    options.work.mkdir(parents=True, exist_ok=True)
    options.status = 0
    if options.command in ("report", "verdicts"):
        ACTIONS[options.command](options)
        return 0
    if options.command == "reverted":
        names = options.names or sorted(p.name for p in REVERTED.iterdir() if p.is_dir())
    elif options.all:
        names = list(options.recipes)
    else:
        names = options.names
    if not names:
        sys.exit(f"real.py {options.command}: name packages, or --all")
    if getattr(options, "tool", None):
        options.tool = options.tool.resolve()
        if not options.tool.exists():
            print(f"real.py: no {options.tool}: build it, or name it with --tool", file=sys.stderr)
            return 2
    action = ACTIONS[options.command]
    for name in names:
        if options.command != "reverted" and name not in options.recipes:
            print(f"real.py: packages.json has no recipe for {name}", file=sys.stderr)
            options.status = 2
            continue
        try:
            action(options, name)
        except (Failure, OSError, subprocess.CalledProcessError) as error:
            print(f"{name}: {error}", file=sys.stderr)
            options.status = 2
    return options.status


if __name__ == "__main__":
    sys.exit(main())
