#include "apps/output_files.hpp"

#include <string>
#include <system_error>

#include "core/error.hpp"

namespace adatom::apps {

void require_writable(const std::filesystem::path& output, std::span<const std::filesystem::path> inputs, const char* option) {
  namespace fs = std::filesystem;
  if (output.empty()) return;
  const std::string name = std::string(option) + " '" + output.string() + "'";
  std::error_code ignored;
  for (const fs::path& input : inputs) {
    if (fs::equivalent(output, input, ignored) || output.lexically_normal() == input.lexically_normal()) {
      throw InputError(name + " is also an input; choose another name");
    }
  }
  if (fs::is_directory(output, ignored)) throw InputError(name + " is a directory");
  const fs::path folder = output.has_parent_path() ? output.parent_path() : fs::path(".");
  if (!fs::is_directory(folder, ignored)) throw InputError(name + ": there is no folder '" + folder.string() + "'");
}

void make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw Error("cannot create the folder '" + folder.string() + "': " + error.message());
}

}  // namespace adatom::apps
