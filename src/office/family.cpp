// SPDX-License-Identifier: Apache-2.0
#include "office/family.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>

#include "base/json.hpp"
#include "base/text.hpp"
#include "office/desk.hpp"
#include "office/shared_answers.hpp"

namespace assay::office {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 6> kCoverable = {"firmware", "capture", "probe", "document", "sbom", "answers"};
constexpr std::string_view kDigest = "sha256:";
constexpr std::size_t kShortestDigest = 6;
// A chain of variants longer than this is no product line.
constexpr std::size_t kMostProducts = 64;

// As a word of its own: CC-1 is not in CC-10.
bool has_word(std::string_view text, std::string_view word) {
  const auto part = [](char c) {
    const auto u = static_cast<unsigned char>(c);
    return (u >= '0' && u <= '9') || (u >= 'A' && u <= 'Z') || (u >= 'a' && u <= 'z') || u == '-' || u == '_' || u >= 0x80;
  };
  if (word.empty()) return false;
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const auto after = at + word.size();
    if ((at == 0 || !part(text[at - 1])) && (after == text.size() || !part(text[after]))) return true;
  }
  return false;
}

bool is_sample_of(const Product& product, std::string_view sample) {
  if (has_word(sample, product.model())) return true;
  const Value& samples = product.document()["product"]["samples"];
  return std::ranges::any_of(samples.items(), [&](const Value& s) { return has_word(sample, s["serial"].text()); });
}

std::string_view manufacturer(const Product& product) {
  return trim(product.document()["product"]["manufacturer"]["name"].text());
}

fs::path beside(const fs::path& directory, std::string_view of) {
  std::error_code error;
  const fs::path named = directory / fs::path(of);
  fs::path out = fs::canonical(named, error);
  return error ? named.lexically_normal() : out;
}

// The way from a product back to `home` over the variants that each names; empty where there is none.
std::vector<std::string> way_back(const fs::path& from, const fs::path& home, std::set<fs::path>& seen) {
  if (from == home) return {from.filename().string()};
  if (seen.size() >= kMostProducts || !seen.insert(from).second) return {};
  Product product;
  if (!load_product((from / "product.yaml").string(), product).empty()) return {};
  for (const Value& variant : product.document()["family"]["variants"].items()) {
    auto way = way_back(beside(from, variant["of"].text()), home, seen);
    if (way.empty()) continue;
    way.insert(way.begin(), from.filename().string());
    return way;
  }
  return {};
}

// Another variant, opened to read.
struct Base {
  std::string named;  // as product.yaml has it
  Product product;
  std::optional<record::Workspace> workspace;
  std::vector<Evidence> evidence, all;
  std::vector<Observation> observations;
  std::vector<Answer> answers;
  std::vector<Disposal> disposals;
};

class Reading {
 public:
  Reading(const Product& product, const std::string& directory, const record::Workspace& own, const assess::Catalogue& catalogue, Day day,
          std::string_view leave_out, Family& out)
      : product_(product),
        home_(beside(directory, ".")),
        file_(directory + "/product.yaml"),
        own_(own),
        catalogue_(catalogue),
        day_(to_text(day)),
        leave_out_(leave_out),
        out_(out) {}

  std::vector<Error> run() {
    const Value& family = product_.document()["family"];
    out_.name = family["name"].text();
    if (family["variants"].items().empty()) return {};
    if (const auto held = own_.all_evidence(); held) {
      for (const Evidence& e : *held) held_.insert(e.id);
    } else {
      return {held.error()};
    }
    for (const Value& variant : family["variants"].items()) read(variant);
    return std::move(errors_);
  }

 private:
  void wrong(const Value& at, std::string what, Errc code = Errc::malformed) {
    errors_.push_back(Error{code, std::move(what), Where{.path = file_, .offset = 0, .line = at.mark.line, .column = at.mark.column}});
  }

