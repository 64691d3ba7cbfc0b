# SPDX-License-Identifier: Apache-2.0
"""What a reader elsewhere has no use for: paths of the machine it was written on, hosts of package registries, unfinished business,
talk of how the text came about."""

import re

from project import Tree, is_device_file, run

# Paths that exist on one machine only. /tmp and /root are also places inside a firmware, so the sources (whose tests
# make images) may name those two.
MACHINE_PATHS = re.compile(r"(?<![\w./$}~-])/(?:work|home/\w+|var/tmp|tmp|root)/\w")
FIRMWARE_PATHS = re.compile(r"(?<![\w./$}~-])/(?:work|home/runner|var/tmp)/\w")

REGISTRY_HOSTS = re.compile(
    r"\b(?:registry\.[\w-]+\.\w{2,}|(?:deb|ftp|security|snapshot|archive|[\w-]*mirrors?)\.(?:debian|ubuntu)\.\w+|(?:files\.)?pypi[\w.]*\.org"
    r"|pythonhosted\.\w+|(?:static\.|index\.)?crates\.io|proxy\.golang\.\w+|repo1?\.maven\.\w+|rubygems\.org|nodesource\.com|artifact-?registry)", re.IGNORECASE)

# Bracketed letters keep this file from matching itself.
UNFINISHED = re.compile(r"\b(?:TOD[O]|FIXM[E]|XX[X]|HAC[K]|place[h]older|lorem ips[u]m|not implemented y[e]t)\b")
MAKING = re.compile(
    r"\b(?:C[E]O|A[I] (?:assistant|agent|model)|language mode[l]|L{2}M|sub-?agen[t]s?|founder-enginee[r]s?|chat[b]ot|co-?pilo[t]|as (?:requested|instructed|briefed) b[y]"
    r"|the brie[f]\b|this workplac[e]|other engineer[s] at the same time|final messag[e])\b", re.IGNORECASE)


def machine_paths(tree: Tree):
    complaints = []
    for path in tree.paths():
        if is_device_file(path):
            continue
        pattern = FIRMWARE_PATHS if path.startswith(("src/", "tests/", "schemes/", "knowledge/", "examples/")) and not path.endswith(".md") else MACHINE_PATHS
        complaints += [f"{path}:{number}: a path of one machine: {found.group()}…" for number, line in tree.lines(path) if (found := pattern.search(line))]
    return complaints


def registry_hosts(tree: Tree):
    return [f"{path}:{number}: the host of a package registry" for path in tree.paths() if not path.endswith("words_check.py")
            for number, line in tree.lines(path) if REGISTRY_HOSTS.search(line)]


def unfinished(tree: Tree):
    return [f"{path}:{number}: unfinished: {found.group()}" for path in tree.paths("src/", "script/", "tests/", "cmake/", "tools/", "benchmarks/")
            for number, line in tree.lines(path) if (found := UNFINISHED.search(line)) and not path.endswith("look_test.py")]


def making(tree: Tree):
    return [f"{path}:{number}: not for readers: {found.group()}" for path in tree.paths() if path != "LICENSE"
            for number, line in tree.lines(path) if (found := MAKING.search(line))]


if __name__ == "__main__":
    run(machine_paths, registry_hosts, unfinished, making)
