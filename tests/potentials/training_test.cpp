// Training the local ansatz: it learns, repeats bit for bit, follows its loss, and refuses what it cannot use. Runs
// that are resumed are in training_checkpoint_test.cpp.
#include "potentials/training.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/gradient.hpp"
#include "autodiff/reductions.hpp"
#include "core/error.hpp"
#include "core/parallel.hpp"
#include "nn/clipping.hpp"
#include "nn/optimizers.hpp"
#include "potentials/evaluation.hpp"
#include "potentials/training_features.hpp"
#include "tests/potentials/small_training.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("training learns energies and forces far better than a constant", "[potentials][training]") {
  const std::vector<LabelledStructure> data = lennard_jones_data(300);
  const std::span<const LabelledStructure> all(data);
  LocalAnsatzTraining training(small_model(all.first(250)), all.first(250), all.subspan(250, 20),
                               {.epochs = 150, .batch_size = 10, .learning_rate = 5e-3, .average_decay = 0.99});
  while (!training.finished()) training.run_epoch();
  const ReferenceEnergies baseline = fit_reference_energies(all.first(250));
  const EvaluationResult result = evaluate(training.best_model(), all.subspan(270), baseline);
  CHECK(result.all.energy.rmse < 0.2 * result.all.energy_baseline.rmse);
  CHECK(result.all.forces.rmse < 0.2 * result.all.forces_baseline.rmse);
  CHECK(result.all.forces.r2 > 0.96);
}

TEST_CASE("training repeats bit for bit whatever the number of threads", "[potentials][training]") {
  const std::vector<LabelledStructure> data = lennard_jones_data(40);
  const TrainingOptions options{.epochs = 3, .batch_size = 20, .warm_up_steps = 2, .seed = 5};
  LocalAnsatzTraining once(small_model(data), data, data, options);
  const std::vector<double> expected = weights_after(once, 3);
  for (const std::size_t threads : {1u, 2u, 4u}) {
    set_thread_count(threads);
    LocalAnsatzTraining again(small_model(data), data, data, options);
    CHECK(weights_after(again, 3) == expected);
  }
  set_thread_count(1);
}

TEST_CASE("the mean of members trained together is what is validated and kept", "[potentials][training]") {
  const std::vector<LabelledStructure> data = lennard_jones_data(60);
  const std::span<const LabelledStructure> train = std::span(data).first(40), held_out = std::span(data).subspan(40);
  std::vector<LocalAnsatz> members;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) members.push_back(small_model(train, 12, seed));
  LocalAnsatzTraining training(members, train, held_out, {.epochs = 5, .batch_size = 10, .warm_up_steps = 2});
  while (!training.finished()) training.run_epoch();
  const LocalAnsatz mean = training.best_model();
  CHECK(mean.networks()[0].network.sizes()[1] == 3 * 12);
  // The validation error reported is that of the model returned.
  const EpochReport* best = nullptr;
  for (const EpochReport& report : training.history()) best = report.best ? &report : best;
  REQUIRE(best != nullptr);
  const Evaluation all = evaluate(mean, held_out, fit_reference_energies(data)).all;
  CHECK(all.energy.rmse == Approx(best->validation_energy).epsilon(1e-9));
  CHECK(all.forces.rmse == Approx(best->validation_forces).epsilon(1e-9));
  members.push_back(small_model(train, 10));
  CHECK_THROWS_AS(LocalAnsatzTraining(members, train, held_out, {}), InputError);
}

TEST_CASE("the best epoch is that of the smallest weighted validation error", "[potentials][training]") {
  const std::vector<LabelledStructure> data = lennard_jones_data(40);
  const std::span<const LabelledStructure> train = std::span(data).first(10), held_out = std::span(data).subspan(10);
  // Weights for which energies count, forces count, or both; steps so long that errors go up and down.
  for (const auto& [energy, final_energy, force] :
       {std::tuple{1.0, 0.0, 0.0}, {1e-6, 0.0, 1.0}, {1.0, 0.0, 0.05}, {1.0, 30.0, 3.0}}) {
    LocalAnsatzTraining training(small_model(train), train, held_out,
                                 {.epochs = 25,
                                  .batch_size = 5,
                                  .learning_rate = 0.05,
                                  .final_learning_rate = 0.05,
                                  .warm_up_steps = 0,
                                  .energy_weight = energy,
                                  .final_energy_weight = final_energy,
                                  .force_weight = force,
                                  .average_decay = 0.0});
    double least = std::numeric_limits<double>::infinity();
    while (!training.finished()) {
      const EpochReport r = training.run_epoch();
      const double loss = (final_energy > 0.0 ? final_energy : energy) * r.validation_energy * r.validation_energy +
                          force * r.validation_forces * r.validation_forces;
      CHECK(r.best == (loss < least));
      least = std::min(least, loss);
    }
  }
}

