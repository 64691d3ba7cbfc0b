// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <tuple>

#include "base/text.hpp"
#include "firmware/check.hpp"
#include "firmware/start/start_table.hpp"

namespace assay::firmware {
namespace {

constexpr std::string_view kId = "autostart";
constexpr int kRevision = 1;

std::string base_name(std::string_view path) {
  return std::string(path.substr(path.rfind('/') + 1));
}

class Autostart final : public Check {
 public:
  explicit Autostart(const Knowledge& knowledge) : knowledge_(knowledge) {}

  void file(const File&, Context&) override {}

  void finish(const Image& image, const std::vector<std::string>& gaps, Context& context) override {
    const StartTable table = read_start_table(image, knowledge_, context.budget);
    std::vector<std::string> why = gaps;
    why.insert(why.end(), table.unread.begin(), table.unread.end());
    std::set<std::string> doubts;
    std::set<std::tuple<std::string, std::string, std::string>> seen;
    for (const Started& s : table.started) {
      if (const Doubt doubt = doubt_about(s, table.roots[s.root], knowledge_); !doubt.starts.empty()) doubts.insert(doubt.starts);
      // A script that calls one program on ten lines starts it once, at the first of them.
      const std::string service = s.service.find_first_not_of("0123456789") == s.service.npos ? base_name(s.program) : s.service;
      if (!seen.insert({s.place, service, s.program}).second) continue;
      Observation o;
      o.kind = "autostart";
      o.evidence = context.evidence;
      o.at.path = s.place;
      o.at.line = s.line;
      o.by = "firmware/autostart";
      o.revision = kRevision;
      o.fields.set("service", valid_utf8(service));
      o.fields.set("program", valid_utf8(s.program));
      o.fields.set("started_by", s.started_by);
      o.fields.set_if("runs_as", valid_utf8(s.runs_as));
      context.sink.put(std::move(o.seal()));
    }
    why.insert(why.end(), doubts.begin(), doubts.end());
    put_coverage(context, kId, kRevision, image, why, table.files);
  }

 private:
  const Knowledge& knowledge_;
};

}  // namespace

extern const CheckEntry autostart_check;
constinit const CheckEntry autostart_check{kId, kRevision,
                                           [](const Knowledge& k) -> std::unique_ptr<Check> { return std::make_unique<Autostart>(k); }};

}  // namespace assay::firmware
