// What this file is: what an input says of the structures in it that an output must not repeat.
#pragma once

#include "atoms/extxyz.hpp"

namespace adatom::apps {

/// Takes away the results of an earlier computation that new energies and forces would contradict, under the names by
/// which ASE reads them: free_energy, stress, virial; the columns energies and stresses. Energy and forces themselves
/// stay, to be set anew in their places.
void drop_old_labels(Frame& frame);

}  // namespace adatom::apps
