// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

#include "model/verdict.hpp"
#include "paper/report/escape.hpp"

namespace assay::paper {

// In the order a reader needs them: what is wrong, what is open, what is settled.
inline constexpr std::array<Verdict, 4> kVerdicts = {Verdict::fail, Verdict::inconclusive, Verdict::pass, Verdict::not_applicable};

std::string_view verdict_word(Verdict verdict);   // "Not applicable"
std::string_view verdict_class(Verdict verdict);  // "na": the class and icon name
std::string_view basis_words(Basis basis);
std::string_view status_word(std::string_view status);
std::string_view applies_word(std::string_view applies);
std::string market_word(std::string_view market);  // "European Union"

Html icon(Verdict verdict);
Html badge(Verdict verdict);  // icon and word
// A marked would-be verdict of an entry that nobody confirmed yet; empty when `would_be` is.
Html would_be_mark(std::string_view would_be);
// "7 fail, 3 pass" with the icons.
Html tally(const std::array<std::size_t, 4>& counts);
// The definitions that icon() uses, once on the page.
Html icon_shapes();

}  // namespace assay::paper
