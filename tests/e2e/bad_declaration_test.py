# SPDX-License-Identifier: Apache-2.0
"""Broken product.yaml, foreign databases, misspelt names: every error with its place and what was expected, status 2, in no time."""

import os
import shutil
import sqlite3
import unittest

from support import DAY, GIB, MIB, PRODUCT, Case, image

ADDRESS_SPACE = 3 * GIB


class Declaration(Case):
    def setUp(self):
        super().setUp()
        self.workspace()

    def refused(self, text, *lines, command=("status",)):
        """Each of `lines` is a tuple of words that one line of the answer must hold; there are no further lines."""
        path = self.here / "product.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        result = self.assay(*command, status=2, memory=ADDRESS_SPACE, timeout=20)
        self.assert_bounded(result, memory=1 * GIB)
        said = result.err.splitlines()
        self.assertEqual(len(said), len(lines), str(result))
        for words in lines:
            self.assertTrue(any(all(w in line for w in ("product.yaml", *words)) for line in said), f"{words} not said: {result}")
        self.assertEqual(result.out, "")
        self.product()
        self.verify_ok()

    def test_alias_bomb(self):
        bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(9))
        self.refused(PRODUCT + bomb, ("product.yaml:9:", "anchor"))

    def test_billion_laughs_by_merge_keys(self):
        self.refused("base: &b {x: 1}\nproduct:\n  <<: *b\n", ("anchor",))

    def test_wrong_types_all_at_once(self):
        text = PRODUCT.replace('"1.0.0"', "[1, 0]").replace("markets: [eu, uk, jp]", "markets: eu") + "support: {until: tomorrow}\n"
        self.refused(text, (":4:", "version"), (":7:", "markets"), (":9:", "until", "2026-11-23"))

    def test_misspelt_key_has_a_suggestion(self):
        self.refused(PRODUCT.replace("manufacturer:", "manufacturor:"), (":5:", "manufacturor", 'did you mean "manufacturer"?'), ("manufacturer",))
        self.refused(PRODUCT + "suport: {}\n", (":9:1", "suport", 'did you mean "support"?'))

    def test_misspelt_table_and_column(self):
        self.refused(PRODUCT + "ixit:\n  AuthMecs: []\n", (":10:3", "AuthMecs", 'did you mean "AuthMech"?'))
        self.refused(PRODUCT + "ixit:\n  AuthMech:\n    - {ID: A-1, Descripton: x}\n", (":11:", "Descripton", 'did you mean "Description"?'))

    def test_duplicate_key(self):
        self.refused(PRODUCT + "markets: [uk]\n", (":9:", "duplicate", "markets"))

    def test_missing_identity(self):
        self.refused("markets: [eu]\n", ("product",))

    def test_not_yaml(self):
        self.refused("product: {name: [unclosed\n", ("product.yaml:",))
        self.refused("\tproduct: x\n", ("product.yaml:",))

    def test_empty_and_blank(self):
        self.refused("", ("product",))
        self.refused("\n\n# nothing\n", ("product",))

    def test_a_list_or_a_word_instead_of_a_map(self):
        self.refused("- a\n- b\n", ("product.yaml:1:1",))
        self.refused("hello\n", ("product.yaml:1:1",))

    def test_two_documents(self):
        self.refused(PRODUCT + "---\n" + PRODUCT, ("product.yaml",))

    def test_binary(self):
        self.refused(bytes(range(256)) * 100, ("product.yaml",))
        self.refused(b"\x7fELF\0\0\0\0", ("product.yaml",))

    def test_not_utf8(self):
        self.refused(PRODUCT.encode() + b"brand: caf\xe9\n", ("product.yaml",))

    def test_deep_nesting(self):
        self.refused("product: " + "[" * 100_000 + "]" * 100_000, ("product.yaml", "level"))
        self.refused("".join(" " * i + "a:\n" for i in range(2000)), ("product.yaml", "level"))

    def test_ten_megabytes(self):
        path = self.here / "product.yaml"
        path.write_text(PRODUCT + "ixit:\n  SoftComp:\n" + "".join(f"    - {{ID: C-{i}, component: c{i}, version: '{i}'}}\n" for i in range(200_000)))
        result = self.assay("scope", status=None, memory=ADDRESS_SPACE, timeout=20)
        self.assert_bounded(result, memory=2 * GIB)
        self.assertIn(result.status, (0, 2), str(result))

    def test_more_than_the_limit(self):
        self.refused(PRODUCT + "# " + "x" * (17 * MIB) + "\n", ("larger than", "16"))

    def test_missing_unreadable_and_no_file(self):
        path = self.here / "product.yaml"
        path.unlink()
        self.assert_one_line(self.assay("status", status=2), "product.yaml", "No such file")
        os.mkfifo(path)
        self.assert_one_line(self.assay("status", status=2, timeout=10), "product.yaml", "not a regular file")
        path.unlink()
        path.mkdir()
        self.assert_one_line(self.assay("status", status=2), "product.yaml", "not a regular file")
        path.rmdir()
        os.symlink("product.yaml", path)
        self.assert_one_line(self.assay("status", status=2), "product.yaml")

    def test_control_characters_of_the_file_do_not_reach_the_terminal(self):
        path = self.here / "product.yaml"
        path.write_text(PRODUCT + '"\\e[31mred": 1\n')
        result = self.assay("status", status=2)
        self.assertNotIn("\x1b", result.err)

    def test_answers_file(self):
        path = self.here / "answers.yaml"
        out = self.here / "out"
        for text, words in (("answers: 3\n", (":1:", "list")), ("- 3\n", (":1:1", "map")), ("answers:\n- {question: x}\n", (":2:", "question, value and by")),
                            ("answers: []\nanswer: []\n", (":2:", "did you mean")), ("answers: &a []\n", ("anchor",)),
                            ("documents:\n- {file: x, by: A, states: [{kind: account}]}\n", (":2:", "account")),
                            ("answers:\n- {question: no.such, value: 'yes', by: me}\n", ("no.such",))):
            with self.subTest(text=text):
                path.write_text(text)
                result = self.assay("assess", "product.yaml", "--answers", path, "-o", out, status=2)
                self.assert_one_line(result, *words)
                if words == ("no.such",):
                    self.verify_ok(out)
                else:
                    self.assertFalse(out.exists(), "refused before anything was written")


