// adatom vibrations: wavenumbers and modes of a relaxed structure.
#include <algorithm>
#include <cmath>
#include <memory>

#include "apps/commands.hpp"
#include "apps/console.hpp"
#include "apps/last_frame.hpp"
#include "apps/model_file.hpp"
#include "apps/moving_atoms.hpp"
#include "apps/options.hpp"
#include "apps/output_files.hpp"
#include "apps/potential_choice.hpp"
#include "apps/signals.hpp"
#include "apps/table.hpp"
#include "atoms/units.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "core/number_text.hpp"
#include "dynamics/vibrations.hpp"

namespace adatom::apps {
namespace {

namespace fs = std::filesystem;

struct VibrationsCommandOptions {
  CommonOptions common;
  PotentialOptions potential;
  VibrationOptions vibrations;
  std::string method;
  double temperature = 300.0, amplitude = 0.3;
  fs::path input, output, modes;
  std::vector<Option> of_differences, of_modes;  ///< options that nothing else looks at
};

constexpr std::size_t most_rows = 60;

std::string describe(const Vibrations& v) {
  Table table({"mode", "wavenumber\n1/cm", "quantum\nmeV"});
  const std::size_t n = v.wavenumbers.size();
  for (std::size_t k = 0; k < n; ++k) {
    if (n > most_rows && k >= most_rows / 2 && k < n - most_rows / 2) continue;
    const double meV = 1e3 * units::quantum * std::abs(v.wavenumbers[k]);
    table.add({std::to_string(k + 1), wavenumber_text(v.wavenumbers[k]),
               fixed(meV, 2) + (v.wavenumbers[k] < -0.05 ? "i" : "")});
  }
  return table.text() + (n > most_rows
                             ? "  (" + std::to_string(n - most_rows) + " modes in between left out; --output has all)\n"
                             : "");
}

void write_wavenumbers(const fs::path& path, const Vibrations& v) {
  if (path.empty()) return;
  std::string text = "# mode wavenumber_per_cm (negative: imaginary) omega2_eV_per_A2_amu\n";
  for (std::size_t k = 0; k < v.wavenumbers.size(); ++k) {
    text += std::to_string(k + 1) + " " + number_text(v.wavenumbers[k]) + " " + number_text(v.omega2[k]) + "\n";
  }
  write_file(path, text);
}

void write_modes(const VibrationsCommandOptions& o, const Atoms& atoms, const Vibrations& v) {
  if (o.modes.empty()) return;
  ExtxyzWriter writer(o.modes);
  for (std::size_t k = 0; k < v.modes.size(); ++k) {
    for (Frame& frame : animation(atoms, v, k, 24, o.amplitude)) {
      set_info(frame, "mode", static_cast<std::int64_t>(k + 1));  // as in the table
      writer.write(frame);
    }
  }
  writer.commit();
}

int run(const VibrationsCommandOptions& given) {
  apply(given.common);
  VibrationsCommandOptions o = given;
  o.vibrations.hessian = hessian_method(o.method);
  const std::vector<fs::path> inputs{o.input, o.potential.potential};
  require_writable({{"--output", o.output}, {"--modes", o.modes}}, inputs);
  if (o.vibrations.hessian != HessianMethod::differences)
    warn_without_effect(o.of_differences, "with --hessian " + o.method);
  if (o.modes.empty()) warn_without_effect(o.of_modes, "without --modes");
  const ChosenPotential chosen = choose_potential(o.potential);
  const Frame frame = last_frame(o.input, "the last one vibrates");
  if (chosen.model != nullptr) require_known(*chosen.model, frame.atoms, o.input.string());
  o.vibrations.fixed = fixed_atoms(frame);
  o.vibrations.masses = masses_of(frame);
  if (!o.vibrations.fixed.empty()) note(plural(o.vibrations.fixed.size(), "atom") + " fixed by move_mask");

  const Vibrations v = [&] {
    const StopAtOnce nothing_to_keep;
    return vibrations(frame.atoms, *chosen.potential, o.vibrations);
  }();
  if (!v.warning.empty()) warn(v.warning);
  write_wavenumbers(o.output, v);
  write_modes(o, frame.atoms, v);
  const auto imaginary =
      std::count_if(v.wavenumbers.begin(), v.wavenumbers.end(), [](double w) { return w < -least_wavenumber; });
  const auto real =
      std::count_if(v.wavenumbers.begin(), v.wavenumbers.end(), [](double w) { return w > least_wavenumber; });
  say(chemical_formula(frame.atoms) + ", longest force " + general(v.fmax, 2) + " eV/Å\n\n" + describe(v));
  say("\n" + plural(static_cast<std::size_t>(real), "vibration") + " above " + general(least_wavenumber) + " 1/cm" +
      (imaginary > 0
           ? ", " + plural(static_cast<std::size_t>(imaginary), "imaginary mode") + ": no minimum, or a saddle point"
           : "") +
      "\n" + "Zero-point energy " + fixed(zero_point_energy(v), 5) + " eV, harmonic free energy at " +
      general(o.temperature) + " K " + fixed(harmonic_free_energy(v, o.temperature), 5) + " eV\n");
  return 0;
}

}  // namespace

std::function<int()> vibrations_command(CLI::App& app) {
  const auto o = std::make_shared<VibrationsCommandOptions>();
  CLI::App& sub = add_subcommand(app, "vibrations", "wavenumbers and modes of a relaxed structure");
  add_common(sub, o->common, false);
  add_value(sub, "structure", o->input,
            "extended XYZ with a relaxed structure (the last frame); masses (amu) and move_mask (F: fixed) count")
      .required();
  add_potential_options(sub, o->potential);
  const std::string group = "Vibrations";
  o->method = name(o->vibrations.hessian);
  add_choice(sub, "--hessian", o->method, {"autodiff", "differences"},
             "second derivatives of the energy by automatic differentiation, exact; or by differences of forces, which "
             "for many atoms is faster")
      .group(group);
  o->of_differences.push_back(
      add_value(sub, "--displacement", o->vibrations.displacement, "of the differences, Å", Range::positive)
          .group(group));
  add_flag(sub, "--project", o->vibrations.project,
           "take translation and rotation of the whole out of the second derivatives first")
      .group(group);
  add_value(sub, "--temperature", o->temperature, "of the free energy, K", Range::not_negative).group(group);
  const std::string out = "Output";
  add_value(sub, "-o,--output", o->output, "text with all wavenumbers").group(out);
  add_value(sub, "--modes", o->modes, "extended XYZ with a film of 24 frames for each mode").group(out);
  o->of_modes.push_back(
      add_value(sub, "--amplitude", o->amplitude, "how far the atom moves that moves most, Å", Range::positive)
          .group(out));
  set_footer(sub,
             "\nN free atoms have 3N modes; six of a free molecule (five of a linear one, three of a crystal) are "
             "motions of the whole and lie near 0. A wavenumber with an i is imaginary: along that mode the energy "
             "falls. One of them marks the saddle point of a reaction; otherwise the structure is not relaxed well "
             "enough ('adatom relax --fmax 0.0001').\n\n"
             "Examples:\n"
             "  adatom vibrations relaxed.xyz --potential emt --modes modes.xyz\n"
             "  adatom vibrations relaxed.xyz --potential carbon.adatom --temperature 600 --output wavenumbers.txt");
  return [o] { return run(*o); };
}

}  // namespace adatom::apps
