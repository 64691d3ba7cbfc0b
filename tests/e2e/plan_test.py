# SPDX-License-Identifier: Apache-2.0
"""Who is in scope on which day, and which applications serve the markets: the plan takes what is least, and says what it rests on."""

import unittest

from support import DAY, Case, verdicts

# A camera of which every law's question has its answer.
FACTS = """\
properties:
  consumer: true
  internet-protocol: true
  network-connectable: true
  reaches-internet-or-internal-network: true
  user-can-add-security: false
  general-purpose-computer: none
  computer-category: none
  computer-wireless-peripheral: false
  links-directly-to-ip-product: true
  uk-consumer-market: true
  identical-goods-to-consumers: true
  great-britain-supply: true
  northern-ireland-supply: false
  windsor-annex-2-free-movement: false
  previously-supplied: false
  reconditioned-as-new: false
  ev-charge-point: false
  medical-device: false
  medical-regulator: [none]
  smart-meter-licensed: false
  vehicle-type-approval: false
  designed-for-under-14: false
  radio-equipment: true
  red-annex-1: none
  internet-connected: true
  data-connection: true
  category: [camera]
  product-form: device
  toy: false
  childcare: false
  wearable: false
  personal-data: true
  traffic-or-location-data: false
  transfers-money: false
  eu-sector-law: [none]
  state-use: [none]
  substantially-modified: false
"""


def product(markets, more=""):
    return ('product:\n  name: Test Camera\n  model: TC-1\n  version: "1.0.0"\n'
            '  manufacturer: {name: Test Works, address: "1 Test Street, Testham"}\n' + f"markets: [{markets}]\n" + FACTS + more)


class Plan(Case):
    def plan(self, markets, *args, date=DAY, more=""):
        self.product(product(markets, more))
        found = self.assay("--json", "--date", date, "scope", self.here / "product.yaml", "--plan", *args).json()
        return found, {s["scheme"]: s for s in found["steps"]}

    def test_the_psti_route_to_jc_star(self):
        found, steps = self.plan("uk, jp")
        jc, uk = steps["jc-star"], steps["uk-psti"]
        self.assertEqual((jc["application"], jc["fee"]["amount"], jc["fee"]["currency"]), ("star-1-psti", 140000, "JPY"))
        self.assertEqual(jc["through"], "uk-psti/statement-of-compliance")
        self.assertEqual(jc["waives"], [f"{id} (uk-psti-for-jc-star)" for id in ("S1.1-02", "S1.1-05", "S1.1-16")])
        self.assertEqual((uk["application"], uk["scope"]), ("statement-of-compliance", "applies"))
        # The label that rests on the statement lends nothing to it: somebody has to look at the passwords.
        self.assertNotIn("waives", uk)
        self.assertGreater(uk["open_minutes"], 0)
        # Nor does a label that would have made the statement needless.
        found, steps = self.plan("uk, jp, sg")
        self.assertEqual((steps["jc-star"]["application"], steps["uk-psti"]["application"]), ("star-1-psti", "statement-of-compliance"))
        self.assertNotIn("waives", steps["uk-psti"])
        found, _ = self.plan("uk, jp")
        self.assertEqual(found["fees"], {"GBP": 0, "JPY": 140000})
        self.assertTrue(found["fees_complete"] and found["all_combinations"])
        self.assertEqual(found["open_minutes"], sum(s["open_minutes"] for s in found["steps"]))

    def test_deemed_compliance_through_star_1(self):
        # Before the route by the PSTI forms was open, the label alone served both countries.
        found, steps = self.plan("uk, jp", date="2025-12-15")
        self.assertEqual(steps["jc-star"]["application"], "star-1")
        uk = steps["uk-psti"]
        self.assertEqual((uk["deemed_by"], uk["through"], uk["from"]), ("jc-star-for-uk-psti", "jc-star/star-1", "2025-12-04"))
        self.assertNotIn("application", uk)
        self.assertEqual(uk["stays"], ["reg8"])
        self.assertEqual(found["fees"], {"JPY": 198000})
        # And before the recognition was in force, both were needed.
        found, steps = self.plan("uk, jp", date="2025-12-03")
        self.assertEqual((steps["jc-star"]["application"], steps["uk-psti"]["application"]), ("star-1", "statement-of-compliance"))

    def test_deemed_compliance_through_cls(self):
        found, steps = self.plan("uk, sg")
        self.assertTrue(steps["sg-cls"]["application"].startswith("level-1"), steps)
        self.assertTrue(steps["sg-cls"]["lab"])
        self.assertEqual((steps["uk-psti"]["deemed_by"], steps["uk-psti"]["through"]), ("sg-cls-for-uk-psti", "sg-cls/" + steps["sg-cls"]["application"]))
        self.assertFalse(found["fees_complete"], "the fee of level 1 is not known")
        _, steps = self.plan("uk, sg", more='levels: {sg-cls: "2"}\n')
        self.assertEqual((steps["sg-cls"]["application"], steps["sg-cls"]["fee"]["amount"]), ("level-2", 142))

    def test_a_label_that_nobody_holds_opens_no_shorter_route(self):
        _, steps = self.plan("sg")
        self.assertNotIn("recognition", steps["sg-cls"]["application"])

    def test_one_market_needs_one_paper(self):
        found, steps = self.plan("uk")
        self.assertEqual(list(steps), ["uk-psti"])
        self.assertEqual(found["fees"], {"GBP": 0})
        found, steps = self.plan("jp")
        self.assertEqual(steps["jc-star"]["application"], "star-1")
        self.assertNotIn("uk-psti", steps)

    def test_rates_make_fees_comparable(self):
        text = self.assay("--date", DAY, "scope", self.product(product("uk, jp")), "--plan").out
        self.assertIn("only with --rate", text)
        found, _ = self.plan("uk, jp", "--rate", "JPY=0.0061", "--rate", "GBP=1.2")
        self.assertEqual(found["fees"]["JPY"], 140000)
        self.assertNotIn("only with --rate", self.assay("--date", DAY, "scope", self.here / "product.yaml", "--plan", "--rate", "JPY=0.0061").out)

    def test_a_level_that_cannot_be_had_yet_has_no_application(self):
        _, steps = self.plan("jp", more="levels: {jc-star: STAR-3}\n")
        self.assertNotIn("application", steps["jc-star"])
        self.assertIn("nothing to apply for", self.assay("--date", DAY, "scope", self.here / "product.yaml", "--plan").out)

    def test_the_text_says_what_it_rests_on(self):
        text = self.assay("--date", "2025-12-15", "scope", self.product(product("uk, jp")), "--plan").out
        for words in ("no application of its own: met through jc-star/star-1", "jc-star-for-uk-psti", "stays to be met: reg8", "198 000 JPY", "A plan is no verdict"):
            self.assertIn(words, text)
        text = " ".join(self.assay("--date", DAY, "scope", self.here / "product.yaml", "--plan").out.split())
        for words in ("rests on uk-psti/statement-of-compliance", "waived by what is held by then: S1.1-02 (uk-psti-for-jc-star), S1.1-05", "Together: 0 GBP + 140 000 JPY"):
            self.assertIn(words, text)

    def test_nothing_applies(self):
        none = self.product(product("uk").replace("internet-protocol: true", "internet-protocol: false").replace(
            "network-connectable: true", "network-connectable: false").replace("uk-consumer-market: true", "uk-consumer-market: false").replace(
            "identical-goods-to-consumers: true", "identical-goods-to-consumers: false"))
        self.assertIn("nothing to apply for", self.assay("--date", DAY, "scope", none, "--plan").out)
        found = self.assay("--json", "--date", DAY, "scope", none, "--plan").json()
        self.assertEqual((found["steps"], found["fees"], found["open_minutes"]), ([], {}, 0))

    def test_a_plan_changes_no_verdict(self):
        self.workspace(product("uk, jp"))
        before = verdicts(self.json("status"))
        self.assay("--date", DAY, "scope", "--plan")
        self.assertEqual(verdicts(self.json("status")), before)
        self.assertNotIn("pass", before.values())

    def test_what_was_answered_is_owed_no_more(self):
        self.workspace(product("jp"))
        before = self.json("scope", "--plan")["open_minutes"]
        for owed in [o for o in self.json("status")["owed"] if o["kind"] == "answer"][:6]:
            self.assay("answer", owed["question"], "yes", "--by", "A. Engineer", "--note", "looked at it", *(["--for", owed["instance"]] if owed.get("instance") else []))
        self.assertLess(self.json("scope", "--plan")["open_minutes"], before)


