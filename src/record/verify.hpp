// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "record/workspace.hpp"

namespace assay::record {

class Blobs;

// The tables as they stand, for comparison with the log.
struct Stored {
  struct Row {
    std::string body, state, superseded_by;
    std::map<std::string, std::string> observations;  // id -> body
  };
  std::string integrity;
  std::string head;
  std::vector<LogRow> log;
  std::map<std::string, Row> evidence;
  std::vector<std::string> answers, disposals;
};

std::string row_hash(const LogRow& row);
// Order-free: observations sorted by id.
std::string digest_of(const std::map<std::string, std::string>& bodies);
// Every difference between log, tables and blobs.
Result<std::vector<Workspace::Fault>> verify(const Stored& stored, const Blobs& blobs);

}  // namespace assay::record
