# SPDX-License-Identifier: Apache-2.0
"""`assay import`: tables that makers and laboratories keep become a declaration, and nothing that stands is lost."""

import json
import unittest
import zipfile

from support import PRODUCT, Case

ICS = """\
# ICS of the camera
## 5.1 No universal default passwords
| Reference | Status | Support | Detail |
|---|---|---|---|
| **Provision 5.1-1** | M C(1) | **Y** | Made per unit, on the label. |
| Provision 5.1-2A | R | N/A | No machine logs in. |
| Provision 5.1-4 | M | Y (partly) | Half of it. |
"""

IXIT = """\
# IXIT 1-AuthMech: Authentication Mechanisms

## **ID**: AuthMech-Web
### Description
Login of the web page,
as administrator.
### Brute Force Prevention
One try a second.

## Summary
| Mechanism ID | Layer |
|---|---|
| AuthMech-Web | web |
"""


def workbook(path, sheets):
    """An .xlsx of inline strings: {sheet: rows}."""
    def cell(column, line, text):
        escaped = text.replace("&", "&amp;").replace("<", "&lt;")
        return f'<c r="{chr(65 + column)}{line}" t="inlineStr"><is><t xml:space="preserve">{escaped}</t></is></c>' if text else ""

    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        names = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, 1))
        out.writestr("xl/workbook.xml", f'<workbook xmlns:r="r"><sheets>{names}</sheets></workbook>')
        out.writestr("xl/_rels/workbook.xml.rels", "<Relationships>" + "".join(
            f'<Relationship Id="rId{n}" Target="worksheets/sheet{n}.xml"/>' for n in range(1, len(sheets) + 1)) + "</Relationships>")
        for n, rows in enumerate(sheets.values(), 1):
            body = "".join(f'<row r="{line}">' + "".join(cell(c, line, text) for c, text in enumerate(row)) + "</row>" for line, row in enumerate(rows, 1))
            out.writestr(f"xl/worksheets/sheet{n}.xml", f"<worksheet><sheetData>{body}</sheetData></worksheet>")
    return path