  void read(const Value& variant) {
    const Value& of = variant["of"];
    Base base;
    base.named = of.text();
    const fs::path there = beside(home_, base.named);
    const std::string name = json_quoted(printable(base.named, 120));
    std::error_code error;
    if (!fs::is_directory(there, error)) return wrong(of, "family: " + name + " is no directory", Errc::not_found);
    if (!fs::exists(there / "product.yaml", error) || !record::Workspace::exists(there.string()))
      return wrong(of, "family: " + name + " is no workspace: it has no product.yaml or no .assay/", Errc::not_found);
    std::set<fs::path> seen;
    if (const auto way = way_back(there, home_, seen); !way.empty()) {
      std::string told = home_.filename().string();
      for (const std::string& step : way) told += " → " + step;
      return wrong(of, "family: " + name + " borrows from this product itself (" + printable(told, 300) + ")", Errc::conflict);
    }
    const auto faults = load_product((there / "product.yaml").string(), base.product);
    if (!faults.empty()) return wrong(of, "family: product.yaml of " + name + " cannot be used: " + faults.front().to_text());
    const std::string_view here = manufacturer(product_);
    const std::string_view theirs = manufacturer(base.product);
    if (here.empty() || theirs.empty())
      return wrong(of, "family: product.manufacturer.name is not given " + std::string(here.empty() ? "here" : "in " + name) +
                           "; variants of a line have one manufacturer");
    if (here != theirs)
      return wrong(of, "family: " + name + " is made by " + json_quoted(printable(theirs, 80)) + ", this product by " +
                           json_quoted(printable(here, 80)) + "; variants of a line have one manufacturer");
    if (const auto read = fill(base, there.string()); !read) return wrong(of, "family: " + read.error().to_text(), read.error().code);
    std::size_t number = 0;
    for (const Value& value : variant["equivalences"].items()) equivalence(value, ++number, base);
  }

  static Result<void> fill(Base& base, const std::string& directory) {
    TRY(base.workspace, record::Workspace::open_to_read(directory));
    TRY(base.evidence, base.workspace->evidence());
    TRY(base.all, base.workspace->all_evidence());
    TRY(base.observations, base.workspace->observations());
    TRY(base.answers, base.workspace->answers());
    TRY(base.disposals, base.workspace->disposals());
    return {};
  }

  // What of `covers` names evidence is made into whole ids.
  bool resolve(const Value& covers, const Base& base, std::vector<std::string>& out) {
    const std::size_t before = errors_.size();
    for (const Value& item : covers.items()) {
      std::string cover(trim(item.text()));
      if (cover.starts_with(kDigest)) {
        std::vector<std::string> found;
        for (const Evidence& e : base.all) {
          if (e.id.starts_with(cover) && cover.size() >= kDigest.size() + kShortestDigest) found.push_back(e.id);
        }
        if (found.size() == 1) {
          out.push_back(found.front());
        } else {
          wrong(item,
                "family: " + json_quoted(printable(cover, 90)) +
                    (found.empty() ? " names no evidence of " : " is the beginning of several in ") + json_quoted(base.named),
                Errc::not_found);
        }
        continue;
      }
      const bool kind = std::ranges::find(kCoverable, cover) != kCoverable.end();
      if (kind || knows(cover)) {
        out.push_back(std::move(cover));
        continue;
      }
      std::vector<std::string> candidates = assess::ids(catalogue_);
      candidates.insert(candidates.begin(), kCoverable.begin(), kCoverable.end());
      wrong(item, "family: found " + json_quoted(printable(cover, 90)) +
                      ", expected firmware, capture, probe, document, sbom, answers, an evidence id, a question or <scheme>/<requirement>" +
                      suggestion(cover, candidates));
    }
    return errors_.size() == before;
  }

  bool knows(const std::string& cover) const {
    const Value known = assess::show(catalogue_, cover);
    const auto slash = cover.find('/');
    if (slash == std::string::npos) return known["what"].text() == "question";
    const auto schemes = assess::scheme_ids(catalogue_);
    const bool scheme = std::ranges::find(schemes, cover.substr(0, slash)) != schemes.end();
    return scheme && (known["what"].text() == "requirement" || known["what"].text() == "unit");
  }

