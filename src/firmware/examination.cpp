// SPDX-License-Identifier: Apache-2.0
#include "firmware/examination.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <utility>

#include "base/pool.hpp"
#include "base/text.hpp"

namespace assay::firmware {
namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::string without_slashes(std::string_view prefix) {
  if (prefix.ends_with("//")) prefix.remove_suffix(2);
  return std::string(prefix);
}

class Examination {
 public:
  Examination(const Knowledge& knowledge, const Options& options, Context& context, Budget& budget, Progress& progress)
      : context_(context),
        budget_(budget),
        progress_(progress),
        pool_(options.threads == 0 ? std::thread::hardware_concurrency() : options.threads) {
    for (const CheckEntry& entry : checks()) checks_.push_back(entry.make(knowledge));
  }

  void look(Unpacked unpacked) {
    std::vector<Unpacked> waiting;
    waiting.push_back(std::move(unpacked));
    // One container after the other, each with all cores: the same order, and so the same result, every time.
    for (std::size_t i = 0; i < waiting.size(); ++i) {
      Unpacked now = std::move(waiting[i]);
      for (Unpacked& inner : look_once(now)) waiting.push_back(std::move(inner));
      image_.layers.insert(image_.layers.end(), now.image.layers.begin(), now.image.layers.end());
      image_.gaps.insert(image_.gaps.end(), now.image.gaps.begin(), now.image.gaps.end());
    }
  }

  void report(std::vector<Timing>& timings) {
    for (const auto& layer : image_.layers) put_layer(*layer);
    std::ranges::sort(unread_);
    std::vector<std::string> gaps = image_.gaps;
    gaps.insert(gaps.end(), unread_.begin(), unread_.end());
    put_coverage(context_, kUnpackCheck, kUnpackRevision, image_, gaps, image_.layers.size());
    for (std::size_t i = 0; i < checks_.size(); ++i) {
      const auto start = std::chrono::steady_clock::now();
      progress_.step("finishing " + std::string(checks()[i].id), i, checks_.size());
      checks_[i]->finish(image_, gaps, context_);
      timings.push_back({std::string(checks()[i].id), seconds_since(start)});
    }
  }

 private:
  // A file that is a container, to be taken apart when its wave is over.
  struct Container {
    std::shared_ptr<const Layer> layer;
    const Entry* entry;
  };

  std::vector<Unpacked> look_once(const Unpacked& unpacked) {
    std::vector<Container> containers;
    std::vector<Container> files;
    for (const auto& layer : unpacked.image.layers) {
      for (const Entry& entry : layer->entries) {
        if (entry.type == FileType::regular && entry.content != nullptr) files.push_back({layer, &entry});
      }
    }
    std::vector<char> is_container(files.size());
    std::atomic<std::uint64_t> done = 0;
    for (const RawBytes& raw : unpacked.raw) {
      pool_.submit([this, &raw] {
        look_at_file(File{*raw.layer, nullptr, without_slashes(raw.layer->prefix), raw.layer->offset, raw.bytes.bytes});
      });
    }
    // Small files go in groups: one job a file would spend its time on the queue.
    constexpr std::size_t kGroup = 16;
    for (std::size_t from = 0; from < files.size(); from += kGroup) {
      pool_.submit([&, from] {
        for (std::size_t i = from; i < std::min(from + kGroup, files.size()); ++i) {
          is_container[i] = read(*files[i].layer, *files[i].entry) ? 1 : 0;
          progress_.step("looking at files", ++done, files.size());
        }
      });
    }
    pool_.wait();
    std::vector<Unpacked> inner;
    for (std::size_t i = 0; i < files.size(); ++i) {
      if (is_container[i] != 0) take_apart(files[i], inner);
    }
    return inner;
  }

  void look_at_file(const File& file) {
    for (const auto& check : checks_) check->file(file, context_);
  }

  // True: the file is a container.
  bool read(const Layer& layer, const Entry& entry) {
    const std::string place = layer.place(entry.path);
    auto content = entry.content->read(budget_);
    if (!content) {
      const std::lock_guard lock(mutex_);
      unread_.push_back(printable(place, 300) + ": " + content.error().what);
      return false;
    }
    look_at_file(File{layer, &entry, place, 0, content->bytes});
    return format_at_start(content->bytes) != nullptr;
  }

