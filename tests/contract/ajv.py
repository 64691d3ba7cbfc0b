# SPDX-License-Identifier: Apache-2.0
"""ajv, a JSON Schema validator that is not ours, kept in build/ajv (ASSAY_AJV names another folder) and never in the sources."""

import fcntl
import json
import os
import pathlib
import shutil
import subprocess

from project import ROOT

HERE = pathlib.Path(__file__).resolve().parent
PINS = ("package.json", "package-lock.json")


class Schemas:
    """Validates many documents in one run of node."""

    def __init__(self, schemas):
        self.schemas = schemas
        self.documents = []

    def add(self, name, schema, value, coerce=False):
        self.documents.append({"name": name, "schema": schema, "value": value, "coerce": coerce})

    def judge(self):
        """(schema name -> None or what is wrong, [(document name, None or what is wrong)])"""
        jobs = json.dumps({"schemas": self.schemas, "documents": self.documents})
        done = subprocess.run(["node", str(HERE / "validate.mjs"), str(folder())], input=jobs, capture_output=True, text=True, check=False, timeout=300)
        if done.returncode:
            raise RuntimeError(f"node validate.mjs failed: {done.stderr.strip()}")
        answers = json.loads(done.stdout)
        return answers["schemas"], [(d["name"], a) for d, a in zip(self.documents, answers["documents"], strict=True)]


def folder():
    """Where node_modules is, filled from the lock file if it is not what the lock file says."""
    at = pathlib.Path(os.environ.get("ASSAY_AJV") or ROOT / "build" / "ajv").resolve()
    at.mkdir(parents=True, exist_ok=True)
    with open(at / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        filled = at / "node_modules" / ".filled-from"
        wanted = (HERE / "package-lock.json").read_text(encoding="utf-8")
        if filled.is_file() and filled.read_text(encoding="utf-8") == wanted:
            return at
        for name in PINS:
            shutil.copyfile(HERE / name, at / name)
        done = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=at, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"npm ci in {at} failed: {done.stderr.strip()}")
        filled.write_text(wanted, encoding="utf-8")
    return at


if __name__ == "__main__":
    print(folder())
