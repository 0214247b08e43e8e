// What this file is: the figures of a training and of an evaluation, drawn by gnuplot (plot.hpp).
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "potentials/evaluation.hpp"
#include "potentials/training.hpp"

namespace adatom::apps {

/// learning_curve.{dat,gp,png}: errors of training and validation against the epoch.
void draw_learning_curve(const std::filesystem::path& folder, std::span<const EpochReport> history);

/// parity_energy and parity_forces: predicted against reference.
void draw_parity(const std::filesystem::path& folder, std::span<const LabelledStructure> data,
                 const EvaluationResult& result);

}  // namespace adatom::apps
