// What this file is: the subcommands. Each adds itself to the command line and returns what runs it.
#pragma once

#include "apps/command_line.hpp"

namespace adatom::apps {

std::function<int()> train_command(CLI::App& app);
std::function<int()> evaluate_command(CLI::App& app);
std::function<int()> predict_command(CLI::App& app);
std::function<int()> relax_command(CLI::App& app);
std::function<int()> neb_command(CLI::App& app);
std::function<int()> eos_command(CLI::App& app);
std::function<int()> search_command(CLI::App& app);
std::function<int()> md_command(CLI::App& app);
std::function<int()> vibrations_command(CLI::App& app);
std::function<int()> build_command(CLI::App& app);
std::function<int()> check_command(CLI::App& app);
std::function<int()> view_command(CLI::App& app);
std::function<int()> info_command(CLI::App& app);
std::function<int()> demo_command(CLI::App& app);

}  // namespace adatom::apps
