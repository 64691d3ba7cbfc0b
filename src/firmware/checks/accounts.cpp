// SPDX-License-Identifier: Apache-2.0
// Password databases wherever they lie, and what a dictionary opens. One class reports two coverages, because one account is one
// observation: "firmware/accounts" says that every database was read, "firmware/passwords" that every hash met every word.
#include <algorithm>
#include <atomic>
#include <mutex>

#include "base/text.hpp"
#include "firmware/accounts/guess.hpp"
#include "firmware/accounts/password_file.hpp"
#include "firmware/check.hpp"
#include "firmware/knowledge.hpp"

namespace assay::firmware {
namespace {

constexpr std::string_view kId = "accounts";
constexpr std::string_view kPasswords = "passwords";
constexpr int kRevision = 2;
constexpr std::size_t kMaxText = 4U << 20U;
constexpr std::size_t kMaxUnnamed = 256U << 10U;
constexpr std::size_t kMaxAccounts = 5000;

struct Database {
  std::string place;
  std::vector<PasswordLine> lines;
};

std::string_view folder_of(std::string_view place) {
  return place.substr(0, place.rfind('/') + 1);
}

// "$1$y… (34)": enough to tell two hashes apart by eye, not enough to attack one.
std::string redacted(std::string_view hash) {
  return valid_utf8(hash.substr(0, 4)) + "… (" + std::to_string(hash.size()) + ")";
}

class Accounts final : public Check {
 public:
  explicit Accounts(const Knowledge& knowledge) : knowledge_(knowledge) {}

  void file(const File& file, Context&) override {
    ++items_;
    if (file.entry == nullptr) return;
    const bool named = named_like_password_file(file.place);
    if (file.content.size() > (named ? kMaxText : kMaxUnnamed)) {
      if (!named || text_of(file.content.first(4096)).find('\0') != std::string_view::npos) return;
      const std::lock_guard lock(mutex_);
      gaps_.push_back(file.place + " is larger than " + bytes_text(kMaxText) + " and was not read");
      return;
    }
    const auto text = text_of(file.content);
    if (is_live(file.place)) unread_lines(file.place, text);
    if (text.find('\0') != std::string_view::npos || text.find(':') == std::string_view::npos) return;
    auto lines = parse_password_file(text, named);
    if (lines.empty()) return;
    const std::lock_guard lock(mutex_);
    databases_.push_back({file.place, std::move(lines)});
  }

  void finish(const Image& image, const std::vector<std::string>& gaps, Context& context) override {
    std::ranges::sort(databases_, {}, &Database::place);
    std::vector<Guess> guesses;
    std::vector<Observation> open;  // account k waits for guess k
    std::size_t count = 0;
    for (const Database& d : databases_) {
      for (const PasswordLine& line : d.lines) {
        if (++count > kMaxAccounts) break;
        account(d, line, context, open, guesses);
      }
    }
    for (const Database& d : databases_) shadow_elsewhere(d);
    if (count > kMaxAccounts) gaps_.push_back("more than " + std::to_string(kMaxAccounts) + " accounts; the rest was left out");
    std::vector<std::string> why = gaps;
    std::ranges::sort(gaps_);
    why.insert(why.end(), gaps_.begin(), gaps_.end());
    put_coverage(context, kId, kRevision, image, why, items_);
    guess_passwords(guesses, knowledge_.passwords, context.password_time, context.threads);
    if (knowledge_.passwords.empty()) why.emplace_back("no password dictionary is loaded");
    for (std::size_t i = 0; i < guesses.size(); ++i) {
      const Guess& g = guesses[i];
      open[i].fields.set("password", g.outcome == Guess::Outcome::known       ? "known"
                                     : g.outcome == Guess::Outcome::not_found ? "not-found"
                                                                              : "not-tried");
      if (g.outcome == Guess::Outcome::not_tried) {
        why.push_back(open[i].at.path + ": the hash of " + g.user +
                      (g.supported ? " was not tried to the end in the time given" : " has a form that cannot be tried"));
      }
      context.sink.put(std::move(open[i].seal()));
    }
    put_coverage(context, kPasswords, kRevision, image, why, guesses.size());
  }

