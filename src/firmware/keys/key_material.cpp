// SPDX-License-Identifier: Apache-2.0
#include "firmware/keys/key_material.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <array>
#include <ctime>
#include <limits>
#include <memory>

#include "base/clock.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"

namespace assay::firmware {
namespace {

struct Free {
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
  void operator()(X509* p) const { X509_free(p); }
  void operator()(X509_SIG* p) const { X509_SIG_free(p); }
  void operator()(PKCS12* p) const { PKCS12_free(p); }
  void operator()(BIO* p) const { BIO_free(p); }
  void operator()(unsigned char* p) const { OPENSSL_free(p); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

// OpenSSL's DER readers take unsigned char; a copy keeps the cast out of here. Bounded: no key we know has 64 KiB.
constexpr std::size_t kMaxDer = 64U << 10U;
using Der = std::basic_string<unsigned char>;
std::optional<Der> der_of(Bytes bytes) {
  if (bytes.empty() || bytes.size() > kMaxDer) return std::nullopt;
  Der out;
  for (const std::byte b : bytes) out.push_back(std::to_integer<unsigned char>(b));
  return out;
}

std::string algorithm_of(const EVP_PKEY* key) {
  const char* name = EVP_PKEY_get0_type_name(key);
  std::string out = name == nullptr ? "" : name;
  if (out == "ED25519") out = "Ed25519";
  return out;
}

std::string public_fingerprint(EVP_PKEY* key) {
  unsigned char* raw = nullptr;
  const int size = i2d_PUBKEY(key, &raw);
  const Owned<unsigned char> owner(raw);
  if (size <= 0) return {};
  return sha256_hex(std::as_bytes(std::span(raw, static_cast<std::size_t>(size))));
}

void describe(EVP_PKEY* key, KeyFacts& out) {
  out.algorithm = algorithm_of(key);
  out.bits = EVP_PKEY_get_bits(key);
  out.fingerprint = public_fingerprint(key);
}

std::string name_text(const X509_NAME* name) {
  const Owned<BIO> bio(BIO_new(BIO_s_mem()));
  if (!bio || name == nullptr) return {};
  // Unknown string forms and control characters come escaped; UTF-8 stays.
  X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_ONELINE & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB));
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  if (size <= 0) return {};
  return valid_utf8(std::string_view(text, std::min<std::size_t>(static_cast<std::size_t>(size), 1024)));
}

std::string time_text(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return {};
  const auto seconds = timegm(&parts);
  return to_text(Instant(std::chrono::seconds(seconds)));
}

std::optional<std::string_view> ssh_string(Reader& in, std::uint64_t max) {
  const auto size = in.be<std::uint32_t>();
  if (!size || *size > max) return std::nullopt;
  const auto raw = in.bytes(*size);
  if (!raw) return std::nullopt;
  return text_of(*raw);
}

std::int64_t bits_of_mpint(std::string_view number) {
  while (!number.empty() && number[0] == '\0') number.remove_prefix(1);
  if (number.empty()) return 0;
  std::int64_t bits = static_cast<std::int64_t>(number.size()) * 8;
  for (unsigned top = static_cast<unsigned char>(number[0]); (top & 0x80U) == 0; top <<= 1U) --bits;
  return bits;
}

struct SshType {
  std::string_view name;
  std::string_view algorithm;
  std::int64_t bits;      // 0: of the second (RSA) or first (DSA) number
  unsigned public_parts;  // strings or numbers after the type's name
};
constexpr std::array<SshType, 6> kSshTypes{{
    {"ssh-rsa", "RSA", 0, 2},
    {"ssh-dss", "DSA", 0, 4},
    {"ssh-ed25519", "Ed25519", 256, 1},
    {"ecdsa-sha2-nistp256", "EC", 256, 2},
    {"ecdsa-sha2-nistp384", "EC", 384, 2},
    {"ecdsa-sha2-nistp521", "EC", 521, 2},
}};

// Reads the public part that stands at the front of SSH public blobs and of dropbear's files.
std::optional<KeyFacts> ssh_public_part(Bytes blob, Reader& in) {
  const auto name = ssh_string(in, 64);
  if (!name) return std::nullopt;
  for (const SshType& type : kSshTypes) {
    if (type.name != *name) continue;
    KeyFacts out;
    out.algorithm = type.algorithm;
    out.bits = type.bits;
    for (unsigned i = 0; i < type.public_parts; ++i) {
      const auto part = ssh_string(in, 8192);
      if (!part || part->empty()) return std::nullopt;
      if (type.bits == 0 && i == (type.name == "ssh-rsa" ? 1U : 0U)) out.bits = bits_of_mpint(*part);
    }
    out.fingerprint = sha256_hex(blob.first(in.position()));
    return out;
  }
  return std::nullopt;
}

}  // namespace

std::optional<KeyFacts> read_private_key(Bytes bytes) {
  const auto der = der_of(bytes);
  if (!der) return std::nullopt;
  KeyFacts out;
  out.type = "private-key";
  const unsigned char* at = der->data();
  if (const Owned<EVP_PKEY> key(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(der->size()))); key) {
    out.encrypted = false;
    describe(key.get(), out);
    return out;
  }
  at = der->data();
  if (const Owned<X509_SIG> sealed(d2i_X509_SIG(nullptr, &at, static_cast<long>(der->size()))); sealed) {
    out.encrypted = true;
    out.fingerprint = sha256_hex(bytes);
    return out;
  }
  return std::nullopt;
}

