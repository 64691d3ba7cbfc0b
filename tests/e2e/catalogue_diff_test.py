# SPDX-License-Identifier: Apache-2.0
"""Editions and levels side by side: what another edition of a scheme or of the catalogue changes, what the catalogue can say at all, and the decision
trees as they were walked."""

import pathlib
import shutil
import unittest

from support import DAY, Case, image, requirement_of, scheme_of, verdicts

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

PRODUCT = """\
product:
  name: Test Camera
  model: TC-1
  version: "1.0.0"
  manufacturer: {name: Test Works, address: "1 Test Street, Testham"}
  type: ip-camera
markets: [eu]
properties: {internet-protocol: true, consumer: true, radio-equipment: true, internet-connected: true}
"""
# One asset that everybody may read, by the documented path, and one of which nothing is said.
ASSETS = """\
en18031:
  Asset:
    - {ID: key, Class: security, Accessible: "Y", Description: a key, Access: by the owner}
    - {ID: clock, Class: network, Accessible: "Y", Description: a clock, Access: everybody, PublicAccess: the time of day is public}
  DT:
    - {Requirement: ACM-1, For: [clock], Path: "DN-1=Y", Justification: Everybody may see the time.}
"""


class Diff(Case):
    def changes(self, *args, **more):
        return {d["after"]: d for d in self.assay("--json", "--date", DAY, *args, **more).json()}

    def test_two_editions(self):
        diff = self.changes("catalogue", "diff", "en-303-645", "en-303-645@3.1.3")["en-303-645@3.1.3"]
        self.assertEqual((diff["before"], diff["by_moves"], len(diff["changes"])), ("en-303-645", True, 78))
        rows = {c["requirement"]: c for c in diff["changes"]}
        self.assertEqual((rows["5.0-1"]["from"], rows["5.0-1"]["change"], rows["5.0-1"]["keeps"]), (["4-1"], "renumbered", True))
        self.assertEqual((rows["5.1-2A"]["change"], rows["5.1-2A"]["from"]), ("new", []))
        self.assertFalse(rows["5.1-1"]["keeps"])
        # Every provision of the edition before has become something.
        old = {r["id"] for r in self.json("catalogue", "show", "en-303-645")["rows"]}
        self.assertEqual({id for c in diff["changes"] for id in c["from"]}, old)
        self.assertNotIn("verdict", rows["5.1-1"])
        text = self.assay("--date", DAY, "catalogue", "diff", "en-303-645", "en-303-645@3.1.3").out
        for words in ("en-303-645 → en-303-645@3.1.3", "4-1 → 5.0-1 renumbered", "5.1-2A new", "still counts:", "newly asked:"):
            self.assertIn(words, text)

    def test_an_unknown_edition_is_one_line(self):
        self.assert_one_line(self.assay("catalogue", "diff", "en-303-645", "en-303-645@3.1.4", status=2), "en-303-645@3.1.4", "did you mean en-303-645@3.1.3?")

    def test_a_workspace_shows_the_verdicts_of_both(self):
        self.workspace(PRODUCT)
        self.assay("add", image(self.scratch))
        rows = {c["requirement"]: c for c in self.changes("catalogue", "diff", "en-303-645", "en-303-645@3.1.3")["en-303-645@3.1.3"]["changes"]}
        old, new = (verdicts(self.json("status", key)) for key in ("en-303-645", "en-303-645@3.1.3"))
        self.assertIn("fail", old.values())
        for id, row in rows.items():
            with self.subTest(requirement=id):
                self.assertEqual(row["verdict"], {v for k, v in new.items() if k.endswith("/" + id)}.pop())
                if len(row["from"]) == 1:
                    self.assertEqual(row["verdict_before"], {v for k, v in old.items() if k.endswith("/" + row["from"][0])}.pop())

    def test_two_directories(self):
        copies = []
        for name in ("before", "after"):
            folder = self.scratch / name
            for part in ("knowledge", "schemes/en-303-645", "schemes/uk-psti", "schemes/jc-star"):
                shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("cases"))
            (folder / "knowledge/recognitions.yaml").write_text("recognitions: []\n")
            copies.append(folder)
        before, after = copies
        self.assertEqual({c["change"] for d in self.changes("catalogue", "diff", before, after).values() for c in d["changes"]}, {"unchanged"})

        questions = after / "knowledge/questions/psti-passwords.yaml"
        text = questions.read_text(encoding="utf-8")
        at = text.index("id: psti-passwords.not-counter\n")
        end = text.index("\n", text.index("ask: ", at))
        questions.write_text(text[:text.index("ask: ", at)] + "ask: Is no password of the product counted up from unit to unit?" + text[end:], encoding="utf-8")
        tree = after / "schemes/jc-star/trees"
        tree = next(p for p in sorted(tree.iterdir()) if '"no": fail}' in p.read_text(encoding="utf-8"))
        tree.write_text(tree.read_text(encoding="utf-8").replace('"no": fail}', '"no": not-applicable}', 1), encoding="utf-8")
        found = self.changes("catalogue", "diff", before, after)
        changed = {scheme: [c["requirement"] for c in d["changes"] if c["change"] != "unchanged"] for scheme, d in found.items()}
        self.assertEqual(changed["uk-psti"], ["sch1-1"])
        self.assertEqual(len(changed["jc-star"]), 1, changed)
        text = self.assay("--date", DAY, "catalogue", "diff", before, after).out
        self.assertIn("sch1-1 changed", text)
        shutil.rmtree(after / "schemes/jc-star")
        self.assertIn("dropped scheme jc-star", self.assay("--date", DAY, "catalogue", "diff", before, after).out)
        self.assertIn("new scheme jc-star", self.assay("--date", DAY, "catalogue", "diff", after, before).out)

    def test_two_directories_in_a_workspace_show_which_verdicts_change(self):
        self.workspace(PRODUCT.replace("[eu]", "[uk]").replace("{internet-protocol", "{uk-consumer-market: true, internet-protocol"))
        self.assay("add", image(self.scratch))
        before, after = self.scratch / "before", self.scratch / "after"
        for folder in (before, after):
            for part in ("knowledge", "schemes/en-303-645", "schemes/uk-psti"):
                shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("cases"))
            (folder / "knowledge/recognitions.yaml").write_text("recognitions: []\n")
        # Here nothing that a tree ends in fails any more.
        trees = after / "schemes/uk-psti/trees/passwords.yaml"
        trees.write_text(trees.read_text(encoding="utf-8").replace('"no": fail}', '"no": not-applicable}'), encoding="utf-8")
        rows = {c["requirement"]: c for c in self.changes("catalogue", "diff", before, after)["uk-psti"]["changes"]}
        self.assertEqual((rows["sch1-1"]["verdict_before"], rows["sch1-1"]["change"]), ("fail", "changed"))
        self.assertNotEqual(rows["sch1-1"]["verdict"], "fail")
        self.assertEqual(rows["sch1-2"]["verdict_before"], rows["sch1-2"]["verdict"])
        self.assertIn("1 verdict of this product changes", self.assay("--date", DAY, "catalogue", "diff", before, after).out)


