// SPDX-License-Identifier: Apache-2.0
#include "base/yaml.hpp"

#include <libfyaml.h>

#include <cstdlib>
#include <memory>
#include <set>
#include <string>

#include "base/json.hpp"
#include "base/text.hpp"

namespace assay {
namespace {

constexpr std::size_t kMaxText = 16U << 20U;
constexpr int kMaxDepth = 64;
// A hand-written file has thousands of values; a million is an attack on memory.
constexpr std::size_t kMaxValues = 1'000'000;

struct Builder {
  std::string_view name;
  fy_parser* parser = nullptr;
  std::size_t count = 0;

  Error error(const fy_event* event, std::string what, Errc code = Errc::malformed) const {
    const Mark m = event == nullptr ? Mark{} : mark_of(event);
    return Error{code, std::move(what), Where{.path = std::string(name), .offset = 0, .line = m.line, .column = m.column}};
  }
  static Mark mark_of(const fy_event* event) {
    const fy_mark* m = fy_event_start_mark(const_cast<fy_event*>(event));
    if (m == nullptr) return {};
    return Mark{static_cast<std::uint32_t>(m->line + 1), static_cast<std::uint32_t>(m->column + 1)};
  }
  struct EventDeleter {
    fy_parser* parser;
    void operator()(fy_event* e) const { fy_parser_event_free(parser, e); }
  };
  using Event = std::unique_ptr<fy_event, EventDeleter>;
  Event next() const { return Event(fy_parser_parse(parser), EventDeleter{parser}); }

  static std::string scalar_of(fy_token* token) {
    std::size_t size = 0;
    const char* text = token == nullptr ? nullptr : fy_token_get_text(token, &size);
    return text == nullptr ? std::string{} : std::string(text, size);
  }

  Result<Value> value(Event event, int depth) {
    if (!event) return tl::unexpected(error(nullptr, "ends in the middle of a value"));
    if (depth > kMaxDepth) return tl::unexpected(error(event.get(), "nested deeper than 64 levels", Errc::limit));
    if (++count > kMaxValues) return tl::unexpected(error(event.get(), "more than a million values", Errc::limit));
    Value out;
    const Mark mark = mark_of(event.get());
    switch (event->type) {
      case FYET_SCALAR: {
        if (event->scalar.anchor != nullptr) return tl::unexpected(error(event.get(), "anchors are not accepted"));
        if (event->scalar.tag != nullptr) return tl::unexpected(error(event.get(), "tags are not accepted"));
        const bool plain = fy_token_scalar_style(event->scalar.value) == FYSS_PLAIN;
        std::string text = scalar_of(event->scalar.value);
        if (!(plain && (text.empty() || text == "null" || text == "~"))) out = Value(std::move(text));
        out.plain = plain;
        break;
      }
      case FYET_SEQUENCE_START: {
        if (event->sequence_start.anchor != nullptr) return tl::unexpected(error(event.get(), "anchors are not accepted"));
        if (event->sequence_start.tag != nullptr) return tl::unexpected(error(event.get(), "tags are not accepted"));
        out = Value::array();
        while (true) {
          Event item = next();
          if (item && item->type == FYET_SEQUENCE_END) break;
          TRY(Value v, value(std::move(item), depth + 1));
          out.items().push_back(std::move(v));
        }
        break;
      }
      case FYET_MAPPING_START: {
        if (event->mapping_start.anchor != nullptr) return tl::unexpected(error(event.get(), "anchors are not accepted"));
        if (event->mapping_start.tag != nullptr) return tl::unexpected(error(event.get(), "tags are not accepted"));
        out = Value::object();
        std::set<std::string> seen;
        while (true) {
          Event key = next();
          if (key && key->type == FYET_MAPPING_END) break;
          if (!key) return tl::unexpected(error(nullptr, "ends in the middle of a mapping"));
          if (key->type != FYET_SCALAR) return tl::unexpected(error(key.get(), "a key must be a plain word"));
          std::string text = scalar_of(key->scalar.value);
          const Mark at = mark_of(key.get());
          if (!seen.insert(text).second) {
            return tl::unexpected(error(key.get(), "duplicate key " + json_quoted(text)));
          }
          TRY(Value v, value(next(), depth + 1));
          out.members().push_back(Value::Member{std::move(text), std::move(v), at});
        }
        break;
      }
      case FYET_ALIAS: return tl::unexpected(error(event.get(), "aliases are not accepted; write the value out"));
      default: return tl::unexpected(error(event.get(), "not a value"));
    }
    out.mark = mark;
    // The parser marks a quoted scalar behind its quote.
    if (event && event->type == FYET_SCALAR && !out.plain && out.mark.column > 1 &&
        fy_token_scalar_style(event->scalar.value) != FYSS_LITERAL && fy_token_scalar_style(event->scalar.value) != FYSS_FOLDED) {
      --out.mark.column;
    }
    return out;
  }
};

// Collects libfyaml's first complaint instead of letting it print to stderr.
struct Complaint {
  std::string text;
  Mark mark{};
};

bool needs_quotes(std::string_view text) {
  if (text.empty() || text != trim(text)) return true;
  if (to_number(text)) return true;
  static const std::set<std::string_view> special = {"null", "~",    "true",  "false", "yes",  "no", "on", "off", "Yes",
                                                     "No",   "True", "False", "NULL",  "Null", "y",  "n",  "Y",   "N"};
  if (special.contains(text)) return true;
  if (std::string_view("-?:,[]{}#&*!|>'\"%@`=").find(text[0]) != std::string_view::npos) return true;
  if (text.find(": ") != std::string_view::npos || text.find(" #") != std::string_view::npos || text.back() == ':') return true;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return true;
  }
  return false;
}

std::string yaml_scalar(const Value& value) {
  if (value.is_null()) return "null";
  if (!value.is_text()) return value.scalar_text();
  // What was read plain is plain again: quoted, `true` would have become a text.
  if (value.plain && !value.text().empty()) return std::string(value.text());
  return needs_quotes(value.text()) ? json_quoted(value.text()) : std::string(value.text());
}

// Lines that people read as lines, where a literal block gives them back as they are.
bool is_block(const Value& value) {
  const std::string_view text = value.text();
  if (text.find('\n') == std::string_view::npos || text.front() == ' ' || text.front() == '\n' || text.back() == '\n') return false;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F) return false;
  }
  return true;
}

