# SPDX-License-Identifier: Apache-2.0
"""A variant of a product line borrows evidence of another variant by stated equivalence; nothing else comes over."""

import unittest

from support import DAY, PRODUCT, STRONG_HASH, Case, image, requirement_of, steps_of, tree_of, units_of, verdicts

BASE = PRODUCT
VARIANT = PRODUCT.replace("Test Camera", "Test Dome").replace("TC-1", "TC-2").replace('"1.0.0"', '"2.0.0"')
TERMS = """\
          same: the software image, byte for byte
          differs: the housing, which no software reads
          by: J. Smith
          date: 2026-05-01
          versions: {this: "2.0.0", base: "1.0.0"}
"""


def family(covers="firmware", terms=TERMS, of="../base"):
    return f"family:\n  name: TC\n  variants:\n    - of: {of}\n      equivalences:\n        - id: image\n          covers: [{covers}]\n{terms}"


class Families(Case):
    def setUp(self):
        super().setUp()
        self.base = self.workspace(BASE, self.scratch / "base")
        self.here = self.workspace(VARIANT, self.scratch / "here")
        self.firmware = image(self.scratch, "camera.bin")
        self.assay("-C", self.base, "-q", "add", self.firmware)

    def status(self, yaml):
        self.product(yaml)
        return self.json("status")

    def refused(self, yaml, *words):
        self.product(yaml)
        for command in ("status", "family"):
            self.assert_one_line(self.assay(command, status=2), "product.yaml", *words)

    def test_a_finding_of_the_other_variant_refutes_here_and_is_cited(self):
        before = self.status(VARIANT)
        self.assertNotIn("fail", verdicts(before).values())
        was = tree_of(self.base)
        found = self.status(VARIANT + family())
        self.assertEqual(tree_of(self.base), was, "the other workspace is only read")
        psti = requirement_of(found, "uk-psti", "sch1-1")
        self.assertEqual((psti["verdict"], psti["basis"]), ("fail", "document"))
        use = psti["borrowed"][0]
        self.assertEqual((use["from"], use["equivalence"], use["by"]), ("../base", "image", "J. Smith"))
        self.assertTrue(use["evidence"].startswith("sha256:"))
        self.assertTrue(any(s.get("borrowed") for s in steps_of(psti)))
        for s in steps_of(psti):
            if s.get("borrowed"):
                self.assertNotEqual(s["basis"], "machine")
        self.assertEqual(found["family"][0]["counts"], True)
        # No verdict that changed is silent about why.
        for s in found["schemes"]:
            for r in s["requirements"]:
                if r["verdict"] != "inconclusive" and verdicts(before)[f"{s['id']}/{r['id']}"] != r["verdict"]:
                    self.assertTrue(r.get("borrowed"), r["id"])

    def test_status_explain_report_and_family_say_it(self):
        self.product(VARIANT + family())
        args = ("--date", DAY)
        self.assertIn("Borrowed from ../base (TC-1), by equivalence image, stated by J. Smith", " ".join(self.assay(*args, "status").out.split()))
        self.assertIn("borrowed: camera.bin from ../base by equivalence image, stated by J. Smith",
                      " ".join(self.assay(*args, "explain", "uk-psti", "sch1-1").out.split()))
        self.assay(*args, "report", "--format", "all", "-o", "out")
        page = (self.here / "out/report.html").read_text()
        for words in ("borrowed from", "J. Smith", "the housing, which no software reads"):
            self.assertIn(words, page)
        listed = self.json("family")
        one = listed["equivalences"][0]
        self.assertEqual((listed["name"], one["base"]["model"], len(one["evidence"])), ("TC", "TC-1", 1))
        self.assertGreater(one["verdicts"], 0)
        self.assertIn("uk-psti/sch1-1", one["rests"])
        self.assertIn({"scheme": "uk-psti", "requirement": "sch1-1", "verdict": "fail", "without": "inconclusive"}, one["without"])
        self.assertIn("verdicts rest on it; without it", self.assay(*args, "family").out)
        self.assertIn("nothing is borrowed", self.assay("family", cwd=self.base).out)

    def test_an_answer_is_lent_where_it_is_covered(self):
        asked = "vulnerability-handling.policy-place-public"
        self.assay("-C", self.base, "answer", asked, "yes", "--by", "A. Maker", "--note", "on the web site")
        unit = "5.2-1-1 a"
        for covers, lent in (("answers", 1), (asked, 1), ("firmware", 0), ("vulnerability-handling.policy-reachable", 0)):
            found = self.status(VARIANT + family(covers))
            self.assertEqual(len(found["family"][0]["answers"]), lent, covers)
            step = units_of(requirement_of(found, "en-303-645", "5.2-1"))[unit]["instances"][0]["path"][0]
            self.assertEqual(len(step.get("borrowed", [])), lent, covers)
            self.assertEqual(step["answer"], "yes" if lent else "unknown", covers)

    def test_without_name_sameness_difference_or_versions_nothing_counts(self):
        bare = verdicts(self.status(VARIANT))
        for left_out in ("same:", "differs:", "by:", "date:", "versions:"):
            terms = "".join(line + "\n" for line in TERMS.splitlines() if not line.strip().startswith(left_out))
            found = self.status(VARIANT + family(terms=terms))
            self.assertEqual(verdicts(found), bare, left_out)
            self.assertFalse(found["family"][0]["counts"], left_out)
        self.assertIn("counts for nothing", " ".join(self.assay("--date", DAY, "status").out.split()))
        # The product moved on: the statement is about 2.0.0.
        moved = self.status(VARIANT.replace("2.0.0", "2.1.0") + family())
        self.assertEqual(verdicts(moved), bare)
        # The other one moved on: its evidence is of the version before.
        self.product(BASE.replace("1.0.0", "1.1.0"), self.base)
        self.assertEqual(verdicts(self.status(VARIANT + family())), bare)

    def test_borrowed_evidence_is_not_lent_on(self):
        third = self.workspace(PRODUCT.replace("TC-1", "TC-3").replace('"1.0.0"', '"3.0.0"'), self.scratch / "third")
        self.product(VARIANT + family())
        terms = TERMS.replace("2.0.0", "3.0.0").replace('"1.0.0"', '"2.0.0"')
        self.product((third / "product.yaml").read_text() + family(terms=terms, of="../here"), third)
        found = self.json("-C", third, "status")
        self.assertEqual((found["family"][0]["counts"], found["family"][0]["evidence"]), (True, []))
        self.assertNotIn("fail", verdicts(found).values())

    def test_own_evidence_does_not_take_a_refutation_back(self):
        own = image(self.scratch, "own.bin", telnet=False, password=STRONG_HASH)
        self.assay("-q", "add", own)
        self.assertNotEqual(requirement_of(self.status(VARIANT), "uk-psti", "sch1-1")["verdict"], "fail")
        self.assertEqual(requirement_of(self.status(VARIANT + family()), "uk-psti", "sch1-1")["verdict"], "fail")

    def test_bad_input_is_one_line_with_its_place(self):
        self.refused(VARIANT + family(of="../nowhere"), ":12:", "../nowhere", "no directory")
        self.refused(VARIANT + family("firmwear"), ":15:", "firmwear", "did you mean firmware?")
        self.refused(VARIANT + family("no.such-question"), ":15:", "no.such-question")
        self.refused(VARIANT + family("sha256:0123456789"), "names no evidence")
        self.refused(VARIANT.replace("Test Works", "Other Works") + family(), "Test Works", "Other Works", "one manufacturer")
        self.refused(VARIANT + family(of="."), "this product itself")
        self.product(BASE + family(of="../here"), self.base)
        self.refused(VARIANT + family(), "here → base → here")


if __name__ == "__main__":
    unittest.main()