class Coverage(Case):
    def test_what_a_machine_can_say(self):
        found = self.assay("--json", "catalogue", "coverage").json()
        listed = {s["key"]: s for s in self.assay("--json", "catalogue", "list").json()}
        self.assertEqual({s["scheme"] for s in found["schemes"]}, set(listed))
        for s in found["schemes"]:
            with self.subTest(scheme=s["scheme"]):
                self.assertEqual((s["requirements"], s["units"]), (listed[s["scheme"]]["requirements"], listed[s["scheme"]]["units"]))
                self.assertEqual(s["unverified"], listed[s["scheme"]]["confidence"]["unverified"])
                self.assertLessEqual(max(s["refutable"], s["supportable"], s["personal"]), s["requirements"])
                self.assertLessEqual(max(s["refutable"], s["supportable"]), s["requirements"] - s["personal"])
                self.assertGreaterEqual(s["refutable"] + s["supportable"] + s["personal"], s["requirements"])
                self.assertLessEqual(s["shared"], s["questions"])
        self.assertEqual(len(found["unverified"]), sum(s["unverified"] for s in found["schemes"]))
        self.assertTrue(all(u["source"] and u["title"] for u in found["unverified"]), found["unverified"])
        shared = {row["schemes"]: row["questions"] for row in found["shared_by"]}
        self.assertEqual(sum(n for schemes, n in shared.items() if schemes > 1), len(found["sharing"]))
        self.assertEqual(found["unused_questions"], 0)

    def test_the_text(self):
        text = self.assay("catalogue", "coverage").out
        for words in ("refutable", "supportable", "a person's", "questions stand behind all requirements", "asked by 2 schemes", "entries are unverified"):
            self.assertIn(words, text)
        long = self.assay("catalogue", "coverage", "--unverified").out
        number = len(self.assay("--json", "catalogue", "coverage").json()["unverified"])
        self.assertGreater(number, 0)
        self.assertEqual(sum(1 for u in self.assay("--json", "catalogue", "coverage").json()["unverified"] if f"{u['scheme']}/{u['entry']}" in " ".join(long.split())), number)
        self.assertNotIn("S1.1-09", text)


class Editions(Case):
    def test_each_edition_is_judged_by_its_own_rows(self):
        self.workspace(PRODUCT)
        self.assay("add", image(self.scratch))
        old, new = scheme_of(self.json("status", "en-303-645"), "en-303-645"), self.json("status", "en-303-645@3.1.3")["schemes"]
        self.assertEqual([s["key"] for s in new], ["en-303-645@3.1.3"])
        self.assertEqual((old["edition"], new[0]["edition"]), ("2.1.1", "3.1.3"))
        self.assertEqual((len(old["requirements"]), len(new[0]["requirements"])), (68, 78))
        self.assertIn("3.1.3", self.assay("--date", DAY, "status", "en-303-645@3.1.3").out)
        self.assertIn("5.1-2A", self.assay("--date", DAY, "explain", "en-303-645@3.1.3", "5.1-2A").out)
        self.assert_one_line(self.assay("--date", DAY, "explain", "en-303-645", "5.1-2A", status=2), "5.1-2A")

    def test_the_level_aimed_at_decides_what_is_asked(self):
        sizes = []
        for level in ("1", "2", "3", "4"):
            self.workspace(PRODUCT.replace("[eu]", "[sg]") + f'levels: {{sg-cls: "{level}"}}\n', directory=self.here / level)
            sizes.append(len(scheme_of(self.json("-C", self.here / level, "status", "sg-cls"), "sg-cls")["requirements"]))
        self.assertEqual(sizes, sorted(set(sizes)), "each level asks more than the one before")
        self.workspace(PRODUCT.replace("[eu]", "[sg]"), directory=self.here / "none")
        self.assertEqual(len(scheme_of(self.json("-C", self.here / "none", "status", "sg-cls"), "sg-cls")["requirements"]), sizes[-1])


