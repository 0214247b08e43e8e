// What this file is: the forces on an elastic band of images, as an objective without a value for the minimisers.
// Internal to optim.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "atoms/atoms.hpp"
#include "optim/constraints.hpp"
#include "optim/minimize.hpp"

namespace adatom {

/// Energy and forces of image i (1 … images) of the band. Throws InputError where they cannot be computed; called from
/// several threads at once.
using ImageForces = std::function<double(std::size_t image, const Atoms& atoms, std::vector<Vector3>& forces)>;

class Band {
 public:
  /// The images, ends included, with the energies of the ends.
  Band(std::vector<Atoms> images, double first_energy, double last_energy, const FreeDirections& free, double spring,
       ImageForces compute);

  std::size_t size() const { return images_.size(); }
  /// Coordinates of the free atoms of the inner images.
  std::vector<double> coordinates() const;
  /// Computes all images at x and the band's forces: the gradient is minus these, the value is 0, or NaN where an image
  /// cannot be computed. The part that constraints forbid is taken away.
  double evaluate(std::span<const double> x, std::span<double> gradient);

  /// This inner image climbs.
  void set_climbing(std::size_t image) { climbing_ = image; }
  /// The inner image of highest energy.
  std::size_t highest() const;

  const std::vector<Atoms>& images() const { return images_; }
  const std::vector<double>& energies() const { return energies_; }
  const std::vector<std::vector<Vector3>>& forces() const { return forces_; }
  /// Unit vector along the path at any image, and the distance to the next one, over all atoms.
  std::vector<Vector3> tangent(std::size_t image) const;
  double distance(std::size_t image) const;
  /// Why an image could not be computed, if so.
  const std::string& failure() const { return failure_; }

 private:
  std::vector<Atoms> images_;
  std::vector<double> energies_;
  std::vector<std::vector<Vector3>> forces_;
  std::vector<std::string> failures_;
  std::string failure_;
  const FreeDirections& free_;
  double spring_;
  std::optional<std::size_t> climbing_;
  ImageForces compute_;
};

}  // namespace adatom
