#include "apps/model_file.hpp"

#include <algorithm>
#include <sstream>

#include "apps/table.hpp"
#include "atoms/elements.hpp"
#include "core/error.hpp"

namespace adatom::apps {

ModelFile load_model_file(const std::filesystem::path& path) {
  const Archive archive = Archive::load(path, "model", 1);
  ModelFile file{load_local_ansatz(archive), {}};
  const Archive notes = archive.part("note.");
  for (const std::string& name : notes.names()) file.notes[name] = notes.string(name);
  return file;
}

std::string to_text(const std::set<std::int64_t>& runs) {
  std::string text;
  for (const std::int64_t run : runs) text += (text.empty() ? "" : " ") + std::to_string(run);
  return text;
}

std::set<std::int64_t> runs_note(const ModelFile& file, const std::string& name, const std::filesystem::path& path) {
  const auto found = file.notes.find(name);
  if (found == file.notes.end())
    throw InputError(path.string() + ": the model does not say which runs its training kept apart");
  std::istringstream text(found->second);
  std::set<std::int64_t> runs;
  for (std::int64_t run; text >> run;) runs.insert(run);
  return runs;
}

void require_known(const LocalAnsatz& model, const Atoms& atoms, const std::string& place) {
  for (const int number : atoms.numbers) {
    const auto is_it = [number](const ElementNetwork& own) { return own.element == number; };
    if (std::any_of(model.networks().begin(), model.networks().end(), is_it)) continue;
    std::string known;
    for (const ElementNetwork& own : model.networks())
      known += (known.empty() ? "" : ", ") + std::string(element(own.element).symbol);
    throw InputError("element '" + std::string(element(number).symbol) + "' (" + place + ") is not in the model (" +
                     known + ")");
  }
}

ReferenceEnergies reference_energies(const LocalAnsatz& model) {
  ReferenceEnergies reference;
  for (const ElementNetwork& own : model.networks()) {
    reference.elements.push_back(own.element);
    reference.energies.push_back(own.reference_energy);
  }
  return reference;
}

std::string describe_networks(const LocalAnsatz& model, std::size_t indent) {
  Table table({"element", "reference\neV", "symmetry\nfunctions", "layers", "activation", "weights"}, {0, 3, 4});
  for (const ElementNetwork& own : model.networks()) {
    std::string layers;
    std::size_t weights = 0;
    for (const std::size_t size : own.network.sizes()) layers += (layers.empty() ? "" : "-") + std::to_string(size);
    for (const Parameter& parameter : own.network.parameters()) weights += parameter.value.size();
    table.add({std::string(element(own.element).symbol), fixed(own.reference_energy, 4),
               std::to_string(own.mean.size()), layers, std::string(name(own.network.activation)),
               count_text(weights)});
  }
  return table.text(indent);
}

}  // namespace adatom::apps
