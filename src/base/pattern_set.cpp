// SPDX-License-Identifier: Apache-2.0
// Hyperscan 5.4.0 (not Debian's vectorscan 5.4.9, which misses matches). Scratch space is one per thread.
#include "base/pattern_set.hpp"

#include <hs.h>

#include <mutex>
#include <utility>

namespace assay {

struct PatternSet::State {
  hs_database_t* database = nullptr;
  hs_scratch_t* prototype = nullptr;
  std::mutex mutex;
  std::vector<hs_scratch_t*> idle;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    for (hs_scratch_t* s : idle) hs_free_scratch(s);
    hs_free_scratch(prototype);
    hs_free_database(database);
  }
  hs_scratch_t* take() {
    const std::lock_guard lock(mutex);
    if (!idle.empty()) {
      hs_scratch_t* s = idle.back();
      idle.pop_back();
      return s;
    }
    hs_scratch_t* s = nullptr;
    return hs_clone_scratch(prototype, &s) == HS_SUCCESS ? s : nullptr;
  }
  void give(hs_scratch_t* s) {
    const std::lock_guard lock(mutex);
    idle.push_back(s);
  }
};

PatternSet::PatternSet(std::unique_ptr<State> state) : state_(std::move(state)) {}
PatternSet::PatternSet(PatternSet&&) noexcept = default;
PatternSet& PatternSet::operator=(PatternSet&&) noexcept = default;
PatternSet::~PatternSet() = default;

Result<PatternSet> PatternSet::build(const std::vector<Pattern>& patterns) {
  std::vector<std::string> texts;
  std::vector<unsigned> flags;
  std::vector<unsigned> ids;
  for (const Pattern& p : patterns) {
    std::string text = p.text;
    if (p.literal) {
      text.clear();
      static constexpr std::string_view hex = "0123456789abcdef";
      for (const char c : p.text) {
        const auto b = static_cast<unsigned char>(c);
        text += "\\x";
        text += hex[b >> 4U];
        text += hex[b & 15U];
      }
    }
    texts.push_back(std::move(text));
    flags.push_back(HS_FLAG_DOTALL | (p.ignore_case ? HS_FLAG_CASELESS : 0U));
    ids.push_back(static_cast<unsigned>(ids.size()));
  }
  std::vector<const char*> pointers;
  for (const std::string& t : texts) pointers.push_back(t.c_str());
  auto state = std::make_unique<State>();
  hs_compile_error_t* error = nullptr;
  const auto count = static_cast<unsigned>(pointers.size());
  if (hs_compile_multi(pointers.data(), flags.data(), ids.data(), count, HS_MODE_BLOCK, nullptr, &state->database, &error) != HS_SUCCESS) {
    std::string what = error == nullptr ? "pattern set" : error->message;
    if (error != nullptr && error->expression >= 0) what += " in pattern " + texts[static_cast<std::size_t>(error->expression)];
    hs_free_compile_error(error);
    return fail(Errc::malformed, what);
  }
  if (hs_alloc_scratch(state->database, &state->prototype) != HS_SUCCESS) return fail(Errc::limit, "no memory for pattern scratch");
  return PatternSet(std::move(state));
}

void PatternSet::scan(Bytes bytes, const std::function<bool(std::size_t, std::uint64_t)>& found) const {
  hs_scratch_t* scratch = state_->take();
  if (scratch == nullptr) return;
  const auto on_match = [](unsigned id, unsigned long long, unsigned long long to, unsigned, void* context) {
    return (*static_cast<const std::function<bool(std::size_t, std::uint64_t)>*>(context))(id, to) ? 0 : 1;
  };
  // Block mode takes 32-bit lengths: a larger buffer goes in pieces that overlap by the longest match we look for.
  constexpr std::uint64_t kPiece = 1ULL << 30U;
  constexpr std::uint64_t kOverlap = 4096;
  for (std::uint64_t from = 0; from < bytes.size() || from == 0;) {
    const std::uint64_t size = std::min<std::uint64_t>(kPiece, bytes.size() - from);
    const std::function<bool(std::size_t, std::uint64_t)> shifted = [&](std::size_t id, std::uint64_t to) { return found(id, from + to); };
    const auto status = hs_scan(state_->database, reinterpret_cast<const char*>(bytes.data()) + from, static_cast<unsigned>(size), 0,
                                scratch, on_match, const_cast<std::function<bool(std::size_t, std::uint64_t)>*>(&shifted));
    if (status != HS_SUCCESS || from + size >= bytes.size()) break;
    from += size - kOverlap;
  }
  state_->give(scratch);
}

}  // namespace assay
