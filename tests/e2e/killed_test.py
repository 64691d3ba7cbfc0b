# SPDX-License-Identifier: Apache-2.0
"""SIGKILL at any moment: the workspace opens, and nothing that was reported as stored is lost."""

import random
import shutil
import subprocess
import threading
import time
import unittest

from support import BINARY, SANITIZED, Case, image, root_file_system, run_program, squashfs

ROUNDS = 40 if SANITIZED else 200


class Killed(Case):
    def quick_image(self, number):
        """Bytes of their own that are looked at in no time."""
        path = self.scratch / "in" / f"fw{number:03}.bin"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(self.base + f"build {number}\n".encode() * 3)
        return path

    def setUp(self):
        super().setUp()
        root = root_file_system(self.scratch / "root")
        self.base = squashfs(root, self.scratch / "base.squashfs").read_bytes()
        shutil.rmtree(root)
        self.workspace()

    def add(self, path, **more):
        return run_program(("--json", "--password-time", "0", "add", path), self.here, self.env, **more)

    def test_add_killed_200_times(self):
        started = time.monotonic()
        took = min(self.add(self.quick_image(900 + i)).seconds for i in range(3))
        chosen = random.Random(11)
        promised = {f"fw{900 + i}.bin" for i in range(3)}
        killed = 0
        for number in range(ROUNDS):
            # A third of them in the last tenth of the work, where it is stored.
            share = chosen.uniform(0.85, 1.05) if number % 3 == 0 else chosen.uniform(0.0, 1.1)
            path = self.quick_image(number)
            result = self.add(path, kill_after=max(0.001, took * share))
            if result.status == 0:
                # It said so: it must stay.
                self.assertEqual(result.json()["evidence"][0]["name"], path.name)
                promised.add(path.name)
            else:
                self.assertEqual(result.status, -9, str(result))
                killed += 1
            opened = run_program(("--json", "evidence"), self.here, self.env)
            self.assertEqual(opened.status, 0, f"round {number}: {opened}")
            held = {e["name"] for e in opened.json()["evidence"]}
            self.assertLessEqual(promised, held, f"round {number}: lost {promised - held}")
        self.assertGreater(killed, ROUNDS // 4, "the delays missed the work")
        self.verify_ok()
        # A complete record may outlive its unreported call; each has its bytes, which verify has hashed.
        print(f"killed {killed} of {ROUNDS}, {len(promised)} reported, {len(held)} held, {time.monotonic() - started:.0f} s")

    def test_init_killed(self):
        took = min(self.assay("init", self.here / f"probe{i}").seconds for i in range(3))
        chosen = random.Random(12)
        for number in range(40):
            place = self.here / f"new{number}"
            self.assay("init", place, status=None, kill_after=max(0.001, took * chosen.uniform(0.1, 1.1)))
            self.assay("init", place)
            self.verify_ok(place)

    def test_answers_killed(self):
        said = 0
        took = min(self.assay("answer", "conditions.update-mechanism", "yes", "--by", "A", "--note", f"warm {i}").seconds for i in range(3))
        said += 3
        chosen = random.Random(13)
        notes = {"warm 0", "warm 1", "warm 2"}
        for number in range(60):
            note = f"note {number}"
            result = self.assay("answer", "conditions.update-mechanism", "yes", "--by", "A", "--note", note, status=None,
                                kill_after=max(0.001, took * chosen.uniform(0.6, 1.1)))
            if result.status == 0:
                notes.add(note)
        held = {a["note"] for a in self.json("evidence")["answers"]}
        self.assertLessEqual(notes, held)
        self.verify_ok()


class Together(Case):
    def setUp(self):
        super().setUp()
        self.workspace()

    def run_all(self, calls):
        running = [subprocess.Popen([BINARY, *map(str, c)], cwd=self.here, env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for c in calls]
        return [(p.communicate(timeout=120)[1].decode(), p.returncode) for p in running]

    def test_two_adds_of_different_evidence(self):
        base = image(self.scratch).read_bytes()
        files = []
        for i in range(6):
            path = self.scratch / f"fw{i}.bin"
            path.write_bytes(base + bytes([i]) * 100)
            files.append(path)
        for errors, status in self.run_all([("--password-time", "0", "add", *files[i::2]) for i in range(2)]):
            self.assertEqual((errors, status), ("", 0))
        self.assertEqual(sorted(e["name"] for e in self.json("evidence")["evidence"]), [f.name for f in files])
        self.verify_ok()

    def test_two_adds_of_the_same_evidence(self):
        fw = image(self.scratch)
        for errors, status in self.run_all([("--password-time", "0", "add", fw)] * 4):
            self.assertEqual((errors, status), ("", 0))
        self.assertEqual(len(self.json("evidence")["evidence"]), 1)
        self.verify_ok()

    def test_add_remove_answer_and_read_at_once(self):
        fw = image(self.scratch)
        calls = []
        for i in range(4):
            calls += [("--password-time", "0", "add", fw), ("remove", "camera.bin", "--by", "A", "--reason", "x", "--yes"), ("status",), ("verify",),
                      ("answer", "conditions.update-mechanism", "yes", "--by", "A", "--note", f"n{i}")]
        for (errors, status), call in zip(self.run_all(calls), calls):
            # A removal may come when there is nothing to remove, an addition may meet a removal; nothing else goes wrong.
            allowed = {"remove": (0, 2), "add": (0, 3)}.get(call[2] if call[0].startswith("--") else call[0], (0,))
            self.assertIn(status, allowed, f"{call}: {errors}")
            self.assertLessEqual(len(errors.splitlines()), 1, errors)
        self.verify_ok()
        self.assertEqual(len(self.json("evidence")["answers"]), 4)

    def test_reading_while_another_writes(self):
        fw = image(self.scratch)
        self.assay("add", fw)
        stop = threading.Event()
        failures = []

        def answer():
            n = 0
            while not stop.is_set():
                n += 1
                result = run_program(("answer", "conditions.update-mechanism", "yes", "--by", "A", "--note", f"n{n}"), self.here, self.env)
                if result.status != 0:
                    failures.append(str(result))

        writer = threading.Thread(target=answer)
        writer.start()
        try:
            for _ in range(10):
                self.assay("verify")
                self.assay("--json", "evidence")
        finally:
            stop.set()
            writer.join()
        self.assertEqual(failures, [])
        self.verify_ok()


if __name__ == "__main__":
    unittest.main()
