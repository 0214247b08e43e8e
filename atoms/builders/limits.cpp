#include "atoms/builders/limits.hpp"

#include <string>

#include "core/error.hpp"
#include "core/number_text.hpp"

namespace adatom::builders {
namespace {

[[noreturn]] void refuse(std::string_view builder, std::string_view argument, const std::string& rest) {
  throw InputError(std::string(builder) + ": " + std::string(argument) + " " + rest);
}

}  // namespace

// The comparisons are written so that NaN fails too.

void require_length(std::string_view builder, std::string_view argument, double length) {
  if (length > 0.0 && length <= longest_length) return;
  refuse(builder, argument, "must be above 0 and at most 1e6 Å, found " + number_text(length));
}

void require_not_negative(std::string_view builder, std::string_view argument, double length) {
  if (length >= 0.0 && length <= longest_length) return;
  refuse(builder, argument, "must be between 0 and 1e6 Å, found " + number_text(length));
}

void require_counts(std::string_view builder, std::string_view argument, std::span<const int> counts,
                    double atoms_each) {
  std::string text;
  double total = atoms_each;
  bool positive = true;
  for (const int count : counts) {
    text += (text.empty() ? "" : " x ") + std::to_string(count);
    positive = positive && count >= 1;
    total *= count;
  }
  if (!positive) {
    refuse(builder, argument,
           (counts.size() == 1 ? "must be at least 1, found " : "must be at least 1 each, found ") + text);
  }
  if (total > most_atoms) {
    refuse(builder, argument,
           text + " would make " + short_number_text(total) + " atoms; at most 100 million are built");
  }
}

}  // namespace adatom::builders
