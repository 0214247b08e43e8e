// What this file is: geometries of the molecules of G2-1, one or two heavy atoms, optimised with MP2(full)/6-31G*.
// L. A. Curtiss, K. Raghavachari, P. C. Redfern, J. A. Pople, J. Chem. Phys. 106, 1063 (1997); names as ASE has them.
#include "atoms/builders/molecules_table.hpp"

namespace adatom::builders {
namespace {

// clang-format off
constexpr MoleculeRow table[] = {
    {"BeH", "beryllium hydride", "Be 0 0 .269654  H 0 0 -1.078616"},
    {"C2H2", "acetylene", "C 0 0 .60808  C 0 0 -.60808  H 0 0 -1.67399  H 0 0 1.67399"},
    {"C2H4", "ethylene",
     "C 0 0 .66748  C 0 0 -.66748  H 0 .922832 1.237695  H 0 -.922832 1.237695  H 0 .922832 -1.237695  "
     "H 0 -.922832 -1.237695"},
    {"C2H6", "ethane",
     "C 0 0 .762209  C 0 0 -.762209  H 0 1.018957 1.157229  H -.882443 -.509479 1.157229  "
     "H .882443 -.509479 1.157229  H 0 -1.018957 -1.157229  H -.882443 .509479 -1.157229  "
     "H .882443 .509479 -1.157229"},
    {"CH", "methylidyne radical", "C 0 0 .160074  H 0 0 -.960446"},
    {"CH2_s1A1d", "methylene, singlet", "C 0 0 .174343  H 0 .862232 -.523029  H 0 -.862232 -.523029"},
    {"CH2_s3B1d", "methylene, triplet", "C 0 0 .110381  H 0 .982622 -.331142  H 0 -.982622 -.331142"},
    {"CH3", "methyl radical", "C 0 0 0  H 0 1.07841 0  H .93393 -.539205 0  H -.93393 -.539205 0"},
    {"CH3Cl", "methyl chloride",
     "C 0 0 -1.121389  Cl 0 0 .655951  H 0 1.029318 -1.47428  H .891415 -.514659 -1.47428  "
     "H -.891415 -.514659 -1.47428"},
    {"CH3OH", "methanol",
     "C -.047131 .664389 0  O -.047131 -.758551 0  H -1.092995 .969785 0  H .878534 -1.048458 0  "
     "H .437145 1.080376 .891772  H .437145 1.080376 -.891772"},
    {"CH3SH", "methanethiol",
     "C -.047953 1.149519 0  S -.047953 -.664856 0  H 1.283076 -.823249 0  H -1.092601 1.461428 0  "
     "H .432249 1.551207 .892259  H .432249 1.551207 -.892259"},
    {"CH4", "methane",
     "C 0 0 0  H .629118 .629118 .629118  H -.629118 -.629118 .629118  H .629118 -.629118 -.629118  "
     "H -.629118 .629118 -.629118"},
    {"CN", "cyano radical", "C 0 0 -.611046  N 0 0 .523753"},
    {"CO", "carbon monoxide", "O 0 0 .493003  C 0 0 -.657337"},
    {"CO2", "carbon dioxide", "C 0 0 0  O 0 0 1.178658  O 0 0 -1.178658"},
    {"CS", "carbon monosulfide", "C 0 0 -1.123382  S 0 0 .421268"},
    {"Cl2", "chlorine", "Cl 0 0 1.007541  Cl 0 0 -1.007541"},
    {"ClF", "chlorine monofluoride", "F 0 0 -1.084794  Cl 0 0 .574302"},
    {"ClO", "chlorine monoxide radical", "Cl 0 0 .514172  O 0 0 -1.092615"},
    {"F2", "fluorine", "F 0 0 .710304  F 0 0 -.710304"},
    {"H2CO", "formaldehyde", "O 0 0 .683501  C 0 0 -.536614  H 0 .93439 -1.124164  H 0 -.93439 -1.124164"},
    {"H2O", "water", "O 0 0 .119262  H 0 .763239 -.477047  H 0 -.763239 -.477047"},
    {"H2O2", "hydrogen peroxide",
     "O 0 .734058 -.05275  O 0 -.734058 -.05275  H .839547 .880752 .422001  H -.839547 -.880752 .422001"},
    {"HCN", "hydrogen cyanide", "C 0 0 -.511747  N 0 0 .664461  H 0 0 -1.580746"},
    {"HCO", "formyl radical", "C .06256 .593926 0  O .06256 -.596914 0  H -.875835 1.211755 0"},
    {"HCl", "hydrogen chloride", "Cl 0 0 .07111  H 0 0 -1.208868"},
    {"HF", "hydrogen fluoride", "F 0 0 .093389  H 0 0 -.840502"},
    {"HOCl", "hypochlorous acid", "O .036702 1.113517 0  H -.917548 1.328879 0  Cl .036702 -.602177 0"},
    {"Li2", "dilithium", "Li 0 0 1.38653  Li 0 0 -1.38653"},
    {"LiF", "lithium fluoride", "Li 0 0 -1.174965  F 0 0 .391655"},
    {"LiH", "lithium hydride", "Li 0 0 .41  H 0 0 -1.23"},
    {"N2", "nitrogen", "N 0 0 .56499  N 0 0 -.56499"},
    {"N2H4", "hydrazine",
     "N 0 .718959 -.077687  N 0 -.718959 -.077687  H .211082 1.092752 .847887  H -.948214 1.005026 -.304078  "
     "H -.211082 -1.092752 .847887  H .948214 -1.005026 -.304078"},
    {"NH", "imidogen, triplet", "N 0 0 .129929  H 0 0 -.909501"},
    {"NH2", "amino radical", "N 0 0 .14169  H 0 .806442 -.495913  H 0 -.806442 -.495913"},
    {"NH3", "ammonia",
     "N 0 0 .116489  H 0 .939731 -.271808  H .813831 -.469865 -.271808  H -.813831 -.469865 -.271808"},
    {"NO", "nitric oxide", "N 0 0 -.609442  O 0 0 .533261"},
    {"Na2", "disodium", "Na 0 0 1.576262  Na 0 0 -1.576262"},
    {"NaCl", "sodium chloride", "Na 0 0 -1.45166  Cl 0 0 .93931"},
    {"O2", "oxygen, triplet", "O 0 0 .622978  O 0 0 -.622978"},
    {"OH", "hydroxyl radical", "O 0 0 .108786  H 0 0 -.870284"},
    {"P2", "diphosphorus", "P 0 0 .966144  P 0 0 -.966144"},
    {"PH2", "phosphino radical", "P 0 0 .115396  H 0 1.025642 -.865468  H 0 -1.025642 -.865468"},
    {"PH3", "phosphine",
     "P 0 0 .124619  H 0 1.200647 -.623095  H 1.039791 -.600323 -.623095  H -1.039791 -.600323 -.623095"},
    {"S2", "disulfur, triplet", "S 0 0 .960113  S 0 0 -.960113"},
    {"SH2", "hydrogen sulfide", "S 0 0 .102135  H 0 .974269 -.817083  H 0 -.974269 -.817083"},
    {"SO", "sulfur monoxide, triplet", "O 0 0 -1.015992  S 0 0 .507996"},
    {"SO2", "sulfur dioxide", "S 0 0 .370268  O 0 1.277617 -.370268  O 0 -1.277617 -.370268"},
    {"Si2", "disilicon, triplet", "Si 0 0 1.130054  Si 0 0 -1.130054"},
    {"Si2H6", "disilane",
     "Si 0 0 1.167683  Si 0 0 -1.167683  H 0 1.393286 1.68602  H -1.206621 -.696643 1.68602  "
     "H 1.206621 -.696643 1.68602  H 0 -1.393286 -1.68602  H -1.206621 .696643 -1.68602  "
     "H 1.206621 .696643 -1.68602"},
    {"SiH2_s1A1d", "silylene, singlet", "Si 0 0 .131272  H 0 1.096938 -.918905  H 0 -1.096938 -.918905"},
    {"SiH2_s3B1d", "silylene, triplet", "Si 0 0 .094869  H 0 1.271862 -.664083  H 0 -1.271862 -.664083"},
    {"SiH3", "silyl radical",
     "Si 0 0 .079299  H 0 1.41328 -.370061  H 1.223937 -.70664 -.370061  H -1.223937 -.70664 -.370061"},
    {"SiH4", "silane",
     "Si 0 0 0  H .856135 .856135 .856135  H -.856135 -.856135 .856135  H -.856135 .856135 -.856135  "
     "H .856135 -.856135 -.856135"},
    {"SiO", "silicon monoxide", "Si 0 0 .560846  O 0 0 -.98148"},
};
// clang-format on

}  // namespace

std::span<const MoleculeRow> g2_small_molecules() { return table; }

}  // namespace adatom::builders
