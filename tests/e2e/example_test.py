# SPDX-License-Identifier: Apache-2.0
"""The example camera: every flaw that was planted in 1.0.0 is seen where it is, none of them in 1.1.0, and the verdicts of all schemes follow."""

import pathlib
import re
import subprocess
import unittest

import yaml

from support import DAY, Case

ROOT = pathlib.Path(__file__).resolve().parents[2]
CAMERA = ROOT / "examples/ip-camera"
IMAGES = ROOT / "build/examples"


def field(observation, name):
    """"at.path" is the path inside its file system, without the layers around it."""
    value = observation
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    if name == "at.path" and value:
        return "/" + value.split("//")[-1].lstrip("/")
    return value


def matches(observation, seen):
    return all(field(observation, name) == wanted for name, wanted in seen.items())


class Example(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        subprocess.run([CAMERA / "build.sh", "-o", IMAGES], check=True, timeout=500)
        cls.flaws = yaml.safe_load((CAMERA / "flaws.yaml").read_text())

    def observations(self, number):
        return self.assay("examine", IMAGES / f"ipc200-{number}.bin", "--json").json()["observations"]

    def test_every_planted_flaw_is_seen_where_it_is(self):
        seen = self.observations("1.0.0")
        for flaw in self.flaws["flaws"]:
            with self.subTest(flaw=flaw["id"]):
                self.assertTrue(any(matches(o, flaw["seen"]) for o in seen), flaw)

    def test_the_corrected_release_has_none_and_is_examined_completely(self):
        seen = self.observations("1.1.0")
        for flaw in self.flaws["flaws"]:
            with self.subTest(flaw=flaw["id"]):
                self.assertFalse([o for o in seen if matches(o, flaw["seen"])], flaw)
        for coverage in (o for o in seen if o["kind"] == "coverage"):
            self.assertTrue(coverage["complete"], coverage)

    def test_planted_places_exist(self):
        for flaw in self.flaws["flaws"] + self.flaws["unseen"]:
            with self.subTest(flaw=flaw["id"]):
                path, _, line = flaw["where"].partition(":")
                files = [folder / path.lstrip("/") for folder in (CAMERA / "v1/rootfs", CAMERA / "common/rootfs")]
                ours = next((f for f in files if f.exists()), None)
                if line:
                    self.assertIsNotNone(ours, path)
                    self.assertLessEqual(int(line), len(ours.read_text().splitlines()))

    def judged(self, folder, number, day=DAY, product=None):
        """{(scheme, requirement): requirement}; a scheme in two editions is told by its key."""
        result = self.assay("--date", day, "assess", product or CAMERA / folder / "product.yaml", "--add", IMAGES / f"ipc200-{number}.bin", "--answers",
                            CAMERA / folder / "statements.yaml", "-o", self.here / (folder + day), "--json")
        return {(s["key"], r["id"]): r for s in result.json()["schemes"] for r in s["requirements"]}

    @staticmethod
    def with_verdict(rows, verdict):
        return {at for at, r in rows.items() if r["verdict"] == verdict}

    def test_verdicts_follow(self):
        first, second = self.judged("v1", "1.0.0"), self.judged("v2", "1.1.0")
        failed = self.with_verdict(first, "fail")
        for at in (("uk-psti", "sch1-1"), ("jc-star", "S1.1-02"), ("en-303-645", "5.1-1"), ("en-303-645", "5.4-1"), ("en-303-645", "5.5-5"), ("en-303-645", "5.6-1"),
                   ("en-303-645@3.1.3", "5.1-1"), ("en-18031-1", "AUM-5-1"), ("en-18031-1", "CCK-3"), ("en-18031-1", "GEC-2"), ("en-18031-1", "SSM-3"), ("en-18031-2", "ACM-1"),
                   ("eu-red", "3(3)(d)"), ("in-bis-cctv", "1.1"), ("in-bis-cctv", "2.6"), ("nistir-8425", "SU-1"), ("us-cyber-trust-mark", "8.208(c)(6)")):
            with self.subTest(at=at):
                self.assertIn(at, failed)
        self.assertEqual(self.with_verdict(second, "fail"), set())
        self.assertTrue(any(r["contradictions"] for r in first.values()), "the declaration of 1.0.0 says that Telnet is disabled")
        passed = self.with_verdict(second, "pass")
        for at in (("en-303-645", "5.2-2"), ("en-303-645@3.1.3", "5.2-2"), ("en-18031-1", "ACM-1"), ("en-18031-2", "LGM-2"), ("uk-psti", "sch1-1"), ("in-bis-cctv", "1.1"),
                   ("eu-red", "Annex VI"), ("us-cyber-trust-mark", "8.204")):
            with self.subTest(at=at):
                self.assertIn(at, passed, "by what people stated")
        # What nobody recorded, flooded or listened to stays open, however much was answered.
        for at in (("en-18031-1", "SCM-1"), ("en-18031-1", "RLM-1"), ("en-18031-1", "GEC-1"), ("en-18031-2", "SSM-3"), ("in-bis-cctv", "3.2"), ("sg-cls", "5.1-1")):
            with self.subTest(at=at):
                self.assertEqual(second[at]["verdict"], "inconclusive")

    def test_every_scheme_knows_whether_it_applies(self):
        for folder in ("v1", "v2"):
            rows = self.assay("--json", "--date", DAY, "scope", CAMERA / folder / "product.yaml").json()
            self.assertEqual({r["key"] for r in rows if r["result"] == "unknown"}, set())
            self.assertEqual({r["key"] for r in rows if r["result"] == "does-not-apply"}, {"en-18031-3", "in-itsar-ip-router", "in-itsar-wifi-cpe"})

    def test_units_of_december_2027_come_under_the_cra_and_no_longer_under_red(self):
        text = (CAMERA / "v1/product.yaml").read_text()
        late = re.sub(r'(placed_on_market|first_supplied): "[0-9-]+"', r'\1: "2027-12-13"', text)
        (self.here / "late.yaml").write_text(late)
        rows = self.judged("v1", "1.0.0", "2027-12-15", self.here / "late.yaml")
        self.assertFalse([at for at in rows if at[0] in ("eu-red", "en-18031-1", "en-18031-2")])
        for requirement in ("I(2)(b)", "I(2)(f)", "I(2)(j)"):
            self.assertEqual(rows["eu-cra", requirement]["verdict"], "fail", requirement)


if __name__ == "__main__":
    unittest.main()
