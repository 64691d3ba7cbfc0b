# SPDX-License-Identifier: Apache-2.0
"""`assay questions`: the list, the workbook that is filled in and read back, and the interview at a terminal."""

import csv
import io
import os
import pty
import re
import select
import subprocess
import time
import unittest
import zipfile

from support import BINARY, DAY, PATIENCE, PRODUCT, Case


class Workbook:
    """The sheets of an .xlsx as rows of text, and a way to fill in cells."""

    def __init__(self, path):
        self.path = path
        with zipfile.ZipFile(path) as z:
            self.parts = {name: z.read(name) for name in z.namelist()}
        shared = self.parts["xl/sharedStrings.xml"].decode()
        self.strings = [self._plain("".join(re.findall(r"<t[^>]*>(.*?)</t>", item, re.S))) for item in re.findall(r"<si>(.*?)</si>", shared, re.S)]
        self.names = re.findall(r'<sheet name="([^"]*)"', self.parts["xl/workbook.xml"].decode())

    @staticmethod
    def _plain(text):
        return text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")

    def part(self, sheet):
        return f"xl/worksheets/sheet{self.names.index(sheet) + 1}.xml"

    def xml(self, sheet):
        return self.parts[self.part(sheet)].decode()

    def rows(self, sheet):
        out = []
        for row in re.findall(r"<row [^>]*>(.*?)</row>", self.xml(sheet), re.S):
            cells = {}
            for ref, kind, value in re.findall(r'<c r="([A-Z]+)\d+"[^>/]*?(?: t="(\w+)")?(?:/>|><v>(.*?)</v></c>)', row):
                cells[ref] = self.strings[int(value)] if kind == "s" else value
            out.append(cells)
        return out

    def fill(self, sheet, ref, text):
        changed, n = re.subn(rf'<c r="{ref}"[^>]*/>', f'<c r="{ref}" t="inlineStr"><is><t>{text}</t></is></c>', self.xml(sheet))
        assert n == 1, (sheet, ref)
        self.parts[self.part(sheet)] = changed.encode()

    def save(self, path):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
            for name, data in self.parts.items():
                z.writestr(name, data)
        return path


