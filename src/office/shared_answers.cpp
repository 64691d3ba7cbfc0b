// SPDX-License-Identifier: Apache-2.0
#include "office/shared_answers.hpp"

#include <algorithm>
#include <map>

#include "base/json.hpp"
#include "base/text.hpp"

namespace assay::office {
namespace {

// Every declared row by its id, with its table and all its cells: two that are equal are the same thing said of both products.
using Rows = std::multimap<std::string, std::string>;

Rows rows_of(const Product& product) {
  Rows out;
  for (const std::string_view table : ixit_tables()) {
    const auto rows = product.rows(table);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      std::string id = (*rows[i])["ID"].scalar_text();
      if (id.empty()) id = ixit_single(table) ? std::string(table) : std::string(table) + "-" + std::to_string(i + 1);
      out.emplace(std::move(id), std::string(table) + "\n" + to_canonical_json(*rows[i]));
    }
  }
  return out;
}

std::vector<std::string> cells(const Rows& rows, const std::string& id) {
  const auto [from, to] = rows.equal_range(id);
  std::vector<std::string> out;
  for (auto at = from; at != to; ++at) out.push_back(at->second);
  std::ranges::sort(out);
  return out;
}

std::vector<std::string> ids_in(const Product& product, std::string_view table) {
  std::vector<std::string> out;
  const auto rows = product.rows(table);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::string id = (*rows[i])["ID"].scalar_text();
    if (id.empty()) id = ixit_single(table) ? std::string(table) : std::string(table) + "-" + std::to_string(i + 1);
    out.push_back(std::move(id));
  }
  return out;
}

class Sharing {
 public:
  Sharing(const Product& here, const Product& base, const assess::Catalogue& catalogue, const std::vector<Answer>& answers)
      : base_(base), catalogue_(catalogue), answers_(answers), own_(rows_of(here)), theirs_(rows_of(base)) {}

  std::vector<SharedAnswer> run() {
    for (std::size_t i = 0; i < answers_.size(); ++i) {
      const Answer& a = answers_[i];
      const bool later = std::any_of(answers_.begin() + static_cast<std::ptrdiff_t>(i) + 1, answers_.end(), [&](const Answer& b) {
        return b.question == a.question && instance_of(b) == instance_of(a) && b.version == a.version;
      });
      // Taken back by whoever answered again.
      if (!later) take(a, i);
    }
    return std::move(out_);
  }

 private:
  static std::string_view instance_of(const Answer& a) {
    return a.instance == "product" ? std::string_view{} : std::string_view(a.instance);
  }
  void keep(const Answer& a, std::string reason) { out_.push_back({a, std::move(reason)}); }

  void take(const Answer& a, std::size_t index) {
    if (a.version != base_.version())
      return keep(a, a.version.empty() ? "names no software version" : "is of version " + printable(a.version, 40) + " there");
    if (a.value == "accepted") return keep(a, "accepts the papers of that product alone");
    if (!instance_of(a).empty()) {
      const bool alike = cells(own_, a.instance) == cells(theirs_, a.instance);
      return keep(a, alike ? std::string{} : printable(a.instance, 80) + " is not declared alike here");
    }
    const std::string subject(assess::show(catalogue_, a.question)["subject"].text());
    const auto tables = ixit_tables();
    if (std::ranges::find(tables, subject) == tables.end()) return keep(a, {});
    const auto rows = ids_in(base_, subject);
    for (const std::string& id : rows) {
      Answer one = a;
      one.instance = id;
      std::string reason;
      if (cells(own_, id) != cells(theirs_, id)) reason = printable(id, 80) + " is not declared alike here";
      // Which of the two was meant there cannot be told; here neither counts.
      const bool disputed = std::any_of(answers_.begin(), answers_.begin() + static_cast<std::ptrdiff_t>(index), [&](const Answer& b) {
        return b.question == a.question && b.instance == id && b.version == a.version && b.value != a.value;
      });
      if (disputed) reason = "differs from the answer given there for " + printable(id, 80);
      const bool own_word = std::any_of(answers_.begin() + static_cast<std::ptrdiff_t>(index), answers_.end(), [&](const Answer& b) {
        return b.question == a.question && b.instance == id && b.version == a.version;
      });
      if (own_word) continue;
      if (disputed) std::erase_if(out_, [&](const SharedAnswer& s) { return s.answer.question == a.question && s.answer.instance == id; });
      keep(one, std::move(reason));
    }
    if (rows.empty()) keep(a, "is about rows of " + subject + ", of which none is declared there");
  }

  const Product& base_;
  const assess::Catalogue& catalogue_;
  const std::vector<Answer>& answers_;
  const Rows own_, theirs_;
  std::vector<SharedAnswer> out_;
};

}  // namespace

std::vector<SharedAnswer> shared_answers(const Product& here, const Product& base, const assess::Catalogue& catalogue,
                                         const std::vector<Answer>& answers) {
  return Sharing(here, base, catalogue, answers).run();
}

}  // namespace assay::office
