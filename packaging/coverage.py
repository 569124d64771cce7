#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which lines of core have been run, by gcov's counts.

    packaging/coverage.py BUILD

Prints a line for each folder of core (lines that have code, how many were run), an empty line, and of each file the lines that were
not. A line counts as run where any program ran it: a header's line, or a template's, is in many.
"""
import json
import subprocess
import sys
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent


def counts_of(notes):
    """(file, line, count) of all of core that an object holds; without counts of its own it has not run."""
    told = subprocess.run(["gcov", "--json-format", "--stdout", notes], cwd=notes.parent, check=True, capture_output=True,
                          text=True).stdout
    counts = []
    for unit in map(json.loads, told.splitlines()):
        for file in unit["files"]:
            path = (Path(unit["current_working_directory"]) / file["file"]).resolve()
            if path.is_relative_to(SOURCE / "core"):
                name = str(path.relative_to(SOURCE))
                counts += [(name, line["line_number"], line["count"]) for line in file["lines"]]
    return counts


def ranges(lines):
    """12, 14-17: neighbours joined."""
    text = []
    for line in sorted(lines):
        if text and line == text[-1][1] + 1:
            text[-1][1] = line
        else:
            text.append([line, line])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in text)


def main(arguments):
    if len(arguments) != 1:
        sys.exit(__doc__)
    build = Path(arguments[0]).resolve()
    runs = defaultdict(lambda: defaultdict(int))  # file -> line -> how often
    # Headers and templates of core are in the objects of whoever includes them.
    objects = sorted(build.glob("**/*.gcno"))
    with ThreadPoolExecutor(2) as pool:
        for counts in pool.map(counts_of, objects):
            for file, line, count in counts:
                runs[file][line] += count

    folders = defaultdict(lambda: [0, 0])
    for file, lines in runs.items():
        for name in (str(Path(file).parent), "core (all)"):
            folders[name][0] += len(lines)
            folders[name][1] += sum(count > 0 for count in lines.values())
    for name, (lines, reached) in sorted(folders.items()):
        print(f"{name:16} {lines:6} lines {reached:6} reached {100 * reached / lines:5.1f} %")
    print()
    for file, lines in sorted(runs.items()):
        missed = [line for line, count in lines.items() if count == 0]
        if missed:
            print(f"{file}: {ranges(missed)}")


if __name__ == "__main__":
    main(sys.argv[1:])
