// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace assay::firmware {

// What can be said about a key or certificate without keeping it. Absent parts were not determined.
struct KeyFacts {
  std::string type;       // private-key | public-key | certificate | ssh-host-key
  std::string algorithm;  // "RSA", "EC", "Ed25519" …
  std::int64_t bits = 0;
  std::optional<bool> encrypted;
  std::string fingerprint;  // SHA-256, hex: of the SubjectPublicKeyInfo, of an SSH key's public blob, or of the sealed bytes
  std::string subject;
  std::string issuer;
  std::string not_after;  // RFC 3339
  std::optional<bool> self_signed;
  std::string signature;  // "sha256WithRSAEncryption"
};

// A private key in PKCS #1, PKCS #8 or SEC 1 DER; a certificate; a SubjectPublicKeyInfo; a PKCS #12 store. nullopt: none of these.
std::optional<KeyFacts> read_private_key(Bytes der);
std::optional<KeyFacts> read_certificate(Bytes der);
std::optional<KeyFacts> read_public_key(Bytes der);
std::optional<KeyFacts> read_pkcs12(Bytes der);
// The body of an OPENSSH PRIVATE KEY (openssh PROTOCOL.key).
std::optional<KeyFacts> read_openssh_key(Bytes body);
// Dropbear's own host key files: the SSH key type and the numbers of the private key (signkey.c).
std::optional<KeyFacts> read_dropbear_key(Bytes content);
// An SSH public key blob (RFC 4253, 6.6), as authorized_keys holds it in base64.
std::optional<KeyFacts> read_ssh_public_key(Bytes blob);

}  // namespace assay::firmware
