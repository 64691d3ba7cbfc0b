# SPDX-License-Identifier: Apache-2.0
"""A disk that fills up while something is stored: one line, not zero, what was there before is there still."""

import ctypes
import os
import random
import subprocess
import sys
import unittest

from support import MIB, Case, image


def can_mount():
    """True where an own mount namespace may be had (as root, or with user namespaces)."""
    return subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


class FileSizeLimit(Case):
    """ulimit -f: no file may grow past it. Works everywhere."""

    def setUp(self):
        super().setUp()
        self.workspace()
        self.first = image(self.scratch, "first.bin")
        self.assay("add", self.first)
        self.before = self.json("evidence")

    def kept(self):
        self.verify_ok()
        self.assertEqual(self.json("evidence"), self.before)
        stored = [p for p in (self.here / ".assay/evidence").rglob("*") if p.is_file()]
        self.assertEqual(len(stored), 1, "nothing half-written is left")

    def test_evidence_larger_than_what_fits(self):
        big = self.scratch / "big.bin"
        big.write_bytes(self.first.read_bytes() + random.Random(1).randbytes(MIB))
        result = self.assay("add", big, status=3, file_size=400_000)
        self.assert_one_line(result, "disk is full")
        self.kept()
        self.assay("add", big)
        self.verify_ok()

    def test_database_that_cannot_grow(self):
        for limit in (50_000, 4096, 0):
            with self.subTest(limit=limit):
                result = self.assay("answer", "conditions.update-mechanism", "yes", "--by", "A", "--note", "x" * 100_000, status=None, file_size=limit)
                self.assertNotEqual(result.status, 0, str(result))
                self.assert_one_line(result)
                self.kept()

    def test_report_that_does_not_fit(self):
        self.assay("report", "-o", "out")
        before = (self.here / "out/report.html").read_bytes()
        # The store may be read: only what is written next must not fit.
        result = self.assay("report", "-o", "out", status=None, file_size=40_000)
        self.assertNotEqual(result.status, 0, str(result))
        self.assert_one_line(result)
        self.assertEqual((self.here / "out/report.html").read_bytes(), before, "the old report stays whole")
        self.assertEqual(sorted(p.name for p in (self.here / "out").iterdir()), ["report.html"])
        self.kept()

    def test_init_that_does_not_fit(self):
        fresh = self.here / "fresh"
        result = self.assay("init", fresh, status=None, file_size=4096)
        self.assertNotEqual(result.status, 0, str(result))
        self.assert_one_line(result)
        # What it left does not stand in the way of the next try.
        self.assay("init", fresh)
        self.verify_ok(fresh)

    def test_product_that_does_not_fit(self):
        result = self.assay("init", "--from", self.first, "--force", status=None, file_size=10)
        self.assertNotEqual(result.status, 0, str(result))
        self.assert_one_line(result, "product.yaml")
        self.assertIn("Test Camera", (self.here / "product.yaml").read_text(), "the old one stays whole")
        self.kept()


@unittest.skipUnless(can_mount(), "no mount namespace to be had here; the limit on file size is tested above")
class SmallDisk(Case):
    """The same on a file system of its own: this file runs itself again inside a mount namespace."""

    def test_inside(self):
        run = subprocess.run(["unshare", "-rm", sys.executable, "-B", os.path.abspath(__file__), "Inside"], stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, timeout=170)
        self.assertEqual(run.returncode, 0, run.stdout.decode("utf-8", "replace"))
        self.assertIn(b"OK", run.stdout)
        self.assertNotIn(b"Ran 0 tests", run.stdout)


class Inside(Case):
    """Run by SmallDisk, in a mount namespace."""

    def disk(self, size):
        place = self.scratch / "disk"
        place.mkdir()
        libc = ctypes.CDLL(None, use_errno=True)
        self.assertEqual(libc.mount(b"none", os.fsencode(place), b"tmpfs", 0, f"size={size}".encode()), 0, os.strerror(ctypes.get_errno()))
        self.addCleanup(libc.umount2, os.fsencode(place), 2)
        return place

    def fill(self, place, leave):
        free = os.statvfs(place).f_bavail * os.statvfs(place).f_frsize
        (place / "filler").write_bytes(b"\0" * max(0, free - leave))

    def test_a_larger_image_and_then_everything_else(self):
        place = self.disk(2 * MIB)
        self.workspace(directory=place)
        first = image(self.scratch, "first.bin")
        self.assay("-C", place, "add", first)
        before = self.json("-C", place, "evidence")
        big = self.scratch / "big.bin"
        big.write_bytes(first.read_bytes() + random.Random(1).randbytes(3 * MIB))
        self.assert_one_line(self.assay("-C", place, "add", big, status=3), "disk is full")
        self.verify_ok(place)
        self.assertEqual(self.json("-C", place, "evidence"), before)

        for leave in (200_000, 100_000, 50_000, 20_000, 8192, 4096, 0):
            self.fill(place, leave)
            for command in (("add", self.scratch / "second.bin"), ("report", "-o", place / "out"),
                            ("answer", "conditions.update-mechanism", "yes", "--by", "A", "--note", "x" * 100_000)):
                second = self.scratch / "second.bin"
                if not second.exists():
                    second.write_bytes(first.read_bytes() + random.Random(2).randbytes(250_000))
                with self.subTest(leave=leave, command=command[0]):
                    result = self.assay("-C", place, *command, status=None)
                    if result.status != 0:
                        self.assert_one_line(result)
                    (place / "filler").unlink()
                    self.verify_ok(place)
                    names = {e["name"] for e in self.json("-C", place, "evidence")["evidence"]}
                    self.assertIn("first.bin", names)
                    self.assertEqual("second.bin" in names, command[0] == "add" and result.status == 0 or "second.bin" in names)
                    self.fill(place, leave)
            (place / "filler").unlink()

    def test_reading_needs_no_room(self):
        place = self.disk(2 * MIB)
        self.workspace(directory=place)
        self.assay("-C", place, "add", image(self.scratch))
        self.fill(place, 0)
        result = self.assay("-C", place, "status", status=None)
        if result.status != 0:
            self.assert_one_line(result)
        (place / "filler").unlink()
        self.verify_ok(place)


def load_tests(loader, _, __):
    return unittest.TestSuite(loader.loadTestsFromTestCase(c) for c in (FileSizeLimit, SmallDisk))


if __name__ == "__main__":
    unittest.main()
