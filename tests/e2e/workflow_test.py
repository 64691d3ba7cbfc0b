# SPDX-License-Identifier: Apache-2.0
"""From an empty folder to a verified report, through the program as a person uses it; and the contracts of its JSON."""

import json
import pathlib
import shutil
import unittest

from support import DAY, PRODUCT, Case, image, observations, requirement_of, scheme_of, units_of, verdicts

SCHEMES = {folder.name for folder in (pathlib.Path(__file__).resolve().parents[2] / "schemes").iterdir()}
WORDS = {"pass", "fail", "inconclusive", "not-applicable"}


class Workflow(Case):
    def test_from_an_empty_folder_to_a_report(self):
        fw = image(self.scratch)
        self.assay("init")
        drafted = (self.here / "product.yaml").read_text()
        self.assertIn("<trade name>", drafted)
        self.product()
        self.assertIn("camera.bin", self.assay("add", fw).out)

        status = self.assay("--date", DAY, "status").out
        for word in ("Test Camera TC-1", "uk-psti", "FAIL", "Still owed"):
            self.assertIn(word, status)
        psti = requirement_of(self.json("status"), "uk-psti", "sch1-1")
        self.assertEqual(psti["verdict"], "fail")
        # What was seen, read together with what the declaration leaves out.
        self.assertIn(psti["basis"], ("machine", "document"))

        # Down to the line it rests on.
        why = self.assay("--date", DAY, "explain", "uk-psti", "sch1-1").out
        for word in ("/etc/shadow:1", "user", "camera.bin", "How to fix"):
            self.assertIn(word, why.replace("root", "user"))
        explained = self.json("explain", "uk-psti", "sch1-1")
        cited = [o for o in explained["observations"] if o["kind"] == "account"]
        self.assertTrue(cited and cited[0]["at"]["line"] == 1, cited)

        # An answer moves what it answers.
        self.assay("answer", "psti-publication.contact-published", "yes", "--by", "A. Engineer", "--note", "the page names one", status=None)
        owed = next(o for o in self.json("status")["owed"] if o["kind"] == "answer")
        self.assay("answer", owed["question"], "no", "--by", "A. Engineer", "--note", "looked at it", *(["--for", owed["instance"]] if owed.get("instance") else []))
        self.assertEqual(self.json("evidence")["answers"][-1]["question"], owed["question"])

        # A false observation is withdrawn and stays visible.
        self.assay("dispose", cited[0]["id"], "--by", "A. Engineer", "--reason", "test build only")
        psti = requirement_of(self.json("status"), "uk-psti", "sch1-1")
        self.assertNotEqual(psti["verdict"], "pass")
        self.assertIn(cited[0]["id"], json.dumps(self.json("log")))

        self.assay("report", "--format", "all", "-o", "out")
        page = (self.here / "out/report.html").read_text()
        self.assertIn("Test Camera", page)
        self.assertNotIn("http://", page.replace("http://www.w3.org/", ""), "a report loads nothing from a network")
        self.assertIn("schemes", json.loads((self.here / "out/report.json").read_text())["assessment"] if "assessment" in json.loads(
            (self.here / "out/report.json").read_text()) else json.loads((self.here / "out/report.json").read_text()))
        self.assertIn("as they were stored", self.assay("verify").out)
        self.assertEqual(self.json("verify"), {"ok": True, "faults": []})

    def test_two_versions_compared(self):
        old = self.workspace(directory=self.here / "old")
        new = self.workspace(PRODUCT.replace("1.0.0", "1.1.0"), directory=self.here / "new")
        self.assay("-C", old, "add", image(self.scratch, "old.bin"))
        self.assay("-C", new, "add", image(self.scratch, "new.bin", telnet=False, password="*"))
        d = self.json("diff", old, new)
        self.assertEqual(set(d), {"changes", "unchanged", "gone", "new"})
        changed = {f"{c['scheme']}/{c['requirement']}": c for c in d["changes"]}
        self.assertEqual(changed["uk-psti/sch1-1"]["before"], "fail")
        self.assertTrue(any("root" in b for b in changed["uk-psti/sch1-1"]["by"]), changed["uk-psti/sch1-1"])
        self.assertTrue([o for o in d["gone"] if o["kind"] == "account" and o.get("password") == "known"])
        self.assertTrue([o for o in d["gone"] if o["kind"] == "autostart" and "telnet" in o["service"]])
        text = self.assay("--date", DAY, "diff", old, new).out
        self.assertIn("1.0.0 → Test Camera 1.1.0", text)
        self.assertIn("FAIL", text)
        self.assertEqual(self.json("diff", old, old)["changes"], [])

    def test_init_from_a_firmware(self):
        fw = image(self.scratch)
        self.assay("init", "--from", fw)
        text = (self.here / "product.yaml").read_text()
        for word in ("AuthMech", "user: root", "component: busybox", "1.30.1"):
            self.assertIn(word, text)
        # The draft is a valid product.yaml as it stands, and claims nothing.
        result = self.json("status")
        self.assertNotIn("pass", verdicts(result).values())
        self.assay("add", fw)
        after = self.json("status")
        self.assertNotIn("pass", verdicts(after).values())
        self.assertTrue(any(u["verdict"] == "fail" for s in after["schemes"] for r in s["requirements"] for u in units_of(r).values()))

    def test_assess_in_one_go_and_again(self):
        fw = image(self.scratch)
        product = self.product()
        answers = self.here / "answers.yaml"
        answers.write_text("answers:\n  - {question: conditions.update-mechanism, value: 'yes', by: A. Engineer, note: it has one}\n")
        first = self.json("assess", product, "--add", fw, "--answers", answers, "-o", "out")
        for name in ("product.yaml", ".assay/assay.db", "report.html", "report.json"):
            self.assertTrue((self.here / "out" / name).exists(), name)
        self.assertEqual(requirement_of(first, "uk-psti", "sch1-1")["verdict"], "fail")
        again = self.json("assess", product, "--add", fw, "--answers", answers, "-o", "out")
        self.assertEqual(first, again)
        held = self.json("-C", "out", "evidence")
        self.assertEqual((len(held["evidence"]), len(held["answers"])), (1, 1))
        self.assertEqual(self.json("-C", "out", "status"), first)
        self.verify_ok(self.here / "out")

    def test_remove_and_supersede_say_first_what_they_do(self):
        self.workspace()
        bad, good = image(self.scratch, "bad.bin"), image(self.scratch, "good.bin", telnet=False, password="*")
        self.assay("add", bad, good)
        preview = self.json("supersede", "bad.bin", "good.bin", "--by", "A", "--reason", "newer build")
        self.assertFalse(preview["done"])
        self.assertIn({"scheme": "uk-psti", "requirement": "sch1-1", "before": "fail", "after": "inconclusive"}, preview["changes"])
        self.assertEqual(requirement_of(self.json("status"), "uk-psti", "sch1-1")["verdict"], "fail")
        self.assertTrue(self.json("supersede", "bad.bin", "good.bin", "--by", "A", "--reason", "newer build", "--yes")["done"])
        self.assertEqual(requirement_of(self.json("status"), "uk-psti", "sch1-1")["verdict"], "inconclusive")
        self.assertEqual([e["in_use"] for e in sorted(self.json("evidence")["evidence"], key=lambda e: e["name"])], [False, True])
        self.assertIn("Nothing removed yet", self.assay("remove", "good.bin", "--by", "A", "--reason", "wrong").out)
        self.assertTrue(self.json("remove", "good.bin", "--by", "A", "--reason", "wrong", "--yes")["done"])
        self.assertEqual([e["name"] for e in self.json("evidence")["evidence"]], ["bad.bin"])
        self.assertEqual([r["action"] for r in self.json("log")], ["add", "add", "supersede", "remove"])
        self.verify_ok()

    def test_documents_labels_and_directories(self):
        self.workspace()
        page = self.here / "policy.html"
        page.write_text("<html><body>Report to security@example.com</body></html>\n")
        self.assay("add", page, "--document", "role=vulnerability-policy", "contains=contact+acknowledgement-time", "language=en", "login_needed=false", "--by", "A")
        seen = [e for e in self.json("evidence")["evidence"] if e["name"] == "policy.html"]
        self.assertEqual(seen[0]["type"], "document")
        # Adding the same page again forgets nothing that was read off it.
        before = verdicts(self.json("status"))
        self.assay("add", page)
        self.assertEqual(verdicts(self.json("status")), before)
        from support import root_file_system
        tree = root_file_system(self.here / "tree")
        result = self.json("add", tree)
        self.assertTrue(observations(result, "account", user="root", password="known"))
        self.verify_ok()


