// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "assess/catalogue.hpp"
#include "base/result.hpp"
#include "firmware/examine.hpp"
#include "model/evidence.hpp"

namespace assay::office {

// The catalogue and the examiners' knowledge: built in, or read from a checkout (`--catalogue DIR`, with schemes/ and knowledge/).
struct Sources {
  std::shared_ptr<const assess::Catalogue> catalogue;
  std::shared_ptr<const firmware::Knowledge> knowledge;
};

// Every error of every file. `directory` empty: the built-in data.
std::vector<Error> load_catalogue(const std::string& directory, std::shared_ptr<const assess::Catalogue>& out);
std::vector<Error> load_knowledge(const std::string& directory, std::shared_ptr<const firmware::Knowledge>& out);

// Confirmations of unverified catalogue entries hold for all products: they are kept per user, in
// $ASSAY_CONFIRMATIONS, else $XDG_CONFIG_HOME/assay/confirmations.json, else ~/.config/assay/confirmations.json.
std::string confirmations_path();
Result<std::vector<Confirmation>> load_confirmations(const std::string& path);
Result<void> save_confirmation(const std::string& path, const Confirmation& confirmation);

// Whole text of a regular file of at most `limit` bytes.
Result<std::string> read_text(const std::string& path, std::uint64_t limit = 64U << 20U);
// Written beside, synced and renamed: the file is the old one or the new one, never half.
Result<void> write_text(const std::string& path, std::string_view text);

}  // namespace assay::office