class Store(Case):
    def setUp(self):
        super().setUp()
        self.product()

    def test_no_workspace(self):
        for command in (("status",), ("add", "product.yaml"), ("verify",), ("evidence",), ("log",)):
            self.assert_one_line(self.assay(*command, status=2), "assay init")

    def test_database_that_is_none(self):
        (self.here / ".assay").mkdir()
        for content in (b"hello, I am a text\n" * 100, b"\0" * 8192, b"SQLite format 3\0" + b"\xff" * 5000):
            (self.here / ".assay/assay.db").write_bytes(content)
            result = self.assay("status", status=2)
            self.assert_one_line(result, "assay.db", "not a workspace database")
            self.assertEqual((self.here / ".assay/assay.db").read_bytes(), content, "it was written to")

    def test_database_of_another_program(self):
        (self.here / ".assay").mkdir()
        path = self.here / ".assay/assay.db"
        with sqlite3.connect(path) as other:
            other.execute("CREATE TABLE bookmarks (url TEXT)")
        other.close()
        for command in ("status", "verify"):
            result = self.assay(command, status=2 if command == "status" else 1)
            self.assert_one_line(result, "assay.db", "not a workspace database")
        kept = sqlite3.connect(path)
        self.assertEqual(kept.execute("SELECT name FROM sqlite_master").fetchall(), [("bookmarks",)])
        kept.close()

    def test_database_of_a_newer_program(self):
        self.assay("init")
        with sqlite3.connect(self.here / ".assay/assay.db") as newer:
            newer.execute("PRAGMA user_version = 99")
        newer.close()
        self.assert_one_line(self.assay("status", status=2), "newer")

    def test_database_cut_short(self):
        self.assay("init")
        good = image(self.scratch)
        self.assay("add", good)
        path = self.here / ".assay/assay.db"
        for p in self.here.glob(".assay/assay.db-*"):
            p.unlink()
        data = path.read_bytes()
        path.write_bytes(data[:len(data) // 2])
        result = self.assay("verify", status=1)
        self.assertIn("assay.db", result.err)

    def test_a_directory_in_its_place(self):
        (self.here / ".assay/assay.db").mkdir(parents=True)
        self.assert_one_line(self.assay("status", status=2), "assay.db")

    def test_evidence_folder_gone(self):
        self.assay("init")
        good = image(self.scratch)
        self.assay("add", good)
        shutil.rmtree(self.here / ".assay/evidence")
        result = self.assay("verify", status=1)
        self.assertIn("missing", result.err)
        self.assert_one_line(self.assay("add", self.product(), status=3), ".assay/evidence")

    def test_init_twice_keeps_everything(self):
        self.assay("init")
        self.assay("add", image(self.scratch))
        before = (self.here / "product.yaml").read_bytes()
        self.assay("init")
        self.assertEqual((self.here / "product.yaml").read_bytes(), before)
        self.assertEqual(len(self.json("evidence")["evidence"]), 1)
        self.assert_one_line(self.assay("init", "--from", self.scratch / "camera.bin", status=2), "product.yaml", "--force")

    def test_broken_confirmations(self):
        self.assay("init")
        path = self.scratch / "home/.config/assay/confirmations.json"
        path.parent.mkdir(parents=True)
        path.write_text("{not json")
        self.assert_one_line(self.assay("status", status=2), "confirmations.json")


class Names(Case):
    def setUp(self):
        super().setUp()
        self.workspace()

    def test_unknown_scheme(self):
        for command in (("status", "jc-stra"), ("explain", "jc-stra", "S1.1-01"), ("report", "jc-stra"), ("check", "product.yaml", "--scheme", "jc-stra"),
                        ("assess", "product.yaml", "--scheme", "jc-stra", "-o", "out")):
            with self.subTest(command=command):
                self.assert_one_line(self.assay(*command, status=2), "jc-stra", "did you mean jc-star?")

    def test_unknown_requirement(self):
        self.assert_one_line(self.assay("explain", "en-303-645", "5.1-l", status=2), "5.1-l", "did you mean 5.1-")
        self.assert_one_line(self.assay("explain", "uk-psti", "shc1-1", status=2), "shc1-1", "did you mean sch1-1?")

    def test_unknown_question(self):
        self.assert_one_line(self.assay("answer", "psti-passwords.is-pasword", "yes", "--by", "A", status=2), "is-pasword",
                             "did you mean psti-passwords.is-password?")
        self.assert_one_line(self.assay("answer", "uk-psti/sch1-9", "deviation", "--by", "A", "--note", "x", status=2), "sch1-9", "did you mean")
        self.assert_one_line(self.assay("answer", "uk-pstj/sch1-1", "deviation", "--by", "A", "--note", "x", status=2), "uk-pstj", "did you mean uk-psti?")

    def test_wrong_value(self):
        self.assert_one_line(self.assay("answer", "psti-passwords.is-password", "maybe", "--by", "A", status=2), "maybe", "yes or no")

    def test_answer_citing_evidence_that_is_not_stored(self):
        self.assert_one_line(self.assay("answer", "psti-passwords.is-password", "yes", "--by", "A", "--evidence", "report.pdf", status=2), "report.pdf")
        self.assertEqual(self.json("evidence")["answers"], [])

    def test_unknown_observation_and_evidence(self):
        self.assert_one_line(self.assay("dispose", "o:0000000000000000", "--by", "A", "--reason", "x", status=2), "o:0000000000000000")
        for command in ("remove", "carry"):
            self.assert_one_line(self.assay(command, "camera.bin", "--by", "A", "--reason", "x", status=2), "camera.bin")
        self.assay("add", image(self.scratch))
        self.assert_one_line(self.assay("remove", "camera.bim", "--by", "A", "--reason", "x", status=2), "camera.bim", "did you mean camera.bin?")

    def test_unknown_entry_of_the_catalogue(self):
        self.assert_one_line(self.assay("catalogue", "show", "jc-stra", status=2), "jc-stra", "did you mean jc-star?")
        self.assert_one_line(self.assay("catalogue", "confirm", "uk-psti/sch9", "--by", "A", "--source", "x", status=2), "uk-psti/sch9")

    def test_catalogue_elsewhere(self):
        self.assert_one_line(self.assay("--catalogue", self.here / "none", "catalogue", "list", status=2), "none")
        (self.here / "schemes/x").mkdir(parents=True)
        (self.here / "knowledge").mkdir()
        (self.here / "schemes/x/scheme.yaml").write_text("id: x\nedtion: 1\n")
        result = self.assay("--catalogue", self.here, "catalogue", "check", status=1)
        self.assertIn("schemes/x/scheme.yaml", result.err)
        self.assertIn("edition", result.err)

    def test_bad_options(self):
        for args, word in ((("--memory", "1K", "examine", "product.yaml"), "--memory"), (("--memory", "lots", "examine", "product.yaml"), "--memory"),
                           (("--date", "yesterday", "status"), "--date"), (("--date", "2026-02-30", "status"), "--date"), (("completion", "tcsh"), "tcsh"),
                           (("help", "verdict"), "did you mean verdicts?"), (("scope", "--plan", "--rate", "yen=1=2"), "--rate"), (("scope", "--plan", "--rate", "JPY"), "--rate"),
                           (("scope", "--plan", "--rate", "JPY=-1"), "--rate"), (("scope", "--plan", "--rate", "JPY=much"), "--rate")):
            with self.subTest(args=args):
                self.assert_one_line(self.assay(*args, status=2), word)

    def test_bad_calls_of_the_command_line(self):
        for args in ((), ("no-such-command",), ("status", "--no-such-option"), ("explain", "uk-psti"), ("check", "product.yaml"), ("add",), ("--date",),
                     ("dispose", "x", "--by", "A"), ("add", "x", "--type", "song"), ("--password-time", "-1", "status"), ("catalogue",)):
            with self.subTest(args=args):
                result = self.assay(*args, status=2)
                self.assertTrue(result.err.strip(), str(result))
                self.assertLess(len(result.err.splitlines()), 4, str(result))

    def test_bad_transcription(self):
        self.assert_one_line(self.assay("add", "product.yaml", "--certificate", "standard", status=2), "FIELD=VALUE")
        self.assertEqual(self.assay("--date", DAY, "--json", "evidence").json()["evidence"], [])


if __name__ == "__main__":
    unittest.main()
