# SPDX-License-Identifier: Apache-2.0
"""What a signer relies on, checked through the program: no PASS without a look, observations before claims, nothing stale, no N/A for free."""

import json
import random
import unittest

from support import DAY, PRODUCT, Case, image, observations, requirement_of, steps_of, units_of, verdicts

TELNET_CLAIM = """\
complete: [AuthMech, SoftServ, LogIntf, PhyIntf, UserIntf]
ixit:
  AuthMech:
    - {ID: AM-1, Description: Web login, Authentication Factor: password chosen by the user, Password Generation Mechanism: defined by the user at first use, service: http, user: admin}
  SoftServ:
    - {ID: SS-1, Description: Web pages, Justification: the only way to configure, service: http, port: 80, transport: tcp}
"""


class NoLookNoPass(Case):
    def no_machine_pass(self, result, what):
        """Nothing may PASS on a machine's word when the machine saw nothing."""
        for s in result["schemes"]:
            for r in s["requirements"]:
                for a in r["assessments"]:
                    for u in a["units"]:
                        self.assertFalse(u["verdict"] == "pass" and u["basis"] == "machine", f"{what}: {s['id']} {u['id']} passes by machine")

    def test_an_image_without_a_root_file_system(self):
        self.workspace()
        noise = self.scratch / "noise.bin"
        noise.write_bytes(b"\xff" + random.Random(41).randbytes(200_000))
        before = verdicts(self.json("status"))
        self.assertNotIn("pass", before.values())
        seen = self.json("add", noise)
        self.assertFalse([o for o in observations(seen, "coverage") if o["complete"] and o["scope"] == "root-filesystem"],
                         "complete over a root file system that is not there")
        after = self.json("status")
        self.assertNotIn("pass", verdicts(after).values())
        self.no_machine_pass(after, "noise")

    def test_encrypted_or_cut_images_beside_a_good_one(self):
        self.workspace()
        good = image(self.scratch, "good.bin", telnet=False, password="*")
        self.assay("add", good)
        alone = self.json("status")
        noise = self.scratch / "noise.bin"
        noise.write_bytes(b"\xff" + random.Random(42).randbytes(200_000))
        self.assay("add", noise)
        both = self.json("status")
        # Evidence that could not be read takes coverage away and gives none.
        for row, verdict in verdicts(both).items():
            self.assertFalse(verdict == "pass" and verdicts(alone)[row] != "pass", row)
        self.no_machine_pass(both, "good and noise")

    def test_no_evidence_at_all(self):
        self.workspace(PRODUCT + TELNET_CLAIM)
        result = self.json("status")
        self.no_machine_pass(result, "nothing")
        for s in result["schemes"]:
            for r in s["requirements"]:
                if r["verdict"] == "inconclusive":
                    self.assertTrue(r["owed"], f"{s['id']} {r['id']}")


class ObservationsFirst(Case):
    def test_the_declaration_says_no_telnet_and_the_image_starts_it(self):
        self.workspace(PRODUCT + TELNET_CLAIM)
        before = self.json("status")
        seen = self.json("add", image(self.scratch))
        telnet = [o for o in seen["observations"] if o["kind"] in ("autostart", "listener") and "telnet" in o.get("service", "")]
        self.assertTrue(telnet)
        after = self.json("status")
        found = [c for s in after["schemes"] for r in s["requirements"] for c in r["contradictions"]]
        self.assertTrue(found, "the claim and the image differ and nobody says so")
        for c in found:
            self.assertTrue(c["says"].strip())
            self.assertTrue(c["observations"] or c["declared"] or c["answers"])
        # What was claimed and is refuted is not PASS; nothing becomes better by a bad image.
        rank = {"fail": 0, "inconclusive": 1, "not-applicable": 2, "pass": 2}
        for row, verdict in verdicts(after).items():
            self.assertLessEqual(rank[verdict], max(rank[verdicts(before)[row]], 1), row)
        # The service that no row names is an instance of its own.
        instances = [i for s in after["schemes"] for r in s["requirements"] for u in units_of(r).values() for i in u["instances"]]
        self.assertTrue([i for i in instances if not i["declared"] and "telnet" in i["id"]])

    def test_an_answer_does_not_beat_what_was_seen(self):
        self.workspace()
        self.assay("add", image(self.scratch))
        row = requirement_of(self.json("status"), "uk-psti", "sch1-1")
        self.assertEqual(row["verdict"], "fail")
        refuted = [s for s in steps_of(row) if s.get("observations") and s["answer"] in ("yes", "no") and s["basis"] in ("machine", "document")]
        self.assertTrue(refuted)
        step = refuted[0]
        instance = next(i["id"] for u in units_of(row).values() for i in u["instances"] if step in i["path"])
        other = "no" if step["answer"] == "yes" else "yes"
        self.assay("answer", step["question"], other, "--for", instance, "--by", "An Optimist", "--note", "surely not")
        again = requirement_of(self.json("status"), "uk-psti", "sch1-1")
        self.assertEqual(again["verdict"], "fail")
        self.assertTrue([c for c in again["contradictions"] if c["answers"]], "the answer that was overruled is not shown")
        text = self.assay("--date", DAY, "explain", "uk-psti", "sch1-1").out
        self.assertIn("Contradiction", text)
        self.assertIn("An Optimist", text)

    def test_only_a_named_person_withdraws_an_observation(self):
        self.workspace()
        seen = self.json("add", image(self.scratch))
        self.assertEqual(requirement_of(self.json("status"), "uk-psti", "sch1-1")["verdict"], "fail")
        for o in observations(seen, "account", password="known"):
            self.assay("dispose", o["id"], "--by", "A. Engineer", "--reason", "not in the shipped build")
        row = requirement_of(self.json("status"), "uk-psti", "sch1-1")
        self.assertEqual(row["verdict"], "inconclusive", "withdrawing what refuted it shows nothing")
        self.assay("report", "-o", "out")
        page = (self.here / "out/report.html").read_text()
        self.assertIn("not in the shipped build", page)


