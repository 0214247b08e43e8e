// adatom view: a structure or trajectory as one HTML page that any browser shows, without a network. view/page.html is
// the page, view/3Dmol-min.js draws; both are part of this program.
#include <algorithm>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <string_view>

#include "apps/commands.hpp"
#include "apps/console.hpp"
#include "apps/options.hpp"
#include "apps/output_files.hpp"
#include "apps/table.hpp"
#include "atoms/elements.hpp"
#include "atoms/extxyz.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "dynamics/vibrations.hpp"

namespace adatom::apps {

namespace embedded {
extern const std::string_view page, viewer, license;
}  // namespace embedded

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

/// Browsers draw so many atoms smoothly; more are shown, with a warning.
constexpr std::size_t many_atoms = 20000;
constexpr std::size_t most_repeated_atoms = 1000000;

struct ViewOptions {
  CommonOptions common;
  fs::path input, output;
  std::string frames = ":", title;
  std::vector<std::size_t> repeat;
};

/// Positions to 0.1 mÅ: pages stay small.
Json point(const Vector3& x) {
  const auto rounded = [](double value) { return std::round(value * 1e4) / 1e4; };
  return {rounded(x[0]), rounded(x[1]), rounded(x[2])};
}

/// What stands beside the picture: formula, and the numbers of the comment line that say where in a run this is.
std::string text_of(const Frame& frame) {
  std::string text = chemical_formula(frame.atoms) + ", " + plural(frame.atoms.size(), "atom");
  const auto add = [&](std::string_view key, const std::string& label, const std::string& unit, int digits) {
    const InfoValue* const value = find_info(frame, key);
    if (value == nullptr) return;
    if (const auto* const number = std::get_if<double>(value))
      text += " · " + label + " " + fixed(*number, digits) + unit;
    if (const auto* const number = std::get_if<std::int64_t>(value))
      text += " · " + label + " " + std::to_string(*number) + unit;
  };
  add("energy", "E =", " eV", 4);
  add("step", "step", "", 0);
  add("time_fs", "t =", " fs", 1);
  add("temperature_K", "T =", " K", 0);
  add("mode", "mode", "", 0);
  if (const InfoValue* const value = find_info(frame, "wavenumber_per_cm")) {
    if (const auto* const number = std::get_if<double>(value)) text += " · " + wavenumber_text(*number) + " cm⁻¹";
  }
  return text;
}

Json json_of(const Frame& frame, const std::vector<int>& numbers_before) {
  Json json{{"text", text_of(frame)}, {"positions", Json::array()}};
  for (const Vector3& x : frame.atoms.positions) json["positions"].push_back(point(x));
  if (frame.atoms.numbers != numbers_before || numbers_before.empty()) {
    json["symbols"] = Json::array();
    for (const int number : frame.atoms.numbers) json["symbols"].push_back(element(number).symbol);
  }
  if (frame.atoms.cell != Cell{}) {
    json["cell"] = Json::array();
    for (const Vector3& vector : frame.atoms.cell.vectors) json["cell"].push_back(point(vector));
  }
  return json;
}

Json json_of(const std::vector<Frame>& frames) {
  Json all{{"elements", Json::object()}, {"frames", Json::array()}};
  std::vector<int> before;
  for (const Frame& frame : frames) {
    all["frames"].push_back(json_of(frame, before));
    before = frame.atoms.numbers;
    for (const int number : elements_of(before)) {
      const Element& one = element(number);
      char color[8];
      std::snprintf(color, sizeof color, "#%02x%02x%02x", one.colour[0], one.colour[1], one.colour[2]);
      all["elements"][std::string(one.symbol)] = {{"color", color}, {"radius", one.covalent_radius}};
    }
  }
  return all;
}

/// Text inside an HTML element.
std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) safe += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : std::string(1, c);
  return safe;
}

