// Any bytes as a configuration file: options are set, or refused with an error.
#include <sys/mman.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

#include "apps/config_file.hpp"
#include "apps/options.hpp"
#include "core/error.hpp"

using namespace adatom;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const int file = memfd_create("config", 0);
  if (file < 0 || write(file, data, size) != static_cast<ssize_t>(size)) return -1;

  double rate = 1e-3;
  std::size_t epochs = 10;
  bool flag = false;
  std::string text;
  std::vector<std::size_t> hidden;
  std::vector<double> zetas;
  apps::SizeRange sizes;
  CLI::App app("adatom");
  CLI::App& train = *app.add_subcommand("train");
  app.add_subcommand("relax");
  apps::add_config_option(train);
  apps::add_value(train, "--learning-rate", rate, "", apps::Range::positive);
  apps::add_value(train, "--epochs", epochs, "", apps::Range::positive);
  apps::add_value(train, "--hidden", hidden, "");
  apps::add_value(train, "--zetas", zetas, "");
  apps::add_value(train, "--sizes", sizes, "");
  apps::add_choice(train, "--activation", text, {"tanh", "silu"}, "");
  apps::add_flag(train, "--force", flag, "");
  try {
    app.parse("train --config /proc/self/fd/" + std::to_string(file));
  } catch (const CLI::Error&) {
  } catch (const Error&) {
  }
  close(file);
  return 0;
}