TEST_CASE("training is validated every so many epochs and in the last", "[potentials][training]") {
  const std::vector<LabelledStructure> data = lennard_jones_data(10);
  LocalAnsatzTraining training(small_model(data), data, data, {.epochs = 7, .batch_size = 10, .validate_every = 3});
  while (!training.finished()) training.run_epoch();
  REQUIRE(training.history().size() == 7);
  for (const EpochReport& r : training.history()) {
    CHECK(r.validated == (r.epoch == 3 || r.epoch == 6 || r.epoch == 7));
    CHECK((r.validation_forces > 0.0) == r.validated);
    CHECK((r.validated || !r.best));
  }
}

TEST_CASE("training stops after so many validations without improvement", "[potentials][training]") {
  const std::vector<LabelledStructure> data = lennard_jones_data(40);
  const std::span<const LabelledStructure> train = std::span(data).first(10), held_out = std::span(data).subspan(10);
  for (const std::size_t patience : {1, 3}) {
    // Steps so long that errors go up and down.
    LocalAnsatzTraining training(small_model(train), train, held_out,
                                 {.epochs = 100,
                                  .batch_size = 5,
                                  .learning_rate = 0.05,
                                  .final_learning_rate = 0.05,
                                  .warm_up_steps = 0,
                                  .average_decay = 0.0,
                                  .patience = patience});
    std::size_t idle = 0;
    while (!training.finished()) {
      CHECK(idle < patience);
      idle = training.run_epoch().best ? 0 : idle + 1;
    }
    CHECK(idle == patience);
    CHECK(training.epoch() < 100);
  }
}

TEST_CASE("steps follow the gradient of the loss over the whole batch", "[potentials][training]") {
  // A batch is computed in pieces; here once more in one, with the same optimiser.
  const std::vector<LabelledStructure> data = lennard_jones_data(21);
  const double rate = 1e-2, force_weight = 0.3;
  const double longest = GENERATE(0.0, 0.5);  // of the gradients; 0: as long as they are
  LocalAnsatzTraining training(small_model(data), data, {},
                               {.epochs = 5,
                                .batch_size = 21,
                                .learning_rate = rate,
                                .final_learning_rate = rate,
                                .warm_up_steps = 0,
                                .energy_weight = 2.0,
                                .force_weight = force_weight,
                                .gradient_norm = longest,
                                .average_decay = 0.0});
  const std::vector<double> found = weights_after(training, 5);

  const LocalAnsatz model = small_model(data);
  const std::vector<StructureFeatures> features = compute_features(model, data);
  std::vector<std::uint32_t> all(data.size());
  std::iota(all.begin(), all.end(), 0u);
  const FeatureBatch batch = stack_features(features, all);
  Tensors weights;
  for (const Parameter& parameter : model.parameters()) weights.push_back(parameter.value);
  Adam adam(model.parameters(), {.learning_rate = rate});
  int shortened = 0;
  for (int step = 0; step < 5; ++step) {
    const BatchPrediction p = predict(model, batch);
    const Tensor loss = 2.0 * mean(square((p.energies - batch.energies) * batch.inverse_sizes)) +
                        force_weight * mean(square(p.forces - batch.forces));
    Tensors slope = grad(loss, weights);
    if (longest > 0.0) shortened += clip_by_global_norm(slope, longest) > longest;
    adam.step(slope);
  }
  if (longest > 0.0) CHECK(shortened > 0);
  const std::vector<double> expected = flatten(model.parameters());
  REQUIRE(found.size() == expected.size());
  for (std::size_t k = 0; k < found.size(); ++k)
    CHECK(std::abs(found[k] - expected[k]) < 1e-9);  // rounding of the sums
}

TEST_CASE("the weight of the energies grows from step to step", "[potentials][training]") {
  const std::vector<LabelledStructure> data = lennard_jones_data(12);
  const auto run = [&](double final_energy_weight, std::size_t epochs) {
    LocalAnsatzTraining training(small_model(data), data, {},
                                 {.epochs = 3, .batch_size = 12, .final_energy_weight = final_energy_weight});
    return weights_after(training, epochs);
  };
  CHECK(run(1.0, 3) == run(0.0, 3));   // that of the first epoch is 1 already
  CHECK(run(50.0, 1) == run(0.0, 1));  // the first step, one an epoch, has the first weight
  CHECK(run(50.0, 2) != run(0.0, 2));
}

