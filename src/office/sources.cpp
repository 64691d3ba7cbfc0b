// SPDX-License-Identifier: Apache-2.0
#include "office/sources.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "base/bytes.hpp"
#include "base/embedded.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace assay::office {
namespace {

namespace fs = std::filesystem;

// A data folder has hundreds of files; more is somebody's home directory.
constexpr std::size_t kMaxFiles = 20'000;

struct Files {
  std::vector<std::string> paths, texts;
};

Result<Files> files_below(const std::string& directory, const std::vector<std::string>& folders) {
  Files out;
  for (const std::string& folder : folders) {
    std::error_code error;
    std::vector<std::string> found;
    for (fs::recursive_directory_iterator it(directory + "/" + folder, error), end; !error && it != end; it.increment(error)) {
      if (it->is_regular_file(error)) found.push_back(it->path().lexically_relative(directory).generic_string());
      if (found.size() > kMaxFiles) return fail(Errc::limit, "more than " + std::to_string(kMaxFiles) + " files", Where{.path = directory});
    }
    if (error && error != std::errc::no_such_file_or_directory)
      return fail(Errc::io, error.message(), Where{.path = directory + "/" + folder});
    std::ranges::sort(found);
    for (const std::string& path : found) {
      TRY(std::string text, read_text(directory + "/" + path));
      out.paths.push_back(path);
      out.texts.push_back(std::move(text));
    }
  }
  if (out.paths.empty()) return fail(Errc::not_found, "no schemes/ or knowledge/ in it", Where{.path = directory});
  return out;
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): read at start, nothing sets it
  return value == nullptr ? std::string{} : std::string(value);
}

}  // namespace

std::vector<Error> load_catalogue(const std::string& directory, std::shared_ptr<const assess::Catalogue>& out) {
  std::vector<assess::CatalogueFile> files;
  if (directory.empty()) {
    for (const EmbeddedFile& f : embedded_files()) {
      if (f.path.starts_with("schemes/") || f.path.starts_with("knowledge/")) files.push_back({std::string(f.path), std::string(f.text)});
    }
  } else {
    auto read = files_below(directory, {"knowledge", "schemes"});
    if (!read) return {std::move(read).error()};
    for (std::size_t i = 0; i < read->paths.size(); ++i) files.push_back({read->paths[i], read->texts[i]});
  }
  std::ranges::sort(files, {}, &assess::CatalogueFile::path);
  return assess::load_catalogue(files, out);
}

std::vector<Error> load_knowledge(const std::string& directory, std::shared_ptr<const firmware::Knowledge>& out) {
  if (directory.empty()) {
    std::vector<EmbeddedFile> files;
    for (const EmbeddedFile& f : embedded_files()) {
      if (f.path.starts_with("knowledge/")) files.push_back(f);
    }
    return firmware::load_knowledge(files, out);
  }
  auto read = files_below(directory, {"knowledge"});
  if (!read) return {std::move(read).error()};
  std::vector<EmbeddedFile> files;
  for (std::size_t i = 0; i < read->paths.size(); ++i) files.push_back({read->paths[i], read->texts[i]});
  return firmware::load_knowledge(files, out);
}

std::string confirmations_path() {
  if (const std::string own = environment("ASSAY_CONFIRMATIONS"); !own.empty()) return own;
  std::string base = environment("XDG_CONFIG_HOME");
  if (base.empty()) base = environment("HOME") + "/.config";
  return base + "/assay/confirmations.json";
}

Result<std::vector<Confirmation>> load_confirmations(const std::string& path) {
  auto text = read_text(path);
  if (!text && text.error().code == Errc::not_found) return std::vector<Confirmation>{};
  if (!text) return tl::unexpected(std::move(text).error());
  TRY(const Value list, parse_json(*text, path));
  std::vector<Confirmation> out;
  for (const Value& v : list.items()) out.push_back(confirmation_from(v));
  return out;
}

Result<void> save_confirmation(const std::string& path, const Confirmation& confirmation) {
  TRY(auto all, load_confirmations(path));
  std::erase_if(all, [&](const Confirmation& c) {
    return c.scheme == confirmation.scheme && c.edition == confirmation.edition && c.entry == confirmation.entry;
  });
  all.push_back(confirmation);
  Value list = Value::array();
  for (const Confirmation& c : all) list.push(to_value(c));
  std::error_code error;
  fs::create_directories(fs::path(path).parent_path(), error);
  return write_text(path, to_json(list, JsonStyle::pretty) + "\n");
}

Result<std::string> read_text(const std::string& path, std::uint64_t limit) {
  TRY(const MappedFile file, MappedFile::open(path));
  if (file.bytes().size() > limit) return fail(Errc::limit, "larger than " + bytes_text(limit), Where{.path = path});
  return std::string(text_of(file.bytes()));
}

Result<void> write_text(const std::string& path, std::string_view text) {
  std::string temporary = path + ".XXXXXX";
  const int fd = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0) return fail(errno == ENOENT ? Errc::not_found : Errc::io, "cannot write: " + errno_text(errno), Where{.path = path});
  std::string_view rest = text;
  int why = 0;
  while (!rest.empty() && why == 0) {
    const ssize_t n = ::write(fd, rest.data(), rest.size());
    if (n >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(n));
    } else if (errno != EINTR) {
      why = errno;
    }
  }
  if (why == 0 && ::fsync(fd) != 0) why = errno;
  ::fchmod(fd, 0644);
  if (::close(fd) != 0 && why == 0) why = errno;
  if (why == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) why = errno;
  if (why != 0) {
    ::unlink(temporary.c_str());
    return fail(
        Errc::io,
        why == ENOSPC || why == EFBIG || why == EDQUOT ? "the disk is full; nothing was written" : "cannot write: " + errno_text(why),
        Where{.path = path});
  }
  return {};
}

}  // namespace assay::office
