// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pugixml.hpp>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace assay::intake {

// UTF-8 XML without a document type (so no entities but the five), at most 64 levels deep. `name` is the path shown in errors.
Result<void> parse_xml(Bytes bytes, std::string_view name, pugi::xml_document& out);
// An element's name or an attribute's without its namespace prefix: writers choose prefixes as they like.
std::string_view local_name(std::string_view name);
// The first child element of that local name; an empty node when there is none.
pugi::xml_node child(const pugi::xml_node& parent, std::string_view local);
std::string_view attribute(const pugi::xml_node& node, std::string_view local);

}  // namespace assay::intake
