// SPDX-License-Identifier: Apache-2.0
#pragma once

// Images made by hand, for the tests of checks.
#include <algorithm>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/embedded.hpp"
#include "firmware/check.hpp"
#include "firmware/examine.hpp"

namespace assay::firmware {

class HeldContent final : public Content {
 public:
  explicit HeldContent(std::string text) : text_(std::move(text)) {}
  std::uint64_t size() const override { return text_.size(); }
  Result<Blob> read(Budget&) const override { return Blob{bytes_of(text_), nullptr}; }

 private:
  std::string text_;
};

class HeldSink final : public Sink {
 public:
  void put(Observation observation) override {
    const std::lock_guard lock(mutex_);
    all.push_back(std::move(observation));
  }
  std::vector<Observation> all;

 private:
  std::mutex mutex_;
};

inline const Knowledge& shipped_knowledge() {
  static const std::shared_ptr<const Knowledge> knowledge = [] {
    const auto files = embedded_files();
    std::shared_ptr<const Knowledge> out;
    (void)load_knowledge({files.begin(), files.end()}, out);
    return out;
  }();
  if (!knowledge) throw std::runtime_error("the shipped knowledge does not load");
  return *knowledge;
}

// One layer with files; add what a test needs, then look with one check.
class MadeImage {
 public:
  MadeImage& file(std::string path, std::string text, std::uint32_t mode = 0644) {
    Entry e;
    e.path = std::move(path);
    e.mode = mode;
    e.content = std::make_shared<HeldContent>(std::move(text));
    layer_->entries.push_back(std::move(e));
    return *this;
  }
  MadeImage& link(std::string path, std::string target) {
    Entry e;
    e.path = std::move(path);
    e.type = FileType::symlink;
    e.target = std::move(target);
    layer_->entries.push_back(std::move(e));
    return *this;
  }
  MadeImage& modes_unknown() {
    for (Entry& e : layer_->entries) e.mode_known = false;
    return *this;
  }

  std::vector<Observation> look(std::string_view check, std::vector<std::string> gaps = {},
                                std::chrono::seconds password_time = std::chrono::seconds(20)) {
    std::ranges::sort(layer_->entries, {}, &Entry::path);
    layer_->format = "tar";
    layer_->is_root = true;
    Image image;
    image.layers.push_back(layer_);
    HeldSink sink;
    Budget budget{Budget::Limits{}};
    Context context{.evidence = "sha256:00", .sink = sink, .budget = budget};
    context.password_time = password_time;
    for (const CheckEntry& entry : checks()) {
      if (entry.id != check) continue;
      const auto made = entry.make(shipped_knowledge());
      for (const Entry& e : layer_->entries) {
        if (!e.content) continue;
        const auto blob = e.content->read(budget);
        made->file(File{*layer_, &e, layer_->place(e.path), 0, blob->bytes}, context);
      }
      made->finish(image, gaps, context);
    }
    sort_unique(sink.all);
    return sink.all;
  }

 private:
  std::shared_ptr<Layer> layer_ = std::make_shared<Layer>();
};

inline std::vector<Observation> of_kind(const std::vector<Observation>& all, std::string_view kind) {
  std::vector<Observation> out;
  std::ranges::copy_if(all, std::back_inserter(out), [&](const Observation& o) { return o.kind == kind; });
  return out;
}

// The one observation of that kind whose field has that value, or an empty one.
inline Observation seen(const std::vector<Observation>& all, std::string_view kind, std::string_view field, std::string_view value) {
  for (const Observation& o : all) {
    if (o.kind == kind && o.fields[field].scalar_text() == value) return o;
  }
  return {};
}

inline bool complete(const std::vector<Observation>& all, std::string_view check) {
  return seen(all, "coverage", "check", check).fields["complete"].boolean();
}

}  // namespace assay::firmware