 private:
  // The databases that the system logs people in by; copies and defaults are looked at too, but nothing is owed for them.
  static bool is_live(std::string_view place) { return place.ends_with("/etc/passwd") || place.ends_with("/etc/shadow"); }

  // What stands in a live database and is no account line hides accounts: damaged, or not what its name says.
  void unread_lines(const std::string& place, std::string_view text) {
    std::size_t unread = 0;
    std::size_t looked = 0;
    for (const std::string_view line : split(text, '\n')) {
      if (trim(line).empty() || line[0] == '#') continue;
      if (++looked > 10'000) break;
      if (parse_password_file(line, true).empty()) ++unread;
    }
    if (unread == 0) return;
    const std::lock_guard lock(mutex_);
    gaps_.push_back(place + ": " + std::to_string(unread) + " lines are no account lines");
  }

  // "x" sends to a shadow file; where it has no line for the account, the password is kept where this image does not show it.
  void shadow_elsewhere(const Database& d) {
    if (!d.place.ends_with("/etc/passwd")) return;
    for (const PasswordLine& line : d.lines) {
      if (password_state(line) == PasswordState::elsewhere && shadow_line(d, line) == nullptr) {
        gaps_.push_back(d.place + ": the password of " + printable(line.user, 60) + " is kept in a shadow file that is not here");
      }
    }
  }

  // The passwd line that belongs to a shadow line: same folder, same user; passwd.bak beside shadow.bak.
  const PasswordLine* passwd_line(const Database& shadow, const PasswordLine& line) const { return beside(shadow, line, false); }
  const PasswordLine* shadow_line(const Database& passwd, const PasswordLine& line) const { return beside(passwd, line, true); }
  const PasswordLine* beside(const Database& here, const PasswordLine& line, bool shadow) const {
    const auto tail = [](std::string_view place) {
      const std::string_view name = place.substr(place.rfind('/') + 1);
      return name.starts_with("passwd") || name.starts_with("shadow") ? name.substr(6) : name;
    };
    const PasswordLine* found = nullptr;
    for (const Database& d : databases_) {
      if (&d == &here || folder_of(d.place) != folder_of(here.place)) continue;
      const bool same_tail = tail(d.place) == tail(here.place);
      if (found != nullptr && !same_tail) continue;
      for (const PasswordLine& l : d.lines) {
        if (l.user == line.user && l.shadow == shadow) found = &l;
      }
    }
    return found;
  }

  void account(const Database& d, const PasswordLine& line, Context& context, std::vector<Observation>& open,
               std::vector<Guess>& guesses) const {
    PasswordState state = password_state(line);
    if (state == PasswordState::elsewhere) {
      // The shadow line speaks for this account, with uid and shell from here. Without one, no password opens it.
      if (shadow_line(d, line) != nullptr) return;
      state = PasswordState::locked;
    }
    Observation o;
    o.kind = "account";
    o.evidence = context.evidence;
    o.at.path = d.place;
    o.at.line = line.line;
    o.by = "firmware/accounts";
    o.revision = kRevision;
    Value& f = o.fields;
    f.set("user", valid_utf8(line.user));
    const PasswordLine* passwd = line.shadow ? passwd_line(d, line) : &line;
    if (passwd != nullptr) {
      if (passwd->uid) f.set("uid", *passwd->uid);
      f.set_if("shell", valid_utf8(passwd->shell));
    }
    f.set("empty_password", state == PasswordState::empty);
    f.set("locked", state == PasswordState::locked);
    if (state != PasswordState::hash) {
      context.sink.put(std::move(o.seal()));
      return;
    }
    f.set("hash", redacted(line.field));
    f.set_if("hash_scheme", hash_scheme(line.field));
    open.push_back(std::move(o));
    guesses.push_back({.user = line.user, .hash = line.field});
  }

  const Knowledge& knowledge_;
  std::atomic<std::uint64_t> items_{0};
  std::mutex mutex_;
  std::vector<Database> databases_;
  std::vector<std::string> gaps_;
};

}  // namespace

extern const CheckEntry accounts_check;
constinit const CheckEntry accounts_check{
    kId, kRevision, [](const Knowledge& k) -> std::unique_ptr<Check> { return std::make_unique<Accounts>(k); }, kPasswords};

}  // namespace assay::firmware
