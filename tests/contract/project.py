# SPDX-License-Identifier: Apache-2.0
"""The project's files as the checks see them, and how a check is run alone.

A check is a function from a Tree to a list of complaints, each `path:line: what`. The self test gives it small trees made of text.
"""

import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


class Tree:
    """Paths (relative, with slashes) and what is in them; binary files are there as empty text."""

    def __init__(self, files, executables=()):
        self.files = dict(files)
        self.executables = set(executables)

    @staticmethod
    def of_project(root=ROOT):
        """What git has or would take in; without git (a source archive) everything but build output."""
        listing = subprocess.run(["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"], capture_output=True, check=False)
        if listing.returncode == 0:
            names = listing.stdout.decode().split("\0")
        else:
            names = [str(p.relative_to(root)) for p in root.rglob("*") if not {"build", "node_modules", ".git"} & set(p.relative_to(root).parts)]
        files, executables = {}, set()
        for name in sorted(set(names)):
            path = root / name
            if not name or path.is_symlink() or not path.is_file():
                continue
            try:
                data = path.read_bytes()
            except FileNotFoundError:  # an editor's file that came and went
                continue
            files[name] = "" if b"\0" in data else data.decode("utf-8", "replace")
            if os.access(path, os.X_OK):
                executables.add(name)
        return Tree(files, executables)

    def paths(self, *prefixes, endings=()):
        return [p for p in self.files if p.startswith(prefixes or "") and (not endings or p.endswith(tuple(endings)))]

    def text(self, path):
        return self.files[path]

    def lines(self, path):
        """(number from 1, line) pairs."""
        return enumerate(self.files[path].splitlines(), 1)


def is_device_file(path):
    """Content of the example's firmware: it is the device's, not ours."""
    return path.startswith("examples/") and "/rootfs/" in path


def run(*checks, tree=None):
    """Runs the checks over the project, prints what they complain of, and ends the program: 0 nothing, 1 something."""
    tree = tree or Tree.of_project()
    complaints = [c for check in checks for c in check(tree)]
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    name = pathlib.Path(sys.argv[0]).stem
    print(f"{name}: {len(complaints)} complaint(s), {len(tree.files)} files")
    sys.exit(1 if complaints else 0)


def binary():
    """The program under test: ASSAY_BINARY, else the newest one built by a preset."""
    if os.environ.get("ASSAY_BINARY"):
        return os.path.abspath(os.environ["ASSAY_BINARY"])
    built = [ROOT / "build" / preset / "assay" for preset in ("dev", "release", "asan")]
    built = [p for p in built if p.is_file()]
    if not built:
        sys.exit("no program to test: build it or set ASSAY_BINARY")
    return str(max(built, key=lambda p: p.stat().st_mtime))
