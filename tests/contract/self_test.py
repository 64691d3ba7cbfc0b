# SPDX-License-Identifier: Apache-2.0
"""Every check complains of what it is for: a check that cannot fail is worth nothing."""

import json
import pathlib
import stat
import tempfile
import unittest

import docs_check
import embedded_check
import layers_check
import schemas_check
import scripts_check
import sources_check
import words_check
from project import Tree

CPP = "// SPDX-License-Identifier: Apache-2.0\n"
SCRIPT = "#!/usr/bin/env bash\n# SPDX-License-Identifier: Apache-2.0\n"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


class Case(unittest.TestCase):
    def says(self, complaints, *words):
        """Exactly one complaint, and it says all of `words`."""
        self.assertEqual(len(complaints), 1, complaints)
        for word in words:
            self.assertIn(word, complaints[0])

    def program(self, text):
        """A stand-in for the program: a shell script."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = pathlib.Path(folder.name) / "assay"
        path.write_text("#!/bin/sh\n" + text, encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return str(path)


class Layers(Case):
    def check(self, path, line):
        return layers_check.check(Tree({path: CPP + line + "\n"}))

    def test_upwards(self):
        self.says(self.check("src/base/text.cpp", '#include "model/product.hpp"'), "src/base/text.cpp:2", "base may not use model")

    def test_sideways(self):
        self.says(self.check("src/firmware/image.hpp", '#include "assess/judge.hpp"'), "firmware may not use assess")
        self.says(self.check("src/assess/judge.cpp", '  #  include "record/workspace.hpp"'), "assess may not use record")

    def test_tests_too(self):
        self.says(self.check("src/paper/report_test.cpp", '#include "office/desk.hpp"'), "paper may not use office")

    def test_downwards(self):
        self.assertEqual(self.check("src/cli/cli.cpp", '#include "base/text.hpp"'), [])
        self.assertEqual(self.check("src/office/desk.cpp", '#include "record/workspace.hpp"'), [])

    def test_without_a_room(self):
        self.says(self.check("src/base/text.cpp", '#include "bytes.hpp"'), "does not name its room")

    def test_a_new_room(self):
        self.says(self.check("src/wire/tls.cpp", ""), "room wire is not in the table")

    def test_libraries(self):
        self.says(self.check("src/office/desk.cpp", "#include <sqlite3.h>"), "<sqlite3.h> belongs to src/record/")
        self.says(self.check("src/cli/terminal.cpp", "#include <CLI/CLI.hpp>"), "belongs to src/cli/cli.cpp")
        self.says(self.check("src/paper/page.cpp", "#include <iostream>"), "belongs to src/cli/")
        self.says(self.check("src/cli/cli.cpp", "#include <regex>"), "belongs to nobody")
        self.says(self.check("src/model/json.cpp", "#include <boost/json.hpp>"), "belongs to src/base/")
        self.assertEqual(self.check("src/record/sqlite.cpp", "#include <sqlite3.h>\n#include <vector>\n#include <archive_like.h>"), [])


class Sources(Case):
    def test_licence(self):
        for path in ("src/base/a.cpp", "cmake/a.cmake", "tests/CMakeLists.txt", "tools/a.py"):
            self.says(sources_check.licence(Tree({path: "x\n"})), f"{path}:1:")
        self.says(sources_check.licence(Tree({"script/a": "#!/bin/sh\necho\n"})), "script/a:2:")
        self.says(sources_check.licence(Tree({"src/base/empty.cpp": ""})), "src/base/empty.cpp:1:")
        self.assertEqual(sources_check.licence(Tree({"src/base/a.cpp": CPP, "script/a": SCRIPT, "examples/x/rootfs/etc/rcS": "#!/bin/sh\n", "README.md": "x"})), [])

    def test_length(self):
        self.says(sources_check.length(Tree({"src/base/a.cpp": "\n" * 701})), "701 lines")
        self.assertEqual(sources_check.length(Tree({"src/base/a.cpp": "\n" * 700, "LICENSE": "\n" * 900})), [])

    def test_casts(self):
        others = {path: "reinterpret_cast" for path in sources_check.CASTS}
        cast = "auto* p = reinterpret_cast<char*>(q);\n"
        self.says(sources_check.constructs(Tree({**others, "src/paper/a.cpp": cast})), "src/paper/a.cpp:1", "reinterpret_cast")
        self.assertEqual(sources_check.constructs(Tree({**others, "src/base/a.cpp": cast, "src/paper/a.cpp": "// no reinterpret_cast here\n"})), [])
        self.says(sources_check.constructs(Tree({path: "" for path in sources_check.CASTS})), "casts no more")

    def test_regular_expressions(self):
        self.says(sources_check.constructs(Tree({"src/base/a.cpp": "std::regex r;\n"})), "std::regex")

    def test_lists(self):
        def complaints(listed, sources):
            tree = {folder + "list.inc": "" for folder in sources_check.LISTS}
            tree["src/firmware/formats/list.inc"] = listed
            tree |= {"src/firmware/formats/" + name: text for name, text in sources.items()}
            return sources_check.lists(Tree(tree))

        zip_source = {"zip.cpp": "extern constinit const Format format_zip{\n"}
        self.assertEqual(complaints("FORMAT(zip)\n", zip_source | {"stream.cpp": "int format;\n"}), [])
        self.says(complaints("", zip_source), "zip.cpp:1", "not listed")
        self.says(complaints("// FORMAT(zip)\n", zip_source), "not listed")
        self.says(complaints("FORMAT(zip)\nFORMAT(rar)\n", zip_source), "rar is listed and nothing")
        self.says(complaints("FORMAT(zip)\nFORMAT(zip)\n", zip_source), "zip is listed twice")
        self.assertEqual(len(sources_check.lists(Tree({}))), len(sources_check.LISTS))


class Words(Case):
    def test_machine_paths(self):
        self.says(words_check.machine_paths(Tree({"src/base/a_test.cpp": 'open("/' + 'var/tmp/x");'})), "src/base/a_test.cpp:1")
        self.says(words_check.machine_paths(Tree({"README.md": "see\n/" + "tmp/x\n"})), "README.md:2")
        self.says(words_check.machine_paths(Tree({"script/a": "cd /" + "root/x\n"})), "script/a:1")
        self.assertEqual(words_check.machine_paths(Tree({"src/firmware/a_test.cpp": '"cat > /' + 'tmp/x"', "README.md": "../tmp/x $HOME/src/x"})), [])

    def test_unfinished(self):
        self.says(words_check.unfinished(Tree({"src/base/a.cpp": "// TO" + "DO: later"})), "src/base/a.cpp:1")
        self.assertEqual(words_check.unfinished(Tree({"src/base/a.cpp": "// to do so", "knowledge/a.yaml": "place" + "holder"})), [])


class Scripts(Case):
    def test_syntax(self):
        self.says(scripts_check.syntax(Tree({"script/a": SCRIPT + "if true; then\n"})), "script/a:1")
        self.assertEqual(scripts_check.syntax(Tree({"script/a": SCRIPT + "if true; then :; fi\n", "tools/a.py": "#!/usr/bin/env python3\nif (\n"})), [])

    def test_startable(self):
        self.says(scripts_check.startable(Tree({"script/a": SCRIPT})), "not executable")
        self.assertEqual(scripts_check.startable(Tree({"script/a": SCRIPT}, {"script/a"})), [])


class Docs(Case):
    PAGES = {page: "`base/` and `model/`; script/test" for page in docs_check.PAGES}

    def test_rooms(self):
        tree = {**self.PAGES, "src/base/a.cpp": "", "src/model/a.cpp": "", "script/test": ""}
        self.assertEqual(docs_check.rooms(Tree(tree)), [])
        self.says(docs_check.rooms(Tree({**tree, "src/wire/a.cpp": ""})), "does not name the room src/wire/")
        self.says(docs_check.rooms(Tree({**tree, "script/fuzz": ""})), "script/fuzz:1")

    def test_missing_pages(self):
        for page in docs_check.PAGES:
            with self.subTest(page=page):
                self.says(docs_check.rooms(Tree({p: t for p, t in self.PAGES.items() if p != page})), f"{page}:1: is missing")

    def test_links(self):
        page = "[a](other.md) [b](../src/base) [c](https://example.com/x) [d](#here)\n"
        self.assertEqual(docs_check.links(Tree({"docs/a.md": page, "docs/other.md": "", "src/base/x.cpp": ""})), [])
        self.says(docs_check.links(Tree({"docs/a.md": "[a](gone.md)\n"})), "docs/a.md:1", "gone.md")


    def test_named_pages(self):
        tree = {"docs/judging.md": "", "src/cli/help/ci.md": "", "schemas/a.json": '"see docs/judging.md"'}
        self.assertEqual(docs_check.named(Tree({**tree, "src/base/a.hpp": "// docs/judging.md, part 2; tests/*.md, help/*.md"})), [])
        self.says(docs_check.named(Tree({**tree, "src/base/a.hpp": "//\n// rules of plan.md section 4"})), "src/base/a.hpp:2", "there is no plan.md")


class Schemas(Case):
    PRODUCT = json.dumps({"$schema": DIALECT, "type": "object", "additionalProperties": False, "required": ["product"],
                          "properties": {"product": {"type": "object"}, "assay": {"type": "integer"}}})

    def tree(self, **more):
        return Tree({"schemas/product.schema.json": self.PRODUCT, **more})

    def test_a_keyword_that_does_not_exist(self):
        self.says(schemas_check.schemas(self.tree(**{"schemas/a.schema.json": json.dumps({"$schema": DIALECT, "requierd": []})})), "a.schema.json", "requierd")

    def test_a_keyword_with_nonsense(self):
        self.says(schemas_check.schemas(self.tree(**{"schemas/a.schema.json": json.dumps({"$schema": DIALECT, "type": "text"})})), "a.schema.json")

    def test_another_dialect(self):
        self.says(schemas_check.schemas(self.tree(**{"schemas/a.schema.json": "{}"})), "not 2020-12")

    def test_data(self):
        path = "examples/x/product.yaml"
        self.assertEqual(schemas_check.data(self.tree(**{path: "assay: 1\nproduct: {}\n"})), [])
        self.says(schemas_check.data(self.tree(**{path: "product: {}\nother: 1\n"})), path, "other")
        self.says(schemas_check.data(self.tree(**{path: "assay: one\nproduct: {}\n"})), path, "integer")
        self.says(schemas_check.data(self.tree(**{path: "a: [\n"})), path)

    def test_data_without_schema(self):
        self.says(schemas_check.data(self.tree(**{"schemes/x/novel.yaml": "a: 1\n"})), "no schema is named")

    def test_every_kind_of_file_has_its_schema(self):
        for path, schema in {"schemes/x/moves.yaml": "moves", "schemes/x@2/words/ja.yaml": "words", "knowledge/words/ja/made.yaml": "words",
                             "knowledge/facts/made.yaml": "facts", "knowledge/questions/made.yaml": "questions", "schemes/x/cases/product.yaml": "product",
                             "knowledge/components/made.yaml": None, "schemes/x/words/ja/deeper.yaml": ""}.items():
            with self.subTest(path=path):
                self.assertEqual(schemas_check.schema_of(path), schema)

    def test_outputs(self):
        tree = Tree.of_project()
        complaints = schemas_check.outputs(tree, self.program("""case "$*" in *examine*) echo '{"observations": [{"id": "x"}]}' ;; *) echo '{"schemes": [1]}' ;; esac"""))
        for word in ("examine image.tar: ", "--closing status: ", "wrote no drafted/product.yaml"):
            self.assertTrue(any(word in c for c in complaints), (word, complaints))
        self.assertTrue(any("not JSON" in c for c in schemas_check.outputs(tree, self.program("echo words"))))
        self.assertTrue(any("exit status 3" in c for c in schemas_check.outputs(tree, self.program("exit 3"))))

    def test_agreement(self):
        tree = Tree.of_project()
        one = {"a key that does not exist": schemas_check.BROKEN["a key that does not exist"]}
        self.says(schemas_check.agreement(tree, self.program("exit 0"), one), "a key that does not exist", "assay ends with 0")
        refuses_all = self.program("echo product.yaml:1:1: no >&2; exit 2")
        self.says(schemas_check.agreement(tree, refuses_all, one), "the sound declaration", "assay ends with 2")
        self.says(schemas_check.agreement(tree, self.program("if grep -q colour product.yaml; then exit 2; fi"), one), "does not say where")
        sound = {"nothing wrong": schemas_check.SOUND}
        complaints = schemas_check.agreement(tree, self.program("exit 0"), sound)
        self.assertTrue(any("ajv takes it" in c for c in complaints), complaints)


class Embedded(Case):
    def test_what_the_program_lacks(self):
        tree = Tree({"schemes/x/scheme.yaml": "id: x\nedition: '2'\n"})
        listing = """cat <<'END'
