# SPDX-License-Identifier: Apache-2.0
"""The catalogue as people change it: every way to break it is named with file and line, the counts are the publishers', and a scheme of one's own,
data only, is judged like those that ship."""

import pathlib
import shutil
import unittest

from support import DAY, Case, image, requirement_of, scheme_of, units_of

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

# A small scheme beside those that ship. `#here` marks the line that a complaint must name.
MADE = {
    "knowledge/facts/made.yaml": """\
facts:
  made-door:
    ask: Does the made product have a door?
    why: Only a door can be closed.
    type: boolean
  made-colour:
    ask: Which colour does the made door have?
    why: Red doors are closed.
    type: words
    one_of: [red, green]
""",
    "knowledge/questions/made.yaml": """\
questions:
  - id: made.no-known-password
    ask: Does no account of the made product open with a word of a dictionary?
    why: A password that everybody knows keeps nobody out.
    subject: product
    state: any
    interface: any
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
      - {by: observation, kind: account, cost: 5, what: Add the made image.}
    remedy: Take the known password out of the made image.
    source: The tests
    confidence: confirmed
  - id: made.door-closed
    ask: Is the door of the made product closed?
    why: An open door keeps nobody out.
    subject: product
    state: any
    interface: any
    machine: ["yes", "no"]
    person: "yes"
    rules:
      - answer: "yes"
        because: Red doors are closed.
        when: {fact: made-colour, is: red}
      - answer: "no"
        because: Green doors are open.
        when: {fact: made-colour, is: green}
    settle:
      - {by: answer, cost: 1, what: Look at the door.}
    remedy: Close the made door.
    source: The tests
    confidence: confirmed
  - id: made.login-closed
    ask: Is this login of the made product closed?
    why: A login is a door too.
    subject: AuthMech
    state: any
    interface: any
    person: "yes"
    settle:
      - {by: answer, cost: 1, what: Look at the login.}
    remedy: Close the made login.
    source: The tests
    confidence: confirmed
""",
    "knowledge/words/ja/made.yaml": """\
questions:
  made.no-known-password: {ask: "既知のパスワードはありませんか。", why: "誰でも入れるためです。"}
  made.door-closed: {ask: "扉は閉じていますか。", why: "誰でも入れるためです。"}
  made.login-closed: {ask: "このログインは閉じていますか。", why: "ログインも扉です。"}
facts:
  made-door: {ask: "扉はありますか。"}
  made-colour: {ask: "扉は何色ですか。"}
""",
    "schemes/made/scheme.yaml": """\
id: made
edition: "1"
title: A scheme of one's own
publisher: The tests
markets: [eu]
combine: roll-up
counts: {requirements: 3, units: 3, trees: 1, mandatory: 3, levels: 2}
complete: true
levels:
  - {id: low, title: Low, state: in operation, source: The tests, confidence: confirmed}
  - {id: high, title: High, state: in operation, source: The tests, confidence: confirmed}
applications:
  - {id: form, title: The form, level: low, source: The tests, confidence: confirmed}
""",
    "schemes/made/scope.yaml": """\
include:
  - {id: made-all, article: "1", why: It is a product., when: {value: product.model, is: {present: true}}}
""",
    "schemes/made/trees/made.yaml": """\
trees:
  - id: made-door
    title: The door
    subject: product
    start: password
    nodes:
      password: {question: made.no-known-password, "yes": pass, "no": door}
      door: {question: made.door-closed, "yes": pass, "no": fail}
""",
    "schemes/made/requirements/made.yaml": """\
requirements:
  - id: M-1
    title: No known password
    text: No account opens with a password that is known.
    status: mandatory
    source: The tests
    confidence: confirmed
    assessments:
      - id: M-1 a
        kind: checklist
        units:
          - id: M-1 u
            title: No account opens
            question: made.no-known-password
            confidence: confirmed
  - id: M-2
    title: The door
    text: No account opens, or the door is closed.
    status: mandatory
    source: The tests
    confidence: confirmed
    assessments:
      - id: M-2 a
        kind: checklist
        units:
          - id: M-2 u
            title: The door is closed
            tree: made-door
            confidence: confirmed
  - id: M-3
    title: The logins
    text: Every login is closed.
    status: mandatory
    source: The tests
    confidence: confirmed
    assessments:
      - id: M-3 a
        kind: checklist
        units:
          - id: M-3 u
            title: This login is closed
            question: made.login-closed
            confidence: confirmed
""",
}

