// What this file is: text from files and users made fit for an error message.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace adatom {

/// The text with control characters as \x1f, cut after `longest` bytes.
std::string printable(std::string_view text, std::size_t longest = 40);

/// The same between single quotes.
std::string in_quotes(std::string_view text);

}  // namespace adatom
