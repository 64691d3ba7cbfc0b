// SPDX-License-Identifier: Apache-2.0
#include "record/workspace.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>

namespace assay::record {
namespace {

namespace fs = std::filesystem;

struct Here {
  std::string path;
  Here() {
    std::string name = ::testing::TempDir() + "/assay-ws-XXXXXX";
    path = ::mkdtemp(name.data());
  }
  ~Here() { fs::remove_all(path); }
};

Observation account(std::string_view evidence, std::string_view user) {
  Observation o;
  o.kind = "account";
  o.evidence = evidence;
  o.at.path = "/etc/shadow";
  o.by = "firmware/accounts";
  o.fields.set("user", user);
  o.seal();
  return o;
}

Evidence stored(Workspace& w, std::string_view text, int accounts = 2) {
  const auto id = w.put_blob(bytes_of(text));
  EXPECT_TRUE(id);
  Evidence e;
  e.id = *id;
  e.name = "image.bin";
  e.bytes = text.size();
  e.type = "firmware";
  e.version = "1.0";
  std::vector<Observation> observations;
  for (int i = 0; i < accounts; ++i) observations.push_back(account(e.id, "user" + std::to_string(i)));
  const auto added = w.add(e, observations, "test");
  EXPECT_TRUE(added) << added.error().to_text();
  return e;
}

std::vector<std::string> faults_of(const Workspace& w) {
  std::vector<std::string> out;
  const auto faults = w.verify();
  EXPECT_TRUE(faults) << faults.error().to_text();
  for (const auto& f : *faults) out.push_back(f.what);
  return out;
}

Answer yes(std::string_view question) {
  Answer a;
  a.question = question;
  a.value = "yes";
  a.by = "A. Engineer";
  a.note = "seen";
  a.version = "1.0";
  a.seal();
  return a;
}

// Runs SQL behind the workspace's back, triggers switched off: the attacker who owns the disk.
void tamper(const Here& here, const std::string& sql) {
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open((here.path + "/.assay/assay.db").c_str(), &raw), SQLITE_OK);
  const std::string all =
      "DROP TRIGGER log_no_update; DROP TRIGGER log_no_delete; DROP TRIGGER answer_no_update; DROP TRIGGER answer_no_delete;" + sql;
  EXPECT_EQ(sqlite3_exec(raw, all.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(raw);
  sqlite3_close(raw);
}

TEST(Workspace, KeepsWhatWasAddedAcrossOpening) {
  const Here here;
  std::string id;
  {
    auto w = Workspace::create(here.path);
    ASSERT_TRUE(w) << w.error().to_text();
    id = stored(*w, "firmware bytes").id;
    ASSERT_TRUE(w->answer(yes("passwords.unique")));
  }
  auto w = Workspace::open(here.path);
  ASSERT_TRUE(w) << w.error().to_text();
  EXPECT_EQ(w->evidence()->size(), 1U);
  EXPECT_EQ(w->observations()->size(), 2U);
  EXPECT_EQ(w->answers()->at(0).by, "A. Engineer");
  EXPECT_EQ(text_of(w->blob(id)->bytes()), "firmware bytes");
  EXPECT_EQ(w->log()->size(), 2U);
  EXPECT_TRUE(faults_of(*w).empty());
}

TEST(Workspace, IsNotMadeTwiceNorOpenedWhereThereIsNone) {
  const Here here;
  EXPECT_EQ(Workspace::open(here.path).error().code, Errc::not_found);
  ASSERT_TRUE(Workspace::create(here.path));
  EXPECT_EQ(Workspace::create(here.path).error().code, Errc::conflict);
}

TEST(Workspace, ToReadOnlyItChangesNothing) {
  const Here here;
  {
    auto w = Workspace::create(here.path);
    ASSERT_TRUE(w);
    stored(*w, "image");
  }
  const auto listing = [&] {
    std::set<std::string> out;
    for (const auto& entry : fs::recursive_directory_iterator(here.path)) out.insert(entry.path().string());
    return out;
  };
  const auto before = listing();
  {
    auto w = Workspace::open_to_read(here.path);
    ASSERT_TRUE(w) << w.error().to_text();
    EXPECT_EQ(w->evidence()->size(), 1U);
    EXPECT_EQ(w->observations()->size(), 2U);
    EXPECT_FALSE(w->note("test", "note", "x", "y"));
    EXPECT_FALSE(w->remove(w->evidence()->front().id, "test", "why"));
  }
  EXPECT_EQ(listing(), before);
  const Here none;
  EXPECT_FALSE(Workspace::open_to_read(none.path));
}

TEST(Workspace, SupersededEvidenceStaysButIsNotUsed) {
  const Here here;
  auto w = Workspace::create(here.path);
  const Evidence old_one = stored(*w, "old", 3);
  const Evidence new_one = stored(*w, "new", 1);
  ASSERT_TRUE(w->supersede(old_one.id, new_one.id, "A", "newer build"));
  EXPECT_EQ(w->evidence()->size(), 1U);
  EXPECT_EQ(w->all_evidence()->size(), 2U);
  EXPECT_EQ(w->observations()->size(), 1U);
  EXPECT_FALSE(w->supersede(new_one.id, new_one.id, "A", "x"));
  EXPECT_TRUE(faults_of(*w).empty());
}

TEST(Workspace, RemovedEvidenceIsGoneButTheLogTells) {
  const Here here;
  auto w = Workspace::create(here.path);
  const Evidence e = stored(*w, "wrong file");
  ASSERT_TRUE(w->remove(e.id, "A", "belongs to another product"));
  EXPECT_TRUE(w->all_evidence()->empty());
  EXPECT_FALSE(w->blob(e.id));
  EXPECT_EQ(w->log()->back().action, "remove");
  EXPECT_EQ(w->remove(e.id, "A", "again").error().code, Errc::not_found);
  EXPECT_TRUE(faults_of(*w).empty());
}

TEST(Workspace, DisposesOnlyOfWhatIsThere) {
  const Here here;
  auto w = Workspace::create(here.path);
  const Evidence e = stored(*w, "x");
  EXPECT_FALSE(w->dispose({"o:0000000000000000", "A", "none", ""}));
  ASSERT_TRUE(w->dispose({account(e.id, "user0").id, "A", "test account of the lab", ""}));
  EXPECT_EQ(w->disposals()->size(), 1U);
  EXPECT_EQ(w->observations()->size(), 2U) << "it stays visible";
  EXPECT_TRUE(faults_of(*w).empty());
}

TEST(Workspace, FindsAFlippedBitInEveryStoredByteOfEvidence) {
  const Here here;
  auto w = Workspace::create(here.path);
  const std::string text = "0123456789abcdef";
  const Evidence e = stored(*w, text);
  std::string path;
  for (const auto& f : fs::recursive_directory_iterator(here.path + "/.assay/evidence")) {
    if (f.is_regular_file()) path = f.path();
  }
  fs::permissions(path, fs::perms::owner_all);
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    std::ofstream(path, std::ios::binary) << changed;
    const auto faults = faults_of(*w);
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_NE(faults[0].find(e.id), std::string::npos);
  }
  std::ofstream(path, std::ios::binary) << text;
  EXPECT_TRUE(faults_of(*w).empty());
}

TEST(Workspace, FindsEveryKindOfTampering) {
  const std::vector<std::string> attacks = {
      "UPDATE log SET detail = replace(detail, 'yes', 'no') WHERE action = 'answer'",
      "UPDATE log SET actor = 'B' WHERE number = 1",
      "UPDATE log SET at = '2020-01-01T00:00:00Z' WHERE number = 2",
      "DELETE FROM log WHERE number = 1",
      "DELETE FROM log WHERE number = (SELECT max(number) FROM log)",
      "UPDATE answer SET body = replace(body, '\"yes\"', '\"no\"')",
      "DELETE FROM answer",
      "INSERT INTO answer (body) VALUES ('{\"question\":\"forged\"}')",
      "UPDATE observation SET body = replace(body, 'user1', 'root') WHERE body LIKE '%user1%'",
      "DELETE FROM observation WHERE body LIKE '%user1%'",
      "UPDATE observation SET id = 'o:ffffffffffffffff' WHERE id = (SELECT max(id) FROM observation)",
      "UPDATE evidence SET body = replace(body, '1.0', '2.0')",
      "UPDATE evidence SET state = 'superseded'",
      "DELETE FROM evidence",
  };
  for (const std::string& attack : attacks) {
    const Here here;
    auto w = Workspace::create(here.path);
    stored(*w, "firmware");
    ASSERT_TRUE(w->answer(yes("q")));
    ASSERT_TRUE(faults_of(*w).empty());
    tamper(here, attack);
    EXPECT_FALSE(faults_of(*w).empty()) << attack;
  }
}

TEST(Workspace, TheLogCannotBeRewrittenInPassing) {
  const Here here;
  auto w = Workspace::create(here.path);
  stored(*w, "x");
  sqlite3* raw = nullptr;
  sqlite3_open((here.path + "/.assay/assay.db").c_str(), &raw);
  EXPECT_NE(sqlite3_exec(raw, "DELETE FROM log", nullptr, nullptr, nullptr), SQLITE_OK);
  EXPECT_NE(sqlite3_exec(raw, "UPDATE log SET actor = 'x'", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(raw);
}

TEST(Workspace, ADatabaseThatIsNoneIsRefusedInOneLine) {
  const Here here;
  fs::create_directories(here.path + "/.assay");
  std::ofstream(here.path + "/.assay/assay.db") << "this is not a database, but it is long enough to look like a file that might be one";
  const auto w = Workspace::open(here.path);
  ASSERT_FALSE(w);
  EXPECT_EQ(w.error().code, Errc::malformed);
  EXPECT_EQ(w.error().to_text().find('\n'), std::string::npos);
}

TEST(Workspace, ADatabaseOfAnotherProgramIsLeftAsItIs) {
  const Here here;
  const std::string path = here.path + "/.assay/assay.db";
  fs::create_directories(here.path + "/.assay");
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &raw), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(raw, "CREATE TABLE bookmarks (url TEXT)", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(raw);
  const auto bytes = [&] {
    const auto file = MappedFile::open(path);
    return std::string(text_of(file->bytes()));
  };
  const std::string before = bytes();
  const auto w = Workspace::open(here.path);
  ASSERT_FALSE(w);
  EXPECT_EQ(w.error().code, Errc::malformed);
  EXPECT_EQ(bytes(), before);
}

TEST(Workspace, RecordsNoEvidenceWhoseBytesAreNotStored) {
  const Here here;
  auto w = Workspace::create(here.path);
  Evidence e = stored(*w, "gone");
  ASSERT_TRUE(w->remove(e.id, "A", "wrong"));
  EXPECT_FALSE(w->add(e, {}, "A"));
  EXPECT_TRUE(w->all_evidence()->empty());
  EXPECT_TRUE(faults_of(*w).empty());
}

TEST(Workspace, AFileThatIsTooLargeForTheDiskLeavesItAsItWas) {
  const Here here;
  {
    auto w = Workspace::create(here.path);
    stored(*w, "first");
  }
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    auto w = Workspace::open(here.path);
    const rlimit small{100'000, 100'000};
    ::setrlimit(RLIMIT_FSIZE, &small);
    const std::string big(1'000'000, 'x');
    const auto id = w ? w->put_blob(bytes_of(big)) : Result<std::string>(fail(Errc::io, "open"));
    ::_exit(!id && id.error().code == Errc::io && id.error().what.find("full") != std::string::npos ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  auto w = Workspace::open(here.path);
  ASSERT_TRUE(w);
  EXPECT_EQ(w->evidence()->size(), 1U);
  EXPECT_TRUE(faults_of(*w).empty());
  std::size_t files = 0;
  for (const auto& f : fs::recursive_directory_iterator(here.path + "/.assay/evidence")) files += f.is_regular_file() ? 1U : 0U;
  EXPECT_EQ(files, 1U) << "nothing half-written is left";
}

// A writer is killed at a random moment; whatever it reported as stored must be there, and the workspace must open and verify.
TEST(Workspace, SurvivesBeingKilledWhileAdding) {
  const Here here;
  {
    ASSERT_TRUE(Workspace::create(here.path));
  }
  std::mt19937 random(11);  // NOLINT: the same delays every run
  std::vector<std::string> promised;
  for (int round = 0; round < 40; ++round) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      auto w = Workspace::open(here.path);
      if (!w) ::_exit(3);
      for (int i = 0;; ++i) {
        const std::string text = "round " + std::to_string(round) + " item " + std::to_string(i) + std::string(5000, 'x');
        const auto id = w->put_blob(bytes_of(text));
        if (!id) ::_exit(4);
        Evidence e;
        e.id = *id;
        e.type = "firmware";
        if (!w->add(e, {account(e.id, "a")}, "test")) ::_exit(5);
        if (::write(ends[1], id->data(), id->size()) < 0) ::_exit(6);
      }
    }
    ::close(ends[1]);
    std::string line(71, '\0');
    // Every other round waits for a first promise, so that a busy machine has something to lose too.
    if (round % 2 == 0 && ::read(ends[0], line.data(), line.size()) == 71) promised.push_back(line);
    ::usleep(static_cast<useconds_t>(1000 + random() % 30'000));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status));
    while (::read(ends[0], line.data(), line.size()) == 71) promised.push_back(line);
    ::close(ends[0]);
    const auto w = Workspace::open(here.path);
    ASSERT_TRUE(w) << w.error().to_text();
  }
  const auto w = Workspace::open(here.path);
  ASSERT_TRUE(w);
  EXPECT_GT(promised.size(), 10U);
  std::set<std::string> kept;
  const auto evidence = w->evidence();
  for (const auto& e : *evidence) kept.insert(e.id);
  for (const std::string& id : promised) EXPECT_TRUE(kept.contains(id)) << id;
  EXPECT_TRUE(faults_of(*w).empty());
}

}  // namespace
}  // namespace assay::record