class Trees(Case):
    def explain(self, *more):
        return self.assay("--date", DAY, *more, "explain", "en-18031-1", "ACM-1").out

    def test_the_walked_branch_is_marked(self):
        self.workspace(PRODUCT + ASSETS)
        text = self.explain()
        lines = text.splitlines()
        # DN-1: walked by clock, open for key; nothing has gone through DN-2 yet.
        self.assertIn("├─ yes ● NOT APPLICABLE  (1)", text)
        self.assertTrue(any(line.strip().startswith("└─ no    → DN-2") for line in lines), text)
        for node in ("DN-1", "DN-2", "DN-3", "DN-4"):
            self.assertTrue(any(line.strip().startswith(node + " ") for line in lines), (node, text))
        self.assertIn("[? 1 open]", " ".join(text.split()))
        self.assertIn("PASS", text)
        # And the way of each instance on a line.
        self.assertRegex(text, r"clock +DN-1=Y → ")
        self.assertRegex(text, r"key +DN-1=\? DN-2=\? DN-3=\? DN-4=\? → ")

    def test_answers_move_the_marks(self):
        self.workspace(PRODUCT + ASSETS)
        for node, value in (("public-access-intended", "no"), ("environment-limits-access", "no"), ("legal-reasons-against-control", "no"), ("mechanism-manages-access", "no")):
            self.assay("answer", "en-18031-acm." + node, value, "--for", "key", "--by", "A. Engineer", "--note", "read")
        text = self.explain()
        self.assertRegex(text, r"key +DN-1=N DN-2=N DN-3=N DN-4=N → .*FAIL")
        self.assertIn("└─ no  ● FAIL  (1)", text)
        self.assertIn("└─ no  ● → DN-2  (1)", text)
        found = self.json("explain", "en-18031-1", "ACM-1")["requirement"]
        self.assertEqual(found["verdict"], "fail")

    def test_nothing_has_walked_it(self):
        self.workspace(PRODUCT)
        text = self.explain()
        self.assertIn("nothing has walked it yet", text)
        self.assertNotIn("●", text)

    def test_a_requirement_without_a_tree_draws_none(self):
        self.workspace(PRODUCT)
        self.assertNotIn("├─", self.assay("--date", DAY, "explain", "en-303-645", "5.1-1").out)

    def test_a_documented_path_counts_once_it_was_accepted(self):
        self.workspace(PRODUCT + ASSETS.replace('    - {ID: key, Class: security, Accessible: "Y", Description: a key, Access: by the owner}\n', ""))
        unit = lambda: next(u for a in requirement_of(self.json("status"), "en-18031-1", "ACM-1")["assessments"] for u in a["units"] if u["id"] == "ACM-1 C")
        self.assertEqual(unit()["verdict"], "inconclusive")
        self.assertTrue([o for o in self.json("status")["owed"] if o["kind"] == "acceptance" and o["question"] == "en-18031-1/ACM-1"])
        self.assay("answer", "en-18031-1/ACM-1", "accepted", "--by", "A. Engineer", "--note", "read against the design")
        self.assertEqual(unit()["verdict"], "not-applicable")
        self.assertIn("A. Engineer", self.explain())
        # For one instance only.
        self.assay("answer", "en-18031-1/ACM-1", "accepted", "--for", "clock", "--by", "A. Engineer", "--note", "read against the design")
        self.assertEqual(unit()["verdict"], "not-applicable")

    def test_accepted_where_it_makes_no_sense(self):
        self.workspace(PRODUCT + ASSETS)
        who = ("--by", "A. Engineer", "--note", "read")
        for entry in ("uk-psti/sch1-1", "en-303-645/5.1-1", "en-18031-1/ACM-1 C"):
            with self.subTest(entry=entry):
                self.assert_one_line(self.assay("answer", entry, "accepted", *who, status=2), entry, "accepted")
        self.assert_one_line(self.assay("answer", "en-18031-acm.public-access-intended", "accepted", *who, status=2), "yes or no")
        self.assert_one_line(self.assay("answer", "en-18031-1/ACM-9", "accepted", *who, status=2), "ACM-9")
        self.assert_one_line(self.assay("answer", "en-18031-1/ACM-1", "accepted", "--by", "A. Engineer", status=2), "--note")
        self.assertEqual(self.json("evidence")["answers"], [])


if __name__ == "__main__":
    unittest.main()