QUESTIONS, TREES, ROWS = "knowledge/questions/made.yaml", "schemes/made/trees/made.yaml", "schemes/made/requirements/made.yaml"
SCHEME, WORDS = "schemes/made/scheme.yaml", "knowledge/words/ja/made.yaml"
SEEN = "when: {seen: account, where: {password: known, locked: false}}"
RED = "when: {fact: made-colour, is: red}"
DUPLICATE = ('{id: made.login-closed, ask: Is it?, why: w, subject: product, state: any, interface: any, person: "yes", '
             'settle: [{by: answer, cost: 1, what: Look.}], remedy: Do it., source: s, confidence: confirmed}\n')

# name -> (file, what stands there, what breaks it, words of the complaint). A file that is not there yet is made of the third.
BROKEN = {
    "a loop in a tree": (TREES, '"no": door}\n      door: {question: made.door-closed, "yes": pass, "no": fail}',
                         '"no": door} #here\n      door: {question: made.door-closed, "yes": pass, "no": password}', ["loop", "password"]),
    "a branch that leads nowhere": (TREES, '"yes": pass, "no": fail}', '"yes": pass, "no": cellar} #here', ["cellar"]),
    "a branch left out": (TREES, ', "no": fail}', "} #here", ["no"]),
    "a node that nothing leads to": (TREES, '"no": fail}', '"no": fail}\n      attic: {question: made.door-closed, "yes": pass, "no": fail} #here', ["attic"]),
    "a tree of an unknown question": (TREES, "question: made.door-closed, ", "question: made.door-close, ", ["made.door-close", "did you mean"]),
    "an unknown observation kind": (QUESTIONS, SEEN, "when: {seen: acount, where: {password: known, locked: false}} #here", ["acount", "account"]),
    "an unknown field": (QUESTIONS, SEEN, "when: {seen: account, where: {pasword: known, locked: false}} #here", ["pasword", "password"]),
    "a word that a field does not have": (QUESTIONS, SEEN, "when: {seen: account, where: {password: knwon, locked: false}} #here", ["knwon", "known"]),
    "an unknown check": (QUESTIONS, "[firmware/accounts, ", "[firmware/acounts, ", ["firmware/acounts"]),
    "an unknown fact": (QUESTIONS, RED, "when: {fact: made-color, is: red} #here", ["made-color", "made-colour"]),
    "a word that a fact does not have": (QUESTIONS, RED, "when: {fact: made-colour, is: rde} #here", ["rde", "red"]),
    "a fact that is no boolean": (QUESTIONS, RED, "when: {fact: made-door, is: red} #here", ["made-door", "true or false"]),
    "a wrong count": (SCHEME, 'id: made\nedition: "1"\ntitle', 'id: made #here\nedition: "1"\ntitle', []),
    "a question that is there twice": (QUESTIONS, "  - id: made.login-closed", "  - " + DUPLICATE + "  - id: made.login-closed #here", ["made.login-closed"]),
    "a requirement that is there twice": (ROWS, "- id: M-2\n", "- id: M-1 #here\n", ["M-1"]),
    "a fact that is there twice": ("knowledge/facts/z-made.yaml", None,
                                   "facts:\n  made-door: {ask: Again?, why: Twice., type: boolean} #here\n", ["made-door", "knowledge/facts/made.yaml"]),
    "a level that is there twice": (SCHEME, "  - {id: high, title: High, state: in operation, source: The tests, confidence: confirmed}",
                                    "  - {id: low, title: High, state: in operation, source: The tests, confidence: confirmed} #here", ["low"]),
    "a verdict that cannot be reached": (QUESTIONS, "    machine: [\"yes\", \"no\"]\n    person: with-evidence",
                                         "    machine: [\"no\"]\n    person: \"no\"", ["M-1", "never PASS"]),
    "a question without Japanese words": (WORDS, '  made.login-closed: {ask: "このログインは閉じていますか。", why: "ログインも扉です。"}\n', "", ["made.login-closed", "Japanese"]),
    "a fact without Japanese words": (WORDS, '  made-colour: {ask: "扉は何色ですか。"}\n', "", ["made-colour", "Japanese"]),
    "a gate over another subject": (ROWS, "            question: made.login-closed\n", "            question: made.login-closed\n"
                                    "            gates:\n              - {after: M-1 u} #here\n", ["M-3 u", "through"]),
    "a gate through a cell that is none": (ROWS, "            question: made.login-closed\n", "            question: made.login-closed\n"
                                           "            gates:\n              - {after: M-1 u, through: Nowhere} #here\n", ["Nowhere"]),
    "a gate that waits for itself": (ROWS, "          - id: M-1 u\n", "          - id: M-1 u #here\n            gates: [{after: M-1 u}]\n", ["M-1 u", "itself"]),
    "two gates that wait for each other": (ROWS, "            question: made.no-known-password\n            confidence: confirmed\n",
                                           "            question: made.no-known-password\n            gates: [{after: M-2 u}]\n            confidence: confirmed\n",
                                           ["itself"]),
    "information of an unknown table": (ROWS, "    assessments:\n      - id: M-1 a", "    information:\n      - {id: I-1, table: Asets, field: Access} #here\n"
                                        "    assessments:\n      - id: M-1 a", ["Asets"]),
    "information of an unknown field": (ROWS, "    assessments:\n      - id: M-1 a", "    information:\n      - {id: I-1, table: Asset, field: Acess} #here\n"
                                        "    assessments:\n      - id: M-1 a", ["Acess", "Access"]),
    "an application for an unknown level": (SCHEME, "  - {id: form, title: The form, level: low, source: The tests, confidence: confirmed}",
                                            "  - {id: form, title: The form, level: middle, source: The tests, confidence: confirmed} #here", ["middle"]),
    "a variant of an unknown tree": (TREES, "  - id: made-door\n", "  - id: made-door #here\n    variant_of: made-window\n", ["made-window"]),
    "a part of an unknown tree": (TREES, "  - id: made-door\n", "  - id: made-door #here\n    part_of: made-window\n", ["made-window"]),
}
# Where the complaint stands in another file than the one that was broken: file and the text of its line.
ELSEWHERE = {
    "a tree of an unknown question": (TREES, "question: made.door-close,"),
    "an unknown check": (QUESTIONS, "firmware/acounts"),
    "a verdict that cannot be reached": (ROWS, "- id: M-1\n"),
    "a question without Japanese words": (QUESTIONS, "- id: made.login-closed"),
    "a fact without Japanese words": ("knowledge/facts/made.yaml", "made-colour:"),
    "two gates that wait for each other": (ROWS, "- id: M-1 u"),
}


