// SPDX-License-Identifier: Apache-2.0
#include "paper/report/page.hpp"

#include <algorithm>
#include <kainjow/mustache.hpp>
#include <set>

#include "base/embedded.hpp"
#include "base/text.hpp"

namespace assay::paper {
namespace {

namespace km = kainjow::mustache;

km::data data_of(const Fields& fields);

// The library looks a missing name up in the outer object; siblings therefore all get every name that one of them has.
km::data data_of(const std::vector<Fields>& items) {
  std::set<std::string_view> names;
  for (const Fields& item : items) {
    for (const Fields::Field& field : item.all()) names.insert(field.name);
  }
  km::data list{km::data::type::list};
  for (const Fields& item : items) {
    km::data one = data_of(item);
    for (const std::string_view name : names) {
      if (std::ranges::find(item.all(), name, &Fields::Field::name) == item.all().end()) one.set(std::string(name), false);
    }
    list.push_back(one);
  }
  return list;
}

km::data data_of(const Fields& fields) {
  km::data out{km::data::type::object};
  for (const Fields::Field& field : fields.all()) {
    if (const auto* flag = std::get_if<bool>(&field.value)) {
      out.set(field.name, *flag);
    } else if (const auto* text = std::get_if<std::string>(&field.value)) {
      // An empty text is false: {{#note}} is not written for it.
      out.set(field.name, text->empty() ? km::data(false) : km::data(*text));
    } else if (const auto* html = std::get_if<Html>(&field.value)) {
      out.set(field.name, html->empty() ? km::data(false) : km::data(html->text));
    } else if (const auto* items = std::get_if<std::vector<Fields>>(&field.value)) {
      out.set(field.name, data_of(*items));
    }
  }
  return out;
}

void collect(const Fields& fields, std::vector<std::string_view>& names) {
  for (const Fields::Field& field : fields.all()) {
    names.push_back(field.name);
    const auto* items = std::get_if<std::vector<Fields>>(&field.value);
    if (items != nullptr && !items->empty()) collect(items->front(), names);
  }
}

bool has_items(const Fields& fields, std::string_view list) {
  const auto at = std::ranges::find(fields.all(), list, &Fields::Field::name);
  if (at == fields.all().end()) return true;
  const auto* items = std::get_if<std::vector<Fields>>(&at->value);
  return items == nullptr || !items->empty();
}

struct Tag {
  std::string name;
  std::vector<std::string> within;  // the sections around it, outermost first
  bool raw = false;
};

std::vector<Tag> tags_of(std::string_view text) {
  std::vector<Tag> out;
  std::vector<std::string> sections;
  for (std::size_t at = 0; (at = text.find("{{", at)) != std::string_view::npos;) {
    at += 2;
    const auto end = text.find("}}", at);
    if (end == std::string_view::npos) break;
    std::string_view tag = trim(text.substr(at, end - at));
    at = end;
    const char sign = tag.empty() ? ' ' : tag.front();
    if (sign == '{' || sign == '#' || sign == '^' || sign == '/' || sign == '&') tag = trim(tag.substr(1));
    if (sign == '/') {
      if (!sections.empty()) sections.pop_back();
      continue;
    }
    out.push_back({std::string(tag), sections, sign == '{' || sign == '&'});
    if (sign == '#' || sign == '^') sections.emplace_back(tag);
  }
  return out;
}

}  // namespace

Fields& Fields::text(std::string_view name, std::string_view value) {
  // A name that says markup cannot carry a text unescaped, whatever the template does with it.
  fields_.push_back({std::string(name), name.ends_with("_html") ? escaped(value) : std::string(value)});
  return *this;
}

Fields& Fields::html(std::string_view name, Html value) {
  fields_.push_back({std::string(name), std::move(value)});
  return *this;
}

Fields& Fields::flag(std::string_view name, bool value) {
  fields_.push_back({std::string(name), value});
  return *this;
}

Fields& Fields::list(std::string_view name, std::vector<Fields> items) {
  fields_.push_back({std::string(name), std::move(items)});
  return *this;
}

struct Page::Part {
  km::mustache text;
  std::vector<Tag> tags;
};

Page::Page() = default;
Page::~Page() = default;

Page::Part* Page::part(std::string_view name) {
  if (const auto found = parts_.find(name); found != parts_.end()) return found->second.get();
  const std::string_view source = embedded_file("src/paper/report/" + std::string(name) + ".mustache");
  auto made = std::make_unique<Part>(Part{km::mustache(std::string(source)), tags_of(source)});
  if (source.empty() && !trouble_) trouble_ = Error{Errc::not_found, "no page part " + std::string(name)};
  if (!made->text.is_valid() && !trouble_) trouble_ = Error{Errc::malformed, std::string(name) + ": " + made->text.error_message()};
  for (const Tag& tag : made->tags) {
    if (tag.raw && !tag.name.ends_with("_html") && !trouble_) {
      trouble_ = Error{Errc::malformed, "page part " + std::string(name) + " writes " + tag.name + " unescaped"};
    }
  }
  made->text.set_custom_escape([](const std::string& text) { return escaped(text); });
  return parts_.emplace(std::string(name), std::move(made)).first->second.get();
}

Html Page::fill(std::string_view name, const Fields& fields) {
  Part* const part = this->part(name);
  std::vector<std::string_view> known;
  collect(fields, known);
  for (const Tag& tag : part->tags) {
    if (trouble_ || std::ranges::find(known, tag.name) != known.end()) continue;
    // Nothing is written, and so nothing asked for, within a list that is empty.
    if (!std::ranges::all_of(tag.within, [&](const std::string& list) { return has_items(fields, list); })) continue;
    trouble_ = Error{Errc::malformed, "page part " + std::string(name) + " asks for " + tag.name + ", which is not given"};
  }
  return Html{part->text.render(data_of(fields))};
}

}  // namespace assay::paper
