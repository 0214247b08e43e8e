// What this file is: the periodic table: symbol, name, mass, covalent radius and colour of elements 1 … 118.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "atoms/message_text.hpp"

namespace adatom {

struct Element {
  std::string_view symbol, name;
  double mass = 0.0;                     ///< amu
  double covalent_radius = 0.0;          ///< Angstrom
  std::array<std::uint8_t, 3> colour{};  ///< red, green, blue
};

constexpr int element_count = 118;

/// The element with this atomic number. Throws InputError outside 1 … 118.
const Element& element(int number);

/// The atomic number of a symbol, spelled as usual ("Cu", not "cu" or "CU").
/// Throws InputError "unknown element 'Xx'; did you mean 'Xe'?".
int atomic_number(std::string_view symbol);

/// The same, but 0 instead of an error.
int find_atomic_number(std::string_view symbol);

}  // namespace adatom
