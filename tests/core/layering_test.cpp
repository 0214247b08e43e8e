// Dependencies point one way. This test reads the #include lines of the library: a folder may include itself and those
// below it, nothing else of the project, and nothing from outside but the standard library and the few system headers
// named.
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>

#include "tests/support/catch.hpp"

namespace {

using Folders = std::set<std::string>;

const std::map<std::string, Folders> allowed{
    {"core", {"core"}},
    {"autodiff", {"core", "autodiff"}},
    {"nn", {"core", "autodiff", "nn"}},
    {"atoms", {"core", "autodiff", "atoms"}},
    {"potentials", {"core", "autodiff", "nn", "atoms", "potentials"}},
    {"optim", {"core", "autodiff", "nn", "atoms", "potentials", "optim"}},
    {"dynamics", {"core", "autodiff", "nn", "atoms", "potentials", "optim", "dynamics"}},
};

/// Files and threads are the system's business: these headers may be used in the places named, and there only.
const std::map<std::string, std::set<std::string>> system_headers{
    {"fcntl.h", {"core/file.cpp", "atoms/line_reader.cpp", "atoms/extxyz_write.cpp"}},
    {"sys/stat.h", {"core/file.cpp", "atoms/line_reader.cpp", "atoms/extxyz_write.cpp"}},
    {"unistd.h", {"core/file.cpp", "atoms/line_reader.cpp", "atoms/extxyz_write.cpp"}},
    {"sys/single_threaded.h", {"autodiff/reference_count.hpp"}},
    {"immintrin.h", {"autodiff/kernels/vector.hpp", "autodiff/kernels/shuffle.hpp"}},
    {"thread", {"core/parallel_threads.cpp"}},
    {"mutex", {"core/parallel_threads.cpp"}},
    {"condition_variable", {"core/parallel_threads.cpp"}},
};

struct Include {
  std::string name;
  bool quoted;
};

std::vector<Include> includes_of(const std::filesystem::path& path) {
  std::vector<Include> found;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("#include", 0) != 0) continue;
    const std::size_t open = line.find_first_of("\"<"), close = line.find_first_of("\">", open + 1);
    found.push_back({line.substr(open + 1, close - open - 1), line[open] == '"'});
  }
  return found;
}

}  // namespace

TEST_CASE("every folder of the library includes only what lies below it", "[core][layering]") {
  const std::filesystem::path root = ADATOM_SOURCE_DIR;
  std::size_t files = 0;
  for (const auto& [folder, below] : allowed) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
      const std::string extension = entry.path().extension().string();
      if (extension != ".hpp" && extension != ".cpp") continue;
      ++files;
      const std::string file = entry.path().lexically_relative(root).generic_string();
      for (const Include& include : includes_of(entry.path())) {
        INFO(file << " includes " << include.name);
        if (include.quoted) {
          CHECK(below.count(include.name.substr(0, include.name.find('/'))) == 1);
          CHECK(std::filesystem::exists(root / include.name));
        } else if (const auto system = system_headers.find(include.name); system != system_headers.end()) {
          CHECK(system->second.count(file) == 1);
        } else {
          CHECK(include.name.find_first_of("./") == std::string::npos);  // standard headers have neither
        }
      }
    }
  }
  CHECK(files > 50);  // the loop has seen the library
}
