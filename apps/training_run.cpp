#include "apps/training_run.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>

#include "apps/console.hpp"
#include "apps/progress.hpp"
#include "apps/signals.hpp"
#include "apps/table.hpp"
#include "core/error.hpp"

namespace adatom::apps {
namespace {

constexpr double seconds_between_checkpoints = 20.0;
constexpr std::size_t most_lines = 25;  // of the table of epochs

const char* const table_header =
    "   epoch  learning       training            validation\n"
    "              rate  meV/atom    meV/Å   meV/atom    meV/Å\n"
    "  ───────────────────────────────────────────────────────\n";

std::string row(const EpochReport& r) {
  char text[160];
  std::snprintf(text, sizeof text, "  %6zu  %8.2e  %8.1f  %7.0f", r.epoch, r.learning_rate, 1e3 * r.train_energy, 1e3 * r.train_forces);
  std::string line = text;
  if (r.validated) {
    std::snprintf(text, sizeof text, "  %9.1f  %7.0f%s", 1e3 * r.validation_energy, 1e3 * r.validation_forces, r.best ? "  best" : "");
    line += text;
  }
  return line + "\n";
}

void save(const LocalAnsatzTraining& training, const TrainingRun& run) {
  if (!run.checkpoint.empty()) training.save_checkpoint(run.checkpoint);
}

/// On the way. A full disk is no reason to lose the training.
void try_to_save(const LocalAnsatzTraining& training, const TrainingRun& run) {
  try {
    save(training, run);
  } catch (const Error& error) {
    warn(std::string(error.what()) + "; the training goes on");
  }
}

[[noreturn]] void stop(const LocalAnsatzTraining& training, const TrainingRun& run) {
  save(training, run);
  const std::string when = "stopped in epoch " + std::to_string(training.epoch() + 1) + " of " + std::to_string(run.epochs);
  warn(when + "; the state is in '" + run.checkpoint.string() + "'. To go on: " + run.resume_hint);
  throw Interrupted();
}

}  // namespace

void run_training(LocalAnsatzTraining& training, const TrainingRun& run) try {
  const std::size_t every = std::max<std::size_t>(1, (run.epochs + most_lines - 1) / most_lines);
  auto last_saved = std::chrono::steady_clock::now();
  say("\nErrors are root mean squares: training over the batches as they were met, validation with averaged weights.\n");
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
      return !interrupted();
    });
    if (interrupted()) stop(training, run);
    if (report.epoch == 1 || report.epoch % every == 0 || training.finished()) say(row(report));
    const auto now = std::chrono::steady_clock::now();
    if (std::chrono::duration<double>(now - last_saved).count() > seconds_between_checkpoints) {
      try_to_save(training, run);
      last_saved = now;
    }
  }
} catch (const OutputClosed&) {
  save(training, run);
  throw;
}

}  // namespace adatom::apps
