# SPDX-License-Identifier: Apache-2.0
"""The program carries its catalogue: from anywhere, with no files beside it, it knows every scheme, question and schema of the sources."""

import json
import pathlib
import subprocess
import tempfile

import yaml

from project import Tree, binary, run


def check(tree: Tree, program=None):
    program = program or binary()
    complaints = []
    with tempfile.TemporaryDirectory() as elsewhere:
        def ask(*args):
            done = subprocess.run([program, *args], cwd=elsewhere, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False, timeout=120)
            if done.returncode:
                complaints.append(f"assay {' '.join(args)} in an empty folder: exit status {done.returncode}: {done.stderr.strip()}")
                return ""
            return done.stdout

        listed = ask("--json", "catalogue", "list")
        if not listed:
            return complaints
        # By folder: a further edition lies in schemes/ID@EDITION.
        embedded = {scheme.get("key", scheme["id"]): scheme for scheme in json.loads(listed)}
        for path in tree.paths("schemes/", endings=("/scheme.yaml",)):
            ours = yaml.load(tree.text(path), Loader=yaml.BaseLoader)
            folder = path.split("/")[1]
            theirs = embedded.pop(folder, None)
            if theirs is None:
                complaints.append(f"{path}:1: the program does not know {folder}")
            elif theirs["edition"] != ours["edition"]:
                complaints.append(f"{path}:1: edition {ours['edition']}; the program has {theirs['edition']}")
        complaints += [f"schemes/{name}/scheme.yaml:1: is not there, and the program lists it" for name in embedded]

        # The bytes themselves: every data file stands in the program as it is in the sources.
        image = pathlib.Path(program).read_bytes()
        for path in tree.paths("schemes/", "knowledge/", "schemas/", endings=(".yaml", ".json", ".txt")):
            text = tree.text(path).encode()
            if len(text) > 0 and text not in image:
                complaints.append(f"{path}:1: its text is not in the program (built from another state of the sources?)")
    return complaints


if __name__ == "__main__":
    run(check)