class Scope(Case):
    def results(self, placed=None, date=DAY):
        self.product(product("eu", f'dates: {{placed_on_market: "{placed}"}}\n' if placed else ""))
        return {a["key"]: a for a in self.assay("--json", "--date", date, "scope", self.here / "product.yaml").json()}

    def test_the_day_of_placing_divides_red_and_cra(self):
        before, after = self.results("2027-12-10"), self.results("2027-12-12")
        for scheme in ("eu-red", "en-18031-1", "en-18031-2"):
            with self.subTest(scheme=scheme):
                self.assertEqual(before[scheme]["result"], "applies")
                self.assertEqual((after[scheme]["result"], after[scheme]["rule"]), ("does-not-apply", "RED-SC-8"))
        self.assertNotEqual(before["eu-cra"]["rule"], after["eu-cra"]["rule"])
        self.assertEqual(after["eu-cra"]["result"], "applies")

    def test_without_a_day_of_placing_the_day_of_judging_stands_in(self):
        for day, result in (("2027-12-10", "applies"), ("2027-12-12", "does-not-apply")):
            with self.subTest(day=day):
                self.assertEqual(self.results(date=day)["eu-red"]["result"], result)
                # A unit that was placed before stays under the law of its day.
                self.assertEqual(self.results("2026-05-01", date=day)["eu-red"]["result"], "applies")

    def test_each_rule_says_what_it_makes_of_the_product(self):
        self.product(product("eu").replace("  radio-equipment: true\n", ""))
        answers = {a["key"]: a for a in self.assay("--json", "--date", DAY, "scope", self.here / "product.yaml", "--rules").json()}
        rules = {r["id"]: r for r in answers["eu-red"]["rules"]}
        self.assertEqual((rules["RED-SC-2"]["kind"], rules["RED-SC-2"]["truth"]), ("include", "unknown"))
        self.assertEqual((rules["RED-SC-8"]["kind"], rules["RED-SC-8"]["truth"]), ("exclude", "no"))
        self.assertTrue(all(r["article"] and r["truth"] in ("yes", "no", "unknown") for a in answers.values() for r in a["rules"]))
        self.assertIn("radio-equipment", [ask["fact"] for ask in answers["eu-red"]["asks"]])
        self.assertNotIn("rules", self.results()["eu-red"])
        text = self.assay("--date", DAY, "scope", self.product(product("eu")), "--rules").out
        self.assertRegex(text, r"include +yes +RED-SC-2 \[")
        self.assertRegex(text, r"exclude +no +RED-SC-8 \[")
        self.assertNotRegex(self.assay("--date", DAY, "scope", self.here / "product.yaml").out, r"exclude +no ")


if __name__ == "__main__":
    unittest.main()