class Binding(Case):
    def test_evidence_and_answers_of_another_version_are_stale(self):
        self.workspace()
        fw = image(self.scratch)
        self.assay("add", fw)
        self.assay("answer", "conditions.update-mechanism", "yes", "--by", "A", "--note", "it has one")
        self.assertEqual(requirement_of(self.json("status"), "uk-psti", "sch1-1")["verdict"], "fail")
        self.product(PRODUCT.replace("1.0.0", "1.1.0"))
        result = self.json("status")
        self.assertEqual(requirement_of(result, "uk-psti", "sch1-1")["verdict"], "inconclusive")
        self.assertGreaterEqual(len(result["stale"]), 2)
        self.assertIn("stale", self.assay("evidence").out)
        self.assertIn("another version", self.assay("--date", DAY, "status").out)

        # Adding the same bytes again takes nothing over unsaid.
        again = self.assay("add", fw)
        self.assertIn("stale", again.err)
        self.assertEqual(requirement_of(self.json("status"), "uk-psti", "sch1-1")["verdict"], "inconclusive")

        self.assay("carry", "camera.bin", "--by", "A. Engineer", "--reason", "only the front plate changed")
        self.assertEqual(requirement_of(self.json("status"), "uk-psti", "sch1-1")["verdict"], "fail")
        held = self.json("evidence")["evidence"][0]
        self.assertEqual((held["carried_by"], held["version"]), ("A. Engineer", "1.1.0"))
        self.verify_ok()

    def test_evidence_of_an_older_version_from_the_start(self):
        self.workspace()
        result = self.assay("add", image(self.scratch), "--version-of", "0.9.0")
        self.assert_one_line(result, "stale")
        self.assertEqual(requirement_of(self.json("status"), "uk-psti", "sch1-1")["verdict"], "inconclusive")


class NotApplicable(Case):
    def row(self, *options):
        return requirement_of(self.json(*options, "status"), "en-303-645", self.requirement)

    def test_it_needs_a_written_reason(self):
        # Mandatory where there is an update mechanism, which a person denies. (The source of that condition is confirmed; one whose source
        # is not would stay INCONCLUSIVE for that reason.)
        self.workspace()
        self.requirement, question = "5.3-3", "conditions.update-mechanism"
        self.assay("answer", question, "no", "--by", "A. Engineer", "--note", "the product has none")
        row = self.row()
        self.assertEqual(row["verdict"], "inconclusive", f"{self.requirement} is N/A without a reason")
        self.assertTrue([o for o in row["owed"] if o["kind"] == "justification"], row["owed"])
        self.assertEqual(self.row("--closing")["verdict"], "fail", f"{self.requirement} {question}")
        # An empty reason is none.
        self.assay("answer", f"en-303-645/{self.requirement}", "not-applicable", "--by", "A. Engineer", "--note", "  ", status=2)
        self.assay("answer", f"en-303-645/{self.requirement}", "not-applicable", "--by", "A. Engineer", "--note", "There is no such interface.")
        row = self.row()
        self.assertEqual(row["verdict"], "not-applicable")
        self.assertTrue(row["justified"])
        self.assertIn("no such interface", row["justification"])

    def test_a_reason_alone_grants_nothing(self):
        self.workspace()
        self.assay("add", image(self.scratch))
        self.assay("answer", "uk-psti/sch1-1", "not-applicable", "--by", "A. Engineer", "--note", "we would rather not")
        self.assertEqual(requirement_of(self.json("status"), "uk-psti", "sch1-1")["verdict"], "fail")
        self.assay("answer", "uk-psti/sch1-2", "not-applicable", "--by", "A. Engineer", "--note", "we would rather not")
        self.assertEqual(requirement_of(self.json("status"), "uk-psti", "sch1-2")["verdict"], "inconclusive")


class Labels(Case):
    def test_a_granted_label_and_one_that_has_run_out(self):
        self.workspace()
        label = self.here / "label.pdf"
        label.write_bytes(b"%PDF-1.4\nlabel of TC-1\n")
        standard = json.loads(self.assay("--json", "catalogue", "show", "uk-psti").out)
        self.assertTrue(standard)
        common = ("--certificate", "standard=JC-STAR STAR-1", "edition=JST-CR-01-01-2024R1", "scope=TC-1", "holder=Test Works", "issued=2026-01-01")
        self.assay("add", label, *common, "expires=2028-01-01", "identifier=X-1", "--by", "A. Engineer")
        granted = requirement_of(self.json("status"), "uk-psti", "sch1-1")
        self.assertEqual((granted["verdict"], granted["basis"], bool(granted["recognition"])), ("pass", "document", True))
        # An observation still beats the label.
        self.assay("add", image(self.scratch))
        self.assertEqual(requirement_of(self.json("status"), "uk-psti", "sch1-1")["verdict"], "fail")
        late = requirement_of(self.assay("--json", "--date", "2029-01-01", "status").json(), "uk-psti", "sch1-2")
        self.assertEqual(late["verdict"], "inconclusive")


if __name__ == "__main__":
    unittest.main()