class Questions(Case):
    def setUp(self):
        super().setUp()
        self.workspace()

    def asked(self, *args):
        return self.json("questions", *args)

    def answerable(self):
        """(line in the sheet, row) of a question about the product that a person may answer."""
        for n, row in enumerate(self.asked()["questions"]):
            if row["takes"] == ["yes", "no"] and row["person"] == "yes" and not row["instance"]:
                return n + 2, row
        self.fail("nothing to answer")

    def test_the_list(self):
        got = self.asked()
        self.assertTrue(got["facts"] and got["questions"])
        status = self.json("status")
        owed = {(o["question"], o.get("instance", "")) for s in status["schemes"] for r in s["requirements"] for o in r["owed"]}
        for row in got["questions"]:
            self.assertIn((row["question"], row["instance"]), owed)
            self.assertTrue(row["ask"] and row["why"] and row["requirements"], row)
        listed = self.assay("--date", DAY, "questions").out
        for row in got["questions"][:5]:
            self.assertIn(row["question"], listed)
        # Without a workspace the same is asked of product.yaml alone.
        alone = self.scratch / "alone"
        alone.mkdir()
        self.product(directory=alone)
        other = self.asked(alone / "product.yaml")
        self.assertEqual([r["question"] for r in other["questions"]], [r["question"] for r in got["questions"]])
        self.assertFalse((alone / ".assay").exists())

    def test_the_workbook_goes_out_and_comes_back(self):
        line, row = self.answerable()
        self.assay("--date", DAY, "questions", "--xlsx", "ask.xlsx")
        book = Workbook(self.here / "ask.xlsx")
        self.assertEqual(book.names, ["Questions", "Facts", "Statements"])
        rows = book.rows("Questions")
        self.assertEqual(list(rows[0].values())[:2], ["Question id", "Question"])
        self.assertEqual((rows[line - 1]["A"], rows[line - 1]["B"]), (row["question"], row["ask"]))
        self.assertEqual(len(rows), len(self.asked()["questions"]) + 1)
        xml = book.xml("Questions")
        self.assertIn('state="frozen"', xml)
        self.assertIn(f'sqref="I{line}"><formula1>"yes,no"</formula1>', xml)
        # Nothing filled in: nothing recorded.
        self.assertEqual(self.json("questions", "--read", "ask.xlsx", "--by", "B")["answers"], [])

        book.fill("Questions", f"I{line}", "yes")
        book.fill("Questions", f"K{line}", "Seen in the design.")
        facts = self.asked()["facts"]
        fact = next(n for n, f in enumerate(facts) if f["type"] == "boolean")
        book.fill("Facts", f"F{fact + 2}", "no")
        book.save(self.here / "filled.xlsx")
        done = self.json("questions", "--read", "filled.xlsx", "--by", "B")
        self.assertEqual([(a["question"], a["value"], a["by"], a["note"]) for a in done["answers"]], [(row["question"], "yes", "B", "Seen in the design.")])
        self.assertEqual(done["facts"], 1)
        self.assertIn(f"{facts[fact]['fact']}: false", (self.here / "product.yaml").read_text())
        again = self.json("questions", "--read", "filled.xlsx", "--by", "B")
        self.assertEqual((again["answers"], again["facts"], again["unchanged"]), ([], 0, 2))
        self.assertEqual(len(self.json("evidence")["answers"]), 1)
        self.verify_ok()

    def test_every_bad_cell_is_one_line_and_keeps_no_other_back(self):
        line, row = self.answerable()
        self.assay("--date", DAY, "questions", "--xlsx", "ask.xlsx")
        book = Workbook(self.here / "ask.xlsx")
        others = [n + 2 for n, r in enumerate(self.asked()["questions"]) if r["takes"] == ["yes", "no"] and n + 2 != line][:3]
        book.fill("Questions", f"I{line}", "no")
        book.fill("Questions", f"I{others[0]}", "perhaps")
        book.fill("Questions", f"I{others[1]}", "n/a")
        book.fill("Questions", f"I{others[2]}", "yes")
        book.fill("Questions", f"L{others[2]}", "absent.pdf")
        facts = self.asked()["facts"]
        fact = next(n for n, f in enumerate(facts) if f["type"] == "boolean")
        book.fill("Facts", f"F{fact + 2}", "sometimes")
        book.save(self.here / "filled.xlsx")
        done = self.assay("--json", "--date", DAY, "questions", "--read", "filled.xlsx", "--by", "B", status=1)
        self.assertEqual([a["question"] for a in done.json()["answers"]], [row["question"]])
        lines = done.err.splitlines()
        self.assertEqual(len(lines), 4, str(done))
        for cell, words in ((f"sheet Questions, cell I{others[0]}", "perhaps"), (f"sheet Questions, cell I{others[1]}", "on the sheet Statements"),
                            (f"sheet Questions, cell L{others[2]}", "absent.pdf"), (f"sheet Facts, cell F{fact + 2}", "expected yes or no")):
            self.assertTrue(any(cell in text and words in text for text in lines), (cell, str(done)))
        # Nobody named: not recorded.
        unnamed = self.assay("--date", DAY, "questions", "--read", "filled.xlsx", status=1)
        self.assertIn("nobody is named who answers", unnamed.err)

    def test_csv_in_japanese_with_evidence(self):
        line, row = self.answerable()
        self.assay("--date", DAY, "questions", "--csv", "ask.csv", "--lang", "ja")
        data = (self.here / "ask.csv").read_bytes()
        self.assertTrue(data.startswith(b"\xef\xbb\xbf"))
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
        self.assertEqual(rows[0][:2], ["質問ID", "質問"])
        self.assertEqual(rows[line - 1][0], row["question"])
        rows[line - 1][8:12] = ["はい", "佐藤", "設計書", "design.txt"]
        (self.here / "sub").mkdir()
        (self.here / "sub" / "design.txt").write_text("design\n")
        with open(self.here / "sub" / "filled.csv", "w", encoding="utf-8", newline="") as out:
            csv.writer(out, delimiter=";").writerows(rows)
        done = self.json("questions", "--read", "sub/filled.csv")
        self.assertEqual([(a["value"], a["by"], a["note"]) for a in done["answers"]], [("yes", "佐藤", "設計書")])
        held = self.json("evidence")["evidence"]
        self.assertEqual(done["answers"][0]["evidence"], [held[0]["id"]])
        self.assertEqual(held[0]["name"], "design.txt")

    def test_what_comes_from_an_image_is_no_formula(self):
        self.product(PRODUCT + 'ixit: {UpdMech: [{ID: "=cmd|x!A1", Description: updates}]}\n')
        self.assay("--date", DAY, "questions", "--csv", "ask.csv")
        rows = list(csv.reader(io.StringIO((self.here / "ask.csv").read_bytes().decode("utf-8-sig"))))
        self.assertFalse([cell for row in rows for cell in row if cell[:1] in "=+-@" and cell])
        line, _ = next((n, r) for n, r in enumerate(rows) if r[3].startswith("'=cmd") and self.takes(r[0], "=cmd|x!A1"))
        rows[line][8:10] = ["no", "B"]
        with open(self.here / "filled.csv", "w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows(rows)
        done = self.json("questions", "--read", "filled.csv")
        self.assertEqual([a["instance"] for a in done["answers"]], ["=cmd|x!A1"])

    def takes(self, question, instance):
        return any(r["question"] == question and r["instance"] == instance and r["takes"] for r in self.asked()["questions"])

    def test_other_files_are_refused(self):
        (self.here / "x.csv").write_text("a,b\n1,2\n")
        self.assert_one_line(self.assay("questions", "--read", "x.csv", status=3), "x.csv", "no sheet")
        self.assertEqual(self.assay("questions", "--xlsx", "no/such/x.xlsx", status=2).out, "")
        self.assertFalse([p for p in self.here.iterdir() if ".xlsx" in p.name])

    # --- at a terminal -------------------------------------------------------------------------------------------------------------

    def interview(self, *typed):
        """Runs it at a terminal, gives the lines typed as it asks for them, and returns what was shown."""
        master, slave = pty.openpty()
        process = subprocess.Popen([BINARY, "--date", DAY, "--no-colour", "questions", "--scheme", "uk-psti"], cwd=self.here, env={**self.env, "COLUMNS": "100"},
                                   stdin=slave, stdout=slave, stderr=slave, start_new_session=True)
        os.close(slave)
        shown, waiting = "", list(typed)
        try:
            end = time.monotonic() + 60 * PATIENCE
            while time.monotonic() < end:
                if not select.select([master], [], [], 1)[0]:
                    if process.poll() is not None:
                        break
                    continue
                try:
                    data = os.read(master, 65536)
                except OSError:
                    break
                if not data:
                    break
                shown += data.decode("utf-8", "replace")
                if re.search(r"(> |\] |: )$", shown) and waiting:
                    os.write(master, waiting.pop(0).encode() + b"\n")
            self.assertEqual(process.wait(20 * PATIENCE), 0, shown)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
            os.close(master)
        return shown.replace("\r\n", "\n")

    def test_the_interview_records_as_it_goes(self):
        facts = [f for f in self.asked("--scheme", "uk-psti")["facts"]]
        (self.here / "design.txt").write_text("design\n")
        # Who, all facts skipped, one question answered with a note and evidence, then the end.
        shown = self.interview("Ada", *["s"] * len(facts), "e design.txt", "t Read in the design.", "y", "q")
        self.assertIn("Who answers?", shown)
        self.assertIn("Why:", shown)
        self.assertIn("Settles: uk-psti", shown)
        self.assertIn("Recorded: yes, by Ada.", shown)
        answers = self.json("evidence")["answers"]
        self.assertEqual([(a["value"], a["by"], a["note"]) for a in answers], [("yes", "Ada", "Read in the design.")])
        self.assertEqual(len(answers[0]["evidence"]), 1)

    def test_a_fact_said_in_the_interview_is_in_product_yaml(self):
        facts = self.asked("--scheme", "uk-psti")["facts"]
        at = next(n for n, f in enumerate(facts) if f["type"] == "boolean")
        self.interview("Ada", *["s"] * at, "perhaps", "n", "q")
        self.assertIn(f"{facts[at]['fact']}: false", (self.here / "product.yaml").read_text())


if __name__ == "__main__":
    unittest.main()
