// SPDX-License-Identifier: Apache-2.0
// Keys, certificates and secrets in clear. What is secret is never kept: a fingerprint of the public part, a keyed digest of the rest.
#include <algorithm>
#include <atomic>
#include <mutex>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "firmware/check.hpp"
#include "firmware/keys/key_material.hpp"
#include "firmware/keys/pem.hpp"
#include "firmware/keys/secrets.hpp"
#include "firmware/knowledge.hpp"

namespace assay::firmware {
namespace {

constexpr std::string_view kId = "keys";
constexpr int kRevision = 1;
constexpr std::size_t kMaxText = 4U << 20U;
// Wi-Fi certificates, host keys: a DER file is small. Larger files that begin like DER are something else.
constexpr std::size_t kMaxDerFile = 64U << 10U;
constexpr std::size_t kMaxAuthorized = 200;

bool is_text(Bytes content) {
  return text_of(content.first(std::min<std::size_t>(content.size(), 4096))).find('\0') == std::string_view::npos;
}

class Keys final : public Check {
 public:
  explicit Keys(const Knowledge& knowledge) : knowledge_(knowledge) {}

  void file(const File& file, Context& context) override {
    ++items_;
    bool truncated = false;
    for (const PemBlock& block : find_pem_blocks(file.content, truncated)) pem(file, block, context);
    if (truncated) gap(file.place + " holds more keys than are reported");
    if (file.entry == nullptr) return;
    if (file.content.size() <= kMaxDerFile) binary_key(file, context);
    if (!is_text(file.content)) return;
    if (file.content.size() > kMaxText) {
      gap(file.place + " is a text larger than " + bytes_text(kMaxText) + " and was searched for PEM keys only");
      return;
    }
    for (const Secret& s : find_secrets(text_of(file.content), file.entry->path)) {
      Observation o = observed(context, "secret", kId, kRevision, file);
      o.at.line = s.line;
      o.fields.set("type", s.type);
      o.fields.set("redacted", s.redacted);
      o.fields.set("digest", s.digest);
      context.sink.put(std::move(o.seal()));
    }
    if (file.place.find("authorized_keys") != std::string::npos) authorized_keys(file, context);
  }

  void finish(const Image& image, const std::vector<std::string>& gaps, Context& context) override {
    std::vector<std::string> why = gaps;
    std::ranges::sort(gaps_);
    why.insert(why.end(), gaps_.begin(), gaps_.end());
    put_coverage(context, kId, kRevision, image, why, items_);
  }

 private:
  void gap(std::string text) {
    const std::lock_guard lock(mutex_);
    gaps_.push_back(std::move(text));
  }

  void put(const File& file, const KeyFacts& facts, std::uint32_t line, Context& context) const {
    Observation o = observed(context, "key", kId, kRevision, file);
    if (line != 0 && is_text(file.content)) o.at.line = line;
    Value& f = o.fields;
    f.set("type", facts.type);
    f.set_if("algorithm", facts.algorithm);
    if (facts.bits > 0) f.set("bits", facts.bits);
    if (facts.encrypted) f.set("encrypted", *facts.encrypted);
    f.set_if("fingerprint", facts.fingerprint);
    f.set_if("subject", facts.subject);
    f.set_if("issuer", facts.issuer);
    f.set_if("not_after", facts.not_after);
    if (facts.self_signed) f.set("self_signed", *facts.self_signed);
    f.set_if("signature", facts.signature);
    const bool is_private = facts.type == "private-key" || facts.type == "ssh-host-key";
    if (is_private && std::ranges::binary_search(knowledge_.public_keys, facts.fingerprint)) f.set("known_public", true);
    context.sink.put(std::move(o.seal()));
  }

  void pem(const File& file, const PemBlock& block, Context& context) {
    std::optional<KeyFacts> facts;
    if (block.label == "OPENSSH PRIVATE KEY") {
      facts = read_openssh_key(block.body);
    } else if (block.label.ends_with("PRIVATE KEY")) {
      if (block.encrypted) {
        facts.emplace();
        facts->type = "private-key";
        facts->encrypted = true;
        if (block.label.size() > 12) facts->algorithm = block.label.substr(0, block.label.find(' '));
        facts->fingerprint = sha256_hex(Bytes(block.body));
      } else {
        facts = read_private_key(block.body);
      }
    } else if (block.label == "CERTIFICATE" || block.label == "X509 CERTIFICATE" || block.label == "TRUSTED CERTIFICATE") {
      facts = read_certificate(block.body);
    } else if (block.label.ends_with("PUBLIC KEY") && block.label.find("PGP") == std::string::npos) {
      facts = read_public_key(block.body);
    } else {
      return;
    }
    if (!facts) {
      gap(file.place + " line " + std::to_string(block.line) + ": a " + printable(block.label, 40) + " that cannot be read");
      return;
    }
    if (facts->type == "private-key" && file.place.find("ssh_host_") != std::string::npos) facts->type = "ssh-host-key";
    put(file, *facts, block.line, context);
  }

  void binary_key(const File& file, Context& context) {
    const Bytes content = file.content;
    if (content.size() < 32) return;
    if (text_of(content.first(3)) == std::string_view("\0\0\0", 3)) {
      if (const auto key = read_dropbear_key(content)) put(file, *key, 0, context);
      return;
    }
    // A DER file is one SEQUENCE that spans it.
    if (std::to_integer<unsigned>(content[0]) != 0x30) return;
    const auto form = std::to_integer<unsigned>(content[1]);
    std::uint64_t whole = 0;
    if (form == 0x82) {
      whole = std::uint64_t{Reader::load<std::uint16_t>(content.subspan(2, 2), Endian::big)} + 4;
    } else if (form == 0x81) {
      whole = std::to_integer<std::uint64_t>(content[2]) + 3;
    } else if (form < 0x80) {
      whole = form + 2;
    }
    if (whole != content.size()) return;
    auto facts = read_certificate(content);
    if (!facts) facts = read_private_key(content);
    if (!facts) facts = read_public_key(content);
    if (!facts) facts = read_pkcs12(content);
    if (facts) put(file, *facts, 0, context);
  }

  void authorized_keys(const File& file, Context& context) {
    std::uint32_t number = 0;
    std::size_t count = 0;
    for (const std::string_view line : split(text_of(file.content), '\n')) {
      ++number;
      if (count >= kMaxAuthorized) break;
      for (const std::string_view word : words(line)) {
        if (!word.starts_with("AAAA")) continue;
        // The PEM reader's base64 serves here as well.
        const std::string wrapped = "-----BEGIN SSH-----\n" + std::string(word) + "\n-----END SSH-----";
        bool truncated = false;
        for (const PemBlock& block : find_pem_blocks(bytes_of(wrapped), truncated)) {
          if (const auto key = read_ssh_public_key(block.body)) {
            put(file, *key, number, context);
            ++count;
          }
        }
      }
    }
  }

  const Knowledge& knowledge_;
  std::atomic<std::uint64_t> items_{0};
  std::mutex mutex_;
  std::vector<std::string> gaps_;
};

}  // namespace

extern const CheckEntry keys_check;
constinit const CheckEntry keys_check{kId, kRevision,
                                      [](const Knowledge& k) -> std::unique_ptr<Check> { return std::make_unique<Keys>(k); }};

}  // namespace assay::firmware