  void take_apart(const Container& container, std::vector<Unpacked>& out) {
    const std::string place = container.layer->place(container.entry->path);
    const std::uint64_t size = container.entry->content->size();
    if (size > budget_.limits().memory || held_ > budget_.limits().memory - size) {
      image_.gaps.push_back(printable(place, 300) + ": not taken apart, " + bytes_text(size) + " more would pass the memory limit");
      return;
    }
    auto content = container.entry->content->read(budget_);
    if (!content) return;
    held_ += content->bytes.size();
    Standing standing;
    standing.prefix = place + "//";
    standing.in_evidence = false;
    standing.named = true;
    standing.alone = false;
    standing.depth = container.layer->depth + 1;
    Unpacked inner = unpack(*content, standing, budget_);
    // A text or program that happens to begin with a magic is no container.
    const bool real = std::ranges::any_of(inner.image.layers, [](const auto& l) { return !l->entries.empty() || l->depth > 0; }) &&
                      std::ranges::any_of(inner.image.layers, [](const auto& l) {
                        return l->format != "unknown" && l->format != "padding" && l->format != "text";
                      });
    if (real) out.push_back(std::move(inner));
  }

  void put_layer(const Layer& layer) {
    Observation o;
    o.kind = "image";
    o.evidence = context_.evidence;
    o.by = "firmware/" + std::string(kUnpackCheck);
    o.revision = kUnpackRevision;
    o.at.path = without_slashes(layer.prefix);
    if (layer.outermost_offset) {
      o.at.has_offset = true;
      o.at.offset = layer.offset;
    }
    o.fields.set("format", layer.format);
    o.fields.set("offset", layer.offset);
    o.fields.set("size", layer.size);
    o.fields.set_if("compression", layer.compression);
    if (layer.encrypted) o.fields.set("encrypted", true);
    // Two decimals: more would differ between compilers' libm without saying more.
    if (layer.entropy >= 0) o.fields.set("entropy", std::round(layer.entropy * 100) / 100);
    if (!layer.entries.empty()) o.fields.set("files", static_cast<std::int64_t>(layer.entries.size()));
    for (const Fact& fact : layer.facts) o.fields.set(fact.name == "type" ? "content" : std::string_view(fact.name), fact.value);
    if (!layer.problems.empty()) {
      Value problems = Value::array();
      for (const std::string& p : layer.problems) problems.push(p);
      o.fields.set("problems", std::move(problems));
    }
    context_.sink.put(std::move(o.seal()));
  }

  Context& context_;
  Budget& budget_;
  Progress& progress_;
  Pool pool_;
  std::vector<std::unique_ptr<Check>> checks_;
  Image image_;
  std::mutex mutex_;
  std::vector<std::string> unread_;
  std::uint64_t held_ = 0;
};

}  // namespace

void look_at(Unpacked unpacked, const Knowledge& knowledge, const Options& options, bool unsandboxed, std::string_view evidence,
             Budget& budget, Sink& sink, Progress& progress, std::vector<Timing>& timings) {
  Context context{.evidence = evidence,
                  .sink = sink,
                  .budget = budget,
                  .unsandboxed = unsandboxed,
                  .password_time = options.password_time,
                  .threads = options.threads};
  Examination examination(knowledge, options, context, budget, progress);
  const auto start = std::chrono::steady_clock::now();
  examination.look(std::move(unpacked));
  timings.push_back({"read and look", seconds_since(start)});
  examination.report(timings);
}

void examine_image(Bytes image, std::string_view evidence, const Knowledge& knowledge, const Options& options, bool unsandboxed, Sink& sink,
                   Progress& progress, std::vector<Timing>& timings) {
  Budget budget(options.limits);
  const auto start = std::chrono::steady_clock::now();
  progress.step("identifying layers", 0, 0);
  Unpacked unpacked = unpack(Blob{image, nullptr}, Standing{}, budget);
  timings.push_back({"identify and unpack", seconds_since(start)});
  look_at(std::move(unpacked), knowledge, options, unsandboxed, evidence, budget, sink, progress, timings);
  timings.push_back({"total", seconds_since(start)});
}

void put_nothing_covered(std::string_view evidence, std::string_view reason, bool unsandboxed, Sink& sink) {
  Budget budget{Budget::Limits{}};
  Context context{.evidence = evidence, .sink = sink, .budget = budget, .unsandboxed = unsandboxed};
  const Image none;
  const std::vector<std::string> gaps = {std::string(reason)};
  put_coverage(context, kUnpackCheck, kUnpackRevision, none, gaps, 0);
  for (const CheckEntry& check : checks()) {
    put_coverage(context, check.id, check.revision, none, gaps, 0);
    if (!check.also.empty()) put_coverage(context, check.also, check.revision, none, gaps, 0);
  }
}

Result<void> examine(Bytes image, std::string_view evidence, const Knowledge& knowledge, const Options& options, Sink& sink,
                     Progress& progress, std::vector<Timing>& timings) {
  examine_image(image, evidence, knowledge, options, true, sink, progress, timings);
  return {};
}

}  // namespace assay::firmware
