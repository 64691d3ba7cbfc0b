# SPDX-License-Identifier: Apache-2.0
"""An assessment under EN 303 645 V2.1.1 goes on under V3.1.3: what the two share counts, what the newer one asks is owed."""

import unittest

from support import PRODUCT, Case, units_of

OLD, NEW = "en-303-645", "en-303-645@3.1.3"
DECLARED = PRODUCT + """\
schemes: [en-303-645, "en-303-645@3.1.3"]
ics:
  "5.4-2": {support: "N/A", detail: No identity is hard-coded.}
  "5.1-5": {support: "N/A", detail: The device is constrained.}
"""


class Editions(Case):
    def setUp(self):
        super().setUp()
        self.workspace(DECLARED)

    def say(self, question, value, note="as the design says"):
        self.assay("answer", question, value, "--by", "A. Maker", "--note", note)

    def judged(self):
        found = self.json("status")
        return found, {s["key"]: {r["id"]: r for r in s["requirements"]} for s in found["schemes"]}

    def diff(self):
        return {c.get("requirement", ""): c for c in self.json("catalogue", "diff", OLD, NEW)[0]["changes"]}

    def confirm(self, *conditions):
        for condition in conditions:
            self.assay("catalogue", "confirm", f"{OLD}/{condition}", "--by", "A. Reader", "--source", "the standard")

    def test_an_answer_counts_in_both_editions_where_the_question_is_shared(self):
        self.say("vulnerability-handling.policy-place-public", "yes")
        _, schemes = self.judged()
        units = [units_of(schemes[key]["5.2-1"])["5.2-1-1 a"] for key in (OLD, NEW)]
        self.assertEqual([u["verdict"] for u in units], ["pass", "pass"])
        self.assertEqual(units[0]["instances"][0]["answers"], units[1]["instances"][0]["answers"])
        self.assertEqual(len(units[0]["instances"][0]["answers"]), 1)

    def test_the_ics_entry_and_reason_of_a_kept_provision_stand(self):
        self.confirm("10")
        self.say("conditions.hard-coded-identity", "no")
        _, schemes = self.judged()
        for key in (OLD, NEW):
            row = schemes[key]["5.4-2"]
            self.assertEqual((row["verdict"], row["justified"], row["justification"]), ("not-applicable", True, "No identity is hard-coded."), key)

    def test_a_reason_answered_under_the_old_edition_stands_for_a_kept_provision(self):
        self.confirm("11", "12")
        self.say("conditions.network-updates", "no")
        _, schemes = self.judged()
        self.assertEqual([schemes[key]["5.3-10"]["verdict"] for key in (OLD, NEW)], ["inconclusive", "inconclusive"])
        self.say(f"{OLD}/5.3-10", "not-applicable", "updates come by cable")
        _, schemes = self.judged()
        for key in (OLD, NEW):
            row = schemes[key]["5.3-10"]
            self.assertEqual((row["verdict"], row["justification"]), ("not-applicable", "updates come by cable"), key)

    def test_a_provision_that_was_reworded_is_argued_anew(self):
        self.confirm("5")
        self.say("conditions.not-constrained", "no")
        _, schemes = self.judged()
        self.assertEqual(schemes[OLD]["5.1-5"]["verdict"], "not-applicable")
        self.assertEqual(schemes[NEW]["5.1-5"]["verdict"], "inconclusive")
        owed = {(o["kind"], o["question"]) for o in schemes[NEW]["5.1-5"]["owed"]}
        self.assertIn(("answer", "conditions.no-brute-force-constraint"), owed, "the newer condition is another question")
        self.say("conditions.no-brute-force-constraint", "no")
        _, schemes = self.judged()
        self.assertEqual(schemes[NEW]["5.1-5"]["verdict"], "inconclusive")
        self.assertEqual([(o["kind"], o["question"]) for o in schemes[NEW]["5.1-5"]["owed"]], [("justification", f"{NEW}/5.1-5")])
        self.say(f"{NEW}/5.1-5", "not-applicable", "the sensor has no room for counters")
        _, schemes = self.judged()
        self.assertEqual(schemes[NEW]["5.1-5"]["verdict"], "not-applicable")
        self.assertEqual(schemes[OLD]["5.1-5"]["justification"], "The device is constrained.", "nothing comes over backwards")

    def test_what_the_newer_edition_asks_is_owed(self):
        _, schemes = self.judged()
        for requirement, change in self.diff().items():
            if not requirement or change["change"] == "dropped":
                continue
            if change["change"] == "new":
                self.assertEqual(schemes[NEW][requirement]["verdict"], "inconclusive", requirement)
                self.assertTrue(schemes[NEW][requirement]["owed"], requirement)
                self.assertNotIn(requirement, [r for r in schemes[OLD]], requirement)
        found, _ = self.judged()
        newly = {q for c in self.diff().values() for q in c.get("added", [])}
        owed_new = {o["question"] for o in found["owed"] if any(s.startswith(NEW + "/") for s in o["settles"])}
        owed_old = {o["question"] for o in found["owed"] if any(s.startswith(OLD + "/") for s in o["settles"])}
        self.assertTrue(newly & (owed_new - owed_old), "questions that only the newer edition asks are owed for it")

    def test_the_difference_lists_the_verdicts_that_change(self):
        self.confirm("5", "10")
        self.say("conditions.not-constrained", "no")
        self.say("conditions.hard-coded-identity", "no")
        changes = self.diff()
        self.assertEqual((changes["5.4-2"]["change"], changes["5.4-2"]["verdict_before"], changes["5.4-2"]["verdict"]),
                         ("unchanged", "not-applicable", "not-applicable"))
        self.assertEqual((changes["5.1-5"]["change"], changes["5.1-5"]["verdict_before"], changes["5.1-5"]["verdict"]),
                         ("reworded", "not-applicable", "inconclusive"))
        _, schemes = self.judged()
        for requirement, change in changes.items():
            if requirement:
                self.assertEqual(change["verdict"], schemes[NEW][requirement]["verdict"], requirement)
        told = self.assay("catalogue", "diff", OLD, NEW).out
        self.assertIn("1 verdict of this product changes.", told)

    def test_evidence_is_carried_to_one_version_only(self):
        paper = self.scratch / "policy.txt"
        paper.write_text("Contact us.\n")
        self.assay("-q", "add", paper, "--type", "document", "--document", "role=vulnerability-policy", "--by", "A. Reader")
        self.product(DECLARED.replace('"1.0.0"', '"1.1.0"'))
        self.assertEqual(len(self.json("status")["stale"]), 1)
        self.assay("carry", "policy.txt", "--by", "A. Engineer", "--reason", "the policy did not change")
        self.assertEqual(self.json("status")["stale"], [])
        self.product(DECLARED.replace('"1.0.0"', '"1.2.0"'))
        self.assertEqual(len(self.json("status")["stale"]), 1, "carried to 1.1.0, and the product moved on")


if __name__ == "__main__":
    unittest.main()
