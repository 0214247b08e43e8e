// adatom check: what is in a data file, and whether one can train on it.
#include <memory>
#include <nlohmann/json.hpp>

#include "apps/commands.hpp"
#include "apps/console.hpp"
#include "apps/data_survey.hpp"
#include "apps/metrics.hpp"
#include "apps/output_files.hpp"
#include "apps/signals.hpp"

namespace adatom::apps {
namespace {

struct CheckOptions {
  CommonOptions common;
  DataOptions data;
  std::filesystem::path metrics;
};

int run(const CheckOptions& o) {
  apply(o.common);
  require_writable(o.metrics, o.data.files, "--metrics");
  const DataSurvey survey = [&o] {
    const StopAtOnce nothing_to_keep;
    return survey_data(o.data);
  }();
  say(describe(survey, o.data));
  write_metrics(o.metrics, to_json(survey));
  return 0;
}

}  // namespace

std::function<int()> check_command(CLI::App& app) {
  const auto options = std::make_shared<CheckOptions>();
  CLI::App& sub = add_subcommand(app, "check", "show what is in data files, and whether one can train on them");
  add_common(sub, options->common, false);
  add_files(sub, "data", options->data.files, "extended XYZ files").required();
  add_data_options(sub, options->data, false);
  add_value(sub, "--metrics", options->metrics, "the counts and ranges as JSON").group("Output");
  set_footer(sub,
             "\nTells apart what a program may call a label and what the file calls it, shows energies per atom (eV) "
             "and largest forces (eV/Å) as histograms, the closest distances (Å), frames that are nearly the same, and "
             "frames far from all others. Exit code 2 and file:line for a file that cannot be read.\n\n"
             "Example:\n"
             "  adatom check data/carbon/*.extxyz");
  return [options] { return run(*options); };
}

}  // namespace adatom::apps
