// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace assay {

// A fixed set of threads and a queue. Jobs may submit jobs. Destroying it waits for all of them.
class Pool {
 public:
  explicit Pool(unsigned threads = std::thread::hardware_concurrency());
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  void submit(std::function<void()> job);
  // Returns when nothing is queued or running; the calling thread helps.
  void wait();
  unsigned threads() const { return static_cast<unsigned>(threads_.size()); }

 private:
  void run();
  bool run_one(std::unique_lock<std::mutex>& lock);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> queue_;
  std::size_t running_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace assay
