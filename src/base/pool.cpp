// SPDX-License-Identifier: Apache-2.0
#include "base/pool.hpp"

#include <algorithm>
#include <utility>

namespace assay {

Pool::Pool(unsigned threads) {
  // The waiting thread works too, so one core needs no extra thread.
  for (unsigned i = 1; i < std::max(threads, 1U); ++i) threads_.emplace_back([this] { run(); });
}

Pool::~Pool() {
  wait();
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& t : threads_) t.join();
}

void Pool::submit(std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(job));
  }
  changed_.notify_one();
}

bool Pool::run_one(std::unique_lock<std::mutex>& lock) {
  if (queue_.empty()) return false;
  auto job = std::move(queue_.front());
  queue_.pop_front();
  ++running_;
  lock.unlock();
  job();
  job = nullptr;
  lock.lock();
  --running_;
  if (queue_.empty() && running_ == 0) changed_.notify_all();
  return true;
}

void Pool::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (!run_one(lock) && stopping_) return;
  }
}

void Pool::wait() {
  std::unique_lock lock(mutex_);
  while (true) {
    while (run_one(lock)) {
    }
    if (queue_.empty() && running_ == 0) return;
    changed_.wait(lock, [this] { return !queue_.empty() || running_ == 0; });
  }
}

}  // namespace assay
