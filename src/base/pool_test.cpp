// SPDX-License-Identifier: Apache-2.0
#include "base/pool.hpp"

#include <gtest/gtest.h>

#include <atomic>

namespace assay {
namespace {

TEST(Pool, RunsEveryJobAndThoseThatJobsSubmit) {
  for (const unsigned threads : {1U, 2U, 4U}) {
    std::atomic<int> ran = 0;
    Pool pool(threads);
    for (int i = 0; i < 100; ++i) {
      pool.submit([&] {
        ++ran;
        pool.submit([&] { ++ran; });
      });
    }
    pool.wait();
    EXPECT_EQ(ran, 200);
    pool.submit([&] { ++ran; });
    pool.wait();
    EXPECT_EQ(ran, 201);
  }
}

}  // namespace
}  // namespace assay
