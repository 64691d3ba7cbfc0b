// SPDX-License-Identifier: Apache-2.0
// The checks on real firmware whose truth is known, as far as an archive reader alone can open it.
#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>

#include "base/json.hpp"
#include "base/text.hpp"
#include "firmware/checks/made_image.hpp"
#include "firmware/components/signatures.hpp"

namespace assay::firmware {
namespace {

const std::string kData = ASSAY_SOURCE_DIR "/../shared/data/";

// Files of a tar or cpio, compressed or not, from `skip` bytes on.
bool read_archive(const std::string& path, std::size_t skip,
                  const std::function<void(std::string, std::string, std::uint32_t, std::string)>& file) {
  const auto mapped = MappedFile::open(path);
  if (!mapped || mapped->bytes().size() < skip) return false;
  const std::unique_ptr<archive, int (*)(archive*)> in(archive_read_new(), archive_read_free);
  archive_read_support_filter_all(in.get());
  archive_read_support_format_tar(in.get());
  archive_read_support_format_cpio(in.get());
  const Bytes bytes = mapped->bytes().subspan(skip);
  if (archive_read_open_memory(in.get(), bytes.data(), bytes.size()) != ARCHIVE_OK) return false;
  archive_entry* entry = nullptr;
  while (archive_read_next_header(in.get(), &entry) == ARCHIVE_OK) {
    std::string name = archive_entry_pathname(entry);
    if (name.starts_with("./")) name.erase(0, 1);
    if (!name.starts_with('/')) name.insert(0, "/");
    if (archive_entry_filetype(entry) == AE_IFLNK) {
      file(name, "", 0, archive_entry_symlink(entry));
    } else if (archive_entry_filetype(entry) == AE_IFREG) {
      std::string text(static_cast<std::size_t>(archive_entry_size(entry)), '\0');
      if (archive_read_data(in.get(), text.data(), text.size()) < 0) return false;
      file(name, std::move(text), static_cast<std::uint32_t>(archive_entry_perm(entry)), "");
    }
  }
  return true;
}

class SharedData : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kData + "manifest.json")) GTEST_SKIP() << "shared data absent";
  }

  static MadeImage open(const std::string& name, std::size_t skip = 0) {
    MadeImage image;
    const bool read = read_archive(kData + name, skip, [&](std::string path, std::string text, std::uint32_t mode, std::string target) {
      if (target.empty()) {
        image.file(std::move(path), std::move(text), mode);
      } else {
        image.link(std::move(path), std::move(target));
      }
    });
    EXPECT_TRUE(read) << name;
    return image;
  }

  static std::string text_of_file(const std::string& path) {
    const auto mapped = MappedFile::open(path);
    return mapped ? std::string(text_of(mapped->bytes())) : std::string{};
  }

  static Value truth(const std::string& name) {
    const auto manifest = parse_json(text_of_file(kData + "manifest.json"));
    if (!manifest) return {};
    for (const Value& item : (*manifest)["items"].items()) {
      if (item["name"].text() == name) return item["ground_truth"];
    }
    return {};
  }

  static void expect_components(const std::string& name, const std::vector<Observation>& all) {
    const Value known = truth(name);
    for (const Value& wanted : known["components"].items()) {
      const auto found = std::ranges::any_of(all, [&](const Observation& o) {
        if (o.kind != "component") return false;
        if (o.fields["name"].text() == wanted["name"].text() && o.fields["version"].text() == wanted["version"].text()) return true;
        // A distribution names its packages in its own way; the CPE says what they are.
        return o.fields["cpe"].text().find(":" + std::string(wanted["name"].text()) + ":" + std::string(wanted["version"].text()) + ":") !=
               std::string_view::npos;
      });
      EXPECT_TRUE(found) << name << ": " << wanted["name"].text() << " " << wanted["version"].text();
    }
  }

  static void expect_hardening(const std::string& table, const std::vector<Observation>& all) {
    std::map<std::string, const Observation*> seen_files;
    for (const Observation& o : all) {
      if (o.kind == "binary") seen_files[o.at.path] = &o;
    }
    const std::string csv = text_of_file(kData + "firmware/truth/" + table);
    std::size_t rows = 0;
    for (const auto line : split(csv, '\n')) {
      const auto f = split(line, ',');
      if (f.size() < 12 || f[0] == "path") continue;
      ++rows;
      const auto at = seen_files.find(std::string(f[0]));
      ASSERT_NE(at, seen_files.end()) << f[0];
      const Value& got = at->second->fields;
      EXPECT_EQ(got.has("nx") ? (got["nx"].boolean() ? "yes" : "no") : "missing_GNU_STACK", f[5]) << f[0];
      EXPECT_EQ(got["relro"].text(), f[7]) << f[0];
      // What a static program without symbols holds is not determined.
      if (got.has("canary")) {
        EXPECT_EQ(got["canary"].boolean() ? "yes" : "no", f[8]) << f[0];
      }
      // The table calls a library that has an interpreter a PIE.
      if (got["type"].text() == "executable") {
        EXPECT_EQ(got["pie"].boolean() ? "yes" : "no", f[6]) << f[0];
      }
      EXPECT_EQ(got["stripped"].boolean() ? "yes" : "no", f[11].substr(0, f[11].find('\r'))) << f[0];
    }
    EXPECT_EQ(rows, seen_files.size());
  }
};

