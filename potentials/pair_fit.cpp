#include "potentials/pair_fit.hpp"

#include <cmath>
#include <memory>
#include <numeric>
#include <string>

#include "autodiff/arithmetic.hpp"
#include "autodiff/decompositions.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/gradient.hpp"
#include "autodiff/indexing.hpp"
#include "autodiff/matmul.hpp"
#include "autodiff/reductions.hpp"
#include "autodiff/shaping.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"
#include "nn/batches.hpp"
#include "nn/losses.hpp"
#include "nn/optimizers.hpp"
#include "nn/schedules.hpp"
#include "potentials/pairs.hpp"

namespace adatom {
namespace {

/// One structure: P pairs of its N atoms.
struct StructurePairs {
  std::size_t atoms = 0;
  std::vector<double> distances;             ///< (P)
  std::vector<double> directions;            ///< (P, 3) from the first atom to the second, unit vectors
  std::vector<std::uint32_t> first, second;  ///< (P)
  double energy = 0.0;                       ///< eV/atom
  std::vector<double> forces;                ///< (N, 3), or empty
};

StructurePairs pairs_of(const LabelledStructure& structure, const PairModel& model, const std::string& place) {
  const NoGrad numbers_only;
  const Atoms& atoms = structure.atoms;
  if (atoms.size() == 0) throw InputError("pair fit: " + place + " has no atoms");
  if (!std::isfinite(structure.energy))
    throw InputError("pair fit: the energy of " + place + " is not a finite number");
  for (const Vector3& force : structure.forces) {
    for (const double component : force) {
      if (!std::isfinite(component)) throw InputError("pair fit: a force of " + place + " is not a finite number");
    }
  }
  validate(atoms);
  const Tensor positions = positions_tensor(atoms);
  const bool limited = std::isfinite(model.options().cutoff);
  if (!limited && (atoms.pbc[0] || atoms.pbc[1] || atoms.pbc[2])) {
    throw InputError("pair fit: " + place + " is periodic; the model needs a cutoff");
  }
  const Pairs pairs =
      limited ? pairs_within(atoms, model.options().cutoff, positions, cell_tensor(atoms)) : all_pairs(positions);
  const Tensor distances = sqrt(squared_distances(pairs, 1e-3));
  const Tensor directions = pairs.displacement / reshape(distances, {-1, 1});
  StructurePairs own{.atoms = atoms.size(),
                     .distances = {},
                     .directions = {},
                     .first = {},
                     .second = {},
                     .energy = structure.energy / static_cast<double>(atoms.size()),
                     .forces = {}};
  own.distances.assign(distances.values().begin(), distances.values().end());
  own.directions.assign(directions.values().begin(), directions.values().end());
  own.first.assign(pairs.first.data(), pairs.first.data() + pairs.first.size());
  own.second.assign(pairs.second.data(), pairs.second.data() + pairs.second.size());
  for (const Vector3& f : structure.forces) own.forces.insert(own.forces.end(), f.begin(), f.end());
  return own;
}

/// All structures. Throws if forces are wanted and missing.
std::vector<StructurePairs> pairs_of(std::span<const LabelledStructure> data, const PairModel& model, bool forces) {
  if (data.empty()) throw InputError("pair fit: there are no structures");
  std::vector<StructurePairs> all;
  for (std::size_t s = 0; s < data.size(); ++s) {
    const std::string place = "structure " + std::to_string(s);
    all.push_back(pairs_of(data[s], model, place));
    if (forces && data[s].forces.size() != data[s].atoms.size()) {
      throw InputError("pair fit: " + place + " has " + std::to_string(data[s].forces.size()) + " forces for " +
                       std::to_string(data[s].atoms.size()) + " atoms");
    }
  }
  return all;
}

const std::vector<std::uint32_t> none;  // not {{}}, which would be one index, 0

/// Several structures, their pairs one after another.
struct Batch {
  std::size_t structures = 0, atoms = 0;
  Tensor distances, directions;         ///< (P), (P, 3)
  Indices first = none, second = none;  ///< atoms of each pair (P), counted through the batch
  Indices structure = none;             ///< of each pair (P)
  Tensor shares;                        ///< 1/N of each structure (S)
  Tensor energies, forces;              ///< labels: (S) in eV/atom, (atoms, 3)
};

Batch batch_of(const std::vector<StructurePairs>& data, std::span<const std::uint32_t> rows, bool forces) {
  Batch batch;
  batch.structures = rows.size();
  std::vector<double> distances, directions, shares, energies, force_labels;
  std::vector<std::uint32_t> first, second, structure;
  for (std::uint32_t s = 0; s < rows.size(); ++s) {
    const StructurePairs& own = data[rows[s]];
    const auto before = static_cast<std::uint32_t>(batch.atoms);
    for (std::size_t p = 0; p < own.first.size(); ++p) {
      first.push_back(before + own.first[p]);
      second.push_back(before + own.second[p]);
      structure.push_back(s);
    }
    distances.insert(distances.end(), own.distances.begin(), own.distances.end());
    shares.push_back(1.0 / static_cast<double>(own.atoms));
    energies.push_back(own.energy);
    batch.atoms += own.atoms;
    if (!forces) continue;
    directions.insert(directions.end(), own.directions.begin(), own.directions.end());
    force_labels.insert(force_labels.end(), own.forces.begin(), own.forces.end());
  }
  const std::size_t pairs = distances.size();
  batch.distances = forces ? Tensor::variable({pairs}, distances) : Tensor::constant({pairs}, distances);
  batch.first = std::move(first), batch.second = std::move(second), batch.structure = std::move(structure);
  batch.shares = Tensor::constant({rows.size()}, shares);
  batch.energies = Tensor::constant({rows.size()}, energies);
  if (!forces) return batch;
  batch.directions = Tensor::constant({pairs, 3}, directions);
  batch.forces = Tensor::constant({batch.atoms, 3}, force_labels);
  return batch;
}

Batch whole(const std::vector<StructurePairs>& data, bool forces) {
  std::vector<std::uint32_t> rows(data.size());
  std::iota(rows.begin(), rows.end(), 0);
  return batch_of(data, rows, forces);
}

/// What the model says of a batch: eV/atom (S), and forces (atoms, 3) if the batch has them.
struct BatchPrediction {
  Tensor energies, forces;
};

BatchPrediction predict(const PairModel& model, const Batch& batch) {
  const bool forces = static_cast<bool>(batch.forces);
  BatchPrediction p;
  Tensor u, total;
  if (forces) {
    const WithGrad record_energy;  // forces are a derivative, also where the caller wants numbers only
    u = model.pair_energy(batch.distances);
    total = sum(u);
  } else {
    u = model.pair_energy(batch.distances);
  }
  p.energies = segment_sum(u, batch.structure, batch.structures) * batch.shares;
  if (!forces) return p;
  const Tensor slope = grad(total, {batch.distances})[0];
  const Tensor pulls = reshape(slope, {-1, 1}) * batch.directions;  // on the first atom of each pair (P, 3)
  p.forces = segment_sum(pulls, batch.first, batch.atoms) - segment_sum(pulls, batch.second, batch.atoms);
  return p;
}

double root_mean_square(const Tensor& difference) {
  double sum = 0.0;
  for (const double x : difference.values()) sum += x * x;
  return std::sqrt(sum / static_cast<double>(difference.size()));
}

void require(bool good, const char* what, double found) {
  if (!good) throw InputError(std::string("pair fit: ") + what + ", found " + number_text(found));
}

void check_weights(double energy, double force) {
  require(energy >= 0.0 && std::isfinite(energy), "energy_weight must not be negative", energy);
  require(force >= 0.0 && std::isfinite(force), "force_weight must not be negative", force);
  require(energy + force > 0.0, "one of the weights must be positive", 0.0);
}

void check(const FitOptions& o, std::size_t structures) {
  require(o.learning_rate > 0.0 && std::isfinite(o.learning_rate), "learning_rate must be positive", o.learning_rate);
  require(o.final_learning_rate >= 0.0 && std::isfinite(o.final_learning_rate),
          "final_learning_rate must not be negative", o.final_learning_rate);
  check_weights(o.energy_weight, o.force_weight);
  require(o.batch_size <= structures, "batch_size must not exceed the number of structures",
          static_cast<double>(o.batch_size));
}

/// The coefficients of all Gaussian terms.
std::vector<Tensor> coefficients_of(const PairModel& model) {
  std::vector<Tensor> all;
  for (const PairTerm& term : model.terms()) {
    if (const auto* g = std::get_if<TrainableGaussians>(&term)) all.push_back(g->coefficients);
  }
  return all;
}

/// √weighted energies and forces in one column, so that its squared length is the loss up to a constant.
std::vector<double> column_of(const Tensor& energies, const Tensor& forces, double energy_weight, double force_weight) {
  std::vector<double> column;
  const double e = std::sqrt(energy_weight / static_cast<double>(energies.size()));
  for (const double x : energies.values()) column.push_back(e * x);
  if (!forces) return column;
  const double f = std::sqrt(force_weight / static_cast<double>(forces.size()));
  for (const double x : forces.values()) column.push_back(f * x);
  return column;
}

/// Linear least squares for the coefficients c of a model's Gaussians: the labels are rest + Σ_k c_k column_k.
class CoefficientSolver {
 public:
  CoefficientSolver(const PairModel& model, const Batch& batch, double energy_weight, double force_weight)
      : model_(model),
        batch_(batch),
        energy_weight_(energy_weight),
        force_weight_(force_weight),
        coefficients_(coefficients_of(model)) {
    for (const Tensor& c : coefficients_) count_ += c.size();
    for (const PairTerm& term : model.terms()) {
      if (const auto* g = std::get_if<TrainableGaussians>(&term)) shapes_change_ = shapes_change_ || g->shapes;
    }
  }

