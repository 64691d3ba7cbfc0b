// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "firmware/accounts/guess.hpp"
#include "firmware/accounts/password_file.hpp"
#include "firmware/checks/made_image.hpp"
#include "firmware/knowledge.hpp"

namespace assay::firmware {
namespace {

Guess::Outcome guess(std::string hash, std::string user = "root", std::chrono::milliseconds time = std::chrono::seconds(20)) {
  std::vector<Guess> guesses{{.user = std::move(user), .hash = std::move(hash)}};
  guess_passwords(guesses, shipped_knowledge().passwords, time, 2);
  return guesses[0].outcome;
}

// Hashes of shipped cameras and routers, verified with crypt(3).
TEST(Guess, DesCryptOfACamera) {
  EXPECT_EQ(guess("rJ0FHsG0ZbyZo"), Guess::Outcome::known);
}
TEST(Guess, Md5CryptWithoutSalt) {
  EXPECT_EQ(guess("$1$$iC.dUsGpxNNJGeOm1dFio/", "admin"), Guess::Outcome::known);
}
TEST(Guess, BotnetWord) {
  EXPECT_EQ(guess("$1$79bz0K8z$Ii6Q/if83F1QodGmkb4Ah.", "iotgoatuser"), Guess::Outcome::known);
}
// crypt("Zebra!Lamp_42", "$6$saltsalt$")
TEST(Guess, GoodPasswordIsNotFound) {
  EXPECT_EQ(guess("$6$saltsalt$vBEdNkHZtDyTWbb6rxYIlvI3vGSJtuuA.GA3TX0ZgsNpSnEnb10Gwv7zst1apc31igI0BDWU0nZKsUOqDSXHK."),
            Guess::Outcome::not_found);
}
TEST(Guess, WithoutTimeNothingIsClaimed) {
  EXPECT_EQ(guess("$6$saltsalt$vBEdNkHZtDyTWbb6rxYIlvI3vGSJtuuA.GA3TX0ZgsNpSnEnb10Gwv7zst1apc31igI0BDWU0nZKsUOqDSXHK.", "root",
                  std::chrono::milliseconds(0)),
            Guess::Outcome::not_tried);
}
TEST(Guess, UnknownFormIsNotTried) {
  std::vector<Guess> guesses{{.user = "a", .hash = "$99$nobody$knows"}};
  guess_passwords(guesses, {"x"}, std::chrono::seconds(5), 1);
  EXPECT_EQ(guesses[0].outcome, Guess::Outcome::not_tried);
  EXPECT_FALSE(guesses[0].supported);
}

TEST(PasswordFile, ReadsPasswdAndShadow) {
  const auto passwd = parse_password_file("root:x:0:0:root:/root:/bin/ash\nftp:*:55:55:ftp:/home/ftp:/bin/false\n", true);
  ASSERT_EQ(passwd.size(), 2U);
  EXPECT_EQ(passwd[0].uid, 0);
  EXPECT_EQ(password_state(passwd[0]), PasswordState::elsewhere);
  EXPECT_EQ(password_state(passwd[1]), PasswordState::locked);
  const auto shadow = parse_password_file("root::0:0:99999:7:::\ndnsmasq:x:0:0:99999:7:::\n", true);
  ASSERT_EQ(shadow.size(), 2U);
  EXPECT_EQ(password_state(shadow[0]), PasswordState::empty);
  EXPECT_EQ(password_state(shadow[1]), PasswordState::locked);
}

TEST(PasswordFile, TheFirstLineOfAUserCounts) {
  EXPECT_EQ(parse_password_file("a:*:1:1::/:/bin/sh\na::1:1::/:/bin/sh\n", true).size(), 1U);
}

TEST(PasswordFile, ProseAndTablesAreNone) {
  EXPECT_TRUE(parse_password_file("a: b: c: d: e: f: g\nThis is text.\n", false).empty());
  EXPECT_TRUE(parse_password_file("::sysinit:/etc/init.d/rcS\nttyS1::respawn:/bin/sh\n", false).empty());
  EXPECT_TRUE(parse_password_file("root:x:0:\nbin:x:1:\n", true).empty());
}

TEST(PasswordFile, Schemes) {
  EXPECT_EQ(hash_scheme("rJ0FHsG0ZbyZo"), "descrypt");
  EXPECT_EQ(hash_scheme("$1$a$b"), "md5crypt");
  EXPECT_EQ(hash_scheme("$6$a$b"), "sha512crypt");
  EXPECT_EQ(hash_scheme("$y$j9T$a"), "yescrypt");
  EXPECT_EQ(hash_scheme("plainpassword!"), "");
}

TEST(Accounts, ShadowLineCarriesUidAndShellOfItsPasswdLine) {
  MadeImage image;
  image.file("/etc/passwd", "root:x:0:0:root:/root:/bin/ash\n").file("/etc/shadow", "root::0:0:99999:7:::\n");
  const auto all = image.look("accounts");
  const auto accounts = of_kind(all, "account");
  ASSERT_EQ(accounts.size(), 1U);
  EXPECT_EQ(accounts[0].at.to_text(), "/etc/shadow:1");
  EXPECT_EQ(accounts[0].fields["shell"].text(), "/bin/ash");
  EXPECT_EQ(accounts[0].fields["uid"].integer(-1), 0);
  EXPECT_TRUE(accounts[0].fields["empty_password"].boolean());
  EXPECT_FALSE(accounts[0].fields["locked"].boolean(true));
  EXPECT_FALSE(accounts[0].fields.has("password"));
  EXPECT_TRUE(complete(all, "firmware/accounts"));
  EXPECT_TRUE(complete(all, "firmware/passwords"));
}

TEST(Accounts, ALiveDatabaseThatCannotBeReadIsNotComplete) {
  for (const std::string& damaged :
       {std::string("\x89PNG\0\0 not a database", 22), std::string("root:x:0:0:root:/root:/bin/ash\nhalf a li")}) {
    MadeImage image;
    image.file("/etc/passwd", damaged).file("/etc/shadow", "root:*:0:0:99999:7:::\n");
    EXPECT_FALSE(complete(image.look("accounts"), "firmware/accounts")) << damaged;
  }
}

TEST(Accounts, APasswordKeptInAShadowFileThatIsNotThereIsNotComplete) {
  MadeImage image;
  image.file("/etc/passwd", "root:x:0:0:root:/root:/bin/ash\n");
  EXPECT_FALSE(complete(image.look("accounts"), "firmware/accounts"));
}

TEST(Accounts, OneObservationSaysThatThePasswordIsKnown) {
  MadeImage image;
  image.file("/etc/passwd.bak", "admin:$1$$iC.dUsGpxNNJGeOm1dFio/:0:0:root:/:/bin/sh\ndropbear:x:500:500:dropbear:/var/dropbear:/bin/sh\n");
  const auto all = image.look("accounts");
  ASSERT_EQ(of_kind(all, "account").size(), 2U);
  const auto admin = seen(all, "account", "user", "admin");
  EXPECT_EQ(admin.fields["password"].text(), "known");
  EXPECT_EQ(admin.fields["hash_scheme"].text(), "md5crypt");
  EXPECT_EQ(to_value(admin).at_path("fields"), nullptr);
  EXPECT_EQ(admin.fields["hash"].text().find("iC.dUs"), std::string_view::npos);
  EXPECT_TRUE(seen(all, "account", "user", "dropbear").fields["locked"].boolean());
}

TEST(Accounts, OutOfTimeLeavesPasswordsIncompleteAndAccountsComplete) {
  MadeImage image;
  image.file("/etc/shadow",
             "root:$6$saltsalt$vBEdNkHZtDyTWbb6rxYIlvI3vGSJtuuA.GA3TX0ZgsNpSnEnb10Gwv7zst1apc31igI0BDWU0nZKsUOqDSXHK.:1:0:99999:7:::\n");
  const auto all = image.look("accounts", {}, std::chrono::seconds(0));
  EXPECT_TRUE(complete(all, "firmware/accounts"));
  EXPECT_FALSE(complete(all, "firmware/passwords"));
  EXPECT_EQ(seen(all, "account", "user", "root").fields["password"].text(), "not-tried");
}

TEST(Accounts, GapsOfTheImageMakeBothIncomplete) {
  MadeImage image;
  image.file("/etc/passwd", "root:*:0:0::/:/bin/sh\n");
  const auto all = image.look("accounts", {"an encrypted partition"});
  EXPECT_FALSE(complete(all, "firmware/accounts"));
  EXPECT_FALSE(complete(all, "firmware/passwords"));
}

}  // namespace
}  // namespace assay::firmware
