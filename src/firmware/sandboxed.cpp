// SPDX-License-Identifier: Apache-2.0
// The worker sends one record a finding: a letter for what it is, then JSON. The parent believes nothing it has not parsed again.
#include <mutex>

#include "base/json.hpp"
#include "base/sandbox.hpp"
#include "base/text.hpp"
#include "firmware/examination.hpp"

namespace assay::firmware {
namespace {

class SendingSink final : public Sink {
 public:
  explicit SendingSink(const SandboxSend& send) : send_(send) {}
  void put(Observation observation) override { send_("o" + to_json(to_value(observation))); }

 private:
  const SandboxSend& send_;
};

class SendingProgress final : public Progress {
 public:
  explicit SendingProgress(const SandboxSend& send) : send_(send) {}
  void step(std::string_view what, std::uint64_t done, std::uint64_t total) override {
    const std::lock_guard lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    if (now - last_ < std::chrono::milliseconds(100)) return;
    last_ = now;
    Value v = Value::array();
    v.push(what);
    v.push(done);
    v.push(total);
    send_("p" + to_json(v));
  }

 private:
  const SandboxSend& send_;
  std::mutex mutex_;
  std::chrono::steady_clock::time_point last_{};
};

}  // namespace

Result<void> examine_sandboxed(Bytes image, std::string_view evidence, const Knowledge& knowledge, const Options& options, Sink& sink,
                               Progress& progress, std::vector<Timing>& timings) {
  SandboxLimits limits;
  // Twice what may be unpacked (content and what checks make of it), and room for threads' stacks and arenas and the pattern engine.
  limits.memory = 2 * options.limits.memory + (2ULL << 30U);
  limits.time = std::chrono::minutes(30) + options.password_time;
  std::vector<Observation> coverage;
  std::string broken;
  const auto receive = [&](std::string_view record) {
    if (record.empty()) return;
    const auto value = parse_json(record.substr(1));
    if (!value) {
      broken = "sent something that is no record";
      return;
    }
    if (record[0] == 'o') {
      auto o = observation_from(*value);
      if (!o || o->evidence != evidence) {
        broken = "sent something that is no observation of this image";
      } else if (o->kind == "coverage") {
        coverage.push_back(*std::move(o));
      } else {
        sink.put(*std::move(o));
      }
    } else if (record[0] == 't') {
      timings.push_back({std::string((*value)["what"].text()), (*value)["seconds"].number()});
    } else if (record[0] == 'p' && value->items().size() == 3) {
      const auto& p = value->items();
      progress.step(p[0].text(), static_cast<std::uint64_t>(p[1].integer()), static_cast<std::uint64_t>(p[2].integer()));
    }
  };
  const auto work = [&](const SandboxSend& send) {
    SendingSink sending(send);
    SendingProgress telling(send);
    std::vector<Timing> spent;
    examine_image(image, evidence, knowledge, options, false, sending, telling, spent);
    for (const Timing& t : spent) {
      Value v = Value::object();
      v.set("what", t.what);
      v.set("seconds", t.seconds);
      send("t" + to_json(v));
    }
  };
  TRY(const SandboxOutcome outcome, run_sandboxed(limits, work, receive));
  if (outcome.end != SandboxOutcome::End::finished || !broken.empty()) {
    put_nothing_covered(evidence, "the examination " + (broken.empty() ? outcome.why : broken) + "; what it saw before stands",
                        !outcome.sandboxed, sink);
    return {};
  }
  for (Observation& o : coverage) {
    if (!outcome.sandboxed) {
      o.fields.set("unsandboxed", true);
      o.seal();
    }
    sink.put(std::move(o));
  }
  return {};
}

}  // namespace assay::firmware
