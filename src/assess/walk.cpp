// SPDX-License-Identifier: Apache-2.0
#include "assess/walk.hpp"

#include <algorithm>
#include <map>

namespace assay::assess {
namespace {

// What is left of a tree when the known answers are put in, as a reduced decision diagram: equal rests share one number, and a
// question both of whose rests are equal disappears. So the questions that remain are exactly those that separate the ends.
class Residual {
 public:
  Residual(const Tree& tree, const Instance& instance, const Scheme& scheme, Asking& asking, Walked& out)
      : tree_(tree), instance_(instance), scheme_(scheme), asking_(asking), out_(out) {}

  void run() {
    const std::size_t rest = of(tree_.start);
    out_.verdict = verdict_of(rest);
    if (out_.verdict == Verdict::inconclusive) collect(rest);
  }

 private:
  struct Rest {
    const Asked* asked;
    std::size_t yes, no;
    bool stuck;  // a conflict: no answer opens it, only settling the conflict
  };
  static constexpr std::size_t kEnds = 3;  // numbers 0, 1, 2 are pass, fail, not-applicable

  static std::size_t end_of(const std::string& end) { return end == "pass" ? 0 : end == "fail" ? 1 : 2; }
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
    const Asked& asked = asking_.ask(*node.question, instance_, scheme_);
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
  Walked& out_;
  std::vector<Rest> rests_;
  std::map<std::size_t, std::size_t> done_;
};

}  // namespace

Walked walk(const Tree& tree, const Instance& instance, const Scheme& scheme, Asking& asking) {
  Walked out;
  if (!tree.nodes.empty()) Residual(tree, instance, scheme, asking, out).run();
  return out;
}

}  // namespace assay::assess
