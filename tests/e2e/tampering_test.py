# SPDX-License-Identifier: Apache-2.0
"""Whoever changes a stored byte behind the program's back is found out by `assay verify`."""

import json
import random
import shutil
import sqlite3
import unittest

from support import SANITIZED, Case, image

SAMPLE = 12 if SANITIZED else 60


class Tampering(Case):
    def setUp(self):
        super().setUp()
        self.workspace()
        self.fw = image(self.scratch)
        added = self.json("add", self.fw)
        self.id = added["evidence"][0]["id"]
        self.assay("add", image(self.scratch, "other.bin", telnet=False))
        observation = added["observations"][0]["id"]
        self.assay("answer", "conditions.update-mechanism", "yes", "--by", "A. Engineer", "--note", "it has one")
        self.assay("answer", "en-303-645/5.2-2", "not-applicable", "--by", "A. Engineer", "--note", "because")
        self.assay("dispose", observation, "--by", "A. Engineer", "--reason", "a test build")
        self.assay("supersede", "other.bin", "camera.bin", "--by", "A. Engineer", "--reason", "older", "--yes")
        self.verify_ok()
        # Everything in one file, so that a change of a byte is a change of the database.
        self.database = self.here / ".assay/assay.db"
        with sqlite3.connect(self.database) as d:
            d.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        d.close()
        self.whole = self.scratch / "whole"
        shutil.copytree(self.here / ".assay", self.whole)

    def restore(self):
        shutil.rmtree(self.here / ".assay")
        shutil.copytree(self.whole, self.here / ".assay")

    def found(self, *words):
        result = self.assay("verify", status=1)
        self.assertTrue(result.err.strip(), str(result))
        for word in words:
            self.assertIn(word, result.err, str(result))
        self.assertNotIn("as they were stored", result.out)
        told = self.assay("--json", "verify", status=1)
        if told.out:
            self.assertFalse(told.json()["ok"])
            self.assertTrue(told.json()["faults"])
        return result

    def sql(self, *statements):
        with sqlite3.connect(self.database) as d:
            d.execute("PRAGMA foreign_keys = OFF")
            for (name,) in d.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                d.execute(f"DROP TRIGGER {name}")
            for s in statements:
                d.execute(*s) if isinstance(s, tuple) else d.execute(s)
        d.close()

    def stored(self, evidence):
        digest = evidence.split(":")[1]
        return self.here / ".assay/evidence" / digest[:2] / digest[2:]

    def test_a_bit_anywhere_in_stored_evidence(self):
        path = self.stored(self.id)
        data = path.read_bytes()
        path.chmod(0o600)
        chosen = random.Random(21)
        places = {0, len(data) - 1, *(chosen.randrange(len(data)) for _ in range(SAMPLE))}
        for at in sorted(places):
            changed = bytearray(data)
            changed[at] ^= 1 << chosen.randrange(8)
            path.write_bytes(changed)
            with self.subTest(at=at):
                self.found(self.id)
        path.write_bytes(data)
        self.verify_ok()

    def test_evidence_cut_grown_swapped_or_gone(self):
        path = self.stored(self.id)
        data = path.read_bytes()
        path.chmod(0o600)
        for changed in (data[:-1], data + b"\0", b"", data[::-1]):
            path.write_bytes(changed)
            self.found(self.id)
        path.unlink()
        self.found(self.id, "missing")
        path.mkdir()
        self.found(self.id)

    def test_every_column_of_every_log_row(self):
        with sqlite3.connect(self.database) as d:
            rows = d.execute("SELECT number FROM log ORDER BY number").fetchall()
            columns = [c[1] for c in d.execute("PRAGMA table_info(log)")]
        d.close()
        self.assertEqual(len(rows), 6)
        for (number,) in rows:
            for column in columns:
                with self.subTest(row=number, column=column):
                    if column == "number":
                        self.sql((f"UPDATE log SET number = number + 100 WHERE number = ?", (number,)))
                    else:
                        # One bit of the first character.
                        self.sql((f"UPDATE log SET {column} = char(unicode({column}) ^ 1) || substr({column}, 2) WHERE number = ?".replace(
                            "^ 1", f"+ CASE unicode({column}) % 2 WHEN 0 THEN 1 ELSE -1 END"), (number,)))
                    self.found("log")
                    self.restore()

    def test_log_rows_taken_out_added_or_exchanged(self):
        for statements in (["DELETE FROM log WHERE number = 1"], ["DELETE FROM log WHERE number = 3"], ["DELETE FROM log WHERE number = 6"], ["DELETE FROM log"],
                           ["DELETE FROM log", "DELETE FROM meta"],
                           ["INSERT INTO log SELECT 7, at, actor, action, subject, detail, previous, hash FROM log WHERE number = 6"],
                           ["UPDATE log SET number = 99 WHERE number = 4", "UPDATE log SET number = 4 WHERE number = 5", "UPDATE log SET number = 5 WHERE number = 99"],
                           ["UPDATE meta SET value = '1:' || substr(value, 3) WHERE key = 'head'"], ["DELETE FROM meta"]):
            with self.subTest(statements=statements):
                self.sql(*statements)
                self.found()
                self.restore()

    def test_tables_that_no_longer_say_what_the_log_says(self):
        attacks = {
            "answer 1": "UPDATE answer SET body = replace(body, '\"yes\"', '\"no\"') WHERE number = 1",
            "answer 2": "DELETE FROM answer WHERE number = 2",
            "answer 3": "INSERT INTO answer (body) VALUES ('{\"question\":\"forged\",\"value\":\"yes\"}')",
            "disposal 1": "UPDATE disposal SET body = replace(body, 'test', 'best')",
            "disposal 2": "INSERT INTO disposal (body) VALUES ('{\"observation\":\"o:0123456789abcdef\"}')",
            "record": "UPDATE evidence SET body = replace(body, '1.0.0', '1.0.1')",
            "record differs": "UPDATE evidence SET state = 'in-use', superseded_by = NULL",
            "superseded": None,
            "observations differ": "UPDATE observation SET body = replace(body, '\"known\"', '\"not-found\"')",
            "observation": "UPDATE observation SET id = 'o:ffffffffffffffff' WHERE id = (SELECT max(id) FROM observation)",
            "not in the log": "INSERT INTO evidence VALUES ('sha256:' || hex(zeroblob(32)), '{}', 'in-use', NULL)",
            "no longer stored": "DELETE FROM evidence",
        }
        for word, attack in attacks.items():
            if attack is None:
                continue
            with self.subTest(attack=attack):
                self.sql(attack)
                self.found(word)
                self.restore()

    def test_each_observation_taken_out_or_put_elsewhere(self):
        with sqlite3.connect(self.database) as d:
            ids = d.execute("SELECT id FROM observation WHERE evidence = ?", (self.id,)).fetchall()
        d.close()
        for (name,) in random.Random(22).sample(ids, min(5, len(ids))):
            with self.subTest(id=name):
                self.sql(("DELETE FROM observation WHERE id = ?", (name,)))
                self.found(self.id)
                self.restore()

    def test_a_bit_anywhere_in_the_database_never_goes_unseen_or_crashes(self):
        data = self.database.read_bytes()
        chosen = random.Random(23)
        before = json.dumps([self.json("evidence"), self.json("log")])
        for _ in range(SAMPLE):
            at = chosen.randrange(len(data))
            changed = bytearray(data)
            changed[at] ^= 1 << chosen.randrange(8)
            self.database.write_bytes(changed)
            for p in self.here.glob(".assay/assay.db-*"):
                p.unlink()
            with self.subTest(at=at):
                result = self.assay("verify", status=None)
                self.assertIn(result.status, (0, 1), str(result))
                if result.status == 0:
                    # Room that holds nothing: what can be read is the same.
                    self.assertEqual(json.dumps([self.json("evidence"), self.json("log")]), before)
                else:
                    self.assertTrue(result.err.strip())
        self.restore()
        self.verify_ok()


if __name__ == "__main__":
    unittest.main()
