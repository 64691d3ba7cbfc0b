// SPDX-License-Identifier: Apache-2.0
#include "intake/xml.hpp"

#include "base/text.hpp"

namespace assay::intake {
namespace {

constexpr std::size_t kMaxDepth = 64;

// One pass before the parser builds its tree: depth, and markup that has no business in a workbook.
Result<void> scan(std::string_view text, std::string_view name) {
  const auto wrong = [&](Errc code, std::string what, std::size_t at) {
    return fail(code, std::move(what), Where{.path = std::string(name), .offset = at});
  };
  std::size_t depth = 0;
  for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at)) {
    const std::string_view rest = text.substr(at);
    std::string_view end = ">";
    if (rest.starts_with("<!--")) {
      end = "-->";
    } else if (rest.starts_with("<![CDATA[")) {
      end = "]]>";
    } else if (rest.starts_with("<!")) {
      return wrong(Errc::unsupported, "has a document type; entities are not accepted", at);
    } else if (rest.starts_with("<?")) {
      end = "?>";
    } else {
      std::size_t close = at + 1;
      for (char quote = 0; close < text.size() && (quote != 0 || text[close] != '>'); ++close) {
        if (quote == 0 && (text[close] == '"' || text[close] == '\'')) {
          quote = text[close];
        } else if (text[close] == quote) {
          quote = 0;
        }
      }
      if (close >= text.size()) return wrong(Errc::truncated, "ends inside a tag", at);
      if (rest.starts_with("</")) {
        if (depth == 0) return wrong(Errc::malformed, "closes an element that is not open", at);
        --depth;
      } else if (text[close - 1] != '/' && ++depth > kMaxDepth) {
        return wrong(Errc::limit, "elements nested deeper than " + std::to_string(kMaxDepth) + " levels", at);
      }
      at = close;
      continue;
    }
    const auto close = text.find(end, at);
    if (close == std::string_view::npos) return wrong(Errc::truncated, "ends inside markup", at);
    at = close + end.size();
  }
  return {};
}

}  // namespace

Result<void> parse_xml(Bytes bytes, std::string_view name, pugi::xml_document& out) {
  std::string_view text = text_of(bytes);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF") || text.find('\0') != std::string_view::npos)
    return fail(Errc::unsupported, "XML that is not UTF-8", Where{.path = std::string(name)});
  TRY_VOID(scan(text, name));
  // Blanks alone are text where a cell asks for it (xml:space), so they stay.
  const auto parsed = out.load_buffer(text.data(), text.size(), pugi::parse_default | pugi::parse_ws_pcdata_single, pugi::encoding_utf8);
  if (!parsed) {
    return fail(Errc::malformed, std::string("broken XML: ") + parsed.description(),
                Where{.path = std::string(name), .offset = static_cast<std::uint64_t>(parsed.offset)});
  }
  return {};
}

std::string_view local_name(std::string_view name) {
  const auto colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node child(const pugi::xml_node& parent, std::string_view local) {
  for (const pugi::xml_node& node : parent.children()) {
    if (node.type() == pugi::node_element && local_name(node.name()) == local) return node;
  }
  return {};
}

std::string_view attribute(const pugi::xml_node& node, std::string_view local) {
  for (const pugi::xml_attribute& a : node.attributes()) {
    if (local_name(a.name()) == local) return a.value();
  }
  return {};
}

}  // namespace assay::intake
