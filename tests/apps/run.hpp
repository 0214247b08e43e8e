// What this file is: running the built command as a user does, and small data for it.
#pragma once

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <sys/wait.h>

#include "tests/support/temporary_folder.hpp"

struct Outcome {
  int code = 0;
  std::string output;  ///< standard output
  std::string errors;  ///< standard error
};

inline std::string content(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// The numbers of a text file line by line, without what begins with #.
inline std::vector<std::vector<double>> numbers_of(const std::filesystem::path& path) {
  std::vector<std::vector<double>> rows;
  std::istringstream lines(content(path));
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream numbers(line);
    rows.emplace_back();
    for (double x = 0.0; numbers >> x;) rows.back().push_back(x);
  }
  return rows;
}

/// A text as one word of the shell.
inline std::string quoted(const std::string& text) {
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? "'\\''" : std::string(1, c);
  return word + "'";
}

/// Runs a line of shell in `folder`, in which $adatom is the command. The exit code is the shell's.
inline Outcome shell(const std::filesystem::path& folder, const std::string& line) {
  const std::string command =
      "cd '" + folder.string() + "' && adatom='" ADATOM_COMMAND "' && { " + line + "\n} >.out 2>.err";
  const int status = std::system(("bash -c " + quoted(command)).c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128, content(folder / ".out"), content(folder / ".err")};
}

/// adatom with these arguments.
inline Outcome run(const std::filesystem::path& folder, const std::string& arguments) {
  return shell(folder, "\"$adatom\" " + arguments);
}

/// Runs adatom, kills it (kill -9) a random moment after it has saved `checkpoint`, and does that again with --resume;
/// after so many kills it may finish, and where it was faster than the next one it has. The exit code is that of the
/// last run, or 97 if none was killed.
inline Outcome run_killed(const std::filesystem::path& folder, const std::string& arguments,
                          const std::string& checkpoint, int kills) {
  const std::string names = "checkpoint=" + checkpoint + " kills=" + std::to_string(kills) +
                            "; go() { exec \"$adatom\" " + arguments + " \"$@\"; }\n";
  return shell(folder, names + R"(
    killed=0 resume= code=137
    for ((i = 0; i < kills; ++i)); do
      touch mark; go $resume & pid=$!
      until [ $checkpoint -nt mark ] || ! kill -0 $pid 2>/dev/null; do sleep 0.005; done
      sleep 0.0$((RANDOM % 6))$((RANDOM % 10)); kill -9 $pid 2>/dev/null; wait $pid 2>/dev/null; code=$?
      [ $code = 137 ] || break
      killed=1 resume=
      [ -e $checkpoint ] && resume=--resume
    done
    [ $killed = 1 ] || exit 97
    [ $code = 137 ] || exit $code
    (go $resume))");
}

/// Argon trimers with Lennard-Jones-like labels that need not be right, in several runs: training on them takes no
/// time.
inline std::string small_data(int frames, const std::string& energy_key = "energy") {
  std::string text;
  for (int i = 0; i < frames; ++i) {
    const double x = 1.2 + 0.02 * i, y = 1.1 + 0.03 * (i % 7);
    text += "3\nProperties=species:S:1:pos:R:3:forces:R:3 " + energy_key + "=" +
            std::to_string(-3.0 + 0.3 * (x - 1.4) * (x - 1.4) + 0.1 * y) + " run=" + std::to_string(i / 3) +
            " pbc=\"F F F\"\n";
    text += "C 0 0 0 0.1 0 0\nC " + std::to_string(x) + " 0 0 -0.1 0.2 0\nC 0 " + std::to_string(y) + " 0.3 0 -0.2 0\n";
  }
  return text;
}

inline void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}
