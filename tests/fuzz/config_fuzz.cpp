// Any bytes as a configuration file: options are set, or refused with an error. The options of a command are added
// once; what one file has set is forgotten before the next.
#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "apps/config_file.hpp"
#include "apps/options.hpp"
#include "core/error.hpp"

using namespace adatom;

namespace {

/// A command with an option of every kind.
class Command {
 public:
  Command() {
    apps::add_value(command_, "--learning-rate", rate_, "", apps::Range::positive);
    apps::add_value(command_, "--epochs", epochs_, "", apps::Range::positive);
    apps::add_value(command_, "--output", output_, "");
    apps::add_value(command_, "--hidden", hidden_, "");
    apps::add_value(command_, "--zetas", zetas_, "");
    apps::add_value(command_, "--sizes", sizes_, "");
    apps::add_choice(command_, "--activation", activation_, {"tanh", "silu"}, "");
    apps::add_flag(command_, "--force", force_, "");
    apps::add_files(command_, "data", data_, "");
    app_.add_subcommand("relax");
  }

  void configure(const std::string& text) {
    app_.clear();
    try {
      apps::apply_config(command_, text, "fuzz.toml");
    } catch (const InputError&) {
    }
  }

 private:
  CLI::App app_{"adatom"};
  CLI::App& command_ = *app_.add_subcommand("train");
  double rate_ = 1e-3;
  std::size_t epochs_ = 10;
  bool force_ = false;
  std::string activation_ = "silu";
  std::vector<std::size_t> hidden_;
  std::vector<double> zetas_;
  std::filesystem::path output_;
  std::vector<std::filesystem::path> data_;
  apps::SizeRange sizes_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Command command;
  command.configure({reinterpret_cast<const char*>(data), size});
  return 0;
}