def line_of(text, what):
    return text[:text.index(what)].count("\n") + 1


class Breaking(Case):
    """What ships, without its cases (they take most of the time and are judged when the program is built), and the made scheme."""

    def setUp(self):
        super().setUp()
        self.copy = self.scratch / "catalogue"
        for folder in ("schemes", "knowledge"):
            shutil.copytree(ROOT / folder, self.copy / folder, ignore=shutil.ignore_patterns("cases"))
        for name, text in MADE.items():
            path = self.copy / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self.before = self.complaints()

    def complaints(self):
        found = self.assay("--json", "--catalogue", self.copy, "catalogue", "check", status=None).json()
        self.assertEqual(found["ok"], not found["errors"])
        return [(str(e["path"]).removeprefix(str(self.copy) + "/"), e["line"], e["what"]) for e in found["errors"]]

    def new_complaints(self):
        return [c for c in self.complaints() if c not in self.before]

    def edit(self, name, old, new):
        path = self.copy / name
        text = path.read_text(encoding="utf-8")
        self.assertIn(old, text, name)
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def named(self, path, line, *words):
        """A complaint that was not there before names the place and says the words."""
        found = self.new_complaints()
        at = [what for p, n, what in found if (p, n) == (path, line)]
        self.assertTrue(any(all(word in what for word in words) for what in at), f"{path}:{line} {words}: {found}")

    def test_what_ships_and_the_made_scheme_are_in_order(self):
        self.assertEqual(self.before, [])

    def test_each_is_named_with_file_and_line(self):
        for name, (path, old, new, words) in BROKEN.items():
            with self.subTest(broken=name):
                target = self.copy / path
                whole = target.read_text(encoding="utf-8") if old is not None else None
                if whole is None:
                    target.write_text(new, encoding="utf-8")
                else:
                    if name == "a wrong count":
                        self.edit(path, "units: 3", "units: 4")
                    if name == "two gates that wait for each other":
                        self.edit(path, "            tree: made-door\n", "            tree: made-door\n            gates: [{after: M-1 u}]\n")
                    self.edit(path, old, new)
                where, mark = ELSEWHERE.get(name, (path, "#here"))
                try:
                    self.named(where, line_of((self.copy / where).read_text(encoding="utf-8"), mark), *words)
                finally:
                    if whole is None:
                        target.unlink()
                    else:
                        target.write_text(whole, encoding="utf-8")

    def test_the_text_form_says_path_line_and_column(self):
        self.edit(QUESTIONS, RED, "when: {fact: made-color, is: red} #here")
        line = line_of((self.copy / QUESTIONS).read_text(encoding="utf-8"), "#here")
        result = self.assay("--catalogue", self.copy, "catalogue", "check", status=1)
        told = [complaint for complaint in result.err.splitlines() if "made-color" in complaint]
        self.assertEqual(len(told), 1, result.err)
        self.assertIn(f"{QUESTIONS}:{line}:", told[0])

    def test_counts_of_what_ships_are_held(self):
        for scheme, count in (("jc-star", "requirements: 16"), ("en-303-645", "units: 226"), ("en-18031-2", "trees: 43"), ("in-itsar-ip-router", "requirements: 179")):
            path = f"schemes/{scheme}/scheme.yaml"
            name, number = count.split(": ")
            text = (self.copy / path).read_text(encoding="utf-8")
            with self.subTest(scheme=scheme):
                self.edit(path, count, f"{name}: {int(number) + 1}")
                self.named(path, line_of(text, "id: " + scheme), f"says {int(number) + 1} {name}, there are {number}")
                (self.copy / path).write_text(text, encoding="utf-8")

    def test_a_japanese_title_left_out(self):
        path = self.copy / "schemes/jc-star/words/ja.yaml"
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        at = next(i for i, line in enumerate(lines) if '"S1.1-03"' in line)
        path.write_text("".join(lines[:at] + lines[at + 2:]), encoding="utf-8")
        rows = next(p for p in sorted((self.copy / "schemes/jc-star/requirements").iterdir()) if '- id: "S1.1-03"\n' in p.read_text(encoding="utf-8"))
        self.named(str(rows.relative_to(self.copy)), line_of(rows.read_text(encoding="utf-8"), '- id: "S1.1-03"\n'), "S1.1-03", "Japanese title")

    def test_a_provision_left_out_of_the_moves(self):
        folder = "schemes/en-303-645@3.1.3"
        moves = self.copy / folder / "moves.yaml"
        text = moves.read_text(encoding="utf-8")

        def rows_with(scheme, requirement):
            mark = f'- id: "{requirement}"\n'
            path = next(p for p in sorted((self.copy / "schemes" / scheme / "requirements").iterdir()) if mark in p.read_text(encoding="utf-8"))
            return str(path.relative_to(self.copy)), line_of(path.read_text(encoding="utf-8"), mark)

        # A provision of the edition before that nothing says what became of.
        self.edit(folder + "/moves.yaml", 'from: ["5.1-2"]', 'from: ["5.1-1"]')
        self.named(*rows_with("en-303-645", "5.1-2"), "moves.yaml", "5.1-2")
        # A new one that comes from nowhere.
        moves.write_text(text.replace('to: "5.1-2A"', 'to: "5.1-2"', 1), encoding="utf-8")
        self.named(*rows_with("en-303-645@3.1.3", "5.1-2A"), "moves.yaml", "5.1-2A")
        # And one that does not exist.
        moves.write_text(text.replace('from: ["5.1-2"]', 'from: ["5.1-2", "5.1-99"]', 1), encoding="utf-8")
        self.assertTrue(any(p == folder + "/moves.yaml" and "5.1-99" in what for p, _, what in self.new_complaints()))


