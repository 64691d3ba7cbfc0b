# SPDX-License-Identifier: Apache-2.0
"""Form of the sources: licence line, length, casts and regular expressions, and every list.inc equal to its folder."""

import re

from project import Tree, is_device_file, run

MOST_LINES = 700

# Outside base/: where a C interface hands out or wants another pointer type, and why.
CASTS = {
    "src/record/sqlite.cpp": "sqlite3_column_text gives unsigned char",
}

# Folder of a list -> what a line of it looks like, and what defines the thing in the folder's sources.
LISTS = {
    "src/firmware/formats/": (r"^FORMAT\((\w+)\)", r"^(?:extern )?(?:constinit )?const Format format_(\w+)\s*\{"),
    "src/firmware/codecs/": (r"^CODEC\((\w+)\)", r"^(?:extern )?(?:constinit )?const Codec codec_(\w+)\s*\{"),
    "src/firmware/checks/": (r"^CHECK\((\w+)\)", r"^(?:extern )?(?:constinit )?const CheckEntry (\w+)_check\s*\{"),
}

LICENCE = "SPDX-License-Identifier: Apache-2.0"
COMMENT = re.compile(r"//.*")


def licence(tree: Tree):
    complaints = []
    for path in tree.paths():
        if is_device_file(path):
            continue
        lines = tree.text(path).splitlines()
        name = path.rsplit("/", 1)[-1]
        script = bool(lines) and lines[0].startswith("#!")
        if not script and name != "CMakeLists.txt" and not path.endswith((".cpp", ".hpp", ".py", ".sh", ".cmake", ".mjs")):
            continue
        at = 1 if script else 0
        if len(lines) <= at or LICENCE not in lines[at]:
            complaints.append(f"{path}:{at + 1}: the line {LICENCE} is missing")
    return complaints


def length(tree: Tree):
    return [f"{path}:{MOST_LINES}: {count} lines; more than {MOST_LINES} cannot be read in one sitting"
            for path in tree.paths("src/", endings=(".cpp", ".hpp", ".inc")) if (count := len(tree.text(path).splitlines())) > MOST_LINES]


def constructs(tree: Tree):
    complaints = []
    for path in tree.paths("src/", endings=(".cpp", ".hpp", ".inc")):
        for number, line in tree.lines(path):
            code = COMMENT.sub("", line)
            if "reinterpret_cast" in code and not path.startswith("src/base/") and path not in CASTS:
                complaints.append(f"{path}:{number}: reinterpret_cast outside base/ (base/bytes.hpp has chars, octets, text)")
            if re.search(r"\bstd::(basic_|w)?regex", code):
                complaints.append(f"{path}:{number}: std::regex; use RE2 or PatternSet")
    for path in CASTS:
        if path in tree.files and "reinterpret_cast" not in tree.text(path):
            complaints.append(f"{path}:1: casts no more; take it out of CASTS in tests/contract/sources_check.py")
    return complaints


def lists(tree: Tree):
    complaints = []
    for folder, (listing, definition) in LISTS.items():
        path = folder + "list.inc"
        if path not in tree.files:
            complaints.append(f"{path}:1: is missing")
            continue
        listed = re.findall(listing, tree.text(path), re.MULTILINE)
        defined = {}
        for source in tree.paths(folder, endings=(".cpp",)):
            for name in re.findall(definition, tree.text(source), re.MULTILINE):
                defined[name] = source
        complaints += [f"{path}:1: {name} is listed twice" for name in sorted({n for n in listed if listed.count(n) > 1})]
        complaints += [f"{path}:1: {name} is listed and nothing in {folder} defines it" for name in sorted(set(listed) - set(defined))]
        complaints += [f"{defined[name]}:1: {name} is defined and not listed in list.inc" for name in sorted(set(defined) - set(listed))]
    return complaints


if __name__ == "__main__":
    run(licence, length, constructs, lists)
