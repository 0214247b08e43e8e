#include "apps/training_run.hpp"

#include <algorithm>
#include <memory>

#include "apps/console.hpp"
#include "apps/progress.hpp"
#include "apps/regular_saves.hpp"
#include "apps/signals.hpp"
#include "apps/table.hpp"
#include "core/error.hpp"

namespace adatom::apps {
namespace {

constexpr std::size_t most_lines = 25;  // of the table of epochs

const char* const table_header =
    "   epoch  learning       training            validation\n"
    "              rate  meV/atom    meV/Å   meV/atom    meV/Å\n"
    "  ───────────────────────────────────────────────────────\n";

std::string row(const EpochReport& r) {
  std::string line = to_the_right(std::to_string(r.epoch), 8) + to_the_right(scientific(r.learning_rate, 2), 10) +
                     to_the_right(fixed(1e3 * r.train_energy, 1), 10) + to_the_right(fixed(1e3 * r.train_forces, 0), 9);
  if (r.validated) {
    line +=
        to_the_right(fixed(1e3 * r.validation_energy, 1), 11) + to_the_right(fixed(1e3 * r.validation_forces, 0), 9);
    if (r.best) line += "  best";
  }
  return line + "\n";
}

void save(const LocalAnsatzTraining& training, const TrainingRun& run) {
  if (!run.checkpoint.empty()) training.save_checkpoint(run.checkpoint);
}

[[noreturn]] void stop(const LocalAnsatzTraining& training, const TrainingRun& run) {
  save(training, run);
  const std::string when =
      "stopped in epoch " + std::to_string(training.epoch() + 1) + " of " + std::to_string(run.epochs);
  warn(when + "; the state is in '" + run.checkpoint.string() + "'. To go on: " + run.resume_hint);
  throw Interrupted();
}

}  // namespace

void run_training(LocalAnsatzTraining& training, const TrainingRun& run) try {
  const std::size_t every = std::max<std::size_t>(1, (run.epochs + most_lines - 1) / most_lines);
  RegularSaves saves;
  const auto save_if_due = [&] {
    if (saves.due()) saves.save([&] { save(training, run); });
  };
  say("\nErrors are root mean squares: training over the batches as they were met, validation with averaged "
      "weights.\n");
  say(table_header);
  std::unique_ptr<Progress> bar;
  while (!training.finished()) {
    const EpochReport report = training.run_epoch([&](std::size_t done, std::size_t all) {
      if (!bar) {
        bar = std::make_unique<Progress>("training", all, "steps");
        bar->plain_lines_every(0.0);  // the table's lines show the progress where there is no bar
        bar->start_at(done - 1);
      }
      bar->update(done);
      // Between two epochs the state is saved below, when the epoch has been closed.
      if (const std::size_t steps_per_epoch = all / run.epochs; done % steps_per_epoch != 0) save_if_due();
      return !interrupted();
    });
    if (interrupted() && !training.finished()) stop(training, run);
    if (report.epoch == 1 || report.epoch % every == 0 || training.finished()) say(row(report));
    save_if_due();
  }
} catch (const OutputClosed&) {
  save(training, run);
  throw;
}

}  // namespace adatom::apps
