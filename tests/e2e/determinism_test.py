# SPDX-License-Identifier: Apache-2.0
"""Same input, same bytes: whatever the run, the order, the number of threads or the machine's mood."""

import json
import random
import unittest

from support import DAY, Case, cpio, image, root_file_system, squashfs, tar


class Examine(Case):
    def examined(self, path, *options, **env):
        result = self.json(*options, "examine", path, env=env)
        result.pop("timings")
        return json.dumps(result, sort_keys=False)

    def test_twice_the_same_but_for_timings(self):
        fw = image(self.scratch)
        first = self.examined(fw)
        for options in ((), ("--threads", "1"), ("--threads", "7"), ("--memory", "512M")):
            with self.subTest(options=options):
                self.assertEqual(self.examined(fw, *options), first)

    def test_wherever_it_lies_and_whatever_the_surroundings(self):
        fw = image(self.scratch)
        first = self.examined(fw)
        (self.here / "deep").mkdir()
        moved = self.here / "deep/camera.bin"
        moved.write_bytes(fw.read_bytes())
        self.assertEqual(self.examined(moved, TZ="Asia/Tokyo", LC_ALL="C", COLUMNS="40", TERM="dumb"), first)

    def test_without_the_sandbox_only_that_is_different(self):
        fw = image(self.scratch)
        inside, outside = (self.json(*o, "examine", fw)["observations"] for o in ((), ("--no-sandbox",)))

        def bare(observations):
            return sorted(json.dumps({k: v for k, v in o.items() if k not in ("id", "unsandboxed")}, sort_keys=True) for o in observations)

        self.assertEqual(bare(inside), bare(outside))
        self.assertTrue(all(o.get("unsandboxed") for o in outside if o["kind"] == "coverage"), "results must say that there was no sandbox")

    def test_the_same_files_in_other_wrappers_show_the_same(self):
        root = root_file_system(self.scratch / "root")
        made = {
            "squashfs": squashfs(root, self.scratch / "a.squashfs"), "xz": squashfs(root, self.scratch / "b.squashfs", compression="xz"),
            "zstd": squashfs(root, self.scratch / "c.squashfs", compression="zstd"), "lzo": squashfs(root, self.scratch / "d.squashfs", compression="lzo"),
            "lz4": squashfs(root, self.scratch / "e.squashfs", compression="lz4"), "cpio": cpio(root, self.scratch / "f.cpio"),
            "tar": tar(root, self.scratch / "g.tar"), "tar.xz": tar(root, self.scratch / "h.tar.xz", "xz"), "tar.gz": tar(root, self.scratch / "i.tgz", "gz"),
            "tar.bz2": tar(root, self.scratch / "j.tbz", "bz2"),
        }

        def said(result):
            # Without where in which layer it lies, and without the layers themselves.
            out = set()
            for o in result["observations"]:
                if o["kind"] in ("account", "component", "autostart", "listener", "key", "config"):
                    fields = {k: v for k, v in o.items() if k not in ("id", "evidence", "at")}
                    out.add(json.dumps([o["at"]["path"].rsplit("//", 1)[-1].lstrip("/"), o["at"].get("line"), fields], sort_keys=True))
            return out

        expected = said(self.json("examine", made["squashfs"]))
        self.assertTrue(expected)
        for name, path in made.items():
            with self.subTest(wrapper=name):
                self.assertEqual(said(self.json("examine", path)), expected)


class Status(Case):
    def test_order_of_adding_makes_no_difference(self):
        files = [image(self.scratch, "a.bin"), image(self.scratch, "b.bin", telnet=False), image(self.scratch, "c.bin", password="*")]
        chosen = random.Random(31)
        seen = set()
        for number in range(3):
            place = self.workspace(directory=self.here / f"w{number}")
            order = chosen.sample(files, len(files)) if number else files
            if number == 1:
                self.assay("-C", place, "add", *order)
            else:
                for f in order:
                    self.assay("-C", place, "add", f)
            for _ in range(2):
                seen.add(self.assay("--json", "--date", DAY, "-C", place, "status").out)
        self.assertEqual(len(seen), 1)

    def test_report_is_the_same_each_time(self):
        self.workspace()
        self.assay("add", image(self.scratch))
        pages = set()
        for number in range(2):
            self.assay("--date", DAY, "report", "--format", "all", "-o", f"out{number}")
            pages.add((self.here / f"out{number}/report.html").read_bytes() + (self.here / f"out{number}/report.json").read_bytes())
        self.assertEqual(len(pages), 1)

    def test_the_day_is_part_of_the_question(self):
        self.workspace()
        self.assay("add", image(self.scratch))
        early, late = (self.assay("--json", "--date", d, "status").json() for d in ("2026-06-01", "2030-01-01"))
        self.assertEqual((early["date"], late["date"]), ("2026-06-01", "2030-01-01"))
        # Some laws end and others begin between the two; what is judged on both days has the same rows.
        both = {s["key"] for s in early["schemes"]} & {s["key"] for s in late["schemes"]}
        self.assertIn("uk-psti", both)
        rows = [{r["id"] for s in day["schemes"] if s["key"] in both for r in s["requirements"]} for day in (early, late)]
        self.assertEqual(rows[0], rows[1])
        self.assertNotEqual({s["key"] for s in early["schemes"]}, {s["key"] for s in late["schemes"]})


if __name__ == "__main__":
    unittest.main()
