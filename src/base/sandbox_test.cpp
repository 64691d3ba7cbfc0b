// SPDX-License-Identifier: Apache-2.0
#include "base/sandbox.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <vector>

#include "base/pool.hpp"

namespace assay {
namespace {

using End = SandboxOutcome::End;

std::pair<SandboxOutcome, std::vector<std::string>> run(const std::function<void(const SandboxSend&)>& work, SandboxLimits limits = {}) {
  std::vector<std::string> records;
  const auto outcome = run_sandboxed(limits, work, [&](std::string_view r) { records.emplace_back(r); });
  EXPECT_TRUE(outcome);
  return {*outcome, records};
}

TEST(Sandbox, DeliversRecordsInOrderAlsoFromThreads) {
  const auto [outcome, records] = run([](const SandboxSend& send) {
    send("one");
    send(std::string(200'000, 'x'));
    Pool pool(2);
    for (int i = 0; i < 50; ++i) pool.submit([&send] { send("job"); });
    pool.wait();
    send("");
  });
  EXPECT_EQ(outcome.end, End::finished) << outcome.why;
  ASSERT_EQ(records.size(), 53U);
  EXPECT_EQ(records[0], "one");
  EXPECT_EQ(records[1].size(), 200'000U);
  EXPECT_EQ(records[52], "");
}

TEST(Sandbox, ACrashIsAnOutcomeAndWhatWasSentIsKept) {
  const auto [outcome, records] = run([](const SandboxSend& send) {
    send("before");
    ::raise(SIGSEGV);
  });
  EXPECT_EQ(outcome.end, End::crashed);
  EXPECT_EQ(records, std::vector<std::string>{"before"});
}

TEST(Sandbox, TimeIsBounded) {
  const auto [outcome, records] = run(
      [](const SandboxSend&) {
        while (true) ::usleep(1000);
      },
      {.time = std::chrono::seconds(1)});
  EXPECT_EQ(outcome.end, End::timed_out);
}

TEST(Sandbox, OutputIsBounded) {
  const auto [outcome, records] = run(
      [](const SandboxSend& send) {
        while (true) send(std::string(10'000, 'x'));
      },
      {.output = 100'000});
  EXPECT_EQ(outcome.end, End::too_much_output);
}

#if !defined(__SANITIZE_ADDRESS__)
TEST(Sandbox, MemoryIsBounded) {
  const auto [outcome, records] = run(
      [](const SandboxSend& send) {
        const std::vector<char> big(1U << 30U, 'x');
        send(std::string(1, big.back()));
      },
      {.memory = 256U << 20U});
  EXPECT_EQ(outcome.end, End::crashed);
  EXPECT_EQ(outcome.why, "ran out of the memory it may use");
}
#endif

TEST(Sandbox, NoFileAndNoSocketWhereTheKernelOffersIt) {
  const auto [outcome, records] = run([](const SandboxSend& send) {
    send(::open("/etc/passwd", O_RDONLY) < 0 ? "denied" : "opened");
    static_cast<void>(::socket(AF_INET, SOCK_STREAM, 0));
    send("survived");
  });
  if (!outcome.sandboxed) {
    EXPECT_NE(outcome.unsandboxed, "") << "what is missing is named";
    return;
  }
  EXPECT_EQ(outcome.end, End::crashed);
  EXPECT_EQ(outcome.why, "made a forbidden system call");
  EXPECT_EQ(records, std::vector<std::string>{"denied"});
}

}  // namespace
}  // namespace assay