  /// Puts the best coefficients for the present other parameters into the model.
  void solve() {
    if (count_ == 0) return;
    const NoGrad numbers_only;
    for (Tensor& c : coefficients_) c.assign(std::vector<double>(c.size(), 0.0));
    const std::vector<double> rest = respond();
    if (!factor_ || shapes_change_) prepare(rest);
    std::vector<double> y = column_of(batch_.energies, batch_.forces, energy_weight_, force_weight_);
    for (std::size_t i = 0; i < y.size(); ++i) y[i] -= rest[i];
    const Tensor right = matmul(columns_, Tensor::constant({y.size()}, y));
    const Tensor solution = triangular_solve(factor_, triangular_solve(factor_, right), true);
    std::size_t next = 0;
    for (Tensor& c : coefficients_) {
      c.assign(solution.values().subspan(next, c.size()));
      next += c.size();
    }
  }

 private:
  const PairModel& model_;
  const Batch& batch_;
  double energy_weight_, force_weight_;
  std::vector<Tensor> coefficients_;
  std::size_t count_ = 0;
  bool shapes_change_ = false;
  Tensor columns_;  // (count, labels)
  Tensor factor_;   // of the normal equations, Cholesky

  std::vector<double> respond() const {
    const BatchPrediction p = predict(model_, batch_);
    return column_of(p.energies, p.forces, energy_weight_, force_weight_);
  }