class Counts(Case):
    def setUp(self):
        super().setUp()
        self.list = {s["key"]: s for s in self.assay("--json", "catalogue", "list").json()}

    def test_exact_counts(self):
        for key, name, number in (("jc-star", "requirements", 16), ("en-303-645", "requirements", 68), ("en-303-645", "units", 226),
                                  ("en-303-645@3.1.3", "requirements", 78), ("en-18031-1", "requirements", 33), ("en-18031-2", "requirements", 43),
                                  ("en-18031-3", "requirements", 37), ("en-18031-1", "trees", 33), ("en-18031-2", "trees", 43), ("en-18031-3", "trees", 37),
                                  ("in-itsar-ip-router", "requirements", 179), ("in-bis-cctv", "requirements", 30), ("uk-psti", "requirements", 6)):
            with self.subTest(scheme=key, count=name):
                self.assertEqual(self.list[key][name], number)
        self.assertEqual(sum(self.list[f"en-18031-{part}"]["trees"] for part in (1, 2, 3)), 113)
        self.assertEqual(self.list["en-303-645"]["edition"], "2.1.1")
        self.assertEqual(self.list["en-303-645@3.1.3"]["edition"], "3.1.3")
        self.assertEqual(self.list["en-303-645@3.1.3"]["id"], "en-303-645")

    def test_gaps_are_named_where_something_is_missing(self):
        for key, scheme in self.list.items():
            with self.subTest(scheme=key):
                gaps = scheme.get("gaps", [])
                self.assertEqual(scheme["complete"], not gaps)
                self.assertTrue(all(len(gap) > 20 for gap in gaps), gaps)
        self.assertTrue(self.list["en-303-645"]["complete"])
        self.assertFalse(self.list["jc-star"]["complete"])
        text = self.assay("catalogue", "list").out
        self.assertIn("not complete", text)
        self.assertIn("gap: ", text)

    def test_what_was_not_read_is_never_judged(self):
        self.assertEqual(self.list["in-itsar-wifi-cpe"]["requirements"], 0)
        self.assertFalse(self.list["in-itsar-wifi-cpe"]["complete"])
        self.workspace(PRODUCT_WIFI)
        result = self.json("status")
        self.assertEqual(scheme_of(result, "in-itsar-wifi-cpe")["requirements"], [])
        self.assertIn("Nothing can be said", scheme_of(result, "in-itsar-wifi-cpe")["claim"])
        fw = image(self.scratch, telnet=False, password="*")
        # Nothing to judge is no success.
        self.assay("--date", DAY, "check", fw, "--scheme", "in-itsar-wifi-cpe", status=4)
        self.assay("add", fw)
        for level in ("STAR-2", "STAR-3", "STAR-4"):
            with self.subTest(level=level):
                self.product(PRODUCT_WIFI.replace("STAR-1", level))
                jc = scheme_of(self.json("status", "jc-star"), "jc-star")
                self.assertIn("STAR-1", jc["title"])
                self.assertNotIn(level, str([r["id"] + r["title"] for r in jc["requirements"]]))
                self.assertNotIn("pass", {r["verdict"] for r in jc["requirements"]})
                plan = {s["scheme"]: s for s in self.json("scope", "--plan")["steps"]}
                self.assertNotIn("application", plan["jc-star"])


