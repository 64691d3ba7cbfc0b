// SPDX-License-Identifier: Apache-2.0
#include "paper/report/words.hpp"

namespace assay::paper {

std::string_view verdict_word(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass: return "Pass";
    case Verdict::fail: return "Fail";
    case Verdict::inconclusive: return "Inconclusive";
    case Verdict::not_applicable: return "Not applicable";
  }
  return {};
}

std::string_view verdict_class(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass: return "pass";
    case Verdict::fail: return "fail";
    case Verdict::inconclusive: return "open";
    case Verdict::not_applicable: return "na";
  }
  return {};
}

std::string_view basis_words(Basis basis) {
  switch (basis) {
    case Basis::none: return "nothing yet";
    case Basis::machine: return "machine: seen in the evidence";
    case Basis::document: return "document: declared, or answered with evidence";
    case Basis::attested: return "attested: a person's word";
  }
  return {};
}

std::string_view status_word(std::string_view status) {
  if (status == "mandatory") return "Mandatory";
  if (status == "recommended") return "Recommended";
  if (status == "informative") return "Informative";
  return status;
}

std::string_view applies_word(std::string_view applies) {
  if (applies == "applies") return "Applies";
  if (applies == "does-not-apply") return "Does not apply";
  if (applies == "unknown") return "Not decided";
  return applies;
}

std::string market_word(std::string_view market) {
  if (market == "eu") return "European Union";
  if (market == "uk") return "United Kingdom";
  if (market == "us") return "United States";
  if (market == "jp") return "Japan";
  if (market == "sg") return "Singapore";
  if (market == "in") return "India";
  return market.empty() ? "Any market" : cut(market, 40);
}

Html icon(Verdict verdict) {
  return Html{"<svg class=\"i\" aria-hidden=\"true\"><use href=\"#i-" + std::string(verdict_class(verdict)) + "\"/></svg>"};
}

Html badge(Verdict verdict) {
  return Html{"<span class=\"v v-" + std::string(verdict_class(verdict)) + "\">" + icon(verdict).text + std::string(verdict_word(verdict)) +
              "</span>"};
}

Html tally(const std::array<std::size_t, 4>& counts) {
  Html out;
  for (std::size_t i = 0; i < kVerdicts.size(); ++i) {
    if (counts.at(i) == 0) continue;
    std::string word(verdict_word(kVerdicts.at(i)));
    word.front() = static_cast<char>(word.front() | 0x20);
    out.text += "<li class=\"v v-" + std::string(verdict_class(kVerdicts.at(i))) + "\">" + icon(kVerdicts.at(i)).text +
                grouped(counts.at(i)) + " " + word + "</li>";
  }
  return out.empty() ? out : Html{"<ul class=\"tally\">" + out.text + "</ul>"};
}

Html would_be_mark(std::string_view would_be) {
  if (would_be.empty()) return {};
  Verdict verdict{};
  const std::string word = verdict_from(would_be, verdict) ? std::string(verdict_word(verdict)) : escaped(cut(would_be, 40));
  return Html{"<span class=\"would\">would be: " + word + "</span>"};
}

// Four shapes that differ without colour: filled octagon, open ring with a question mark, ticked disc, barred ring.
Html icon_shapes() {
  return Html{
      "<svg width=\"0\" height=\"0\" class=\"shapes\" aria-hidden=\"true\" focusable=\"false\"><defs>"
      "<symbol id=\"i-fail\" viewBox=\"0 0 16 16\"><path fill=\"currentColor\" d=\"M5 .8h6L15.2 5v6L11 15.2H5L.8 11V5z\"/>"
      "<path class=\"cutout\" d=\"M5.2 5.2l5.6 5.6m0-5.6l-5.6 5.6\" fill=\"none\" stroke-width=\"1.9\"/></symbol>"
      "<symbol id=\"i-open\" viewBox=\"0 0 16 16\"><circle cx=\"8\" cy=\"8\" r=\"6.7\" fill=\"none\" stroke=\"currentColor\" "
      "stroke-width=\"1.6\" stroke-dasharray=\"2.9 1.31\"/><path d=\"M5.9 6.3a2.1 2.1 0 1 1 2.9 2c-.6.3-.8.6-.8 1.3\" fill=\"none\" "
      "stroke=\"currentColor\" stroke-width=\"1.5\"/><circle cx=\"8\" cy=\"11.7\" r=\".95\" fill=\"currentColor\"/></symbol>"
      "<symbol id=\"i-pass\" viewBox=\"0 0 16 16\"><circle cx=\"8\" cy=\"8\" r=\"7.5\" fill=\"currentColor\"/>"
      "<path class=\"cutout\" d=\"M4.4 8.3l2.5 2.5 4.8-5.2\" fill=\"none\" stroke-width=\"1.9\"/></symbol>"
      "<symbol id=\"i-na\" viewBox=\"0 0 16 16\"><circle cx=\"8\" cy=\"8\" r=\"6.7\" fill=\"none\" stroke=\"currentColor\" "
      "stroke-width=\"1.6\"/><path d=\"M4.8 8h6.4\" stroke=\"currentColor\" stroke-width=\"1.7\"/></symbol>"
      "<pattern id=\"hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
      "<rect class=\"hatch-ground\" width=\"6\" height=\"6\"/><rect class=\"hatch-line\" width=\"2\" height=\"6\"/></pattern>"
      // The cells of the map, and the arrowheads of the trees.
      "<g id=\"c-fail\"><rect class=\"c-fail\" width=\"15\" height=\"15\" rx=\"2\"/><text class=\"cl on\" x=\"7.5\" y=\"11.5\">F</text></g>"
      "<g id=\"c-open\"><rect class=\"c-open\" x=\".5\" y=\".5\" width=\"14\" height=\"14\" rx=\"2\"/>"
      "<text class=\"cl\" x=\"7.5\" y=\"11.5\">?</text></g>"
      "<g id=\"c-pass\"><rect class=\"c-pass\" width=\"15\" height=\"15\" rx=\"2\"/><text class=\"cl on\" x=\"7.5\" y=\"11.5\">P</text></g>"
      "<g id=\"c-na\"><rect class=\"c-na\" x=\".5\" y=\".5\" width=\"14\" height=\"14\" rx=\"2\"/>"
      "<text class=\"cl\" x=\"7.5\" y=\"11.5\">–</text></g>"
      "<marker id=\"a-sure\" class=\"a-sure\" viewBox=\"0 0 8 8\" refX=\"6.5\" refY=\"4\" markerWidth=\"9\" markerHeight=\"9\" "
      "markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0 0L8 4 0 8z\"/></marker>"
      "<marker id=\"a-idle\" class=\"a-idle\" viewBox=\"0 0 8 8\" refX=\"6.5\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" "
      "markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0 0L8 4 0 8z\"/></marker>"
      "</defs></svg>"};
}

}  // namespace assay::paper