TEST_CASE("a new ansatz knows the range of its training data, and a mean what all its members know",
          "[potentials][training]") {
  const std::vector<LabelledStructure> data = lennard_jones_data(20);
  const LocalAnsatz model = small_model(data);
  for (const LabelledStructure& one : data) CHECK(model.extrapolations(one.atoms).empty());
  Atoms squeezed = data[0].atoms;
  for (Vector3& p : squeezed.positions) p = 0.7 * p;
  CHECK(!model.extrapolations(squeezed).empty());

  std::vector<ElementNetwork> networks(model.networks().begin(), model.networks().end());
  networks[0].minimum[2] -= 0.5, networks[0].maximum[2] -= 0.001;
  const std::vector<LocalAnsatz> members{model, LocalAnsatz(model.functions(), networks, model.energy_scale())};
  const LocalAnsatz mean = mean_of(members);
  CHECK(mean.networks()[0].minimum == model.networks()[0].minimum);
  CHECK(mean.networks()[0].maximum[2] == model.networks()[0].maximum[2] - 0.001);
}

TEST_CASE("an epoch that is stopped reports the steps made", "[potentials][training]") {
  const std::vector<LabelledStructure> data = lennard_jones_data(20);
  const TrainingOptions options{.epochs = 2, .batch_size = 5};
  LocalAnsatzTraining one(small_model(data), data, {}, options), two(small_model(data), data, {}, options);
  const EpochReport early = one.run_epoch([](std::size_t done, std::size_t) { return done < 2; });
  CHECK(early.epoch == 0);
  CHECK(early.train_energy > 0.0);
  CHECK(early.train_forces > 0.0);
  CHECK(one.history().empty());
  CHECK(one.run_epoch().train_energy == two.run_epoch().train_energy);
}

TEST_CASE("a learning rate that is too high is reported with the step", "[potentials][training]") {
  const std::vector<LabelledStructure> data = lennard_jones_data(20);
  for (const double rate : {1e10, 1e200}) {
    LocalAnsatzTraining training(
        small_model(data), data, {},
        {.epochs = 50, .batch_size = 5, .learning_rate = rate, .warm_up_steps = 0, .gradient_norm = 0.0});
    CHECK_THROWS_WITH(weights_after(training, 50),
                      ContainsSubstring(" at step ") && ContainsSubstring("lower the learning rate"));
    for (const double weight : flatten(training.best_model().parameters())) REQUIRE(std::isfinite(weight));
  }
}

TEST_CASE("data that hardly vary are no obstacle", "[potentials][training]") {
  // One structure; the same one thrice; a lone atom, whose symmetry functions are all zero.
  std::vector<LabelledStructure> data = lennard_jones_data(1);
  for (const std::size_t count : {1, 3}) {
    data.resize(count, data[0]);
    LocalAnsatzTraining training(small_model(data), data, data, {.epochs = 3});
    for (const double weight : weights_after(training, 3)) REQUIRE(std::isfinite(weight));
    CHECK(std::isfinite(training.history().back().validation_forces));
  }
  LabelledStructure alone;
  alone.atoms = {.numbers = {18}, .positions = {{0, 0, 0}}, .cell = {}, .pbc = {}};
  alone.energy = -0.25;
  alone.forces = {{0, 0, 0}};
  data.push_back(alone);
  LocalAnsatzTraining training(small_model(data), data, data, {.epochs = 3});
  for (const double weight : weights_after(training, 3)) REQUIRE(std::isfinite(weight));
  CHECK(std::isfinite(training.best_model().compute(alone.atoms).energy));
  CHECK_THROWS_WITH(small_model(std::span(data).last(1)), ContainsSubstring("no atom has a neighbour"));
}

TEST_CASE("forces are learnt also where the composition gives every energy", "[potentials][training]") {
  // One structure, or two of other elements, labelled with energies as large as those of all electrons: what the
  // reference energies leave is rounding, and no measure of what the network has to say.
  for (const std::size_t count : {1, 2}) {
    std::vector<LabelledStructure> data = lennard_jones_data(count);
    for (LabelledStructure& one : data) one.energy -= 5000.0 * static_cast<double>(one.atoms.size());
    if (count == 2) data[1].atoms.numbers[0] = 10;
    const LocalAnsatz model = small_model(data);
    CHECK(fit_reference_energies(data).rmse < 1e-6);
    CHECK(model.energy_scale() == 1.0);
    LocalAnsatzTraining training(model, data, {},
                                 {.epochs = 200, .learning_rate = 0.02, .warm_up_steps = 10, .average_decay = 0.0});
    while (!training.finished()) training.run_epoch();
    const EpochReport last = training.history().back();
    const Evaluation trivial = evaluate(training.best_model(), data, fit_reference_energies(data)).all;
    CHECK(last.train_forces < 0.5 * trivial.forces_baseline.rmse);
  }
}

