// What this file is: figures, drawn by gnuplot from a script that stands beside its data, so that anyone can change and redraw
// them. Where gnuplot is missing the data and scripts are still written.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "potentials/evaluation.hpp"
#include "potentials/training.hpp"

namespace adatom::apps {

/// Writes NAME.gp and draws NAME.png in `folder` (which exists). The script's own data files stand in the same folder.
void draw(const std::filesystem::path& folder, const std::string& name, const std::string& script);

/// learning_curve.{dat,gp,png}: errors of training and validation against the epoch.
void draw_learning_curve(const std::filesystem::path& folder, std::span<const EpochReport> history);

/// parity_energy and parity_forces: predicted against reference.
void draw_parity(const std::filesystem::path& folder, std::span<const LabelledStructure> data, const EvaluationResult& result);

}  // namespace adatom::apps
