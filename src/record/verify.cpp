// SPDX-License-Identifier: Apache-2.0
#include "record/verify.hpp"

#include <algorithm>
#include <map>

#include "base/hash.hpp"
#include "base/json.hpp"
#include "record/blobs.hpp"
#include "record/sqlite.hpp"

namespace assay::record {
namespace {

using Fault = Workspace::Fault;

// What the log says the tables must hold.
struct Replayed {
  struct Kept {
    std::string body, state, superseded_by, digest;
  };
  std::map<std::string, Kept> evidence;
  std::vector<std::string> answers, disposals;
};

void check_chain(const std::vector<LogRow>& log, std::string_view head, std::vector<Fault>& faults) {
  std::string previous(64, '0');
  std::uint64_t number = 0;
  for (const LogRow& row : log) {
    const std::string name = "log row " + std::to_string(row.number);
    if (row.number != ++number) faults.push_back({name + ": rows are missing before it"});
    number = row.number;
    if (row.previous != previous) faults.push_back({name + ": does not follow the row before it"});
    if (row_hash(row) != row.hash) faults.push_back({name + ": its content is not what was written"});
    previous = row.hash;
  }
  const std::string expected = log.empty() ? std::string{} : std::to_string(log.back().number) + ":" + log.back().hash;
  if (head != expected) faults.push_back({"log: its end is not where it was left; rows at the end were removed or added"});
}

Replayed replay(const std::vector<LogRow>& log, std::vector<Fault>& faults) {
  Replayed out;
  for (const LogRow& row : log) {
    const auto detail = parse_json(row.detail);
    if (!detail) {
      faults.push_back({"log row " + std::to_string(row.number) + ": its detail cannot be read"});
      continue;
    }
    if (row.action == "add") {
      out.evidence[row.subject] = {to_canonical_json((*detail)["evidence"]), "in-use", "", std::string((*detail)["digest"].text())};
    } else if (row.action == "carry-over") {
      out.evidence[row.subject].body = to_canonical_json((*detail)["evidence"]);
    } else if (row.action == "supersede") {
      out.evidence[row.subject].state = "superseded";
      out.evidence[row.subject].superseded_by = (*detail)["by"].text();
    } else if (row.action == "remove") {
      out.evidence.erase(row.subject);
    } else if (row.action == "answer") {
      out.answers.push_back(to_canonical_json(*detail));
    } else if (row.action == "dispose") {
      out.disposals.push_back(to_canonical_json(*detail));
    }
  }
  return out;
}

void check_list(std::string_view name, const std::vector<std::string>& stored, const std::vector<std::string>& logged,
                std::vector<Fault>& faults) {
  for (std::size_t i = 0; i < std::max(stored.size(), logged.size()); ++i) {
    const std::string which = std::string(name) + " " + std::to_string(i + 1);
    if (i >= stored.size()) {
      faults.push_back({which + ": is in the log but no longer stored"});
    } else if (i >= logged.size()) {
      faults.push_back({which + ": is stored but not in the log"});
    } else if (stored[i] != logged[i]) {
      faults.push_back({which + ": differs from what the log says was stated"});
    }
  }
}

}  // namespace

std::string row_hash(const LogRow& row) {
  Value v = Value::array();
  for (const std::string* s : {&row.previous, &row.at, &row.actor, &row.action, &row.subject, &row.detail}) v.push(*s);
  v.push(row.number);
  return sha256_hex(to_canonical_json(v));
}

std::string digest_of(const std::map<std::string, std::string>& bodies) {
  Sha256 hash;
  for (const auto& [id, body] : bodies) hash.update(body).update("\n");
  return to_hex(hash.finish());
}

Result<std::vector<Fault>> verify(const Stored& stored, const Blobs& blobs) {
  std::vector<Fault> faults;
  if (stored.integrity != "ok") faults.push_back({"database: " + stored.integrity});
  check_chain(stored.log, stored.head, faults);
  const Replayed should = replay(stored.log, faults);
  for (const auto& [id, kept] : should.evidence) {
    const auto row = stored.evidence.find(id);
    if (row == stored.evidence.end() || row->second.body.empty()) {
      faults.push_back({"evidence " + id + ": is in the log but no longer stored"});
      continue;
    }
    if (row->second.body != kept.body || row->second.state != kept.state || row->second.superseded_by != kept.superseded_by) {
      faults.push_back({"evidence " + id + ": its record differs from the log"});
    }
    for (const auto& [name, body] : row->second.observations) {
      const auto content = parse_json(body);
      if (content && (*content)["id"].text() == name && (*content)["evidence"].text() == id) continue;
      faults.push_back({"observation " + name + " of evidence " + id + ": is not what its name says"});
    }
    if (digest_of(row->second.observations) != kept.digest)
      faults.push_back({"evidence " + id + ": its observations differ from what was stored"});
    const auto file = blobs.get(id);
    if (!file) {
      faults.push_back({"evidence " + id + ": " + file.error().what});
    } else if ("sha256:" + sha256_hex(file->bytes()) != id) {
      faults.push_back({"evidence " + id + ": the stored bytes are not what was added (" + blobs.path_of(id) + ")"});
    }
  }
  for (const auto& [id, row] : stored.evidence) {
    if (!should.evidence.contains(id)) faults.push_back({"evidence " + id + ": is stored but not in the log"});
  }
  check_list("answer", stored.answers, should.answers, faults);
  check_list("disposal", stored.disposals, should.disposals, faults);
  return faults;
}

}  // namespace assay::record
