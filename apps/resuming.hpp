// What this file is: how a checkpoint of structures knows the run that it belongs to: by what this began from, and by
// the options that decide what it computes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "apps/constraint_choice.hpp"
#include "apps/potential_choice.hpp"
#include "atoms/extxyz.hpp"

namespace adatom::apps {

/// Both as on the command line; of a trained model its content too.
std::string settings_text(const PotentialOptions& potential, const ConstraintOptions& constraints);

/// A number that tells these structures, with the masks of their atoms, from others.
std::int64_t fingerprint(std::span<const Frame> structures);

/// Throws InputError when --resume is asked for where there is no checkpoint.
void require_checkpoint(const std::filesystem::path& checkpoint);

/// Values in the comment line of a checkpoint's frame. Throw InputError naming file and line where there is none.
class CheckpointFrame {
 public:
  CheckpointFrame(const std::filesystem::path& path, const Frame& frame) : path_(path), frame_(frame) {}

  double number(const char* key) const;
  std::size_t count(const char* key) const;
  std::int64_t integer(const char* key) const;
  bool flag(const char* key) const;
  std::string text(const char* key) const;
  [[noreturn]] void damaged(const std::string& what) const;

 private:
  template <class T>
  const T& get(const char* key, const char* kind) const;

  const std::filesystem::path& path_;
  const Frame& frame_;
};

/// What the first frame of a checkpoint says of its run, under this key.
inline constexpr const char* settings_key = "options";
void mark(Frame& frame, std::string_view settings);
/// Throws InputError when the settings are others, naming both.
void require_settings(const CheckpointFrame& frame, const std::filesystem::path& path, std::string_view settings);

}  // namespace adatom::apps
