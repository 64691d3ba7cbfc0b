# SPDX-License-Identifier: Apache-2.0
"""schemas/ is JSON Schema 2020-12, what ships and what the program writes keeps to it, and our validator refuses what another one refuses.

Our own validator reads the part of the language that our schemas use; here ajv, which is not ours, judges the same files.
"""

import fnmatch
import io
import json
import pathlib
import subprocess
import tarfile
import tempfile

import yaml

from ajv import Schemas
from project import Tree, binary, run

# Path pattern -> schema. The first that matches counts; None: a file with a loader and tests of its own.
YAML_FILES = [
    ("schemes/*/scheme.yaml", "scheme"),
    ("schemes/*/scope.yaml", "scope"),
    ("schemes/*/moves.yaml", "moves"),
    ("schemes/*/words/*.yaml", "words"),
    ("schemes/*/requirements/*.yaml", "requirements"),
    ("schemes/*/trees/*.yaml", "trees"),
    ("schemes/*/cases/product.yaml", "product"),
    ("schemes/*/cases/*.yaml", "cases"),
    ("knowledge/kinds.yaml", "kinds"),
    ("knowledge/subjects.yaml", "subjects"),
    ("knowledge/recognitions.yaml", "recognitions"),
    ("knowledge/questions/*.yaml", "questions"),
    ("knowledge/facts/*.yaml", "facts"),
    ("knowledge/words/*/*.yaml", "words"),
    ("knowledge/imports/*.yaml", "imports"),
    ("knowledge/components/*.yaml", None),
    ("knowledge/services/*.yaml", None),
    ("knowledge/*/*.yaml", None),
    ("examples/*/product.yaml", "product"),
    ("examples/*/*/product.yaml", "product"),
]

DAY = "2026-06-01"

SOUND = """product:
  name: Test Camera
  model: TC-1
  version: "1.0.0"
  manufacturer: {name: Test Works}
"""

# What must be refused, as text put after or into SOUND.
BROKEN = {
    "no product": "markets: [eu]\n",
    "a key that does not exist": SOUND + "colour: red\n",
    "a misspelt key": SOUND.replace("model:", "modle:"),
    "a required key missing": SOUND.replace('  version: "1.0.0"\n', ""),
    "a map where text belongs": SOUND.replace("TC-1", "{a: b}"),
    "text where a map belongs": SOUND.replace("{name: Test Works}", "Test Works"),
    "text where a list belongs": SOUND + "markets: eu\n",
    "a market that does not exist": SOUND + "markets: [eu, moon]\n",
    "a date that does not exist": SOUND + 'support: {until: "2027-02-30"}\n',
    "a date in another order": SOUND + 'dates: {placed_on_market: "30.04.2026"}\n',
    "a table that does not exist": SOUND + "complete: [AuthMechs]\n",
    "a row without its id": SOUND + "ixit: {AuthMech: [{Description: web login}]}\n",
    "a field that the table lacks": SOUND + "ixit: {AuthMech: [{ID: A-1, Colour: red}]}\n",
    "a port beyond 65535": SOUND + "ixit: {AuthMech: [{ID: A-1, port: 65536}]}\n",
    "a port in words": SOUND + "ixit: {AuthMech: [{ID: A-1, port: eighty}]}\n",
    "a map where the table is a list": SOUND + "ixit: {AuthMech: {ID: A-1}}\n",
    "an ICS answer that does not exist": SOUND + 'ics: {"5.1-1": {support: maybe}}\n',
    "another format version": "assay: 2\n" + SOUND,
    "a fact's name with capitals": SOUND + "properties: {Medical: true}\n",
}


def schema_of(path):
    return next((schema for pattern, schema in YAML_FILES if fnmatch.fnmatchcase(path, pattern) and path.count("/") == pattern.count("/")), "")


def load_yaml(text):
    """As text throughout, as our loader reads it: types come from the schema."""
    return yaml.load(text, Loader=yaml.BaseLoader)


def schemas_of(tree):
    return {p.removeprefix("schemas/").removesuffix(".schema.json"): json.loads(tree.text(p)) for p in tree.paths("schemas/", endings=(".schema.json",))}


def schemas(tree: Tree):
    """Every schema names its dialect and compiles in ajv's strict mode."""
    known = schemas_of(tree)
    complaints = [f"schemas/{name}.schema.json:1: $schema is not 2020-12" for name, schema in known.items()
                  if schema.get("$schema") != "https://json-schema.org/draft/2020-12/schema"]
    verdicts, _ = Schemas(known).judge()
    return complaints + [f"schemas/{name}.schema.json:1: {wrong}" for name, wrong in verdicts.items() if wrong]