  /// What each coefficient adds to the predictions, and the normal equations.
  void prepare(const std::vector<double>& rest) {
    std::vector<double> columns;
    columns.reserve(count_ * rest.size());
    for (Tensor& c : coefficients_) {
      for (std::size_t k = 0; k < c.size(); ++k) {
        c.mutable_values()[k] = 1.0;
        const std::vector<double> with = respond();
        c.mutable_values()[k] = 0.0;
        for (std::size_t i = 0; i < rest.size(); ++i) columns.push_back(with[i] - rest[i]);
      }
    }
    columns_ = Tensor::constant({count_, rest.size()}, columns);
    const Tensor products = matmul(columns_, transpose(columns_));
    Buffer normal(count_ * count_);
    std::copy(products.values().begin(), products.values().end(), normal.data());
    double trace = 0.0;
    for (std::size_t k = 0; k < count_; ++k) trace += normal[k * count_ + k];
    const double ridge = 1e-12 * trace / static_cast<double>(count_) + 1e-300;
    for (std::size_t k = 0; k < count_; ++k) normal[k * count_ + k] += ridge;
    factor_ = cholesky(Tensor::constant({count_, count_}, normal));
  }
};

/// What follows the gradient: everything, or everything that is not solved for.
Parameters trained_parameters(const PairModel& model, bool solve) {
  Parameters parameters = model.parameters();
  if (solve) std::erase_if(parameters, [](const Parameter& p) { return p.name.ends_with(".coefficients"); });
  return parameters;
}

std::unique_ptr<Optimizer> optimizer_of(const Parameters& parameters, const FitOptions& o) {
  const AdamOptions adam{.learning_rate = o.learning_rate, .weight_decay = o.weight_decay};
  if (o.weight_decay > 0.0) return std::make_unique<AdamW>(parameters, adam);
  return std::make_unique<Adam>(parameters, adam);
}

/// Sums of an epoch's batches.
class EpochSums {
 public:
  void add(const BatchPrediction& p, const Batch& batch, double loss) {
    structures_ += static_cast<double>(batch.structures);
    loss_ += loss * static_cast<double>(batch.structures);
    for (std::size_t s = 0; s < batch.structures; ++s) {
      energy2_ += std::pow(p.energies.values()[s] - batch.energies.values()[s], 2);
    }
    if (!batch.forces) return;
    components_ += static_cast<double>(batch.forces.size());
    for (std::size_t k = 0; k < batch.forces.size(); ++k) {
      force2_ += std::pow(p.forces.values()[k] - batch.forces.values()[k], 2);
    }
  }
  double loss() const { return loss_ / structures_; }
  PairErrors errors() const {
    return {std::sqrt(energy2_ / structures_), components_ > 0.0 ? std::sqrt(force2_ / components_) : 0.0};
  }

