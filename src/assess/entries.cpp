// SPDX-License-Identifier: Apache-2.0
#include "assess/entries.hpp"

#include <algorithm>

namespace assay::assess {
namespace {

template <class Map>
const typename Map::mapped_type* in(const Map& map, std::string_view id) {
  const auto at = map.find(id);
  return at == map.end() ? nullptr : &at->second;
}

}  // namespace

const Field* Kind::field(std::string_view name) const {
  const auto at = std::ranges::find(fields, name, &Field::name);
  return at == fields.end() ? nullptr : &*at;
}

bool Question::may_give(std::string_view answer) const {
  return std::ranges::find(machine, answer) != machine.end();
}

const SchemeCondition* Scheme::condition(std::string_view wanted) const {
  const auto at = std::ranges::find(conditions, wanted, &SchemeCondition::id);
  return at == conditions.end() ? nullptr : &*at;
}

const Entry* Scheme::entry(std::string_view wanted) const {
  return in(entries, wanted);
}

const Move* Scheme::move_to(std::string_view requirement) const {
  const auto at = std::ranges::find(moves, requirement, &Move::to);
  return at == moves.end() ? nullptr : &*at;
}

std::size_t Scheme::rank(std::string_view wanted) const {
  return static_cast<std::size_t>(std::ranges::find(levels, wanted, &Level::id) - levels.begin());
}

const Question* Catalogue::question(std::string_view id) const {
  return in(questions, id);
}
const Fact* Catalogue::fact(std::string_view id) const {
  return in(facts, id);
}
const Subject* Catalogue::subject(std::string_view id) const {
  return in(subjects, id);
}
const Scheme* Catalogue::scheme(std::string_view id) const {
  return in(schemes, id);
}

std::pair<const Scheme*, const Entry*> Catalogue::find(const Scheme& from, std::string_view reference) const {
  // Ids of EN 18031 and ITSAR hold no slash before a scheme's name, so the first part decides.
  const auto slash = reference.find('/');
  if (slash != std::string_view::npos) {
    if (const Scheme* other = scheme(reference.substr(0, slash))) return {other, other->entry(reference.substr(slash + 1))};
  }
  return {&from, from.entry(reference)};
}

const Scheme* Catalogue::whole(std::string_view reference) const {
  return reference.ends_with("/*") ? scheme(reference.substr(0, reference.size() - 2)) : nullptr;
}

Error Catalogue::error(const Source& at, std::string what) const {
  return Error{Errc::malformed, std::move(what),
               Where{.path = at.file < files.size() ? files[at.file].path : std::string{},
                     .offset = 0,
                     .line = at.mark.line,
                     .column = at.mark.column}};
}

}  // namespace assay::assess