  void equivalence(const Value& value, std::size_t number, Base& base) {
    Lending lending;
    Borrowed& terms = lending.terms;
    terms.from = base.named;
    terms.equivalence = value["id"].empty() ? base.named + "/" + std::to_string(number) : value["id"].scalar_text();
    for (const auto& [field, to] : {std::pair{"same", &terms.same}, {"differs", &terms.differs}, {"by", &terms.by}, {"date", &terms.date}})
      *to = trim(value[field].scalar_text());
    terms.version = value["versions"]["this"].scalar_text();
    terms.base_version = value["versions"]["base"].scalar_text();
    lending.document = value["document"].scalar_text();
    lending.base_name = base.product.name();
    lending.base_model = base.product.model();
    lending.base_version = base.product.version();
    if (!ids_.insert(terms.equivalence).second)
      return wrong(value, "family: the equivalence " + json_quoted(printable(terms.equivalence, 120)) + " is there twice; give each an id");
    if (!resolve(value["covers"], base, lending.covers)) return;
    lending.why_not = why_nothing(lending);
    if (terms.equivalence == leave_out_) return;
    if (lending.why_not.empty()) {
      lend_evidence(lending, base);
      lend_answers(lending, base);
    }
    out_.lendings.push_back(std::move(lending));
  }

  std::string why_nothing(const Lending& lending) const {
    if (std::string why = why_not(lending.terms, product_.version(), day_); !why.empty()) return why;
    if (lending.terms.base_version != lending.base_version)
      return "speaks of version " + printable(lending.terms.base_version, 40) + " of " + printable(lending.terms.from, 80) +
             ", which is at " + printable(lending.base_version, 40);
    if (!lending.document.empty() && !held_document(lending.document))
      return "cites the document " + json_quoted(printable(lending.document, 120)) + ", which is neither held nor beside product.yaml";
    return {};
  }

  // A file, a role under `documents`, or a role or name of a document that is held.
  bool held_document(const std::string& document) const {
    std::error_code error;
    if (fs::is_regular_file(home_ / fs::path(document), error)) return true;
    if (const Value* declared = product_.document()["documents"].find(document); declared != nullptr && !declared->empty()) {
      return declared->text().find("://") != std::string_view::npos || fs::is_regular_file(home_ / fs::path(declared->text()), error);
    }
    const auto evidence = own_.evidence();
    const auto seen = own_.observations();
    return (evidence && std::ranges::any_of(*evidence, [&](const Evidence& e) { return e.type == "document" && e.name == document; })) ||
           (seen &&
            std::ranges::any_of(*seen, [&](const Observation& o) { return o.kind == "document" && o.fields["role"].text() == document; }));
  }

  std::string why_kept(const Evidence& e, const Base& base) {
    if (held_.contains(e.id)) return "is held here itself";
    if (const auto at = lent_.find(e.id); at != lent_.end()) return "is lent by " + at->second;
    if (std::ranges::find(base.evidence, e.id, &Evidence::id) == base.evidence.end()) return "is superseded there";
    if (!e.carried_by.empty()) return "was itself carried over there, by " + printable(e.carried_by, 80);
    const bool unversioned = e.version.empty() && e.type == "document";
    if (!unversioned && e.version != base.product.version())
      return e.version.empty() ? "names no software version" : "is of version " + printable(e.version, 40) + " there";
    if (e.type == "capture" && e.device.empty()) return "names no MAC or address of the device";
    if (!is_sample_of(base.product, e.sample))
      return "was taken of " + json_quoted(printable(e.sample, 80)) + ", not of " + printable(base.product.model(), 60);
    if (const auto file = base.workspace->blob(e.id); !file) return "its file is missing there";
    return {};
  }

