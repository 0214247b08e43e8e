// What this file is: the nudged elastic band, which finds the lowest pass between two minima: a chain of structures,
// held apart by springs along the path and pulled by the true forces across it.
//
//   const NebResult path = nudged_elastic_band(initial, final, potential, {.images = 7});
//   // path.barrier, path.images[path.highest]
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "optim/relax.hpp"

namespace adatom {

enum class NebStart {
  linear,  ///< straight lines
  idpp,    ///< image-dependent pair potential: distances that change evenly, so that no atoms meet on the way
};

/// "linear", "idpp", and back. Throws InputError naming the choices for anything else.
std::string_view name(NebStart start);
NebStart neb_start(std::string_view name);

struct NebOptions {
  std::size_t images = 7;  ///< between the ends, at most 10 000
  NebStart start = NebStart::idpp;
  bool climb = true;    ///< the highest image climbs to the top of the pass
  double spring = 1.0;  ///< eV/Å²
  double fmax = 0.02;   ///< done when no force on an atom of any image is longer (springs included), eV/Å
  std::size_t max_steps = 1000;
  double max_step = 0.1;                        ///< longest way of an atom in one step, Å
  RelaxMethod method = RelaxMethod::automatic;  ///< lbfgs, and fire where it does not converge
  std::vector<std::size_t> fixed{};             ///< atoms that stay where they are
  std::vector<PlaneConstraint> planes{};        ///< atoms that stay in a plane through their place in the first end,
  std::vector<LineConstraint> lines{};          ///< or on a line
  /// Called after each step (0: the start) with the highest energy above the first end, the longest force and the
  /// images, ends included.
  std::function<void(std::size_t step, double barrier, double fmax, const std::vector<Atoms>& images)> progress{};
  std::function<bool()> stop{};  ///< asked before each step; true ends the search where it is
};

struct NebResult {
  std::vector<Atoms> images;     ///< both ends included; the last end may be shifted by lattice vectors, atom by atom
  std::vector<double> energies;  ///< eV, of all images
  std::vector<double> way;       ///< path length up to each image, Å, all coordinates counted
  std::vector<double> slopes;    ///< of the energy along the path at each image, eV/Å
  std::size_t highest = 0;       ///< the image of highest energy
  double barrier = 0.0;          ///< its energy above the first end, eV; 0 if that is the highest
  double reverse_barrier = 0.0;  ///< and above the last
  double fmax = 0.0;             ///< longest force of the band, eV/Å
  std::size_t steps = 0;
  std::size_t force_calls = 0;  ///< structures computed, ends included
  bool converged = false;
  std::string reason;                 ///< one sentence: why it ended
  std::vector<std::string> warnings;  ///< ends that are not relaxed, no pass between them
};

/// Improved tangents: G. Henkelman and H. Jónsson, J. Chem. Phys. 113, 9978 (2000); the climbing image: G. Henkelman,
/// B. P. Uberuaga and H. Jónsson, J. Chem. Phys. 113, 9901 (2000). The images are computed on as many threads as
/// set_thread_count allows; the result does not depend on it. Atoms take the shorter way through periodic boundaries.
/// Throws InputError for options out of range, ends that differ in atoms, their order, or cell (naming the first
/// difference), constrained atoms whose last place their constraint forbids, ends that are the same, and images that
/// cannot be computed.
NebResult nudged_elastic_band(const Atoms& initial, const Atoms& final, const Potential& potential,
                              const NebOptions& options = {});

/// Goes on from images of your own, ends included, such as those of an earlier result. options.images and options.start
/// do not matter. Throws InputError for fewer than three images, and as above.
NebResult nudged_elastic_band(const std::vector<Atoms>& path, const Potential& potential,
                              const NebOptions& options = {});

/// The images that a band starts from, ends included; throws as nudged_elastic_band.
/// IDPP: S. Smidstrup, A. Pedersen, K. Stokbro and H. Jónsson, J. Chem. Phys. 140, 214106 (2014).
std::vector<Atoms> interpolated(const Atoms& initial, const Atoms& final, std::size_t images, NebStart start,
                                const Constraints& constraints = {});

/// A smooth curve through the energies with the slopes: `points` pairs of path length (Å) and energy above the first
/// end (eV), evenly spaced.
std::vector<std::array<double, 2>> energy_curve(const NebResult& path, std::size_t points = 201);

}  // namespace adatom
