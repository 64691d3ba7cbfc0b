// SPDX-License-Identifier: Apache-2.0
#include "base/json.hpp"

#include <algorithm>
#include <array>
#include <boost/json/basic_parser_impl.hpp>
#include <cmath>
#include <cstdio>
#include <set>

#include "base/text.hpp"

namespace assay {
namespace {

// Builds Values from the parser's events: Boost's own DOM would lose duplicate keys silently (last one wins).
struct Handler {
  static constexpr std::size_t max_object_size = 10'000'000;
  static constexpr std::size_t max_array_size = 10'000'000;
  static constexpr std::size_t max_key_size = 65'536;
  static constexpr std::size_t max_string_size = 256U << 20U;

  using Code = boost::system::error_code;

  std::vector<Value> stack;
  std::vector<std::string> keys;
  std::string pending;
  Value root;
  std::string trouble;

  bool add(Value value) {
    if (stack.empty()) {
      root = std::move(value);
      return true;
    }
    Value& top = stack.back();
    if (top.is_array()) {
      top.push(std::move(value));
      return true;
    }
    top.members().push_back(Value::Member{std::move(keys.back()), std::move(value), {}});
    keys.pop_back();
    return true;
  }
  static bool refuse(Code& ec) {
    ec = boost::json::make_error_code(boost::json::error::syntax);
    return false;
  }

  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_object_begin(Code&) {
    stack.emplace_back(Value::object());
    return true;
  }
  bool on_object_end(std::size_t, Code& ec) {
    Value done = std::move(stack.back());
    stack.pop_back();
    std::set<std::string_view> seen;
    for (const auto& m : done.members()) {
      if (!seen.insert(m.name).second) {
        trouble = "duplicate key " + json_quoted(m.name);
        return refuse(ec);
      }
    }
    return add(std::move(done));
  }
  bool on_array_begin(Code&) {
    stack.emplace_back(Value::array());
    return true;
  }
  bool on_array_end(std::size_t, Code&) {
    Value done = std::move(stack.back());
    stack.pop_back();
    return add(std::move(done));
  }
  bool on_key_part(boost::json::string_view s, std::size_t, Code&) {
    pending.append(s.data(), s.size());
    return true;
  }
  bool on_key(boost::json::string_view s, std::size_t, Code&) {
    pending.append(s.data(), s.size());
    keys.push_back(std::exchange(pending, {}));
    return true;
  }
  bool on_string_part(boost::json::string_view s, std::size_t, Code&) {
    pending.append(s.data(), s.size());
    return true;
  }
  bool on_string(boost::json::string_view s, std::size_t, Code&) {
    pending.append(s.data(), s.size());
    return add(Value(std::exchange(pending, {})));
  }
  bool on_number_part(boost::json::string_view, Code&) { return true; }
  bool on_int64(std::int64_t i, boost::json::string_view, Code&) { return add(Value(i)); }
  bool on_uint64(std::uint64_t u, boost::json::string_view, Code&) { return add(Value(static_cast<double>(u))); }
  bool on_double(double d, boost::json::string_view, Code&) { return add(Value(d)); }
  bool on_bool(bool b, Code&) { return add(Value(b)); }
  bool on_null(Code&) { return add(Value()); }
  bool on_comment_part(boost::json::string_view, Code&) { return true; }
  bool on_comment(boost::json::string_view, Code&) { return true; }
};

void write_text(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          std::array<char, 8> hex{};
          std::snprintf(hex.data(), hex.size(), "\\u%04x", static_cast<unsigned>(c));
          out += hex.data();
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

void write(std::string& out, const Value& value, int indent, bool sorted) {
  const auto newline = [&](int depth) {
    if (indent < 0) return;
    out += '\n';
    out.append(static_cast<std::size_t>(depth) * 2, ' ');
  };
  switch (value.kind()) {
    case Value::Kind::null: out += "null"; return;
    case Value::Kind::number:
      if (!std::isfinite(value.number())) {
        out += "null";
        return;
      }
      [[fallthrough]];
    case Value::Kind::boolean:
    case Value::Kind::integer: out += value.scalar_text(); return;
    case Value::Kind::text: write_text(out, valid_utf8(value.text())); return;
    case Value::Kind::array: {
      if (value.items().empty()) {
        out += "[]";
        return;
      }
      out += '[';
      bool first = true;
      for (const Value& item : value.items()) {
        if (!first) out += ',';
        first = false;
        newline(indent + 1);
        write(out, item, indent < 0 ? -1 : indent + 1, sorted);
      }
      newline(indent);
      out += ']';
      return;
    }
    case Value::Kind::object: {
      if (value.members().empty()) {
        out += "{}";
        return;
      }
      std::vector<const Value::Member*> members;
      for (const auto& m : value.members()) members.push_back(&m);
      if (sorted) std::ranges::sort(members, {}, [](const auto* m) { return std::string_view(m->name); });
      out += '{';
      bool first = true;
      for (const auto* m : members) {
        if (!first) out += ',';
        first = false;
        newline(indent + 1);
        write_text(out, valid_utf8(m->name));
        out += indent < 0 ? ":" : ": ";
        write(out, m->value, indent < 0 ? -1 : indent + 1, sorted);
      }
      newline(indent);
      out += '}';
      return;
    }
  }
}

}  // namespace

Result<Value> parse_json(std::string_view text, std::string_view name) {
  boost::json::parse_options options;
  options.max_depth = 64;
  options.allow_invalid_utf8 = false;
  boost::json::basic_parser<Handler> parser(options);
  boost::system::error_code code;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), code);
  std::string what;
  if (code) {
    what = !parser.handler().trouble.empty() ? parser.handler().trouble : "not JSON: " + code.message();
  } else if (trim(text.substr(used)) != "") {
    what = "text after the JSON value";
  }
  if (what.empty()) return std::move(parser.handler().root);
  Where where{.path = std::string(name), .offset = used, .line = 1, .column = 1};
  for (const char c : text.substr(0, used)) {
    if (c == '\n') {
      ++where.line;
      where.column = 1;
    } else {
      ++where.column;
    }
  }
  return fail(Errc::malformed, std::move(what), std::move(where));
}

std::string to_json(const Value& value, JsonStyle style) {
  std::string out;
  write(out, value, style == JsonStyle::pretty ? 0 : -1, false);
  return out;
}

std::string to_canonical_json(const Value& value) {
  std::string out;
  write(out, value, -1, true);
  return out;
}

std::string json_quoted(std::string_view text) {
  std::string out;
  write_text(out, valid_utf8(text));
  return out;
}

}  // namespace assay