  void lend_evidence(Lending& lending, const Base& base) {
    const auto covered = [&](const Evidence& e) {
      return std::ranges::any_of(lending.covers, [&](const std::string& c) { return c == e.id || (c != "answers" && c == e.type); });
    };
    std::set<std::string_view> fresh;
    for (const Evidence& e : base.all) {
      if (!covered(e)) continue;
      Lending::Item item{e.id, e.type + " " + printable(e.name, 80), why_kept(e, base)};
      if (!item.reason.empty()) {
        lending.kept.push_back(std::move(item));
        continue;
      }
      lent_.emplace(e.id, lending.terms.equivalence);
      fresh.insert(e.id);
      out_.evidence.push_back(e);
      out_.evidence.back().borrowed = lending.terms;
      lending.evidence.push_back(std::move(item));
    }
    std::set<std::string_view> seen;
    for (const Observation& o : base.observations) {
      if (!fresh.contains(o.evidence)) continue;
      seen.insert(o.id);
      out_.observations.push_back(o);
    }
    // What was withdrawn there as false was never seen.
    std::ranges::copy_if(base.disposals, std::back_inserter(out_.disposals),
                         [&](const Disposal& d) { return seen.contains(d.observation); });
  }

  void lend_answers(Lending& lending, const Base& base) {
    const auto covered = [&](const Answer& a) {
      return std::ranges::any_of(lending.covers, [&](const std::string& c) { return c == "answers" || c == a.question; });
    };
    for (const SharedAnswer& shared : shared_answers(product_, base.product, catalogue_, base.answers)) {
      if (!covered(shared.answer)) continue;
      const Answer& a = shared.answer;
      Lending::Item item{a.id,
                         a.question + " = " + printable(a.value, 40) + (a.instance.empty() ? "" : " for " + printable(a.instance, 60)),
                         shared.why_not};
      if (const auto at = lent_.find(a.id + "\n" + a.instance); item.reason.empty() && at != lent_.end())
        item.reason = "is lent by " + at->second;
      if (!item.reason.empty()) {
        lending.kept.push_back(std::move(item));
        continue;
      }
      lent_.emplace(a.id + "\n" + a.instance, lending.terms.equivalence);
      out_.answers.push_back(a);
      out_.answers.back().borrowed = lending.terms;
      lending.answers.push_back(std::move(item));
    }
  }

  const Product& product_;
  const fs::path home_;
  const std::string file_;
  const record::Workspace& own_;
  const assess::Catalogue& catalogue_;
  const std::string day_;
  const std::string_view leave_out_;
  Family& out_;
  std::vector<Error> errors_;
  std::set<std::string, std::less<>> held_;               // ids of own evidence, superseded or not
  std::map<std::string, std::string, std::less<>> lent_;  // evidence or answer -> the equivalence that lends it
  std::set<std::string, std::less<>> ids_;
};

Value to_value(const std::vector<Lending::Item>& items) {
  Value out = Value::array();
  for (const Lending::Item& item : items) {
    Value row = Value::object();
    row.set("id", item.id);
    row.set("what", item.what);
    row.set_if("reason", item.reason);
    out.push(std::move(row));
  }
  return out;
}

}  // namespace

Value to_value(const Lending& lending) {
  Value out = assay::to_value(lending.terms);
  Value base = Value::object();
  base.set("name", lending.base_name);
  base.set("model", lending.base_model);
  base.set("version", lending.base_version);
  out.set("base", std::move(base));
  Value covers = Value::array();
  for (const std::string& cover : lending.covers) covers.push(cover);
  out.set("covers", std::move(covers));
  out.set_if("document", lending.document);
  out.set("counts", lending.why_not.empty());
  out.set_if("reason", lending.why_not);
  out.set("evidence", to_value(lending.evidence));
  out.set("answers", to_value(lending.answers));
  out.set("not_lent", to_value(lending.kept));
  return out;
}

std::vector<Error> read_family(const Product& product, const std::string& directory, const record::Workspace& own,
                               const assess::Catalogue& catalogue, Day day, std::string_view leave_out, Family& out) {
  return Reading(product, directory, own, catalogue, day, leave_out, out).run();
}

void lend(Family family, assess::Case& to) {
  for (const Lending& lending : family.lendings) to.family.push(to_value(lending));
  const auto add = [](auto& into, auto& from) {
    into.insert(into.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  };
  add(to.evidence, family.evidence);
  add(to.observations, family.observations);
  add(to.answers, family.answers);
  add(to.disposals, family.disposals);
}

}  // namespace assay::office
