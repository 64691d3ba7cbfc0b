// SPDX-License-Identifier: Apache-2.0
#include "firmware/accounts/guess.hpp"

#include <crypt.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>

#include "base/pool.hpp"
#include "base/text.hpp"

namespace assay::firmware {
namespace {

// Words tried between two looks at the clock and at whether another thread has found the hash.
constexpr std::size_t kChunk = 16;

struct Target {
  std::string hash;
  std::vector<std::string> own;  // words from the user names that share the hash
  const std::vector<std::string>* words = nullptr;
  std::atomic<bool> found{false};
  std::atomic<bool> unsupported{false};
  std::atomic<std::size_t> left{0};  // chunks not yet done

  std::size_t size() const { return own.size() + words->size(); }
  const std::string& word(std::size_t at) const { return at < own.size() ? own[at] : (*words)[at - own.size()]; }
};

void try_chunk(Target& target, std::size_t from, std::chrono::steady_clock::time_point deadline) {
  if (!target.found && !target.unsupported) {
    // 32 KiB: too much for a stack that a hostile thread size may limit.
    const auto data = std::make_unique<crypt_data>();
    const std::size_t to = std::min(from + kChunk, target.size());
    for (std::size_t i = from; i < to && !target.found; ++i) {
      if (std::chrono::steady_clock::now() >= deadline) return;
      const char* out = crypt_r(target.word(i).c_str(), target.hash.c_str(), data.get());
      if (out == nullptr || out[0] == '*') {
        target.unsupported = true;
        return;
      }
      if (target.hash == out) target.found = true;
    }
  }
  --target.left;
}

}  // namespace

std::vector<std::string> words_from_user(const std::string& user) {
  const std::string lower = to_lower(user);
  std::string upper = lower;
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  std::string title = lower;
  if (!title.empty()) title[0] = upper[0];
  std::vector<std::string> out{user, lower, upper, title};
  for (const char* tail : {"1", "12", "123", "1234", "12345", "123456", "!", "@123", "#123", "_123", "pass", "pwd", "password", "2020"}) {
    out.push_back(lower + tail);
    out.push_back(title + tail);
  }
  out.push_back(lower + lower);
  out.emplace_back(lower.rbegin(), lower.rend());
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

void guess_passwords(std::vector<Guess>& guesses, const std::vector<std::string>& words, std::chrono::milliseconds time, unsigned threads) {
  const auto deadline = std::chrono::steady_clock::now() + time;
  std::map<std::string, Target> targets;
  for (const Guess& g : guesses) {
    Target& t = targets[g.hash];
    t.hash = g.hash;
    t.words = &words;
    for (auto& word : words_from_user(g.user)) t.own.push_back(std::move(word));
  }
  std::size_t longest = 0;
  for (auto& [hash, t] : targets) {
    t.left = (t.size() + kChunk - 1) / kChunk;
    longest = std::max(longest, t.size());
  }
  {
    Pool pool(threads == 0 ? std::thread::hardware_concurrency() : threads);
    // All hashes advance together: a slow scheme does not keep the others from the best words.
    for (std::size_t from = 0; from < longest; from += kChunk) {
      for (auto& [hash, t] : targets) {
        if (from < t.size()) pool.submit([&t, from, deadline] { try_chunk(t, from, deadline); });
      }
    }
    pool.wait();
  }
  for (Guess& g : guesses) {
    const Target& t = targets.at(g.hash);
    g.supported = !t.unsupported;
    if (t.found) {
      g.outcome = Guess::Outcome::known;
    } else if (t.left == 0 && !t.unsupported) {
      g.outcome = Guess::Outcome::not_found;
    }
  }
}

}  // namespace assay::firmware
