# SPDX-License-Identifier: Apache-2.0
"""Our shell scripts parse, and what starts with #! can be started."""

import subprocess

from project import Tree, is_device_file, run


def syntax(tree: Tree):
    complaints = []
    for path in tree.paths():
        text = tree.text(path)
        first = text.split("\n", 1)[0]
        if is_device_file(path) or not first.startswith("#!") or "sh" not in first.rsplit("/", 1)[-1]:
            continue
        parsed = subprocess.run(["bash", "-n", "/dev/stdin"], input=text, text=True, capture_output=True, check=False)
        if parsed.returncode:
            complaints.append(f"{path}:1: {parsed.stderr.strip() or 'does not parse'}")
    return complaints


def startable(tree: Tree):
    return [f"{path}:1: starts with #! and is not executable" for path in tree.paths()
            if not is_device_file(path) and tree.text(path).startswith("#!") and path not in tree.executables]


if __name__ == "__main__":
    run(syntax, startable)