/// "<" cannot end the script element that holds the data when it is written as JSON's \u003c.
std::string script_data(const Json& data) {
  std::string safe;
  for (const char c : data.dump(-1, ' ', false, Json::error_handler_t::replace))
    c == '<' ? safe += "\\u003c" : safe += c;
  return safe;
}

/// The page with each @name@ replaced; what is put in is not searched again.
std::string fill(std::string_view page, const std::vector<std::pair<std::string_view, std::string>>& values) {
  std::string filled;
  while (!page.empty()) {
    const auto next = std::min_element(values.begin(), values.end(), [&](const auto& a, const auto& b) {
      return page.find(a.first) < page.find(b.first);
    });
    const std::size_t at = page.find(next->first);
    filled.append(page.substr(0, at));
    if (at == std::string_view::npos) break;
    filled += next->second;
    page.remove_prefix(at + next->first.size());
  }
  return filled;
}

void repeat(const ViewOptions& o, std::vector<Frame>& frames) {
  if (o.repeat.empty()) return;
  if (o.repeat.size() != 3)
    throw InputError("--repeat: expected three numbers, such as 2,2,1; found " + std::to_string(o.repeat.size()));
  std::size_t copies = 1;
  for (const std::size_t n : o.repeat) {
    if (n < 1 || n > 1000)
      throw InputError("--repeat: each number must lie between 1 and 1000, found " + std::to_string(n));
    copies *= n;
  }
  for (Frame& frame : frames) {
    if (frame.atoms.size() * copies > most_repeated_atoms) throw InputError("--repeat: more than a million atoms");
    frame.atoms = repeated(
        frame.atoms, {static_cast<int>(o.repeat[0]), static_cast<int>(o.repeat[1]), static_cast<int>(o.repeat[2])});
  }
}

int run(ViewOptions o) {
  apply(o.common);
  if (o.output.empty()) o.output = fs::path(o.input).replace_extension(".html");
  require_writable(o.output, std::vector{o.input});
  std::vector<Frame> frames = read_extxyz(o.input, o.frames);
  if (frames.empty()) throw InputError("'" + o.input.string() + "' holds no structure");
  repeat(o, frames);
  if (o.title.empty()) o.title = o.input.filename().string();
  write_file(o.output, fill(embedded::page, {{"@title@", escaped(o.title)},
                                             {"@structures@", script_data(json_of(frames))},
                                             {"@license@", std::string(embedded::license)},
                                             {"@viewer@", std::string(embedded::viewer)}}));
  const auto largest = std::max_element(frames.begin(), frames.end(),
                                        [](const Frame& a, const Frame& b) { return a.atoms.size() < b.atoms.size(); });
  if (largest->atoms.size() > many_atoms) warn(count_text(largest->atoms.size()) + " atoms: the page will be slow");
  say(plural(frames.size(), "structure") + " in '" + o.output.string() + "': open it in a browser\n");
  return 0;
}

}  // namespace

std::function<int()> view_command(CLI::App& app) {
  const auto options = std::make_shared<ViewOptions>();
  CLI::App& sub = add_subcommand(app, "view", "write a page that shows a structure or trajectory in a browser");
  add_common(sub, options->common, false);
  add_value(sub, "file", options->input, "an extended XYZ file").required();
  add_value(sub, "-o,--output", options->output, "the page, one HTML file that needs no network [FILE with .html]");
  add_value(sub, "--frames", options->frames, "which frames, counted from 0 as in Python: 3, -1, 10:20, ::5", "RANGE");
  add_value(sub, "--repeat", options->repeat, "copies of the cell along its three vectors: 2,2,1");
  add_value(sub, "--title", options->title, "heading of the page [name of the file]");
  set_footer(sub,
             "\nIn the page: drag turns, the wheel zooms, arrow keys step through frames, the space bar plays them. "
             "Bonds are drawn up to 1.2 times the sum of covalent radii, within the structure as it is stored.\n\n"
             "Example:\n"
             "  adatom view out/demo/C10_minima.extxyz");
  return [options] { return run(*options); };
}

}  // namespace adatom::apps