 private:
  double structures_ = 0.0, loss_ = 0.0, energy2_ = 0.0, force2_ = 0.0, components_ = 0.0;
};

}  // namespace

std::vector<FitEpoch> fit(PairModel& model, std::span<const LabelledStructure> data, const FitOptions& o,
                          const std::function<void(const FitEpoch&)>& progress) {
  const WithGrad record;
  check(o, data.size());
  const bool forces = o.force_weight > 0.0;
  const std::vector<StructurePairs> structures = pairs_of(data, model, forces);
  const Batch all = whole(structures, forces);
  CoefficientSolver solver(model, all, o.energy_weight, o.force_weight);
  const Parameters parameters = trained_parameters(model, o.solve_coefficients);
  if (o.solve_coefficients) solver.solve();
  if (parameters.empty()) return {};

  Batches batches(data.size(), o.batch_size == 0 ? data.size() : o.batch_size, Random(o.seed));
  const std::unique_ptr<Optimizer> optimizer = optimizer_of(parameters, o);
  const Schedule rate = cosine_rate(o.learning_rate, std::max<std::size_t>(1, o.epochs * batches.batches_per_epoch()),
                                    o.final_learning_rate);
  std::vector<FitEpoch> history;
  while (history.size() < o.epochs) {
    EpochSums sums;
    do {
      const std::span<const std::uint32_t> rows = batches.next();
      const Batch batch = rows.size() == data.size() ? all : batch_of(structures, rows, forces);
      const BatchPrediction p = predict(model, batch);
      Tensor loss = o.energy_weight * mse(p.energies, batch.energies);
      if (forces) loss = loss + o.force_weight * mse(p.forces, batch.forces);
      optimizer->set_learning_rate(rate(optimizer->steps()));
      sums.add(p, batch, optimizer->step(loss));
    } while (!batches.epoch_completed());
    if (o.solve_coefficients) solver.solve();
    history.push_back({history.size() + 1, optimizer->learning_rate(), sums.loss(), sums.errors()});
    if (progress) progress(history.back());
  }
  return history;
}

void solve_coefficients(PairModel& model, std::span<const LabelledStructure> data, double energy_weight,
                        double force_weight) {
  check_weights(energy_weight, force_weight);
  const bool forces = force_weight > 0.0;
  const Batch all = whole(pairs_of(data, model, forces), forces);
  CoefficientSolver(model, all, energy_weight, force_weight).solve();
}

PairErrors errors_of(const PairModel& model, std::span<const LabelledStructure> data) {
  const NoGrad numbers_only;
  bool forces = true;
  for (const LabelledStructure& s : data) forces = forces && s.forces.size() == s.atoms.size();
  const Batch batch = whole(pairs_of(data, model, forces), forces);
  const BatchPrediction p = predict(model, batch);
  return {root_mean_square(p.energies - batch.energies), forces ? root_mean_square(p.forces - batch.forces) : 0.0};
}

}  // namespace adatom