TEST_F(SharedData, DlinkCamera) {
  const std::string name = "firmware/dlink_dcs935l_1.04.06_rootfs.tar.xz";
  MadeImage image = open(name);
  const auto components = image.look("components");
  expect_components(name, components);
  std::set<std::string> openssl;
  for (const auto& o : components) {
    if (o.fields["name"].text() == "openssl") openssl.insert(std::string(o.fields["version"].text()));
  }
  EXPECT_EQ(openssl, (std::set<std::string>{"0.9.8b", "0.9.8zc"}));
  expect_hardening("dlink_dcs935l_1.04.06_rootfs.tar.xz.hardening.csv", image.look("binaries"));
  const auto keys = image.look("keys");
  const auto secret = seen(keys, "key", "type", "private-key");
  EXPECT_EQ(secret.at.path, "/etc/stunnel/stunnel.pem");
  EXPECT_EQ(secret.fields["bits"].integer(), 1024);
  EXPECT_TRUE(secret.fields["known_public"].boolean());
  const auto certificate = std::ranges::find_if(
      keys, [](const Observation& o) { return o.at.path == "/etc/stunnel/stunnel.pem" && o.fields["type"].text() == "certificate"; });
  ASSERT_NE(certificate, keys.end());
  EXPECT_EQ(certificate->fields["signature"].text(), "sha1WithRSAEncryption");
  EXPECT_NE(certificate->fields["subject"].text().find("www.dlink.com"), std::string_view::npos);
  const auto admin = seen(image.look("accounts"), "account", "user", "admin");
  EXPECT_EQ(admin.at.to_text(), "/etc/passwd_default:1");
  EXPECT_TRUE(admin.fields["empty_password"].boolean());
  const auto listeners = image.look("listeners");
  EXPECT_FALSE(seen(listeners, "listener", "service", "http").kind.empty());
  EXPECT_FALSE(seen(listeners, "listener", "service", "https").kind.empty());
  EXPECT_FALSE(complete(listeners, "firmware/listeners")) << "its own daemons may open more ports";
}

TEST_F(SharedData, IotGoatOverlay) {
  MadeImage image = open("firmware/owasp_iotgoat_overlay_etc.tar.xz");
  const auto accounts = image.look("accounts");
  const auto user = seen(accounts, "account", "user", "iotgoatuser");
  EXPECT_EQ(user.fields["password"].text(), "known");
  EXPECT_EQ(user.fields["shell"].text(), "/bin/ash");
  EXPECT_TRUE(complete(accounts, "firmware/passwords"));
  EXPECT_EQ(seen(image.look("listeners"), "listener", "service", "telnet").fields["port"].integer(), 65534);
  const auto config = image.look("config");
  EXPECT_EQ(seen(config, "config", "setting", "network-shell").at.to_text(), "/etc/rc.local:4");
  EXPECT_EQ(seen(config, "config", "setting", "secure_mode").fields["value"].text(), "0");
  std::set<std::string> backups;
  for (const auto& o : of_kind(image.look("files"), "file")) backups.insert(o.at.path);
  EXPECT_TRUE(backups.contains("/etc/shadow.bak"));
  EXPECT_TRUE(backups.contains("/etc/config/network.bak"));
}

TEST_F(SharedData, DebianInstaller) {
  // A uImage header of 64 bytes, then a compressed cpio.
  const std::string name = "firmware/debian_dockstar_uInitrd";
  MadeImage image = open(name, 64);
  const auto components = image.look("components");
  expect_components(name, components);
  EXPECT_EQ(std::ranges::count_if(components, [](const Observation& o) { return o.fields["how"].text() == "package-database"; }), 95);
  expect_hardening("debian_dockstar_uInitrd.hardening.csv", image.look("binaries"));
  const auto files = image.look("files");
  EXPECT_EQ(seen(files, "file", "issue", "setuid").at.path, "/bin/rdisc6");
  EXPECT_EQ(seen(files, "file", "issue", "setgid").at.path, "/usr/bin/screen");
  EXPECT_FALSE(complete(image.look("autostart"), "firmware/autostart")) << "its scripts start what the command line of the kernel names";
}

// The strings of 169 programs of distributions, each with the component it belongs to.
TEST_F(SharedData, RecallOnLabelledPrograms) {
  static const std::map<std::string, std::string, std::less<>> kOurs{{"dropbear_ssh", "dropbear"},
                                                                     {"mbed_tls", "mbedtls"},
                                                                     {"point-to-point_protocol", "pppd"},
                                                                     {"router_advertisement_daemon", "radvd"},
                                                                     {"free_range_routing", "frr"},
                                                                     {"libexpat", "expat"},
                                                                     {"libdbus", "dbus"},
                                                                     {"tpm2_software_stack", "tpm2-tss"}};
  const auto manifest = parse_json(text_of_file(kData + "manifest.json"));
  ASSERT_TRUE(manifest);
  std::size_t wanted = 0;
  std::size_t found = 0;
  for (const Value& item : (*manifest)["items"].items()) {
    if (item["kind"].text() != "labelled-binary") continue;
    std::set<std::pair<std::string, std::string>> seen_here;
    read_archive(kData + std::string(item["name"].text()), 0, [&](std::string path, std::string text, std::uint32_t, std::string) {
      for (const auto& hit : find_signatures(shipped_knowledge(), bytes_of(text), path))
        seen_here.emplace(hit.signature->name, hit.version);
    });
    for (const Value& component : item["ground_truth"]["expected_components"].items()) {
      std::string name(component["product"].text());
      if (const auto ours = kOurs.find(name); ours != kOurs.end()) name = ours->second;
      ++wanted;
      if (seen_here.contains({name, std::string(component["version"].text())})) ++found;
    }
  }
  RecordProperty("recall", std::to_string(found) + " of " + std::to_string(wanted));
  EXPECT_EQ(wanted, 169U);
  EXPECT_GE(found, 167U);
}

}  // namespace
}  // namespace assay::firmware