[{"id": "%s", "edition": "%s"}]
END
: "%s"
"""
        text = "id: x\nedition: '2'\n"
        self.assertEqual(embedded_check.check(tree, self.program(listing % ("x", "2", text))), [])
        self.says(embedded_check.check(tree, self.program(listing % ("x", "1", text))), "the program has 1")
        self.says(embedded_check.check(tree, self.program(listing % ("x", "2", ""))), "its text is not in the program")
        self.assertEqual(len(embedded_check.check(tree, self.program(listing % ("y", "2", text)))), 2)
        other = Tree({"schemes/x/scheme.yaml": text, "schemes/x@3/scheme.yaml": "id: x\nedition: '3'\n"})
        both = """cat <<'END'
[{"id": "x", "key": "x", "edition": "2"}, {"id": "x", "key": "x@3", "edition": "%s"}]
END
: "id: x\nedition: '2'\n" "id: x\nedition: '3'\n"
"""
        self.assertEqual(embedded_check.check(other, self.program(both % "3")), [])
        self.says(embedded_check.check(other, self.program(both % "4")), "schemes/x@3/scheme.yaml", "the program has 4")
        self.says(embedded_check.check(tree, self.program("echo no catalogue >&2; exit 2")), "exit status 2", "no catalogue")


if __name__ == "__main__":
    unittest.main()
