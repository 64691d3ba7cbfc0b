// SPDX-License-Identifier: Apache-2.0
#include "paper/report.hpp"

#include "base/embedded.hpp"
#include "base/hash.hpp"
#include "paper/report/sections.hpp"
#include "paper/report/words.hpp"

namespace assay::paper {
namespace {

// RFC 4648, as Content Security Policy wants hashes.
std::string base64(Bytes bytes) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = (group << 8U) | (i + k < bytes.size() ? std::to_integer<std::uint32_t>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) out += i + k > bytes.size() ? '=' : letters[(group >> (18U - 6U * k)) & 0x3FU];
  }
  return out;
}

std::string csp_hash(std::string_view text) {
  return "'sha256-" + base64(sha256(bytes_of(text))) + "'";
}

}  // namespace

Result<std::string> html(const ReportInput& input) {
  const std::string_view style = embedded_file("src/paper/report/report.css");
  const std::string_view script = embedded_file("src/paper/report/report.js");
  if (style.empty() || script.empty()) return fail(Errc::not_found, "the report's style or script is not in the program");
  Page page;
  const Citations citations(input);
  const Value& product = input.assessment.product;
  const auto given = [&](std::string_view key, std::string_view otherwise) {
    const std::string text = product[key].scalar_text();
    return cut(text.empty() ? otherwise : std::string_view(text), 200);
  };
  Fields fields;
  fields.text("product", given("name", "Unnamed product")).text("version", given("version", "")).text("model", given("model", ""));
  fields.text("date", cut(input.assessment.date, 40)).text("program", cut(input.program, 120));
  // Should an escape ever be missed, what gets through still cannot run or load anything.
  fields.html("policy_html", Html{"default-src 'none'; style-src " + csp_hash(style) + "; script-src " + csp_hash(script) +
                                  "; base-uri 'none'; form-action 'none'"});
  fields.html("style_html", Html{std::string(style)}).html("script_html", Html{std::string(script)});
  fields.html("shapes_html", icon_shapes()).html("contents_html", contents(page, input, citations));
  fields.html("front_html", front_section(page, input, citations)).html("glance_html", glance_section(page, input, citations));
  fields.html("owed_html", owed_section(page, input, citations));
  fields.html("contradictions_html", contradictions_section(page, input, citations));
  fields.html("requirements_html", requirements_section(page, input, citations));
  fields.html("sources_html", sources_section(page, input, citations));
  Html whole = page.fill("report", fields);
  if (page.trouble()) return tl::unexpected<Error>(*page.trouble());
  return std::move(whole.text);
}

}  // namespace assay::paper
