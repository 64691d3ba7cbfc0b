# SPDX-License-Identifier: Apache-2.0
"""The example camera: every flaw that was planted in 1.0.0 is seen where it is, none of them in 1.1.0, and the verdicts follow."""

import pathlib
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

    def test_verdicts_follow(self):
        verdicts = {}
        for folder, number in (("v1", "1.0.0"), ("v2", "1.1.0")):
            result = self.assay("--date", DAY, "assess", CAMERA / folder / "product.yaml", "--add", IMAGES / f"ipc200-{number}.bin", "--answers",
                                CAMERA / folder / "statements.yaml", "-o", self.here / folder, "--json")
            verdicts[number] = {(s["id"], r["id"]): r for s in result.json()["schemes"] for r in s["requirements"]}
        failed = {number: {at for at, r in rows.items() if r["verdict"] == "fail"} for number, rows in verdicts.items()}
        for at in (("uk-psti", "sch1-1"), ("jc-star", "S1.1-02"), ("en-303-645", "5.1-1"), ("en-303-645", "5.4-1"), ("en-303-645", "5.5-5"), ("en-303-645", "5.6-1")):
            self.assertIn(at, failed["1.0.0"])
        self.assertEqual(failed["1.1.0"], set())
        self.assertTrue(any(r["contradictions"] for r in verdicts["1.0.0"].values()), "the declaration of 1.0.0 says that Telnet is disabled")
        passed = {at for at, r in verdicts["1.1.0"].items() if r["verdict"] == "pass"}
        self.assertIn(("en-303-645", "5.2-2"), passed, "by what people stated")


if __name__ == "__main__":
    unittest.main()
