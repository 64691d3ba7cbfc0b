// SPDX-License-Identifier: Apache-2.0
#include "office/examination.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <mutex>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "office/version.hpp"

namespace assay::office {
namespace {

class Collector final : public Sink {
 public:
  void put(Observation observation) override {
    const std::lock_guard lock(mutex_);
    all_.push_back(std::move(observation));
  }
  std::vector<Observation> take() {
    sort_unique(all_);
    return std::move(all_);
  }

 private:
  std::mutex mutex_;
  std::vector<Observation> all_;
};

bool looks_like_text(Bytes bytes) {
  const std::string_view head = text_of(bytes.first(std::min<std::size_t>(bytes.size(), 4096)));
  return !head.empty() && head.find('\0') == std::string_view::npos &&
         valid_utf8(head.substr(0, head.size() > 4 ? head.size() - 4 : head.size())).find("\xEF\xBF\xBD") == std::string::npos;
}

}  // namespace

std::string evidence_type(Bytes bytes) {
  const std::string_view text = text_of(bytes);
  const auto starts = [&](std::string_view magic) { return text.starts_with(magic); };
  // libpcap's four magics (both byte orders, micro- and nanoseconds) and pcapng's section header block.
  for (const std::string_view magic :
       {"\xd4\xc3\xb2\xa1", "\xa1\xb2\xc3\xd4", "\x4d\x3c\xb2\xa1", "\xa1\xb2\x3c\x4d", "\x0a\x0d\x0d\x0a"}) {
    if (starts(magic)) return "capture";
  }
  for (const std::string_view magic : {"%PDF-", "\x89PNG\r\n", "\xff\xd8\xff", "GIF8"}) {
    if (starts(magic)) return "document";
  }
  if (!looks_like_text(bytes)) return "firmware";
  const std::string_view head = text.substr(0, 65'536);
  if (head.find("\"bomFormat\"") != std::string_view::npos || head.find("\"spdxVersion\"") != std::string_view::npos ||
      head.find("SPDXVersion:") != std::string_view::npos)
    return "sbom";
  return "document";
}

Result<Examination> examine_path(const std::string& path, std::string_view type, const firmware::Knowledge& knowledge,
                                 const firmware::Options& options, Progress& progress) {
  Examination out;
  std::string name = std::filesystem::path(path).filename().string();
  if (name.empty() || name == ".") name = std::filesystem::absolute(path).parent_path().filename().string();
  out.evidence.name = name;
  out.evidence.tool = program_version();
  Collector collector;
  struct stat info{};
  if (::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) {
    TRY(out.stored, firmware::directory_manifest(path));
    out.evidence.id = "sha256:" + sha256_hex(out.stored);
    out.evidence.bytes = out.stored.size();
    out.evidence.type = "firmware";
    TRY_VOID(firmware::examine_directory(path, out.evidence.id, knowledge, options, collector, progress, out.timings));
    out.observations = collector.take();
    return out;
  }
  TRY(const MappedFile file, MappedFile::open(path));
  if (file.bytes().empty()) return fail(Errc::malformed, "an empty file holds no evidence", Where{.path = path});
  progress.step("hashing " + name, 0, 0);
  out.evidence.id = "sha256:" + sha256_hex(file.bytes());
  out.evidence.bytes = file.bytes().size();
  out.evidence.type = type.empty() ? evidence_type(file.bytes()) : std::string(type);
  if (out.evidence.type == "firmware") {
    const auto look = options.sandbox ? firmware::examine_sandboxed : firmware::examine;
    TRY_VOID(look(file.bytes(), out.evidence.id, knowledge, options, collector, progress, out.timings));
  } else {
    out.note = "kept as " + out.evidence.type + "; answers can cite it, but this version reads nothing out of it by itself";
  }
  out.observations = collector.take();
  return out;
}

Value to_value(const std::vector<Examination>& examinations) {
  Value out = Value::object();
  Value evidence = Value::array();
  Value observations = Value::array();
  Value timings = Value::array();
  for (const Examination& e : examinations) {
    Value one = Value::object();
    one.set("id", e.evidence.id);
    one.set("name", e.evidence.name);
    one.set("bytes", e.evidence.bytes);
    one.set("type", e.evidence.type);
    one.set_if("note", e.note);
    evidence.push(std::move(one));
    for (const Observation& o : e.observations) observations.push(assay::to_value(o));
    for (const firmware::Timing& t : e.timings) {
      Value timing = Value::object();
      timing.set("evidence", e.evidence.id);
      timing.set("what", t.what);
      timing.set("seconds", t.seconds);
      timings.push(std::move(timing));
    }
  }
  out.set("evidence", std::move(evidence));
  out.set("observations", std::move(observations));
  out.set("timings", std::move(timings));
  return out;
}

}  // namespace assay::office
