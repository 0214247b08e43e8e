#include "apps/resuming.hpp"

#include <limits>

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/number_text.hpp"
#include "nn/archive.hpp"

namespace adatom::apps {
namespace {

namespace fs = std::filesystem;

std::string option(const char* name, double value) { return std::string(" --") + name + " " + number_text(value); }

std::string option(const char* name, const std::string& value) {
  return value.empty() ? "" : std::string(" --") + name + " " + value;
}

}  // namespace

std::string settings_text(const PotentialOptions& p, const ConstraintOptions& c) {
  std::string text = "--potential " + p.potential;
  if (p.potential == "lj") {
    text += option("epsilon", p.lennard_jones.epsilon) + option("sigma", p.lennard_jones.sigma) +
            option("lj-cutoff", p.lennard_jones.cutoff);
  } else if (p.potential == "morse") {
    text += option("epsilon", p.lennard_jones.epsilon) + option("r0", p.morse.r0) + option("rho0", p.morse.rho0);
    if (p.morse_cutoff >= 0.0) text += option("morse-cutoff", p.morse_cutoff);
  } else if (p.potential != "emt") {
    text += " (content " + std::to_string(checksum(read_file(p.potential))) + ")";
  }
  return text + option("fix", c.fix) + option("fix-below", c.fix_below) + (c.planar ? " --planar" : "");
}

std::int64_t fingerprint(std::span<const Frame> structures) {
  std::string text;
  for (const Frame& frame : structures) {
    Frame essence{.atoms = frame.atoms, .info = {}, .columns = {}};
    if (const Column* const mask = find_column(frame, "move_mask")) set_column(essence, *mask);
    text += to_extxyz(essence);
  }
  return static_cast<std::int64_t>(checksum(text));
}

void require_checkpoint(const fs::path& checkpoint) {
  if (checkpoint.empty()) throw InputError("--resume needs the --checkpoint to go on from");
  if (!fs::exists(checkpoint)) {
    throw InputError("--resume: there is no checkpoint '" + checkpoint.string() + "'");
  }
}

void CheckpointFrame::damaged(const std::string& what) const {
  throw InputError("--resume: " + path_.string() + ":" + std::to_string(frame_.line) +
                   ": no checkpoint of such a run: " + what);
}

template <class T>
const T& CheckpointFrame::get(const char* key, const char* kind) const {
  const InfoValue* const value = find_info(frame_, key);
  if (value == nullptr || !std::holds_alternative<T>(*value)) {
    damaged(std::string("there must be ") + kind + " '" + key + "'");
  }
  return std::get<T>(*value);
}

double CheckpointFrame::number(const char* key) const {
  const InfoValue* const value = find_info(frame_, key);
  if (value != nullptr && std::holds_alternative<std::int64_t>(*value)) {
    return static_cast<double>(std::get<std::int64_t>(*value));
  }
  return get<double>(key, "a number");
}

std::int64_t CheckpointFrame::integer(const char* key) const { return get<std::int64_t>(key, "a whole number"); }

std::size_t CheckpointFrame::count(const char* key) const {
  const std::int64_t value = integer(key);
  if (value < 0) damaged(std::string("'") + key + "' must not be negative, found " + std::to_string(value));
  return static_cast<std::size_t>(value);
}

bool CheckpointFrame::flag(const char* key) const { return get<bool>(key, "T or F for"); }

std::string CheckpointFrame::text(const char* key) const { return get<std::string>(key, "a text"); }

void mark(Frame& frame, std::string_view settings) { set_info(frame, settings_key, std::string(settings)); }

void require_settings(const CheckpointFrame& frame, const fs::path& path, std::string_view settings) {
  const std::string there = frame.text(settings_key);
  if (there == settings) return;
  throw InputError("--resume: '" + path.string() + "' was made with " + there + ", not with " + std::string(settings) +
                   "; repeat its options, or begin anew without --resume");
}

}  // namespace adatom::apps
