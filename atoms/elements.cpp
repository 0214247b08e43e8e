// The numbers: masses and names as in ASE's table of the IUPAC abridged weights of 2016 (for elements without stable
// isotopes the longest-lived one), radii from Cordero et al., Dalton Trans. 2832 (2008), colours from Jmol.
// Cordero's table ends at curium and Jmol's at meitnerium; heavier elements repeat the last value.
#include "atoms/elements.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "atoms/message_text.hpp"
#include "core/error.hpp"

namespace adatom {
namespace {

constexpr std::array<Element, 118> table{{
    {"H", "Hydrogen", 1.008, 0.31, {255, 255, 255}},
    {"He", "Helium", 4.002602, 0.28, {217, 255, 255}},
    {"Li", "Lithium", 6.94, 1.28, {204, 128, 255}},
    {"Be", "Beryllium", 9.0121831, 0.96, {194, 255, 0}},
    {"B", "Boron", 10.81, 0.84, {255, 181, 181}},
    {"C", "Carbon", 12.011, 0.76, {144, 144, 144}},
    {"N", "Nitrogen", 14.007, 0.71, {48, 80, 248}},
    {"O", "Oxygen", 15.999, 0.66, {255, 13, 13}},
    {"F", "Fluorine", 18.998403163, 0.57, {144, 224, 80}},
    {"Ne", "Neon", 20.1797, 0.58, {179, 227, 245}},
    {"Na", "Sodium", 22.98976928, 1.66, {171, 92, 242}},
    {"Mg", "Magnesium", 24.305, 1.41, {138, 255, 0}},
    {"Al", "Aluminium", 26.9815385, 1.21, {191, 166, 166}},
    {"Si", "Silicon", 28.085, 1.11, {240, 200, 160}},
    {"P", "Phosphorus", 30.973761998, 1.07, {255, 128, 0}},
    {"S", "Sulfur", 32.06, 1.05, {255, 255, 48}},
    {"Cl", "Chlorine", 35.45, 1.02, {31, 240, 31}},
    {"Ar", "Argon", 39.948, 1.06, {128, 209, 227}},
    {"K", "Potassium", 39.0983, 2.03, {143, 64, 212}},
    {"Ca", "Calcium", 40.078, 1.76, {61, 255, 0}},
    {"Sc", "Scandium", 44.955908, 1.70, {230, 230, 230}},
    {"Ti", "Titanium", 47.867, 1.60, {191, 194, 199}},
    {"V", "Vanadium", 50.9415, 1.53, {166, 166, 171}},
    {"Cr", "Chromium", 51.9961, 1.39, {138, 153, 199}},
    {"Mn", "Manganese", 54.938044, 1.39, {156, 122, 199}},
    {"Fe", "Iron", 55.845, 1.32, {224, 102, 51}},
    {"Co", "Cobalt", 58.933194, 1.26, {240, 144, 160}},
    {"Ni", "Nickel", 58.6934, 1.24, {80, 208, 80}},
    {"Cu", "Copper", 63.546, 1.32, {200, 128, 51}},
    {"Zn", "Zinc", 65.38, 1.22, {125, 128, 176}},
    {"Ga", "Gallium", 69.723, 1.22, {194, 143, 143}},
    {"Ge", "Germanium", 72.63, 1.20, {102, 143, 143}},
    {"As", "Arsenic", 74.921595, 1.19, {189, 128, 227}},
    {"Se", "Selenium", 78.971, 1.20, {255, 161, 0}},
    {"Br", "Bromine", 79.904, 1.20, {166, 41, 41}},
    {"Kr", "Krypton", 83.798, 1.16, {92, 184, 209}},
    {"Rb", "Rubidium", 85.4678, 2.20, {112, 46, 176}},
    {"Sr", "Strontium", 87.62, 1.95, {0, 255, 0}},
    {"Y", "Yttrium", 88.90584, 1.90, {148, 255, 255}},
    {"Zr", "Zirconium", 91.224, 1.75, {148, 224, 224}},
    {"Nb", "Niobium", 92.90637, 1.64, {115, 194, 201}},
    {"Mo", "Molybdenum", 95.95, 1.54, {84, 181, 181}},
    {"Tc", "Technetium", 97.90721, 1.47, {59, 158, 158}},
    {"Ru", "Ruthenium", 101.07, 1.46, {36, 143, 143}},
    {"Rh", "Rhodium", 102.9055, 1.42, {10, 125, 140}},
    {"Pd", "Palladium", 106.42, 1.39, {0, 105, 133}},
    {"Ag", "Silver", 107.8682, 1.45, {192, 192, 192}},
    {"Cd", "Cadmium", 112.414, 1.44, {255, 217, 143}},
    {"In", "Indium", 114.818, 1.42, {166, 117, 115}},
    {"Sn", "Tin", 118.71, 1.39, {102, 128, 128}},
    {"Sb", "Antimony", 121.76, 1.39, {158, 99, 181}},
    {"Te", "Tellurium", 127.6, 1.38, {212, 122, 0}},
    {"I", "Iodine", 126.90447, 1.39, {148, 0, 148}},
    {"Xe", "Xenon", 131.293, 1.40, {66, 158, 176}},
    {"Cs", "Caesium", 132.90545196, 2.44, {87, 23, 143}},
    {"Ba", "Barium", 137.327, 2.15, {0, 201, 0}},
    {"La", "Lanthanum", 138.90547, 2.07, {112, 212, 255}},
    {"Ce", "Cerium", 140.116, 2.04, {255, 255, 199}},
    {"Pr", "Praseodymium", 140.90766, 2.03, {217, 255, 199}},
    {"Nd", "Neodymium", 144.242, 2.01, {199, 255, 199}},
    {"Pm", "Promethium", 144.91276, 1.99, {163, 255, 199}},
    {"Sm", "Samarium", 150.36, 1.98, {143, 255, 199}},
    {"Eu", "Europium", 151.964, 1.98, {97, 255, 199}},
    {"Gd", "Gadolinium", 157.25, 1.96, {69, 255, 199}},
    {"Tb", "Terbium", 158.92535, 1.94, {48, 255, 199}},
    {"Dy", "Dysprosium", 162.5, 1.92, {31, 255, 199}},
    {"Ho", "Holmium", 164.93033, 1.92, {0, 255, 156}},
    {"Er", "Erbium", 167.259, 1.89, {0, 230, 117}},
    {"Tm", "Thulium", 168.93422, 1.90, {0, 212, 82}},
    {"Yb", "Ytterbium", 173.054, 1.87, {0, 191, 56}},
    {"Lu", "Lutetium", 174.9668, 1.87, {0, 171, 36}},
    {"Hf", "Hafnium", 178.49, 1.75, {77, 194, 255}},
    {"Ta", "Tantalum", 180.94788, 1.70, {77, 166, 255}},
    {"W", "Tungsten", 183.84, 1.62, {33, 148, 214}},
    {"Re", "Rhenium", 186.207, 1.51, {38, 125, 171}},
    {"Os", "Osmium", 190.23, 1.44, {38, 102, 150}},
    {"Ir", "Iridium", 192.217, 1.41, {23, 84, 135}},
    {"Pt", "Platinum", 195.084, 1.36, {208, 208, 224}},
    {"Au", "Gold", 196.966569, 1.36, {255, 209, 35}},
    {"Hg", "Mercury", 200.592, 1.32, {184, 184, 208}},
    {"Tl", "Thallium", 204.38, 1.45, {166, 84, 77}},
    {"Pb", "Lead", 207.2, 1.46, {87, 89, 97}},
    {"Bi", "Bismuth", 208.9804, 1.48, {158, 79, 181}},
    {"Po", "Polonium", 208.98243, 1.40, {171, 92, 0}},
    {"At", "Astatine", 209.98715, 1.50, {117, 79, 69}},
    {"Rn", "Radon", 222.01758, 1.50, {66, 130, 150}},
    {"Fr", "Francium", 223.01974, 2.60, {66, 0, 102}},
    {"Ra", "Radium", 226.02541, 2.21, {0, 125, 0}},
    {"Ac", "Actinium", 227.02775, 2.15, {112, 171, 250}},
    {"Th", "Thorium", 232.0377, 2.06, {0, 186, 255}},
    {"Pa", "Protactinium", 231.03588, 2.00, {0, 161, 255}},
    {"U", "Uranium", 238.02891, 1.96, {0, 143, 255}},
    {"Np", "Neptunium", 237.04817, 1.90, {0, 128, 255}},
    {"Pu", "Plutonium", 244.06421, 1.87, {0, 107, 255}},
    {"Am", "Americium", 243.06138, 1.80, {84, 92, 242}},
    {"Cm", "Curium", 247.07035, 1.69, {120, 92, 227}},
    {"Bk", "Berkelium", 247.07031, 1.69, {138, 79, 227}},
    {"Cf", "Californium", 251.07959, 1.69, {161, 54, 212}},
    {"Es", "Einsteinium", 252.083, 1.69, {179, 31, 212}},
    {"Fm", "Fermium", 257.09511, 1.69, {179, 31, 186}},
    {"Md", "Mendelevium", 258.09843, 1.69, {179, 13, 166}},
    {"No", "Nobelium", 259.101, 1.69, {189, 13, 135}},
    {"Lr", "Lawrencium", 262.11, 1.69, {199, 0, 102}},
    {"Rf", "Rutherfordium", 267.122, 1.69, {204, 0, 89}},
    {"Db", "Dubnium", 268.126, 1.69, {209, 0, 79}},
    {"Sg", "Seaborgium", 271.134, 1.69, {217, 0, 69}},
    {"Bh", "Bohrium", 270.133, 1.69, {224, 0, 56}},
    {"Hs", "Hassium", 269.1338, 1.69, {230, 0, 46}},
    {"Mt", "Meitnerium", 278.156, 1.69, {235, 0, 38}},
    {"Ds", "Darmstadtium", 281.165, 1.69, {235, 0, 38}},
    {"Rg", "Roentgenium", 281.166, 1.69, {235, 0, 38}},
    {"Cn", "Copernicium", 285.177, 1.69, {235, 0, 38}},
    {"Nh", "Nihonium", 286.182, 1.69, {235, 0, 38}},
    {"Fl", "Flerovium", 289.19, 1.69, {235, 0, 38}},
    {"Mc", "Moscovium", 289.194, 1.69, {235, 0, 38}},
    {"Lv", "Livermorium", 293.204, 1.69, {235, 0, 38}},
    {"Ts", "Tennessine", 293.208, 1.69, {235, 0, 38}},
    {"Og", "Oganesson", 294.214, 1.69, {235, 0, 38}},
}};

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

/// The symbol that was probably meant, or "" when nothing is close.
std::string_view closest_symbol(std::string_view text) {
  if (text == "D" || text == "T") return "H";  // the isotopes of hydrogen are elements to some programs
  const std::string wanted = lower(text);
  // Wrong case (cu, CU), or the element's name (copper).
  for (const Element& element : table) {
    if (lower(element.symbol) == wanted || lower(element.name) == wanted) return element.symbol;
  }
  // A label such as C1 or Fe_a: the letters in front.
  const auto end_of_letters =
      std::find_if(wanted.begin(), wanted.end(), [](unsigned char c) { return std::isalpha(c) == 0; });
  const std::string letters(wanted.begin(), end_of_letters);
  if (letters.size() < wanted.size()) {
    for (const Element& element : table) {
      if (lower(element.symbol) == letters) return element.symbol;
    }
  }
  // One letter wrong, the first one right.
  if (wanted.size() == 2) {
    for (const Element& element : table) {
      if (element.symbol.size() == 2 && lower(element.symbol)[0] == wanted[0]) return element.symbol;
    }
    for (const Element& element : table) {
      if (lower(element.symbol) == wanted.substr(0, 1)) return element.symbol;
    }
  }
  return "";
}

/// Two ASCII letters as an index into the table below; -1 when `symbol` is not one or two letters like "C", "Cu".
int symbol_index(std::string_view symbol) {
  if (symbol.empty() || symbol.size() > 2 || symbol[0] < 'A' || symbol[0] > 'Z') return -1;
  if (symbol.size() == 2 && (symbol[1] < 'a' || symbol[1] > 'z')) return -1;
  return 27 * (symbol[0] - 'A') + (symbol.size() == 2 ? symbol[1] - 'a' + 1 : 0);
}

/// Readers look up one symbol per atom, so this is a table of all two-letter words.
const std::array<unsigned char, 26 * 27> numbers_by_symbol = [] {
  std::array<unsigned char, 26 * 27> result{};
  for (std::size_t z = 1; z <= table.size(); ++z) {
    result[static_cast<std::size_t>(symbol_index(table[z - 1].symbol))] = static_cast<unsigned char>(z);
  }
  return result;
}();

}  // namespace

const Element& element(int number) {
  if (number < 1 || number > element_count) {
    throw InputError("unknown element number " + std::to_string(number) + ": atomic numbers go from 1 (H) to 118 (Og)");
  }
  return table[static_cast<std::size_t>(number - 1)];
}

int find_atomic_number(std::string_view symbol) {
  const int index = symbol_index(symbol);
  return index < 0 ? 0 : numbers_by_symbol[static_cast<std::size_t>(index)];
}

int atomic_number(std::string_view symbol) {
  if (const int number = find_atomic_number(symbol); number != 0) return number;
  std::string message = "unknown element " + in_quotes(symbol);
  const std::string_view meant = closest_symbol(symbol);
  if (!meant.empty()) message += "; did you mean '" + std::string(meant) + "'?";
  throw InputError(message);
}

}  // namespace adatom