void write_yaml(std::string& out, const Value& value, std::size_t depth) {
  const std::string indent(depth * 2, ' ');
  const auto write_child = [&](const Value& child) {
    if ((child.is_object() || child.is_array()) && !child.empty()) {
      out += '\n';
      write_yaml(out, child, depth + 1);
    } else if (is_block(child)) {
      out += " |-\n";
      for (const std::string_view line : split(child.text(), '\n')) out += (line.empty() ? "" : indent + "  ") + std::string(line) + "\n";
    } else {
      out += ' ';
      out += child.is_object() ? "{}" : child.is_array() ? "[]" : yaml_scalar(child);
      out += '\n';
    }
  };
  if (value.is_object()) {
    for (const auto& m : value.members()) {
      out += indent + yaml_scalar(Value(m.name)) + ":";
      write_child(m.value);
    }
  } else if (value.is_array()) {
    for (const Value& item : value.items()) {
      if ((item.is_object() || item.is_array()) && !item.empty()) {
        std::string inner;
        write_yaml(inner, item, depth + 1);
        inner.replace(0, (depth + 1) * 2, indent + "- ");
        out += inner;
      } else {
        out += indent + "-";
        write_child(item);
      }
    }
  } else {
    out += indent + yaml_scalar(value) + "\n";
  }
}

}  // namespace

Result<Value> parse_yaml(std::string_view text, std::string_view name) {
  if (text.size() > kMaxText) {
    return fail(Errc::limit, "larger than " + bytes_text(kMaxText), Where{.path = std::string(name)});
  }
  if (valid_utf8(text) != text) return fail(Errc::malformed, "not UTF-8 text", Where{.path = std::string(name)});
  fy_diag_cfg diag_config{};
  fy_diag_cfg_default(&diag_config);
  diag_config.fp = nullptr;
  diag_config.colorize = false;
  std::unique_ptr<fy_diag, void (*)(fy_diag*)> diag(fy_diag_create(&diag_config), fy_diag_destroy);
  fy_diag_set_collect_errors(diag.get(), true);
  fy_parse_cfg config{};
  config.flags = static_cast<fy_parse_cfg_flags>(FYPCF_DEFAULT_PARSE);
  config.diag = diag.get();
  const std::unique_ptr<fy_parser, void (*)(fy_parser*)> parser(fy_parser_create(&config), fy_parser_destroy);
  if (!parser || fy_parser_set_string(parser.get(), text.data(), text.size()) != 0) {
    return fail(Errc::io, "YAML parser failed to start", Where{.path = std::string(name)});
  }
  const auto complaint = [&](const Error& otherwise) -> Error {
    void* iterator = nullptr;
    if (const fy_diag_error* e = fy_diag_errors_iterate(diag.get(), &iterator)) {
      return Error{Errc::malformed, e->msg == nullptr ? otherwise.what : e->msg,
                   Where{.path = std::string(name),
                         .offset = 0,
                         .line = static_cast<std::uint32_t>(e->line < 0 ? 0 : e->line + 1),
                         .column = static_cast<std::uint32_t>(e->column < 0 ? 0 : e->column + 1)}};
    }
    return otherwise;
  };
  Builder builder{name, parser.get(), 0};
  Value root;
  bool have_document = false;
  while (true) {
    Builder::Event event = builder.next();
    if (!event) {
      return tl::unexpected(complaint(Error{Errc::malformed, "not YAML", Where{.path = std::string(name)}}));
    }
    if (event->type == FYET_STREAM_START || event->type == FYET_DOCUMENT_END) continue;
    if (event->type == FYET_STREAM_END) break;
    if (event->type == FYET_DOCUMENT_START) {
      if (have_document) return tl::unexpected(builder.error(event.get(), "a second document in the file"));
      have_document = true;
      continue;
    }
    auto value = builder.value(std::move(event), 0);
    if (!value) {
      const Error own = std::move(value).error();
      return tl::unexpected(own.where.line == 0 ? complaint(own) : own);
    }
    root = *std::move(value);
  }
  return root;
}

std::string to_yaml(const Value& value) {
  std::string out;
  write_yaml(out, value, 0);
  return out;
}

}  // namespace assay