class Import(Case):
    def setUp(self):
        super().setUp()
        self.product("# Kept by hand.\n" + PRODUCT + "# the end\n")
        (self.here / "ics.md").write_text(ICS)
        (self.here / "ixit.md").write_text(IXIT)

    def text(self):
        return (self.here / "product.yaml").read_text()

    def test_a_makers_set_goes_into_product_yaml(self):
        done = self.assay("import", "ics.md", "ixit.md")
        text = self.text()
        self.assertTrue(text.startswith("# Kept by hand.\n" + PRODUCT), text)
        for line in ("ics:", "  5.1-1:", '    support: "Y"', "    detail: Made per unit, on the label.", "  5.1-2A:", "    support: N/A",
                     "    - ID: AuthMech-Web", "      Description: Login of the web page, as administrator."):
            self.assertIn(line + "\n", text)
        self.assertNotIn("5.1-4", text)
        lines = done.err.splitlines()
        self.assertEqual(len([line for line in lines if "ics.md:7, column 3: found Y (partly), expected one of Y, N, N/A" in line]), 1, str(done))
        self.assertTrue(any("ixit.md:11: no mapping knows this table" in line for line in lines), str(done))
        # The judge reads what was written.
        self.assay("init")
        self.json("status")
        self.assertIn("0 changed", self.assay("import", "ics.md", "ixit.md").out)
        self.assertEqual(self.text(), text)

    def test_dry_run_writes_nothing(self):
        before = self.text()
        shown = self.json("import", "ics.md", "--dry-run")
        self.assertEqual({(c["kind"], c["path"]) for c in shown["changes"]},
                         {("added", f"ics.{p}.{f}") for p in ("5.1-1", "5.1-2A") for f in ("support", "detail")})
        self.assertEqual(shown["changes"][0]["place"], "ics.md:5, column 3")
        self.assertEqual(self.text(), before)

    def test_what_stands_gives_way_only_to_replace(self):
        self.product(PRODUCT + 'ics: {"5.1-1": {support: N, detail: not yet}}\n')
        done = self.assay("import", "ics.md", status=1)
        self.assertIn("! ics.5.1-1.support is N", done.out)
        self.assertIn("not yet", self.text())
        self.assay("import", "ics.md", "--replace")
        self.assertNotIn("not yet", self.text())
        self.assertIn("Made per unit", self.text())

    def test_a_workbook_of_en_18031(self):
        workbook(self.here / "en18031.xlsx", {
            "ACM-1": [["E.Info.ACM-1.SecurityAsset", ".Access", ".ACM", "E.Info.DT.ACM-1", "E.Just.DT.ACM-1"],
                      ["SA-1: administrator's password", "web page, LAN", "ACM-1", "DN-1: no → DN-2: yes", "Reached behind the login only."]],
            "Access control mechanisms": [["ID", "Description", "Colour"], ["ACM-1", "session of the web page", "red"]],
        })
        done = self.assay("import", "en18031.xlsx")
        self.assertIn("sheet Access control mechanisms, cell C1: the column Colour", done.err)
        shown = self.json("import", "en18031.xlsx")
        self.assertEqual(shown["changes"], [])
        for line in ("    - ID: SA-1", "      Class: security", "      Path: DN-1=N DN-2=Y", "    - Requirement: ACM-1"):
            self.assertIn(line + "\n", self.text())

    def test_what_would_be_no_valid_product_goes_beside(self):
        (self.here / "soft.md").write_text("# IXIT 13-SoftServ\n| ID | Authentication Mechanism |\n|---|---|\n| SoftServ-1 | AuthMech-9 |\n")
        before = self.text()
        done = self.assay("import", "soft.md", status=1)
        self.assertEqual(self.text(), before)
        self.assertIn("AuthMech-9", (self.here / "product.import.yaml").read_text())
        self.assertTrue(any("product.import.yaml:" in line and "no row of AuthMech" in line for line in done.err.splitlines()), str(done))

    def test_a_certificate_is_its_file(self):
        self.assay("init")
        (self.here / "label.pdf").write_bytes(b"%PDF-1.4 label")
        (self.here / "labels.csv").write_text("Standard;Scope;Holder;Issued;Expires;Identifier;File\n"
                                              "JC-STAR STAR-1;TC-1;Test Works;01.05.2026;2028-04-30;J-1;label.pdf\n"
                                              "JC-STAR STAR-1;TC-2;Test Works;2026-05-01;;J-2;\n"
                                              "JC-STAR STAR-1;TC-3;Test Works;2026-05-01;;J-3;absent.pdf\n")
        done = self.assay("import", "labels.csv", "--by", "A", status=1)
        self.assertIn("labels.csv:3: names no file", done.err)
        self.assertIn("absent.pdf", done.err)
        self.assertEqual([e["name"] for e in self.json("evidence")["evidence"]], ["label.pdf"])
        # Once more changes nothing, and forgets nothing.
        self.assay("import", "labels.csv", "--by", "A", status=1)
        self.assertEqual(len(self.json("evidence")["evidence"]), 1)
        self.verify_ok()

    def test_bad_files_are_one_line(self):
        for name, data, words in (("x.xlsx", b"PK\x03\x04broken", "zip"), ("x.csv", b"\x83\x65,\x8f\n", "UTF-8"), ("x.pdf", b"%PDF-1.7", "PDF"),
                                  ("absent.md", None, "absent.md")):
            if data is not None:
                (self.here / name).write_bytes(data)
            with self.subTest(name=name):
                self.assert_one_line(self.assay("import", name, status=3), name, words)
        self.assert_one_line(self.assay("import", "ics.md", "--mapping", "nope", status=2), "no mapping nope", "laboratory-ics")
        (self.here / "other.csv").write_text("Colour,Size\nred,1\n")
        self.assert_one_line(self.assay("import", "other.csv", status=2), "other.csv:1", "no mapping knows")

    def test_a_full_disk_leaves_product_yaml_whole(self):
        before = self.text()
        self.assay("import", "ics.md", status=3, file_size=64)
        self.assertEqual(self.text(), before)
        self.assertEqual(sorted(p.name for p in self.here.iterdir()), ["ics.md", "ixit.md", "product.yaml"])


if __name__ == "__main__":
    unittest.main()
