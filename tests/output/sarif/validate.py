#!/usr/bin/env python3
"""Validates a SARIF log with Microsoft's multitool, GitHub's rules included.

usage: validate.py LOG.sarif FOLDER

Installs the tool from npm into FOLDER when it is not there yet. The tool's exit
status says nothing about the log, so its own report is read instead.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

VERSION = "5.7.0"

# Advice that does not fit this tool, with the reason.
ACCEPTED = {
    "SARIF2002": "wants message ids and arguments beside the text",
    "SARIF2003": "wants version control details, which only the uploader knows",
    "SARIF2005": "wants a web address of the tool",
    "SARIF2006": "wants another spelling of the schema's address",
    "SARIF2009": "wants rule ids like CA1234; ours are words",
    "SARIF2012": "wants a web address for every rule; the text is in the log",
    "SARIF2016": "wants every file to be below one folder that exists here",
}

# The tool stays silent about a log that it cannot read at all. Every log of ours
# draws this remark.
HEARTBEAT = "SARIF2003"


def main():
    log = pathlib.Path(sys.argv[1])
    folder = pathlib.Path(sys.argv[2])
    program = folder / "node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"
    if not program.exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["npm", "install", "--no-save", "--no-audit", "--no-fund", "--prefix", folder,
             f"@microsoft/sarif-multitool@{VERSION}"],
            check=True,
        )
        program.chmod(0o755)  # npm may be set up not to run the package's own script for it.
    with tempfile.TemporaryDirectory() as temporary:
        report = pathlib.Path(temporary) / "report.sarif"
        # The program itself, not npm's wrapper: that passes the semicolon to a shell.
        subprocess.run(
            [program, "validate", log, "--output", report, "--log", "ForceOverwrite",
             "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning;Note"],
            check=True,
            stdout=subprocess.DEVNULL,
            env=os.environ | {"DOTNET_BUNDLE_EXTRACT_BASE_DIR": temporary},
        )
        # The report starts with a byte order mark.
        results = json.loads(report.read_text(encoding="utf-8-sig"))["runs"][0].get("results", [])
    if not any(result["ruleId"] == HEARTBEAT for result in results):
        print(f"{log}: not readable as SARIF")
        return 1
    bad = 0
    for result in results:
        if result["ruleId"] in ACCEPTED and result.get("level", "warning") != "error":
            continue
        bad += 1
        region = result["locations"][0]["physicalLocation"].get("region", {})
        message = result["message"]
        print(f"{log}:{region.get('startLine', 0)}: {result['ruleId']}: {message.get('text') or message}")
    print(f"{bad} of {len(results)} remarks count")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
