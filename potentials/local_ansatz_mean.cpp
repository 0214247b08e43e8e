// The mean of several local ansatzes as one: block-diagonal weights.
#include <algorithm>
#include <string>

#include "atoms/elements.hpp"
#include "core/error.hpp"
#include "potentials/local_ansatz.hpp"

namespace adatom {
namespace {

void require_same(bool same, const std::string& what) {
  if (!same) throw InputError("these models have no common mean: they differ in " + what);
}

void check_alike(const LocalAnsatz& a, const LocalAnsatz& b) {
  require_same(a.networks().size() == b.networks().size(), "their elements");
  require_same(a.functions().cutoff_function() == b.functions().cutoff_function(), "their cutoff function");
  require_same(a.energy_scale() == b.energy_scale(), "their energy scale");
  for (std::size_t e = 0; e < a.networks().size(); ++e) {
    const ElementNetwork &x = a.networks()[e], &y = b.networks()[e];
    require_same(x.element == y.element, "their elements");
    const std::string of = " of " + std::string(element(x.element).symbol);
    require_same(std::ranges::equal(a.functions().of(x.element), b.functions().of(y.element)),
                 "the symmetry functions" + of);
    require_same(x.reference_energy == y.reference_energy, "the reference energy" + of);
    require_same(x.mean == y.mean && x.scale == y.scale,
                 "the scaling" + of + " (were they trained on the same structures?)");
    require_same(x.network.sizes() == y.network.sizes(), "the layers" + of);
    require_same(x.network.activation == y.network.activation && x.network.output_activation == Activation::identity &&
                     y.network.output_activation == Activation::identity,
                 "the activations" + of);
  }
}

/// Copies a (rows, columns) block into `target`, whose rows are `width` long, at (row, column), times `factor`.
void place(const Tensor& block, std::size_t columns, Buffer& target, std::size_t width, std::size_t row,
           std::size_t column, double factor) {
  for (std::size_t i = 0; i < block.size(); ++i) {
    target[(row + i / columns) * width + column + i % columns] = factor * block.values()[i];
  }
}

/// One network whose output is the mean of the members'. The first layer's members all see the input; later layers are
/// block-diagonal; the last adds up, divided by the number of members.
Mlp mean_network(std::span<const Mlp> members) {
  const std::size_t count = members.size();
  const std::vector<std::size_t> sizes = members[0].sizes();
  const std::size_t layers = sizes.size() - 1;
  Mlp result;
  result.activation = members[0].activation;
  for (std::size_t l = 0; l < layers; ++l) {
    const bool first = l == 0, last = l + 1 == layers;
    const std::size_t in = sizes[l], out = sizes[l + 1];
    const Shape shape{first ? in : in * count, last ? out : out * count};
    Buffer weight(shape.count(), 0.0), bias(shape[1], 0.0);
    for (std::size_t m = 0; m < count; ++m) {
      const Linear& own = members[m].layers[l];
      const double factor = last ? 1.0 / static_cast<double>(count) : 1.0;
      if (first && last) {  // a single layer: the sum itself
        for (std::size_t i = 0; i < own.weight.size(); ++i) weight[i] += factor * own.weight.values()[i];
      } else {
        place(own.weight, out, weight, shape[1], first ? 0 : m * in, last ? 0 : m * out, factor);
      }
      for (std::size_t k = 0; k < out; ++k) bias[(last ? 0 : m * out) + k] += factor * own.bias.values()[k];
    }
    result.layers.emplace_back(Tensor::variable(shape, weight.span()), Tensor::variable({shape[1]}, bias.span()));
  }
  return result;
}

}  // namespace

LocalAnsatz mean_of(std::span<const LocalAnsatz> models) {
  if (models.empty()) throw InputError("the mean of no models is not defined: give at least one");
  for (const LocalAnsatz& model : models) check_alike(models[0], model);
  std::vector<ElementNetwork> networks;
  for (std::size_t e = 0; e < models[0].networks().size(); ++e) {
    ElementNetwork own = models[0].networks()[e];
    std::vector<Mlp> members;
    for (const LocalAnsatz& model : models) {
      const ElementNetwork& other = model.networks()[e];
      members.push_back(other.network);
      for (std::size_t k = 0; k < own.minimum.size(); ++k) {
        own.minimum[k] = std::max(own.minimum[k], other.minimum[k]);
        own.maximum[k] = std::min(own.maximum[k], other.maximum[k]);
      }
    }
    own.network = mean_network(members);
    networks.push_back(std::move(own));
  }
  return {models[0].functions(), std::move(networks), models[0].energy_scale()};
}

}  // namespace adatom
