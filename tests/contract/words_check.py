# SPDX-License-Identifier: Apache-2.0
"""What a reader elsewhere has no use for: paths of the machine it was written on, unfinished business."""

import re

from project import Tree, is_device_file, run

# Paths that exist on one machine only. /tmp and /root are also places inside a firmware, so the sources (whose tests
# make images) may name those two.
MACHINE_PATHS = re.compile(r"(?<![\w./$}~-])/(?:home/\w+|var/tmp|tmp|root)/\w")
FIRMWARE_PATHS = re.compile(r"(?<![\w./$}~-])/(?:home/runner|var/tmp)/\w")

# Bracketed letters keep this file from matching itself.
UNFINISHED = re.compile(r"\b(?:TOD[O]|FIXM[E]|XX[X]|HAC[K]|place[h]older|lorem ips[u]m|not implemented y[e]t)\b")


def machine_paths(tree: Tree):
    complaints = []
    for path in tree.paths():
        if is_device_file(path):
            continue
        pattern = FIRMWARE_PATHS if path.startswith(("src/", "tests/", "schemes/", "knowledge/", "examples/")) and not path.endswith(".md") else MACHINE_PATHS
        complaints += [f"{path}:{number}: a path of one machine: {found.group()}…" for number, line in tree.lines(path) if (found := pattern.search(line))]
    return complaints


def unfinished(tree: Tree):
    return [f"{path}:{number}: unfinished: {found.group()}" for path in tree.paths("src/", "script/", "tests/", "cmake/", "tools/", "benchmarks/")
            for number, line in tree.lines(path) if (found := UNFINISHED.search(line)) and not path.endswith("look_test.py")]


if __name__ == "__main__":
    run(machine_paths, unfinished)
