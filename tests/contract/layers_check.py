# SPDX-License-Identifier: Apache-2.0
"""Who may include whom in src/, and which library stays in which room (docs/architecture.md)."""

import re

from project import Tree, run

BELOW = {
    "base": set(),
    "model": {"base"},
    "firmware": {"model", "base"},
    "intake": {"model", "base"},
    "assess": {"model", "base"},
    "record": {"model", "base"},
    "paper": {"model", "base"},
    "office": {"firmware", "intake", "assess", "record", "paper", "model", "base"},
    "cli": {"office", "firmware", "intake", "assess", "record", "paper", "model", "base"},
}

# Library header -> where it may be included: a room's folder or one file.
LIBRARIES = {
    "sqlite3.h": ["src/record/"],
    "CLI/": ["src/cli/cli.cpp"],
    "iostream": ["src/cli/"],
    "boost/json": ["src/base/"],
    "libfyaml.h": ["src/base/"],
    "hs.h": ["src/base/"],
    "hs/": ["src/base/"],
    "seccomp.h": ["src/base/"],
    "linux/landlock.h": ["src/base/"],
    "archive.h": ["src/firmware/", "src/intake/"],
    "archive_entry.h": ["src/firmware/", "src/intake/"],
    "pugixml.hpp": ["src/intake/"],
    "xlsxwriter.h": ["src/paper/", "src/intake/"],
    "kainjow/": ["src/paper/"],
    "regex": [],  # std::regex recurses on its input and is slow; RE2
}

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')


def library_of(header):
    return next((known for known in LIBRARIES if header == known or (header.startswith(known) and not known.endswith(".h") and "/" in known)), None)


def check(tree: Tree):
    complaints = []
    for path in tree.paths("src/", endings=(".cpp", ".hpp", ".inc")):
        room = path.split("/")[1]
        if room not in BELOW:
            complaints.append(f"{path}:1: room {room} is not in the table of tests/contract/layers_check.py")
            continue
        for number, line in tree.lines(path):
            found = INCLUDE.match(line)
            if not found:
                continue
            ours, theirs = found.groups()
            if ours:
                other, slash, _ = ours.partition("/")
                if not slash or other not in BELOW:
                    complaints.append(f'{path}:{number}: "{ours}" does not name its room; write "{room}/…"')
                elif other != room and other not in BELOW[room]:
                    complaints.append(f"{path}:{number}: {room} may not use {other}")
            else:
                library = library_of(theirs)
                if library and not any(path.startswith(place) for place in LIBRARIES[library]):
                    complaints.append(f"{path}:{number}: <{theirs}> belongs to {' '.join(LIBRARIES[library]) or 'nobody'}")
    return complaints


if __name__ == "__main__":
    run(check)
