// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "base/json.hpp"
#include "firmware/check.hpp"
#include "firmware/checks/made_image.hpp"
#include "firmware/components/package_database.hpp"

namespace assay::firmware {
namespace {

TEST(Checks, FolderAndListAgree) {
  std::set<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(ASSAY_SOURCE_DIR "/src/firmware/checks")) {
    const auto name = entry.path().filename().string();
    if (name.ends_with(".cpp") && !name.ends_with("_test.cpp")) files.insert(name.substr(0, name.size() - 4));
  }
  std::set<std::string> listed;
  for (const CheckEntry& c : checks()) listed.insert(std::string(c.id));
  EXPECT_EQ(files, listed);
}

TEST(Checks, EachReportsItsCoverageAlsoForNothing) {
  for (const CheckEntry& c : checks()) {
    MadeImage image;
    const auto all = image.look(c.id);
    EXPECT_FALSE(seen(all, "coverage", "check", "firmware/" + std::string(c.id)).kind.empty()) << c.id;
    if (!c.also.empty()) {
      EXPECT_FALSE(seen(all, "coverage", "check", "firmware/" + std::string(c.also)).kind.empty()) << c.also;
    }
  }
}

TEST(Checks, NoneIsCompleteWhereTheImageHasGaps) {
  for (const CheckEntry& c : checks()) {
    MadeImage image;
    image.file("/etc/inittab", "::sysinit:/bin/true\n");
    for (const auto& o : of_kind(image.look(c.id, {"bytes 0 to 100 are encrypted"}), "coverage")) {
      EXPECT_FALSE(o.fields["complete"].boolean(true)) << c.id;
      EXPECT_NE(o.fields["reason"].text().find("encrypted"), std::string_view::npos);
    }
  }
}

TEST(Components, VersionStringAndPackageDatabase) {
  MadeImage image;
  image.file("/bin/busybox", std::string("xx\0BusyBox v1.19.2 (2021-02-03 10:16:44 CST)\0BusyBox v1.19.2 (2021)", 68));
  image.file("/usr/lib/opkg/status",
             "Package: dnsmasq\nVersion: 2.78-1\nStatus: install ok installed\nArchitecture: mips_24kc\n\nPackage: gone\nVersion: "
             "1\nStatus: deinstall ok config-files\n");
  image.file("/usr/lib/opkg/info/dnsmasq.control", "Package: dnsmasq\nVersion: 2.78-1\n")
      .file("/usr/lib/opkg/info/extra.control", "Package: extra\nVersion: 3-1\n");
  const auto all = image.look("components");
  const auto busybox = seen(all, "component", "name", "busybox");
  EXPECT_EQ(busybox.fields["version"].text(), "1.19.2");
  EXPECT_EQ(busybox.fields["cpe"].text(), "cpe:2.3:a:busybox:busybox:1.19.2:*:*:*:*:*:*:*");
  const auto dnsmasq = seen(all, "component", "name", "dnsmasq");
  EXPECT_EQ(dnsmasq.at.to_text(), "/usr/lib/opkg/status:1");
  EXPECT_EQ(dnsmasq.fields["cpe"].text(), "cpe:2.3:a:thekelleys:dnsmasq:2.78:*:*:*:*:*:*:*");
  EXPECT_EQ(dnsmasq.fields["purl"].text(), "pkg:opkg/dnsmasq@2.78-1?arch=mips_24kc");
  EXPECT_EQ(of_kind(all, "component").size(), 3U);
}

TEST(Components, KernelModulesSpeakForTheKernelOnce) {
  MadeImage image;
  image.file("/lib/modules/b.ko", "vermagic=2.6.36 mod_unload MIPS32_R2").file("/lib/modules/a.ko", "vermagic=2.6.36 mod_unload MIPS32_R2");
  image.file("/lib/modules/c.ko", "vermagic=6.1.0-50-marvell mod_unload");
  const auto all = of_kind(image.look("components"), "component");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].at.path, "/lib/modules/a.ko");
  EXPECT_EQ(all[0].fields["version"].text(), "2.6.36");
}

TEST(PackageDatabase, UpstreamVersions) {
  EXPECT_EQ(upstream_version("1:1.35.0-4+b3", PackageFormat::dpkg), "1.35.0");
  EXPECT_EQ(upstream_version("2.78-1", PackageFormat::opkg), "2.78");
  EXPECT_EQ(upstream_version("3.0.20-1~deb12u1", PackageFormat::dpkg), "3.0.20");
  EXPECT_EQ(upstream_version("1.2.13.dfsg-1", PackageFormat::dpkg), "1.2.13");
}

TEST(PackageDatabase, ApkInstalled) {
  const auto all = parse_packages("C:Q1x=\nP:musl\nV:1.2.3-r4\nA:x86_64\nL:MIT\n\nP:zlib\nV:1.2.13-r0\n", PackageFormat::apk);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].license, "MIT");
  EXPECT_EQ(all[1].line, 7U);
}

TEST(Files, ModesAndNames) {
  MadeImage image;
  image.file("/bin/su", "x", 04755)
      .file("/usr/bin/screen", "x", 02755)
      .file("/etc/x", "x", 0666)
      .file("/etc/shadow.bak", "x")
      .file("/bin/.init.swo", "x");
  image.file("/usr/sbin/tcpdump", "x", 0755).file("/usr/share/doc/tcpdump", "x").file("/srv/.git/HEAD", "x").file("/srv/.git/config", "x");
  const auto all = image.look("files");
  EXPECT_EQ(seen(all, "file", "issue", "setuid").fields["mode"].text(), "4755");
  EXPECT_EQ(seen(all, "file", "issue", "setgid").at.path, "/usr/bin/screen");
  EXPECT_EQ(seen(all, "file", "issue", "world-writable").at.path, "/etc/x");
  EXPECT_EQ(seen(all, "file", "issue", "debug-artifact").at.path, "/usr/sbin/tcpdump");
  EXPECT_EQ(seen(all, "file", "issue", "vcs").at.path, "/srv/.git");
  EXPECT_EQ(of_kind(all, "file").size(), 7U);
}

TEST(Files, ManyOfOneIssueAreSummedUp) {
  MadeImage image;
  for (int i = 0; i < 250; ++i) image.file("/f" + std::to_string(i), "x", 0777);
  const auto all = of_kind(image.look("files"), "file");
  EXPECT_EQ(all.size(), 201U);
  EXPECT_EQ(seen(all, "file", "count", "50").at.path, "/");
}

TEST(Files, UnknownModesLeaveIncomplete) {
  MadeImage image;
  image.file("/x", "x").modes_unknown();
  EXPECT_FALSE(complete(image.look("files"), "firmware/files"));
}

TEST(Binaries, ABrokenProgramLeavesIncomplete) {
  MadeImage image;
  image.file("/bin/x", std::string("\x7f"
                                   "ELF\1\1\1",
                                   7) +
                           std::string(20, '\0'));
  EXPECT_FALSE(complete(image.look("binaries"), "firmware/binaries"));
}

}  // namespace
}  // namespace assay::firmware
