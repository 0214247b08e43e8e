// The adatom command: a table of contents. command_NAME.cpp has each subcommand.
#include <array>

#include "apps/commands.hpp"
#include "apps/signals.hpp"

int main(int argc, char** argv) {
  using namespace adatom::apps;
  constexpr std::array subcommands{train_command, evaluate_command, predict_command, build_command, relax_command,
                                   eos_command,   neb_command,      search_command,  md_command,    vibrations_command,
                                   check_command, info_command,     view_command,    demo_command};
  listen_to_signals();
  return run_command_line({argv + 1, argv + argc}, subcommands);
}
