// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "paper/report/escape.hpp"
#include "paper/report/tree_walks.hpp"

namespace assay::paper {

// One decision tree as a picture: which branches were taken, by how many instances, and which nodes are open, told by line, weight and
// number as well as by colour.
Html tree_picture(const TreeNodes& tree, const TreeWalks& walks);
// The same in words, for who cannot see it.
std::string tree_words(const TreeNodes& tree, const TreeWalks& walks);

}  // namespace assay::paper