def data(tree: Tree):
    """Every YAML file of the catalogue and of the examples keeps to its schema, and none is without one by accident."""
    complaints = []
    judging = Schemas(schemas_of(tree))
    for path in tree.paths("schemes/", "knowledge/", "examples/", endings=(".yaml", ".yml")):
        schema = schema_of(path)
        if schema == "" and not path.startswith("examples/"):
            complaints.append(f"{path}:1: no schema is named for it in tests/contract/schemas_check.py")
        elif schema:
            try:
                judging.add(path, schema, load_yaml(tree.text(path)), coerce=True)
            except yaml.YAMLError as error:
                complaints.append(f"{path}:1: {' '.join(str(error).split())}")
    _, verdicts = judging.judge()
    return complaints + [f"{path}:1: {wrong}" for path, wrong in verdicts if wrong]


def firmware():
    """A small root file system with an account and a service, as tar."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, content in {"etc/passwd": b"root::0:0:root:/root:/bin/sh\n", "etc/inittab": b"::respawn:/usr/sbin/telnetd\n", "bin/sh": b"\x7fELF"}.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def assay(here, *args, program=None):
    return subprocess.run([program or binary(), "--quiet", *args], cwd=here, capture_output=True, text=True, check=False, timeout=120)


def outputs(tree: Tree, program=None):
    """What the program writes keeps to verdicts and observations; its words for a draft keep to product."""
    judging = Schemas(schemas_of(tree))
    complaints = []
    with tempfile.TemporaryDirectory() as scratch:
        here = pathlib.Path(scratch)
        (here / "product.yaml").write_text(SOUND + "markets: [eu, uk, jp]\n", encoding="utf-8")
        (here / "image.tar").write_bytes(firmware())
        calls = [
            ("observations", ["--json", "examine", "image.tar"]),
            (None, ["init"]),
            (None, ["add", "image.tar"]),
            ("verdicts", ["--json", "--date", DAY, "status"]),
            ("verdicts", ["--json", "--date", DAY, "--closing", "status"]),
            (None, ["init", "drafted", "--from", "image.tar"]),
        ]
        for schema, call in calls:
            done = assay(here, *call, program=program)
            name = "assay " + " ".join(call)
            if done.returncode not in (0, 1, 4):
                complaints.append(f"{name}: exit status {done.returncode}: {done.stderr.strip()}")
            elif schema:
                try:
                    value = json.loads(done.stdout)
                except ValueError as error:
                    complaints.append(f"{name}: not JSON: {error}")
                    continue
                if not (value.get("observations") or value.get("schemes")):
                    complaints.append(f"{name}: nothing in it")
                judging.add(name, schema, value)
        draft = here / "drafted" / "product.yaml"
        if draft.is_file():
            judging.add("the product.yaml of assay init --from", "product", load_yaml(draft.read_text(encoding="utf-8")), coerce=True)
        else:
            complaints.append("assay init drafted --from image.tar wrote no drafted/product.yaml")
    _, verdicts = judging.judge()
    return complaints + [f"{name}: {wrong}" for name, wrong in verdicts if wrong]


def agreement(tree: Tree, program=None, broken=None):
    """What ajv refuses the program refuses, and the sound declaration both take."""
    judging = Schemas({"product": schemas_of(tree)["product"]})
    texts = {"the sound declaration": SOUND, **(BROKEN if broken is None else broken)}
    for name, text in texts.items():
        judging.add(name, "product", load_yaml(text), coerce=True)
    _, verdicts = judging.judge()
    complaints = []
    with tempfile.TemporaryDirectory() as scratch:
        here = pathlib.Path(scratch)
        for name, wrong in verdicts:
            (here / "product.yaml").write_text(texts[name], encoding="utf-8")
            done = assay(here, "--date", DAY, "scope", program=program)
            sound = name == "the sound declaration"
            if bool(wrong) == sound:
                complaints.append(f"product.yaml with {name}: ajv {'refuses it: ' + wrong if wrong else 'takes it'}")
            if (done.returncode == 0) != sound:
                complaints.append(f"product.yaml with {name}: assay ends with {done.returncode}: {done.stderr.strip()}")
            elif not sound and "product.yaml:" not in done.stderr:
                complaints.append(f"product.yaml with {name}: assay does not say where: {done.stderr.strip()}")
    return complaints


if __name__ == "__main__":
    run(schemas, data, outputs, agreement)
