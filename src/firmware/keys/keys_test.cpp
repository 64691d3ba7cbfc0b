// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/json.hpp"
#include "firmware/checks/made_image.hpp"
#include "firmware/keys/pem.hpp"
#include "firmware/keys/secrets.hpp"

namespace assay::firmware {
namespace {

struct Free {
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
  void operator()(X509* p) const { X509_free(p); }
  void operator()(BIO* p) const { BIO_free(p); }
};

EVP_PKEY* key() {
  static const std::unique_ptr<EVP_PKEY, Free> made(EVP_RSA_gen(1024));
  return made.get();
}

template <class Write>
std::string pem_text(Write write) {
  const std::unique_ptr<BIO, Free> bio(BIO_new(BIO_s_mem()));
  write(bio.get());
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return std::string(text, static_cast<std::size_t>(size));
}

std::string private_pem() {
  return pem_text([](BIO* b) { PEM_write_bio_PrivateKey_traditional(b, key(), nullptr, nullptr, 0, nullptr, nullptr); });
}

std::string sealed_pem() {
  return pem_text([](BIO* b) {
    char phrase[] = "secret";
    PEM_write_bio_PKCS8PrivateKey(b, key(), EVP_aes_128_cbc(), phrase, 6, nullptr, nullptr);
  });
}

std::string certificate_pem() {
  const std::unique_ptr<X509, Free> cert(X509_new());
  X509_set_version(cert.get(), 2);
  X509_gmtime_adj(X509_getm_notBefore(cert.get()), 0);
  ASN1_TIME_set_string_X509(X509_getm_notAfter(cert.get()), "20330101000000Z");
  X509_set_pubkey(cert.get(), key());
  X509_NAME* name = X509_get_subject_name(cert.get());
  const std::string text = "www.example.com";
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, std::basic_string<unsigned char>(text.begin(), text.end()).c_str(), -1, -1, 0);
  X509_set_issuer_name(cert.get(), name);
  X509_sign(cert.get(), key(), EVP_sha1());
  return pem_text([&](BIO* b) { PEM_write_bio_X509(b, cert.get()); });
}

TEST(Keys, PrivateKeyWithCertificate) {
  MadeImage image;
  image.file("/etc/stunnel/stunnel.pem", private_pem() + certificate_pem());
  const auto all = image.look("keys");
  const auto secret = seen(all, "key", "type", "private-key");
  EXPECT_EQ(secret.fields["algorithm"].text(), "RSA");
  EXPECT_EQ(secret.fields["bits"].integer(), 1024);
  EXPECT_FALSE(secret.fields["encrypted"].boolean(true));
  EXPECT_EQ(secret.fields["fingerprint"].text().size(), 64U);
  EXPECT_EQ(secret.at.line, 1U);
  const auto cert = seen(all, "key", "type", "certificate");
  EXPECT_EQ(cert.fields["subject"].text(), "CN = www.example.com");
  EXPECT_EQ(cert.fields["not_after"].text(), "2033-01-01T00:00:00Z");
  EXPECT_TRUE(cert.fields["self_signed"].boolean());
  EXPECT_EQ(cert.fields["signature"].text(), "sha1WithRSAEncryption");
  EXPECT_TRUE(complete(all, "firmware/keys"));
}

TEST(Keys, NothingOfTheKeyItselfIsKept) {
  const std::string pem = private_pem();
  MadeImage image;
  image.file("/key.pem", pem);
  const std::string body = pem.substr(pem.find('\n') + 1, 64);
  for (const auto& o : image.look("keys")) EXPECT_EQ(to_json(to_value(o)).find(body), std::string::npos);
}

TEST(Keys, SealedKeyIsEncrypted) {
  MadeImage image;
  image.file("/etc/privkey.pem", sealed_pem());
  EXPECT_TRUE(seen(image.look("keys"), "key", "type", "private-key").fields["encrypted"].boolean());
}

TEST(Keys, KeyInsideAProgram) {
  MadeImage image;
  image.file("/usr/bin/httpd", std::string("\x7f"
                                           "ELF\0\0",
                                           6) +
                                   std::string(50, '\1') + private_pem() + std::string(9, '\0'));
  EXPECT_EQ(of_kind(image.look("keys"), "key").size(), 1U);
}

TEST(Keys, MarkersAloneAreNoKey) {
  MadeImage image;
  image.file("/lib/libcrypto.so", std::string("-----BEGIN RSA PRIVATE KEY-----\0-----END RSA PRIVATE KEY-----\0%s", 64));
  const auto all = image.look("keys");
  EXPECT_TRUE(of_kind(all, "key").empty());
  EXPECT_TRUE(complete(all, "firmware/keys"));
}

TEST(Keys, ABrokenKeyLeavesIncomplete) {
  MadeImage image;
  image.file(
      "/k.pem",
      "-----BEGIN RSA PRIVATE KEY-----\nMIIBOgIBAAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf9Cnzj4p4WGeKLs1Pt8Qu\n-----END RSA PRIVATE KEY-----\n");
  EXPECT_FALSE(complete(image.look("keys"), "firmware/keys"));
}

TEST(Keys, DropbearHostKey) {
  const auto field = [](const std::string& bytes) {
    std::string out;
    for (const unsigned shift : {24U, 16U, 8U, 0U}) out += static_cast<char>((bytes.size() >> shift) & 0xffU);
    return out + bytes;
  };
  MadeImage image;
  image.file("/etc/dropbear/dropbear_rsa_host_key",
             field("ssh-rsa") + field(std::string("\1\0\1", 3)) + field(std::string(1, '\0') + std::string(128, '\xc1')) +
                 field(std::string(128, '\x55')) + field(std::string(64, '\x77')) + field(std::string(64, '\x79')));
  const auto host = seen(image.look("keys"), "key", "type", "ssh-host-key");
  EXPECT_EQ(host.fields["bits"].integer(), 1024);
  EXPECT_EQ(host.fields["algorithm"].text(), "RSA");
}

TEST(Secrets, PppFilesWithAndWithoutQuotes) {
  const auto found = find_secrets("# Secrets\n\"test\" * \"test\"\nuser server pass123word *\nalone\n", "/etc/ppp/chap-secrets");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].line, 2U);
  EXPECT_EQ(found[0].redacted, "… (4)");
  EXPECT_EQ(found[1].redacted, "p… (11)");
  EXPECT_EQ(found[0].digest.size(), 32U);
}

TEST(Secrets, SameSecretSameDigest) {
  const auto a = find_secrets("psk=\"correct horse\"\n", "/etc/wpa_supplicant.conf");
  EXPECT_TRUE(a.empty()) << "a pass phrase with a blank is not matched by this line form";
  const auto b = find_secrets("psk=\"correcthorse\"\n", "/etc/wpa_supplicant.conf");
  const auto c = find_secrets("wpa_passphrase=correcthorse\n", "/etc/hostapd.conf");
  ASSERT_EQ(b.size(), 1U);
  ASSERT_EQ(c.size(), 1U);
  EXPECT_EQ(b[0].digest, c[0].digest);
}

TEST(Secrets, UrlsAndWhatOnlyLooksLikeOne) {
  EXPECT_EQ(find_secrets("curl ftp://update:s3cretpw@host.example.com/fw\n", "/x.sh").size(), 1U);
  EXPECT_TRUE(
      find_secrets("http://%s:%s@host/ http://user:$PW@host [http://][user][:pass]@host http://[[u][:pass]@]host\n", "/x.sh").empty());
  EXPECT_TRUE(find_secrets("\toption key\t/etc/uhttpd.key\n", "/etc/config/uhttpd").empty());
}

}  // namespace
}  // namespace assay::firmware