PRODUCT_WIFI = """\
product:
  name: Test Router
  model: TR-1
  version: "1.0.0"
  manufacturer: {name: Test Works, address: "1 Test Street, Testham"}
markets: [in, jp]
levels: {jc-star: STAR-1}
properties: {internet-protocol: true, category: [wifi-cpe]}
"""

PRODUCT_MADE = """\
product:
  name: Test Camera
  model: TC-1
  version: "1.0.0"
  manufacturer: {name: Test Works, address: "1 Test Street, Testham"}
markets: [eu]
schemes: [made]
complete: [AuthMech]
"""


class SchemeOfOnesOwn(Case):
    """Knowledge as it ships and one scheme of data: no line of the program changes."""

    def setUp(self):
        super().setUp()
        self.copy = self.scratch / "catalogue"
        shutil.copytree(ROOT / "knowledge", self.copy / "knowledge", ignore=shutil.ignore_patterns("recognitions.yaml"))
        for name, text in MADE.items():
            path = self.copy / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def made(self, *files, product=PRODUCT_MADE):
        product = self.product(product)
        add = [part for f in files for part in ("--add", f)]
        out = self.here / f"out-{len(list(self.here.iterdir()))}"
        return self.json("--catalogue", self.copy, "assess", product, "--scheme", "made", *add, "-o", out)

    def verdict(self, result, requirement):
        return requirement_of(result, "made", requirement)["verdict"]

    def test_it_is_judged_and_checked(self):
        bad, good = image(self.scratch, "bad.bin"), image(self.scratch, "good.bin", telnet=False, password="*")
        self.assertEqual(self.verdict(self.made(), "M-1"), "inconclusive")
        self.assertEqual(self.verdict(self.made(bad), "M-1"), "fail")
        self.assertEqual(self.verdict(self.made(good), "M-1"), "pass")
        red = PRODUCT_MADE + "properties: {made-colour: red}\n"
        green = PRODUCT_MADE + "properties: {made-colour: green}\n"
        self.assertEqual(self.verdict(self.made(bad), "M-2"), "inconclusive")
        self.assertEqual(self.verdict(self.made(bad, product=red), "M-2"), "pass")
        self.assertEqual(self.verdict(self.made(bad, product=green), "M-2"), "fail")
        self.assertEqual(self.verdict(self.made(good, product=green), "M-2"), "pass")
        check = ("--date", DAY, "--catalogue", self.copy, "check")
        self.assay(*check, bad, "--scheme", "made", status=1)
        self.assay(*check, good, "--scheme", "made", status=4)
        # The two requirements that a machine and the declaration settle.
        rows = self.copy / ROWS
        text = rows.read_text(encoding="utf-8")
        rows.write_text(text[:text.index("  - id: M-3")], encoding="utf-8")
        self.assay(*check, good, "--scheme", "made", status=0)
        self.assay(*check, bad, "--scheme", "made", status=1)

    def test_a_changed_tree_changes_the_verdict(self):
        bad = image(self.scratch, "bad.bin")
        self.assertEqual(self.verdict(self.made(bad), "M-2"), "inconclusive")
        tree = self.copy / TREES
        tree.write_text(MADE[TREES].replace('"yes": pass, "no": door}', '"yes": door, "no": fail}'), encoding="utf-8")
        result = self.made(bad)
        self.assertEqual(self.verdict(result, "M-2"), "fail")
        path = units_of(requirement_of(result, "made", "M-2"))["M-2 u"]["instances"][0]["path"]
        self.assertEqual([(s["node"], s["answer"]) for s in path][0], ("password", "no"))

    def test_an_added_question_is_asked_and_answered(self):
        questions = self.copy / QUESTIONS
        questions.write_text(MADE[QUESTIONS] + """\
  - id: made.window-closed
    ask: Is the window of the made product closed?
    why: A window is a door too.
    subject: product
    state: any
    interface: any
    person: "yes"
    settle:
      - {by: answer, cost: 1, what: Look at the window.}
    remedy: Close the made window.
    source: The tests
    confidence: confirmed
""", encoding="utf-8")
        (self.copy / WORDS).write_text(MADE[WORDS].replace("facts:", '  made.window-closed: {ask: "窓は閉じていますか。", why: "窓も扉です。"}\nfacts:'), encoding="utf-8")
        rows = self.copy / ROWS
        rows.write_text(MADE[ROWS].replace("question: made.login-closed", "question: made.window-closed"), encoding="utf-8")
        self.assertEqual(self.verdict(self.made(), "M-3"), "inconclusive")
        answers = self.here / "answers.yaml"
        for value, verdict in (("yes", "pass"), ("no", "fail")):
            answers.write_text(f"answers:\n  - {{question: made.window-closed, value: '{value}', by: A. Engineer, note: looked at it}}\n", encoding="utf-8")
            result = self.json("--catalogue", self.copy, "assess", self.product(PRODUCT_MADE), "--scheme", "made", "--answers", answers, "-o", self.here / value)
            self.assertEqual(self.verdict(result, "M-3"), verdict)
            self.assertEqual(requirement_of(result, "made", "M-3")["basis"], "attested")


if __name__ == "__main__":
    unittest.main()
