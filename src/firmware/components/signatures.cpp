// SPDX-License-Identifier: Apache-2.0
#include "firmware/components/signatures.hpp"

#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "firmware/elf/elf.hpp"

namespace assay::firmware {
namespace {

// Version strings are short; what a pattern may look back over, and what it may find behind the first end that was reported.
constexpr std::uint64_t kBefore = 256;
constexpr std::uint64_t kBehind = 512;
// A file that shows more versions than this is a list of names (a vulnerability database, a test), not a program.
constexpr std::size_t kMaxHits = 64;

class Scan {
 public:
  Scan(const Knowledge& knowledge, Bytes content, std::string_view place)
      : knowledge_(knowledge),
        content_(content),
        place_(place),
        elf_(elf::looks_like(content)),
        allowed_(knowledge.signatures.size(), 0),
        handled_(knowledge.pattern_owner.size(), 0) {}

  std::vector<SignatureHit> run() {
    if (knowledge_.patterns && !content_.empty()) {
      knowledge_.patterns->scan(content_, [this](std::size_t pattern, std::uint64_t end) {
        on_match(pattern, end);
        return hits_.size() < kMaxHits;
      });
    }
    by_name();
    return std::move(hits_);
  }

 private:
  // The costly conditions are looked at once a file, and only after a pattern has matched.
  bool allowed(std::size_t index) {
    signed char& known = allowed_[index];
    if (known != 0) return known > 0;
    const Signature& s = knowledge_.signatures[index];
    bool yes = !s.elf_only || elf_;
    if (yes && s.path) yes = RE2::PartialMatch(re2::StringPiece(place_.data(), place_.size()), *s.path);
    for (const auto& need : s.needs) yes = yes && text_of(content_).find(need) != std::string_view::npos;
    if (yes && s.library) yes = !only_links(*s.library);
    known = yes ? 1 : -1;
    return yes;
  }

  const elf::File* elf_file() {
    if (elf_ && !read_) {
      read_ = true;
      if (auto file = elf::read(content_)) file_ = std::move(*file);
    }
    return file_ ? &*file_ : nullptr;
  }

  bool only_links(const RE2& library) {
    const elf::File* file = elf_file();
    if (file == nullptr) return false;
    const auto matches = [&](std::string_view name) { return RE2::FullMatch(re2::StringPiece(name.data(), name.size()), library); };
    return std::ranges::any_of(file->needed, matches) && !matches(file->soname);
  }

  void on_match(std::size_t pattern, std::uint64_t end) {
    // Every longer end of the same match is reported as well.
    if (end <= handled_[pattern]) return;
    const auto [index, which] = knowledge_.pattern_owner[pattern];
    if (!allowed(index)) {
      handled_[pattern] = content_.size();
      return;
    }
    const std::uint64_t from = end > kBefore ? end - kBefore : 0;
    const std::uint64_t size = std::min<std::uint64_t>(end - from + kBehind, content_.size() - from);
    const auto window = text_of(content_.subspan(from, size));
    const re2::StringPiece piece(window.data(), window.size());
    const RE2& regex = *knowledge_.signatures[index].patterns[which];
    re2::StringPiece groups[2];
    for (std::size_t at = 0; at < window.size() && regex.Match(piece, at, window.size(), RE2::UNANCHORED, groups, 2);) {
      const auto begin = static_cast<std::size_t>(groups[0].data() - window.data());
      const std::size_t stop = begin + groups[0].size();
      if (from + begin < end && from + stop >= end) {
        handled_[pattern] = from + stop;
        add(index, groups[1].as_string(), from + begin, window.substr(begin));
        return;
      }
      if (from + begin >= end) return;
      at = std::max(stop, at + 1);
    }
  }

  void add(std::size_t index, std::string version, std::uint64_t offset, std::string_view from_match) {
    const Signature& s = knowledge_.signatures[index];
    if (s.refine) {
      std::string better;
      const auto near = from_match.substr(0, kBehind);
      if (RE2::PartialMatch(re2::StringPiece(near.data(), near.size()), *s.refine, &better)) version = better;
    }
    put(s, std::move(version), s.how, offset);
  }

  void put(const Signature& s, std::string version, std::string_view how, std::uint64_t offset) {
    if (version.empty() || version.size() > 64) return;
    const bool known = std::ranges::any_of(hits_, [&](const SignatureHit& h) { return h.signature == &s && h.version == version; });
    if (!known) hits_.push_back({&s, std::move(version), how, offset});
  }

  void by_name() {
    const auto slash = place_.rfind('/');
    const std::string_view name = slash == std::string_view::npos ? place_ : place_.substr(slash + 1);
    if (!elf_) return;
    const elf::File* file = elf_file();
    const std::string_view soname = file == nullptr ? std::string_view{} : file->soname;
    for (const Signature& s : knowledge_.signatures) {
      if (!s.soname) continue;
      for (const std::string_view text : {name, soname}) {
        std::string version;
        if (!text.empty() && RE2::FullMatch(re2::StringPiece(text.data(), text.size()), *s.soname, &version)) {
          put(s, std::move(version), "soname", 0);
          break;
        }
      }
    }
  }

  const Knowledge& knowledge_;
  Bytes content_;
  std::string_view place_;
  bool elf_;
  bool read_ = false;
  std::optional<elf::File> file_;       // read when first asked for
  std::vector<signed char> allowed_;    // by signature: 0 not looked at, 1 yes, -1 no
  std::vector<std::uint64_t> handled_;  // by pattern: end of the last match dealt with
  std::vector<SignatureHit> hits_;
};

std::string filled(std::string_view text, std::string_view version) {
  constexpr std::string_view kSlot = "{version}";
  const auto at = text.find(kSlot);
  if (at == std::string_view::npos) return std::string(text);
  return std::string(text.substr(0, at)) + std::string(version) + std::string(text.substr(at + kSlot.size()));
}

}  // namespace

std::vector<SignatureHit> find_signatures(const Knowledge& knowledge, Bytes content, std::string_view place) {
  return Scan(knowledge, content, place).run();
}

std::string cpe_of(const Signature& signature, std::string_view version) {
  if (signature.cpe.empty()) return {};
  std::string escaped;
  for (const char c : version) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '_';
    if (!plain) escaped += '\\';
    escaped += c;
  }
  return filled(signature.cpe, escaped);
}

std::string purl_of(const Signature& signature, std::string_view version) {
  std::string encoded;
  for (const char c : version) {
    if (c == '+') {
      encoded += "%2B";
    } else {
      encoded += c;
    }
  }
  return filled(signature.purl, encoded);
}

}  // namespace assay::firmware
