# SPDX-License-Identifier: Apache-2.0
"""Every product of profiles.yaml, asked of the real program: each scheme answers as the law says, by the rule and article it should.

Environment: ASSAY_BINARY (the program), ASSAY_CATALOGUE (another catalogue than the one built into it).
"""

import concurrent.futures
import copy
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import yaml

HERE = pathlib.Path(__file__).resolve().parent
BINARY = os.path.abspath(os.environ.get("ASSAY_BINARY", "assay"))
CATALOGUE = os.environ.get("ASSAY_CATALOGUE")
# Answers that come from no rule of scope.yaml.
OF_THE_PROGRAM = {"market", "in-force", "until", ""}


class Text(yaml.SafeLoader):
    """Days stay text."""


Text.yaml_implicit_resolvers = {first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
                                for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()}


class Profile:
    def __init__(self, row, ordinary, earlier):
        self.name = row["name"]
        if "like" in row:
            self.markets, self.placed, self.facts, self.expect = (copy.deepcopy(x) for x in earlier[row["like"]].parts())
        else:
            self.markets, self.placed, self.facts, self.expect = list(ordinary["markets"]), None, dict(ordinary["facts"]), {}
        self.markets = row.get("markets", self.markets)
        self.placed = row.get("placed", self.placed)
        self.facts.update(row.get("facts", {}))
        for fact in row.get("without", []):
            del self.facts[fact]
        self.expect.update(row["expect"])
        self.truths = row.get("truths", {})

    def parts(self):
        return self.markets, self.placed, self.facts, self.expect

    def product(self):
        out = {"product": {"name": self.name, "model": "T-1", "version": "1", "manufacturer": {"name": "Example Works"}}, "properties": self.facts}
        if self.markets:
            out["markets"] = self.markets
        if self.placed:
            out["dates"] = {"placed_on_market": self.placed}
        return out


def load():
    document = yaml.load((HERE / "profiles.yaml").read_text(encoding="utf-8"), Text)  # noqa: S506 a SafeLoader
    profiles = {}
    for row in document["profiles"]:
        if row["name"] in profiles:
            raise AssertionError(f"two profiles are called {row['name']}")
        profiles[row["name"]] = Profile(row, document["ordinary"], profiles)
    return document, list(profiles.values())


def ask(profile, date, folder):
    """The program's answers, one a scheme, under the name of the scheme's folder."""
    path = pathlib.Path(folder) / f"{abs(hash(profile.name))}.yaml"
    path.write_text(json.dumps(profile.product()), encoding="utf-8")
    args = [BINARY, "scope", str(path), "--rules", "--json", "--date", date]
    if CATALOGUE:
        args += ["--catalogue", CATALOGUE]
    run = subprocess.run(args, capture_output=True, text=True, cwd=folder, timeout=120, check=False)
    if run.returncode:
        raise AssertionError(f"{profile.name}: {run.stderr}")
    return {answer["key"]: answer for answer in json.loads(run.stdout)}


class ScopeTable(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.document, cls.profiles = load()
        with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            answers = pool.map(lambda p: ask(p, cls.document["date"], folder), cls.profiles)
            cls.answers = dict(zip((p.name for p in cls.profiles), answers))

    def test_each_profile_is_answered_as_the_law_says(self):
        for profile in self.profiles:
            for scheme, (result, rule, *asks) in profile.expect.items():
                with self.subTest(profile=profile.name, scheme=scheme):
                    answer = self.answers[profile.name][scheme]
                    self.assertEqual((answer["result"], answer["rule"]), (result, rule), answer)
                    self.assertEqual({a["fact"] for a in answer["asks"]}, set(asks), "what is asked for")

    def test_rules_say_what_the_table_says_of_them(self):
        for profile in self.profiles:
            for scheme, truths in profile.truths.items():
                said = {rule["id"]: rule["truth"] for rule in self.answers[profile.name][scheme]["rules"]}
                self.assertEqual({rule: said.get(rule) for rule in truths}, truths, f"{profile.name}, {scheme}")

    def test_each_answer_names_the_article(self):
        articles = self.document["articles"]
        for profile in self.profiles:
            for scheme, (_, rule, *_) in profile.expect.items():
                if rule not in OF_THE_PROGRAM:
                    self.assertIn(articles[rule], self.answers[profile.name][scheme]["article"], f"{profile.name}, {scheme}")

    def test_each_answer_says_why_and_each_question_what_it_is(self):
        for name, answers in self.answers.items():
            for scheme, answer in answers.items():
                self.assertTrue(answer["why"], f"{name}, {scheme}")
                self.assertTrue(all(a["ask"] for a in answer["asks"]), f"{name}, {scheme}")

    def test_each_profile_expects_something_of_every_scheme(self):
        self.assertGreaterEqual(len(self.profiles), 80)
        for profile in self.profiles:
            self.assertEqual(set(profile.expect), set(self.answers[profile.name]), profile.name)

    def test_each_rule_holds_for_one_profile_and_not_for_another(self):
        truths = {}
        for answers in self.answers.values():
            for scheme, answer in answers.items():
                for rule in answer["rules"]:
                    truths.setdefault((scheme, rule["kind"], rule["id"]), set()).add(rule["truth"])
        for (scheme, kind, rule), seen in sorted(truths.items()):
            with self.subTest(scheme=scheme, kind=kind, rule=rule):
                self.assertLessEqual({"yes", "no"}, seen)
        self.assertEqual(set(self.document["articles"]), {rule for _, _, rule in truths}, "every rule has its article in the table")

    def test_a_missing_fact_never_turns_into_an_answer_it_would_contradict(self):
        """Leaving facts out may leave an answer open; it may not turn `applies` into `does-not-apply` or the other way round."""
        whole = {p.name: p for p in self.profiles}
        for row in self.document["profiles"]:
            if "without" not in row or "placed" in row or row.get("facts"):
                continue
            before, after = self.answers[whole[row["like"]].name], self.answers[row["name"]]
            for scheme in before:
                self.assertIn(after[scheme]["result"], (before[scheme]["result"], "unknown"), f"{row['name']}, {scheme}")


if __name__ == "__main__":
    unittest.main()
