// SPDX-License-Identifier: Apache-2.0
#include "assess/walk.hpp"

#include <algorithm>
#include <map>
#include <memory>

#include "base/text.hpp"

namespace assay::assess {
namespace {

// What is left of a tree when the known answers are put in, as a reduced decision diagram: equal rests share one number, and a
// question both of whose rests are equal disappears. So the questions that remain are exactly those that separate the ends.
class Residual {
 public:
  Residual(const Tree& tree, const Instance& instance, const Scheme& scheme, Asking& asking, const Documented* documented, Walked& out)
      : tree_(tree), instance_(instance), scheme_(scheme), asking_(asking), documented_(documented), out_(out) {}

  void run() {
    const std::size_t rest = of(tree_.start);
    out_.verdict = verdict_of(rest);
    out_.continued = rest == kContinued;
    if (out_.verdict == Verdict::inconclusive) collect(rest);
    if (documented_ == nullptr) return;
    for (const auto& [node, said] : documented_->nodes) {
      const bool known = std::ranges::find(tree_.nodes, node, &Node::id) != tree_.nodes.end();
      const bool met = std::ranges::any_of(out_.path, [&, name = node](const auto& step) { return step.first->id == name; });
      if (known && !met && out_.astray.empty()) out_.astray = node;
    }
  }

 private:
  struct Rest {
    const Asked* asked;
    std::size_t yes, no;
    bool stuck;  // a conflict: no answer opens it, only settling the conflict
  };
  static constexpr std::size_t kContinued = 3;
  static constexpr std::size_t kEnds = 4;  // numbers 0 to 3 are pass, fail, not-applicable, continued

  static std::size_t end_of(const std::string& end) { return end == "pass" ? 0 : end == "fail" ? 1 : end == "continued" ? kContinued : 2; }
  static Verdict verdict_of(std::size_t rest) {
    if (rest >= kEnds) return Verdict::inconclusive;
    return rest == 0 ? Verdict::pass : rest == 1 ? Verdict::fail : Verdict::not_applicable;
  }

  std::size_t intern(Rest rest) {
    if (!rest.stuck && rest.yes == rest.no) return rest.yes;
    const auto at = std::ranges::find_if(
        rests_, [&](const Rest& r) { return r.asked == rest.asked && r.yes == rest.yes && r.no == rest.no && r.stuck == rest.stuck; });
    if (at != rests_.end()) return kEnds + static_cast<std::size_t>(at - rests_.begin());
    rests_.push_back(rest);
    return kEnds + rests_.size() - 1;
  }

  std::size_t of(const Branch& branch) { return branch.end.empty() ? of(branch.node) : end_of(branch.end); }

  std::size_t of(std::size_t index) {
    if (const auto known = done_.find(index); known != done_.end()) return known->second;
    const Node& node = tree_.nodes[index];
    // A loop or an unknown question is a lint error; here it must only never give a PASS.
    done_[index] = end_of("fail");
    if (node.question == nullptr) return intern({nullptr, 0, 1, true});
    const Asked& asked = with_document(node, asking_.ask(*node.question, instance_, scheme_));
    out_.path.emplace_back(&node, &asked);
    const auto fails = [&](const Branch& branch) {
      if (branch.end == "fail") out_.failed.push_back(node.question);
    };
    std::size_t rest = 0;
    switch (asked.state) {
      case Asked::State::yes:
        rest = of(node.yes);
        fails(node.yes);
        break;
      case Asked::State::no:
        rest = of(node.no);
        fails(node.no);
        break;
      case Asked::State::unknown: {
        const std::size_t yes = of(node.yes);
        const std::size_t no = of(node.no);
        rest = intern({&asked, yes, no, false});
        break;
      }
      case Asked::State::conflict: rest = conflict(node, asked, fails); break;
    }
    return done_[index] = rest;
  }

  // The maker's documented path answers what nothing else does; where something does, the two are compared.
  const Asked& with_document(const Node& node, const Asked& asked) {
    if (documented_ == nullptr) return asked;
    const auto said = std::ranges::find(documented_->nodes, node.id, [](const auto& n) { return n.first; });
    if (said == documented_->nodes.end()) return asked;
    const std::string_view word = said->second ? "yes" : "no";
    if (asked.state == Asked::State::unknown) {
      auto own = std::make_unique<Asked>(asked);
      own->state = said->second ? Asked::State::yes : Asked::State::no;
      own->step.answer = word;
      own->step.basis = Basis::document;
      own->step.because = "The documented path says " + node.id + "=" + (said->second ? "Y" : "N") + ".";
      own->step.declared.push_back(documented_->place);
      own->step.reasons.clear();
      own->confirmed_by_person = true;
      out_.own.push_back(std::move(own));
      return *out_.own.back();
    }
    const bool same = asked.state == (said->second ? Asked::State::yes : Asked::State::no);
    if (!same) {
      out_.contradictions.push_back({node.question_id,
                                     instance_.id,
                                     "The documented path answers " + node.id + " with " + std::string(word) + "; found was " +
                                         asked.step.answer + ": " + asked.step.because,
                                     asked.step.observations,
                                     asked.step.answers,
                                     {documented_->place}});
    }
    return asked;
  }

  // Contradictory observations never give PASS (nor N/A); what one of them refutes stays refuted.
  template <class Fails>
  std::size_t conflict(const Node& node, const Asked& asked, const Fails& fails) {
    const std::size_t yes = of(node.yes);
    const std::size_t no = of(node.no);
    const std::size_t fail = end_of("fail");
    if (asked.rule_yes) fails(node.yes);
    if (asked.rule_no) fails(node.no);
    if ((asked.rule_yes && yes == fail) || (asked.rule_no && no == fail) || (yes == fail && no == fail)) return fail;
    return intern({&asked, yes, no, true});
  }

  void collect(std::size_t rest) {
    if (rest < kEnds) return;
    const Rest& r = rests_[rest - kEnds];
    if (r.asked != nullptr) {
      if (std::ranges::find(out_.separating, r.asked) != out_.separating.end()) return;
      out_.separating.push_back(r.asked);
    }
    if (r.stuck) return;
    collect(r.yes);
    collect(r.no);
  }

  const Tree& tree_;
  const Instance& instance_;
  const Scheme& scheme_;
  Asking& asking_;
  const Documented* documented_;
  Walked& out_;
  std::vector<Rest> rests_;
  std::map<std::size_t, std::size_t> done_;
};

}  // namespace

bool answered_with_reasons(const Walked& walked) {
  bool any = false;
  for (const auto& [node, asked] : walked.path) {
    if (asked->state == Asked::State::unknown) continue;
    if (!asked->reasoned) return false;
    any = true;
  }
  return any;
}

Walked walk(const Tree& tree, const Instance& instance, const Scheme& scheme, Asking& asking, const Documented* documented) {
  Walked out;
  if (!tree.nodes.empty()) Residual(tree, instance, scheme, asking, documented, out).run();
  return out;
}

}  // namespace assay::assess
