// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/value.hpp"
#include "model/verdict.hpp"

namespace assay::paper {

// A tree of ReportInput::trees, looked up by node.
class TreeNodes {
 public:
  explicit TreeNodes(const Value& tree);
  const Value& tree() const { return *tree_; }
  std::string_view start() const { return (*tree_)["start"].text(); }
  // Null where the id is an end.
  const Value* node(std::string_view id) const;

 private:
  const Value* tree_;
  std::map<std::string_view, const Value*> nodes_;
};

// The way of one instance through one tree, read off the steps of its verdict.
struct TreeWalk {
  const InstanceVerdict* instance = nullptr;
  std::vector<std::pair<const Value*, const Step*>> steps;  // as met; behind a node without an answer both branches are followed
  std::set<std::string_view> ends;                          // that can be reached; one of them where nothing is open
};

// How many instances went where. `sure`: every node before it was answered; `may`: some node before it, or this one, is open.
struct Traffic {
  std::size_t sure = 0, may = 0;
};

struct TreeWalks {
  std::vector<TreeWalk> walks;                                                // of instances that met a node of the tree
  std::map<std::string_view, Traffic> nodes;                                  // by node
  std::map<std::pair<std::string_view, std::string_view>, Traffic> branches;  // by node and answer
  std::map<std::string_view, std::size_t> open, contested;                    // unknown, conflict: instances by node
  Traffic at(std::string_view node) const;
  Traffic at(std::string_view node, std::string_view answer) const;
};
TreeWalks walks_of(const TreeNodes& tree, const std::vector<InstanceVerdict>& instances);

// "DN-1=N DN-2=? → PASS or FAIL"
std::string path_text(const TreeWalk& walk);
std::string_view end_words(std::string_view end);  // "NOT APPLICABLE"

}  // namespace assay::paper
