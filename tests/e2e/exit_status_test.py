# SPDX-License-Identifier: Apache-2.0
"""The exit statuses that a build pipeline reads: each is reached by a real case."""

import os
import shutil
import unittest

from support import DAY, PRODUCT, Case, image

# A catalogue of one scheme with one requirement: a complete look at the accounts and no password of a dictionary among them.
SCHEME = """\
id: tiny
edition: "1"
title: One requirement for a test
publisher: The tests
markets: [eu]
combine: roll-up
counts: {requirements: 1, units: 1, mandatory: 1, recommended: 0}
complete: true
marks: {C: confirmed}
"""
SCOPE = """\
include:
  - {id: tiny-all, article: "1", why: "It has software.", when: {value: product.model, is: {present: true}}}
"""
REQUIREMENTS = """\
requirements:
  - id: "T-1"
    title: No password of a dictionary
    text: No account opens with a password of a dictionary.
    status: mandatory
    printed: M
    source: The tests
    confidence: confirmed
    assessments:
      - id: "T-1-1"
        kind: checklist
        units:
          - {id: "T-1 a", title: No account opens, question: tiny.no-known-password, confidence: confirmed}
"""
QUESTIONS = """\
questions:
  - id: tiny.no-known-password
    ask: Does no account of the image open with a word of the dictionary?
    why: A password that everybody knows keeps nobody out.
    subject: product
    state: any
    interface: any
    good: "yes"
    machine: ["yes", "no"]
    person: with-evidence
    rules:
      - answer: "no"
        because: Account {user} opens.
        when: {seen: account, where: {password: known, locked: false}}
      - answer: "yes"
        because: Every account was tried and none opened.
        when: {none: account, where: {password: known, locked: false}, covered: [firmware/accounts, firmware/passwords]}
    settle:
      - {by: observation, kind: account, cost: 5, what: Add the image.}
    remedy: Take the account out.
    source: The tests
    confidence: confirmed
"""


class ExitStatus(Case):
    def setUp(self):
        super().setUp()
        self.product()

    def tiny_catalogue(self):
        """The shipped knowledge with one scheme of ours."""
        repository = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
        folder = self.scratch / "catalogue"
        (folder / "schemes/tiny/requirements").mkdir(parents=True)
        (folder / "knowledge/questions").mkdir(parents=True)
        for name in ("components", "credentials", "services", "secrets"):
            if os.path.exists(f"{repository}/knowledge/{name}"):
                shutil.copytree(f"{repository}/knowledge/{name}", folder / "knowledge" / name)
        # A link to a file is as good as the file.
        for name in ("kinds.yaml", "subjects.yaml"):
            os.symlink(f"{repository}/knowledge/{name}", folder / "knowledge" / name)
        (folder / "knowledge/recognitions.yaml").write_text("recognitions: []\n")
        (folder / "knowledge/questions/tiny.yaml").write_text(QUESTIONS)
        (folder / "schemes/tiny/scheme.yaml").write_text(SCHEME)
        (folder / "schemes/tiny/scope.yaml").write_text(SCOPE)
        (folder / "schemes/tiny/requirements/one.yaml").write_text(REQUIREMENTS)
        return folder

    def check(self, *args, status, **more):
        return self.assay("--date", DAY, "check", *args, status=status, **more)

    def test_0_every_requirement_passes(self):
        catalogue = self.tiny_catalogue()
        fw = image(self.scratch, telnet=False, password="*")
        result = self.check(fw, "--scheme", "tiny", "--catalogue", catalogue, status=0)
        self.assertIn("PASS", result.out)
        self.assertEqual(self.assay("--catalogue", catalogue, "catalogue", "list").out.count("tiny"), 1)
        # The same image with a known password fails; one that is no image at all cannot tell.
        self.check(image(self.scratch, "bad.bin"), "--scheme", "tiny", "--catalogue", catalogue, status=1)
        noise = self.here / "noise.bin"
        noise.write_bytes(b"\xff\x01\x02" * 1000)
        self.check(noise, "--scheme", "tiny", "--catalogue", catalogue, status=4)
        cut = self.here / "cut.bin"
        cut.write_bytes(fw.read_bytes()[:-2000])
        self.check(cut, "--scheme", "tiny", "--catalogue", catalogue, status=4)

    def test_1_a_requirement_fails(self):
        fw = image(self.scratch)
        self.assertIn("FAIL", self.check(fw, "--scheme", "uk-psti", status=1).out)
        # An allowance for what is open does not excuse what is refuted.
        self.check(fw, "--scheme", "uk-psti", "--allow-inconclusive", status=1)

    def test_2_usage(self):
        fw = image(self.scratch)
        self.check(fw, status=2)
        self.check("--scheme", "uk-psti", status=2)
        self.check(fw, "--scheme", "no-such", status=2)
        self.check(fw, "--scheme", "uk-psti", "--product", "absent.yaml", status=2)
        (self.here / "product.yaml").write_text("product: 3\n")
        self.check(fw, "--scheme", "uk-psti", status=2)

    def test_3_could_not_examine(self):
        self.assert_one_line(self.check(self.here / "absent.bin", "--scheme", "uk-psti", status=3), "absent.bin")
        empty = self.here / "empty.bin"
        empty.touch()
        self.assert_one_line(self.check(empty, "--scheme", "uk-psti", "--allow-inconclusive", status=3), "empty.bin")
        # One that can be examined does not make up for one that cannot.
        self.check(image(self.scratch), self.here / "absent.bin", "--scheme", "uk-psti", status=3)

    def test_4_inconclusive(self):
        fw = image(self.scratch, telnet=False, password="*")
        self.assertIn("INCONCLUSIVE", self.check(fw, "--scheme", "uk-psti", status=4).out)
        self.check(fw, "--scheme", "uk-psti", "--allow-inconclusive", status=0)

    def test_the_worst_of_several_schemes(self):
        fw = image(self.scratch)
        self.check(fw, "--scheme", "jc-star", "--scheme", "uk-psti", status=1)

    def test_answers_of_the_workspace_count_and_evidence_does_not(self):
        self.assay("init")
        self.assay("add", image(self.scratch, "bad.bin"))
        clean = image(self.scratch, "clean.bin", telnet=False, password="*")
        self.check(clean, "--scheme", "uk-psti", status=4)

    def test_a_product_elsewhere(self):
        other = self.here / "deep/down"
        other.mkdir(parents=True)
        (other / "product.yaml").write_text(PRODUCT)
        (self.here / "product.yaml").unlink()
        self.check(image(self.scratch), "--scheme", "uk-psti", "--product", other / "product.yaml", status=1)
        self.assay("--date", DAY, "-C", other, "check", self.scratch / "camera.bin", "--scheme", "uk-psti", status=1)

    def test_output_that_cannot_be_written(self):
        for command in (("catalogue", "list"), ("--json", "catalogue", "show", "en-303-645"), ("help", "product")):
            with open("/dev/full", "wb") as full:
                result = self.assay(*command, status=3, stdout=full)
            self.assert_one_line(result, "cannot write the output")

    def test_help_and_version_succeed(self):
        for args in (("--help",), ("--version",), ("help",), ("add", "--help"), ("--help-all",)):
            self.assertTrue(self.assay(*args).out.strip())


if __name__ == "__main__":
    unittest.main()
