#include "apps/figures.hpp"

#include <map>

#include "apps/plot.hpp"
#include "apps/table.hpp"
#include "core/file.hpp"

namespace adatom::apps {
namespace {

struct Parity {
  std::string name, quantity, unit;
};

std::string parity_script(const Parity& p, const std::map<std::size_t, std::size_t>& sizes, const std::string& title) {
  // The key stands below the axes, four entries to a row.
  const std::size_t rows = (sizes.size() + 4) / 4;
  std::string script = figure_header(p.name, 900, 840 + key_row_height * rows);
  script += "set title '" + title + "'\nset size square\n" + room_for_key(rows) +
            "set key bmargin center horizontal Left reverse samplen 3 maxcols 4\nset xlabel 'reference " + p.quantity +
            " (" + p.unit + ")'\nset ylabel 'predicted " + p.quantity + " (" + p.unit + ")'\n";
  script += "stats '" + p.name + ".dat' using 2 nooutput name 'x'\nstats '" + p.name +
            ".dat' using 3 nooutput name 'y'\n"
            "low = x_min < y_min ? x_min : y_min\n"
            "high = x_max > y_max ? x_max : y_max\n"
            "margin = 0.03 * (high - low)\n"
            "set xrange [low-margin:high+margin]\n"
            "set yrange [low-margin:high+margin]\n";
  script += "plot x with lines linecolor rgb '#888888' dashtype 2 title 'perfect'";
  std::size_t k = 0;
  for (const auto& [size, count] : sizes) {
    // Small points, since there are many; a larger one in the key, so that its colour is seen.
    const std::string look = std::string(" linecolor rgb '") + colour(k++) + "' ", points = " with points pointtype 7";
    script += ", \\\n  '" + p.name + ".dat' using ($1==" + std::to_string(size) + "?$2:1/0):3" + points +
              " pointsize 0.45" + look + "notitle, \\\n  NaN" + points + " pointsize 1" + look + "title '" +
              std::to_string(size) + " atoms'";
  }
  return script + "\n";
}

}  // namespace

void draw_learning_curve(const std::filesystem::path& folder, std::span<const EpochReport> history) {
  std::string data =
      "# epoch  learning_rate  train_energy(meV/atom)  train_forces(meV/A)  validation_energy  validation_forces\n";
  bool validated = false;
  for (const EpochReport& r : history) {
    validated = validated || r.validated;
    data += std::to_string(r.epoch) + " " + general(r.learning_rate, 6) + " " + general(1e3 * r.train_energy, 6) + " " +
            general(1e3 * r.train_forces, 6);
    data += r.validated
                ? " " + general(1e3 * r.validation_energy, 6) + " " + general(1e3 * r.validation_forces, 6) + "\n"
                : " NaN NaN\n";
  }
  write_file(folder / "learning_curve.dat", data);
  std::string script = figure_header("learning_curve", 1200, 620);
  script +=
      "set multiplot layout 1,2 margins 0.08,0.985,0.23,0.92 spacing 0.11\n"
      "set logscale y\n"
      "set xlabel 'epoch'\n"
      "set key bmargin center horizontal Left reverse samplen 3\n"
      "set format y '%g'\n"
      "set xrange [1:" +
      std::to_string(history.empty() ? 1 : history.back().epoch) + "] noextend\n";
  const auto panel = [&](const std::string& title, const std::string& unit, int train, int validation) {
    // Less than a decade usually: numbers closer than the powers of ten.
    script +=
        "set yrange [*:*] noextend\nset offsets 0, 0, graph 0.05, graph 0.05\n"
        "set ytics (1,2,3,5,7,10,15,20,30,50,70,100,150,200,300,500,700,1000,1500,2000,3000,5000,7000,10000,20000)\n"
        "set title '" +
        title + "'\nset ylabel 'RMSE (" + unit + ")'\nplot 'learning_curve.dat' using 1:" + std::to_string(train) +
        " with lines linecolor rgb '" + colour(0) + "' title 'training (batches as met)'";
    if (validated) {
      script += ", '' using 1:" + std::to_string(validation) + " with lines linewidth 1.5 dashtype " + dashes(1) +
                " linecolor rgb '" + colour(1) + "' title 'validation (averaged weights)'";
    }
    script += "\n";
  };
  panel("Energy per atom", "meV/atom", 3, 5);
  panel("Force components", "meV/Å", 4, 6);
  draw(folder, "learning_curve", script + "unset multiplot\n");
}

void draw_parity(const std::filesystem::path& folder, std::span<const LabelledStructure> data,
                 const EvaluationResult& result) {
  std::string energies = "# atoms  reference  predicted (eV/atom)\n", forces = "# atoms  reference  predicted (eV/A)\n";
  std::map<std::size_t, std::size_t> sizes;
  for (std::size_t i = 0; i < data.size(); ++i) {
    if (!result.used[i]) continue;
    const std::size_t n = data[i].atoms.size();
    ++sizes[n];
    const std::string size = std::to_string(n) + " ";
    energies += size + general(data[i].energy / static_cast<double>(n), 10) + " " +
                general(result.predictions[i].energy / static_cast<double>(n), 10) + "\n";
    for (std::size_t a = 0; a < data[i].forces.size(); ++a) {
      for (std::size_t c = 0; c < 3; ++c)
        forces += size + general(data[i].forces[a][c], 6) + " " + general(result.predictions[i].forces[a][c], 6) + "\n";
    }
  }
  const auto rmse = [](const ErrorSummary& e, const char* unit) {
    return "RMSE " + fixed(1e3 * e.rmse, 0) + " " + unit;
  };
  write_file(folder / "parity_energy.dat", energies);
  draw(folder, "parity_energy",
       parity_script({"parity_energy", "energy", "eV/atom"}, sizes,
                     "Energy per atom, " + rmse(result.all.energy, "meV/atom")));
  if (result.all.forces.count == 0) return;
  write_file(folder / "parity_forces.dat", forces);
  draw(folder, "parity_forces",
       parity_script({"parity_forces", "force component", "eV/Å"}, sizes,
                     "Force components, " + rmse(result.all.forces, "meV/Å")));
}

}  // namespace adatom::apps
