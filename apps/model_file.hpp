// What this file is: saved models with their notes: how they were made, and which runs were kept from them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "potentials/dataset.hpp"
#include "potentials/local_ansatz.hpp"

namespace adatom::apps {

using Notes = std::vector<std::pair<std::string, std::string>>;

struct ModelFile {
  LocalAnsatz model;
  std::map<std::string, std::string> notes;
};

/// Throws InputError as load_model does.
ModelFile load_model_file(const std::filesystem::path& path);

/// Run numbers as a note and back. Throws InputError when the model has no such note.
std::string to_text(const std::set<std::int64_t>& runs);
std::set<std::int64_t> runs_note(const ModelFile& file, const std::string& name, const std::filesystem::path& path);

/// Throws InputError "element 'N' (frame 3 of x.xyz) is not in the model (C, H)".
void require_known(const LocalAnsatz& model, const Atoms& atoms, const std::string& place);

/// The trivial model that the ansatz starts from: its reference energies.
ReferenceEnergies reference_energies(const LocalAnsatz& model);

/// "C: 96 functions, layers 96-32-32-1 silu, 4225 weights".
std::string describe_networks(const LocalAnsatz& model, std::size_t indent = 2);

}  // namespace adatom::apps
