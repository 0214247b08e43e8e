// Local ansatz ↔ archive (nn/archive.hpp): the only place that knows the names of a saved model's entries.
#include <array>
#include <cmath>
#include <utility>

#include "atoms/elements.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"
#include "nn/mlp_archive.hpp"
#include "potentials/local_ansatz.hpp"

namespace adatom {
namespace {

constexpr std::string_view kind = "model";
constexpr int format_version = 1;
constexpr std::size_t function_columns = 9;
constexpr std::string_view unit_names = "Angstrom, eV";

/// One row per function: kind, centre, neighbours, η, r_s, λ, ζ, r_c.
void store_functions(Archive& archive, const SymmetryFunctions& functions) {
  std::vector<double> table;
  for (const int number : functions.elements()) {
    for (const SymmetryFunction& f : functions.of(number)) {
      const std::array<double, function_columns> row{static_cast<double>(f.kind),
                                                     static_cast<double>(f.center),
                                                     static_cast<double>(f.neighbor1),
                                                     static_cast<double>(f.neighbor2),
                                                     f.eta,
                                                     f.shift,
                                                     f.lambda,
                                                     f.zeta,
                                                     f.cutoff};
      table.insert(table.end(), row.begin(), row.end());
    }
  }
  archive.set("cutoff_function", name(functions.cutoff_function().kind));
  archive.set("cutoff_inner", functions.cutoff_function().inner);
  archive.set("symmetry_function_columns",
              std::vector<std::string>{"kind (0 radial, 1 angular_narrow, 2 angular_wide)", "center", "neighbor1",
                                       "neighbor2", "eta", "shift", "lambda", "zeta", "cutoff"});
  archive.set("symmetry_functions", Shape{table.size() / function_columns, function_columns}, table);
}

[[noreturn]] void refuse(const Archive& archive, const std::string& what) {
  throw InputError((archive.file().empty() ? std::string("model") : archive.file()) + ": " + what);
}

/// A number of a file that must be one of 0 … most.
int whole(const Archive& archive, double value, int most) {
  if (!(value >= 0.0 && value <= most) || value != std::floor(value)) {
    refuse(archive, "symmetry_functions holds " + number_text(value) + " where a whole number up to " +
                        std::to_string(most) + " is expected");
  }
  return static_cast<int>(value);
}

SymmetryFunctions load_functions(const Archive& archive) {
  const Archive::Array& table = archive.finite_array("symmetry_functions");
  if (table.shape.rank() != 2 || table.shape[1] != function_columns) {
    refuse(archive, "symmetry_functions has shape " + to_string(table.shape) + ", expected (n, 9)");
  }
  std::vector<SymmetryFunction> functions;
  for (std::size_t r = 0; r < table.shape[0]; ++r) {
    const double* const row = table.values.data() + r * function_columns;
    functions.push_back({.kind = static_cast<SymmetryFunctionKind>(whole(archive, row[0], 2)),
                         .center = whole(archive, row[1], element_count),
                         .neighbor1 = whole(archive, row[2], element_count),
                         .neighbor2 = whole(archive, row[3], element_count),
                         .eta = row[4],
                         .shift = row[5],
                         .lambda = row[6],
                         .zeta = row[7],
                         .cutoff = row[8]});
  }
  const CutoffFunction cutoff{cutoff_kind(archive.string("cutoff_function")), archive.number("cutoff_inner")};
  return SymmetryFunctions(std::move(functions), cutoff);
}

}  // namespace

void store(Archive& archive, const LocalAnsatz& model) {
  std::vector<std::string> symbols;
  for (const ElementNetwork& own : model.networks()) symbols.emplace_back(element(own.element).symbol);
  archive.set("ansatz", "local");
  archive.set("units", unit_names);
  archive.set("elements", symbols);
  archive.set("energy_scale", model.energy_scale());
  store_functions(archive, model.functions());
  for (const ElementNetwork& own : model.networks()) {
    const std::string prefix = std::string(element(own.element).symbol) + ".";
    const Shape row{own.mean.size()};
    archive.set(prefix + "reference_energy", own.reference_energy);
    archive.set(prefix + "mean", row, own.mean);
    archive.set(prefix + "scale", row, own.scale);
    archive.set(prefix + "minimum", row, own.minimum);
    archive.set(prefix + "maximum", row, own.maximum);
    store(archive, prefix, own.network);
  }
}

LocalAnsatz load_local_ansatz(const Archive& archive) try {
  if (archive.string("ansatz") != "local")
    refuse(archive, "holds a '" + archive.string("ansatz") + "' ansatz, expected 'local'");
  if (archive.string("units") != unit_names)
    refuse(archive, "its units are '" + archive.string("units") + "', expected '" + std::string(unit_names) + "'");
  SymmetryFunctions functions = load_functions(archive);
  std::vector<ElementNetwork> networks;
  for (const std::string& symbol : archive.strings("elements")) {
    const std::string prefix = symbol + ".";
    networks.push_back({.element = atomic_number(symbol),
                        .reference_energy = archive.number(prefix + "reference_energy"),
                        .mean = archive.finite_array(prefix + "mean").values,
                        .scale = archive.finite_array(prefix + "scale").values,
                        .minimum = archive.finite_array(prefix + "minimum").values,
                        .maximum = archive.finite_array(prefix + "maximum").values,
                        .network = load_mlp(archive, prefix)});
  }
  return {std::move(functions), std::move(networks), archive.number("energy_scale")};
} catch (const InputError& error) {
  // What a constructor refuses does not know that it came from a file.
  if (std::string_view(error.what()).starts_with(archive.file())) throw;
  refuse(archive, error.what());
}

void save_model(const std::filesystem::path& path, const LocalAnsatz& model,
                std::span<const std::pair<std::string, std::string>> notes) {
  Archive archive{std::string(kind), format_version};
  for (const auto& [name, text] : notes) archive.set("note." + name, text);
  store(archive, model);
  archive.save(path);
}

LocalAnsatz load_model(const std::filesystem::path& path) {
  return load_local_ansatz(Archive::load(path, kind, format_version));
}

std::string describe(const Extrapolation& e, const SymmetryFunctions& functions) {
  const SymmetryFunction& f = functions.of(e.element)[e.function];
  std::string what = std::string(name(f.kind)) + "(" + std::string(element(f.neighbor1).symbol);
  if (f.neighbor2 > 0) what += " " + std::string(element(f.neighbor2).symbol);
  what += ", eta " + short_number_text(f.eta) + ", shift " + short_number_text(f.shift);
  if (f.kind != SymmetryFunctionKind::radial)
    what += ", lambda " + short_number_text(f.lambda) + ", zeta " + short_number_text(f.zeta);
  return "atom " + std::to_string(e.atom) + " (" + std::string(element(e.element).symbol) + "): " + what +
         ") = " + short_number_text(e.value) + " is outside its training range " + short_number_text(e.minimum) +
         " … " + short_number_text(e.maximum);
}

}  // namespace adatom
