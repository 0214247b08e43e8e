// What this file is: equilibrium distances of diatomic molecules that the G2 set does not have, from spectroscopy:
// K. P. Huber and G. Herzberg, Constants of Diatomic Molecules (1979), also in the NIST Chemistry WebBook.
#include "atoms/builders/molecules_table.hpp"

namespace adatom::builders {
namespace {

constexpr DiatomicRow table[] = {
    {"HBr", "hydrogen bromide", "H", "Br", 1.41443},
    {"HI", "hydrogen iodide", "H", "I", 1.60916},
    {"Br2", "bromine", "Br", "Br", 2.28105},
    {"I2", "iodine", "I", "I", 2.6663},
    {"ICl", "iodine monochloride", "I", "Cl", 2.32088},
    {"BF", "boron monofluoride", "B", "F", 1.26259},
    {"BH", "boron monohydride", "B", "H", 1.2324},
    {"AlH", "aluminium monohydride", "Al", "H", 1.6478},
    {"AlF", "aluminium monofluoride", "Al", "F", 1.65437},
    {"LiCl", "lithium chloride", "Li", "Cl", 2.02067},
    {"NaF", "sodium fluoride", "Na", "F", 1.92595},
    {"KF", "potassium fluoride", "K", "F", 2.17146},
    {"KCl", "potassium chloride", "K", "Cl", 2.66665},
    {"KBr", "potassium bromide", "K", "Br", 2.82078},
    {"CsCl", "cesium chloride", "Cs", "Cl", 2.90627},
    {"MgO", "magnesium oxide", "Mg", "O", 1.749},
    {"CaO", "calcium oxide", "Ca", "O", 1.8221},
    {"PN", "phosphorus nitride", "P", "N", 1.49087},
    {"SiS", "silicon monosulfide", "Si", "S", 1.92932},
    {"GeO", "germanium monoxide", "Ge", "O", 1.62465},
    {"CuH", "copper hydride", "Cu", "H", 1.46263},
    {"AuH", "gold hydride", "Au", "H", 1.52385},
    {"AgCl", "silver chloride", "Ag", "Cl", 2.28079},
    {"Cu2", "dicopper", "Cu", "Cu", 2.2197},
    {"Au2", "digold", "Au", "Au", 2.4719},
};

}  // namespace

std::span<const DiatomicRow> diatomic_molecules() { return table; }

}  // namespace adatom::builders
