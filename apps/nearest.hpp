// What this file is: the most likely meaning of a mistyped word.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace adatom::apps {

/// The candidate with the fewest letters changed, added, dropped or swapped; empty if none is close (at most a third of
/// the letters, and at least two changes, are forgiven) and none begins with the word.
std::string nearest(std::string_view word, std::span<const std::string> candidates);

/// "; did you mean '--epochs'?", or nothing.
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

}  // namespace adatom::apps