std::optional<KeyFacts> read_certificate(Bytes bytes) {
  const auto der = der_of(bytes);
  if (!der) return std::nullopt;
  const unsigned char* at = der->data();
  const Owned<X509> cert(d2i_X509(nullptr, &at, static_cast<long>(der->size())));
  if (!cert) return std::nullopt;
  KeyFacts out;
  out.type = "certificate";
  out.fingerprint = sha256_hex(bytes.first(static_cast<std::size_t>(at - der->data())));
  if (EVP_PKEY* key = X509_get0_pubkey(cert.get())) {
    out.algorithm = algorithm_of(key);
    out.bits = EVP_PKEY_get_bits(key);
    if (X509_NAME_cmp(X509_get_subject_name(cert.get()), X509_get_issuer_name(cert.get())) != 0) {
      out.self_signed = false;
    } else {
      out.self_signed = X509_verify(cert.get(), key) == 1;
    }
  }
  out.subject = name_text(X509_get_subject_name(cert.get()));
  out.issuer = name_text(X509_get_issuer_name(cert.get()));
  out.not_after = time_text(X509_get0_notAfter(cert.get()));
  if (const char* name = OBJ_nid2ln(X509_get_signature_nid(cert.get()))) out.signature = name;
  return out;
}

std::optional<KeyFacts> read_public_key(Bytes bytes) {
  const auto der = der_of(bytes);
  if (!der) return std::nullopt;
  KeyFacts out;
  out.type = "public-key";
  const unsigned char* at = der->data();
  Owned<EVP_PKEY> key(d2i_PUBKEY(nullptr, &at, static_cast<long>(der->size())));
  if (!key) {
    at = der->data();
    key.reset(d2i_PublicKey(EVP_PKEY_RSA, nullptr, &at, static_cast<long>(der->size())));
  }
  if (!key) return std::nullopt;
  describe(key.get(), out);
  return out;
}

std::optional<KeyFacts> read_pkcs12(Bytes bytes) {
  const auto der = der_of(bytes);
  if (!der) return std::nullopt;
  const unsigned char* at = der->data();
  const Owned<PKCS12> store(d2i_PKCS12(nullptr, &at, static_cast<long>(der->size())));
  if (!store) return std::nullopt;
  KeyFacts out;
  out.type = "private-key";
  out.fingerprint = sha256_hex(bytes);
  // An empty pass phrase protects nothing.
  out.encrypted =
      PKCS12_mac_present(store.get()) == 1 && PKCS12_verify_mac(store.get(), "", 0) != 1 && PKCS12_verify_mac(store.get(), nullptr, 0) != 1;
  return out;
}

std::optional<KeyFacts> read_openssh_key(Bytes body) {
  constexpr std::string_view kMagic{"openssh-key-v1\0", 15};
  Reader in(body);
  const auto magic = in.bytes(kMagic.size());
  if (!magic || text_of(*magic) != kMagic) return std::nullopt;
  const auto cipher = ssh_string(in, 64);
  const auto kdf = ssh_string(in, 64);
  const auto options = ssh_string(in, 1024);
  const auto count = in.be<std::uint32_t>();
  const auto blob = ssh_string(in, 16384);
  if (!cipher || !kdf || !options || !count || *count == 0 || !blob) return std::nullopt;
  auto out = read_ssh_public_key(bytes_of(*blob));
  if (!out) out.emplace();
  out->type = "private-key";
  out->encrypted = *cipher != "none";
  return out;
}

std::optional<KeyFacts> read_dropbear_key(Bytes content) {
  Reader in(content);
  auto out = ssh_public_part(content, in);
  // The private numbers must follow: alone, this is a public key.
  if (!out || in.left() < 16 || content.size() > 8192) return std::nullopt;
  out->type = "ssh-host-key";
  out->encrypted = false;
  return out;
}

std::optional<KeyFacts> read_ssh_public_key(Bytes blob) {
  Reader in(blob);
  auto out = ssh_public_part(blob, in);
  if (out) out->type = "public-key";
  return out;
}

}  // namespace assay::firmware