TEST_CASE("training refuses options and data it cannot use", "[potentials][training]") {
  std::vector<LabelledStructure> data = lennard_jones_data(10);
  const LocalAnsatz model = small_model(data);
  const auto train = [&](const TrainingOptions& options) { LocalAnsatzTraining(clone(model), data, {}, options); };
  CHECK_THROWS_AS(train({.epochs = 0}), InputError);
  CHECK_THROWS_AS(train({.learning_rate = -1.0}), InputError);
  CHECK_THROWS_AS(train({.learning_rate = std::nan("")}), InputError);
  CHECK_THROWS_AS(train({.average_decay = 1.0}), InputError);
  CHECK_THROWS_AS(train({.energy_weight = 0.0, .force_weight = 0.0}), InputError);
  CHECK_THROWS_AS(train({.energy_weight = std::numeric_limits<double>::infinity()}), InputError);
  CHECK_THROWS_WITH(train({.energy_weight = 0.0, .final_energy_weight = 2.0}),
                    ContainsSubstring("the energy weight cannot grow from 0 to 2"));
  CHECK_THROWS_WITH(train({.batch_size = 0}), ContainsSubstring("batch size must be at least 1"));
  data[3].forces.clear();
  CHECK_THROWS_WITH(train({}), Catch::Matchers::ContainsSubstring("structure 3 of the training data has no forces"));
  CHECK_NOTHROW(train({.force_weight = 0.0}));
  data[3].forces.resize(data[3].atoms.size() + 2);
  CHECK_THROWS_WITH(train({.force_weight = 0.0}),
                    ContainsSubstring("structure 3 of the training data has " + std::to_string(data[3].forces.size()) +
                                      " forces for"));
  data[3].forces.resize(data[3].atoms.size());
  data[3].forces[1][2] = std::numeric_limits<double>::infinity();
  CHECK_THROWS_WITH(train({}), ContainsSubstring("structure 3 of the training data has a force component inf"));
  data[3].forces[1][2] = 0.0;
  data[4].energy = std::nan("");
  CHECK_THROWS_WITH(train({}), ContainsSubstring("structure 4 of the training data has the energy nan"));
  CHECK_THROWS_WITH(initial_local_ansatz(data), "structure 4 has the energy nan; labels must be finite");
  data[4].energy = 0.0;
  data[5].atoms.numbers[0] = 1;
  CHECK_THROWS_WITH(initial_local_ansatz(data, {.symmetry_functions = {{.center = 18, .neighbor1 = 18, .cutoff = 4.0},
                                                                       {.center = 18, .neighbor1 = 1, .cutoff = 4.0}}}),
                    ContainsSubstring("the data has the element 'H', for which there are no symmetry functions"));
  data[7].atoms.positions[2] = data[7].atoms.positions[0];
  CHECK_THROWS_WITH(initial_local_ansatz(data), "structure 7: atoms 0 and 2 are 0.000 Å apart");
  data[7] = data[6];
  CHECK_THROWS_WITH(initial_local_ansatz(data, {.cutoff = 0.9}), Catch::Matchers::ContainsSubstring("cutoff"));
}

TEST_CASE("symmetry functions that hardly vary in the training data are not blown up", "[potentials][training]") {
  // Chains of three carbon atoms, almost straight: at ζ = 64 and λ = +1 the function of their angle is next to nothing.
  Random random(5);
  std::vector<LabelledStructure> chains;
  for (int s = 0; s < 20; ++s) {
    LabelledStructure one;
    one.atoms.numbers = {6, 6, 6};
    one.atoms.positions = {{-1.3, 0, 0}, {0, random.uniform(-0.05, 0.05), 0}, {1.3 + random.uniform(-0.1, 0.1), 0, 0}};
    one.energy = random.uniform(-1.0, 1.0);
    one.forces.resize(3);
    chains.push_back(one);
  }
  LocalAnsatzOptions options;
  options.cutoff = 2.0;
  for (const double lambda : {1.0, -1.0}) {
    options.symmetry_functions.push_back({.kind = SymmetryFunctionKind::angular_wide,
                                          .center = 6,
                                          .neighbor1 = 6,
                                          .neighbor2 = 6,
                                          .eta = 0.1,
                                          .lambda = lambda,
                                          .zeta = 64.0,
                                          .cutoff = 2.0});
  }
  const LocalAnsatz model = initial_local_ansatz(chains, options);
  const ElementNetwork& carbon = model.networks()[0];
  CHECK(std::ranges::max(carbon.maximum) > 1e-3);  // λ = −1 counts straight angles
  CHECK(std::ranges::min(carbon.maximum) < 1e-30);
  for (const double scale : carbon.scale) CHECK(scale >= 1e-3);
  // Bent by 150°, the chain is outside the training range, but its inputs are of ordinary size.
  const Atoms bent{.numbers = {6, 6, 6}, .positions = {{1.3, 0, 0}, {0, 0, 0}, {1.126, 0.65, 0}}};
  CHECK(std::abs(model.compute(bent).energy) < 100.0);
}