class Contracts(Case):
    """These names are read by others."""

    def setUp(self):
        super().setUp()
        self.workspace()
        self.fw = image(self.scratch)

    def has(self, value, *names):
        for name in names:
            self.assertIn(name, value)

    def test_examine(self):
        result = self.json("examine", self.fw)
        self.assertEqual(set(result), {"evidence", "observations", "timings"})
        self.has(result["evidence"][0], "id", "name", "bytes")
        self.assertRegex(result["evidence"][0]["id"], "^sha256:[0-9a-f]{64}$")
        self.assertEqual(result["evidence"][0]["bytes"], self.fw.stat().st_size)
        for o in result["observations"]:
            self.has(o, "id", "kind", "evidence", "by", "revision")
            self.assertEqual(o["evidence"], result["evidence"][0]["id"])
            self.assertRegex(o["id"], "^o:[0-9a-f]{16}$")
            self.assertTrue(o["by"].startswith("firmware/"), o)
        self.assertEqual(len({o["id"] for o in result["observations"]}), len(result["observations"]))
        for o in observations(result, "coverage"):
            self.has(o, "check", "scope", "complete")
        kinds = {o["kind"] for o in result["observations"]}
        for kind in ("image", "account", "component", "binary", "autostart", "coverage"):
            self.assertIn(kind, kinds)
        self.assertTrue(observations(result, "component", name="busybox", version="1.30.1"))

    def test_the_secret_itself_is_nowhere(self):
        self.assay("add", self.fw)
        from support import ADMIN_HASH
        for out in (self.assay("--json", "examine", self.fw), self.assay("examine", self.fw), self.assay("--json", "status"), self.assay("--json", "log")):
            self.assertNotIn(ADMIN_HASH, out.out)

    def test_catalogue(self):
        listed = {s["key"]: s for s in self.json("catalogue", "list")}
        self.assertEqual(set(listed), SCHEMES)
        for s in listed.values():
            self.has(s, "id", "edition", "requirements", "units", "trees", "questions", "confidence")
            self.assertEqual(set(s["confidence"]), {"confirmed", "secondary", "unverified"})
        self.assertEqual(listed["jc-star"]["requirements"], 16)
        self.assertEqual((listed["en-303-645"]["requirements"], listed["en-303-645"]["units"]), (68, 226))
        self.assertTrue(listed["uk-psti"]["complete"])
        self.assertEqual(listed["en-303-645"]["edition"], "2.1.1")
        self.assertTrue(self.json("catalogue", "check")["ok"])
        self.assertIn("in order", self.assay("catalogue", "check").out)
        for name in ("uk-psti", "en-303-645/5.1-1", "en-303-645/5.1-1-1 a", "psti-passwords.is-password", "AuthMech"):
            self.assertTrue(self.json("catalogue", "show", name), name)
            self.assertTrue(self.assay("catalogue", "show", name).out.strip(), name)

    def test_scope(self):
        rows = self.json("scope")
        self.assertEqual({r["key"] for r in rows}, SCHEMES)
        for r in rows:
            self.has(r, "scheme", "edition", "market", "result", "rule", "article", "why", "asks")
            self.assertIn(r["result"], ("applies", "does-not-apply", "unknown"))
        elsewhere = self.here / "other.yaml"
        elsewhere.write_text(PRODUCT)
        self.assertEqual(self.json("scope", elsewhere), rows)

    def test_status(self):
        self.assay("add", self.fw)
        result = self.json("status")
        self.has(result, "product", "schemes")
        for s in result["schemes"]:
            self.has(s, "id", "edition", "applies", "requirements")
            for r in s["requirements"]:
                self.has(r, "id", "status", "verdict", "basis", "assessments", "contradictions", "owed")
                self.assertIn(r["verdict"], WORDS)
                if r["verdict"] == "inconclusive":
                    self.assertTrue(r["owed"], f"{s['id']} {r['id']} is INCONCLUSIVE and owes nothing")
                for a in r["assessments"]:
                    self.has(a, "kind", "verdict", "units", )
                    for u in a["units"]:
                        for i in u["instances"]:
                            self.has(i, "id", "verdict", "path")
        self.assertEqual(len(scheme_of(result, "en-303-645")["requirements"]), 68)
        self.assertEqual(sum(len(units_of(r)) for r in scheme_of(result, "en-303-645")["requirements"]), 226)
        self.assertEqual([s["id"] for s in self.json("status", "uk-psti")["schemes"]], ["uk-psti"])

    def test_observations_that_verdicts_cite_are_there(self):
        held = {o["id"] for o in self.json("add", self.fw)["observations"]}
        result = self.json("status")
        cited = set()
        for s in result["schemes"]:
            for r in s["requirements"]:
                for a in r["assessments"]:
                    for u in a["units"]:
                        for i in u["instances"]:
                            for step in i["path"]:
                                cited.update(step.get("observations", []))
        self.assertTrue(cited)
        self.assertLessEqual(cited, held)

    def test_every_command_speaks_json(self):
        fw2 = image(self.scratch, "two.bin", telnet=False)
        self.json("add", self.fw, fw2)
        account = observations(self.json("examine", self.fw), "account", user="root")[0]
        calls = [
            ("init", self.here / "fresh"), ("scope",), ("examine", fw2), ("answer", "conditions.update-mechanism", "yes", "--by", "A", "--note", "x"),
            ("answer", "en-303-645/5.2-2", "not-applicable", "--by", "A", "--note", "x"), ("dispose", account["id"], "--by", "A", "--reason", "x"),
            ("carry", "two.bin", "--by", "A", "--reason", "x"), ("supersede", "two.bin", "camera.bin", "--by", "A", "--reason", "x"),
            ("remove", "two.bin", "--by", "A", "--reason", "x", "--yes"), ("evidence",), ("log",), ("status",), ("explain", "uk-psti", "sch1-1"),
            ("report", "-o", "out"), ("verify",), ("catalogue", "list"), ("catalogue", "check"), ("catalogue", "show", "uk-psti"), ("help",),
            ("help", "start"), ("help", "product"), ("completion", "bash"), ("diff", ".", "."), ("assess", "product.yaml", "--add", fw2, "-o", "all"),
        ]
        for call in calls:
            with self.subTest(call=call):
                self.json(*call)
        # The account was disposed of above, and that counts here too.
        checked = self.assay("--json", "--date", DAY, "check", self.fw, "--scheme", "uk-psti", status=4)
        self.assertEqual([s["id"] for s in checked.json()["schemes"]], ["uk-psti"])

    def test_confirmations_are_kept_per_user(self):
        unverified = None
        for s in self.json("status")["schemes"]:
            for r in s["requirements"]:
                if unverified is None and r.get("confidence") == "unverified":
                    unverified = f"{s['id']}/{r['id']}"
        self.assertIsNotNone(unverified)
        self.json("catalogue", "confirm", unverified, "--by", "A", "--source", "the printed edition")
        kept = json.loads((self.scratch / "home/.config/assay/confirmations.json").read_text())
        self.assertEqual((kept[0]["by"], unverified.split("/", 1)[1]), ("A", kept[0]["entry"]))

    def test_json_goes_to_standard_output_alone(self):
        result = self.assay("--json", "examine", self.fw, self.here / "absent", status=3)
        self.assertEqual(len(result.json()["evidence"]), 1)
        self.assert_one_line(result, "absent")

    def test_relative_and_strange_names(self):
        for name in ("-dash.bin", "sp ace.bin", "ünï.bin", "new\nline.bin", "$(touch escaped).bin"):
            shutil.copy(self.fw, self.here / name)
            with self.subTest(name=name):
                result = self.json("add", "./" + name)
                self.assertEqual(result["evidence"][0]["name"], name)
                shutil.move(self.here / name, self.scratch / "gone")
        self.assertFalse((self.here / "escaped").exists())
        self.assertTrue(all("\n" not in line for line in self.assay("evidence").out.splitlines()))
        self.verify_ok()


if __name__ == "__main__":
    unittest.main()
