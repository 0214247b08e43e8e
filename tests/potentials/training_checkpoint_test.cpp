// Training that stops and goes on from a file ends with the same bits, and a file that does not fit is refused.
#include <filesystem>

#include "core/error.hpp"
#include "potentials/training.hpp"
#include "tests/potentials/small_training.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a run resumed in the middle of an epoch ends with the same bits", "[potentials][training][checkpoint]") {
  const std::vector<LabelledStructure> data = lennard_jones_data(40);
  const TrainingOptions options{.epochs = 4, .batch_size = 8, .warm_up_steps = 2};
  LocalAnsatzTraining whole(small_model(data), data, data, options);
  const std::vector<double> expected = weights_after(whole, 4);

  const TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "m.checkpoint";
  LocalAnsatzTraining first(small_model(data), data, data, options);
  first.run_epoch();
  first.run_epoch([](std::size_t done, std::size_t) { return done < 8; });  // stops inside the second epoch
  first.save_checkpoint(path);

  LocalAnsatzTraining second(small_model(data), data, data, options);
  second.load_checkpoint(path);
  CHECK(second.epoch() == 1);
  CHECK(weights_after(second, 4) == expected);
  CHECK(second.history().size() == whole.history().size());
  CHECK(second.history().back().train_forces == whole.history().back().train_forces);

  CHECK(second.history()[1].train_energy == whole.history()[1].train_energy);  // of the epoch with the stop in it

  LocalAnsatzTraining other(small_model(data, 10), data, data, options);
  CHECK_THROWS_AS(other.load_checkpoint(path), InputError);

  TrainingOptions faster = options;
  faster.learning_rate = 2.0 * options.learning_rate;
  LocalAnsatzTraining hasty(small_model(data), data, data, faster);
  CHECK_THROWS_WITH(hasty.load_checkpoint(path), ContainsSubstring("the checkpoint has learning rate "));
  const auto refused = [&](auto change, const char* name) {
    TrainingOptions changed = options;
    change(changed);
    LocalAnsatzTraining run(small_model(data), data, data, changed);
    CHECK_THROWS_WITH(run.load_checkpoint(path), ContainsSubstring("checkpoint has ") && ContainsSubstring(name) &&
                                                     ContainsSubstring("the run asks for"));
  };
  refused([](TrainingOptions& o) { o.final_learning_rate = 2e-5; }, "final learning rate");
  refused([](TrainingOptions& o) { o.warm_up_steps = 3; }, "warm-up steps");
  refused([](TrainingOptions& o) { o.energy_weight = 2.0; }, "energy weight");
  refused([](TrainingOptions& o) { o.final_energy_weight = 2.0; }, "final energy weight");
  refused([](TrainingOptions& o) { o.force_weight = 2.0; }, "force weight");
  refused([](TrainingOptions& o) { o.gradient_norm = 2.0; }, "gradient norm");
  refused([](TrainingOptions& o) { o.average_decay = 0.5; }, "average of decay 0.999");
  refused([](TrainingOptions& o) { o.batch_size = 7; }, "batch size");
}

TEST_CASE("a checkpoint of other data or of another model is refused, and nothing is taken over",
          "[potentials][training][checkpoint]") {
  const std::vector<LabelledStructure> data = lennard_jones_data(16);
  const TrainingOptions options{.epochs = 4, .batch_size = 8, .warm_up_steps = 2};
  const TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "m.checkpoint";
  const LocalAnsatz model = small_model(data);
  LocalAnsatzTraining first(clone(model), data, data, options);
  first.run_epoch();
  first.save_checkpoint(path);

  const auto refused = [&](LocalAnsatzTraining run, const char* reason) {
    const std::vector<double> before = flatten(run.best_model().parameters());
    CHECK_THROWS_WITH(run.load_checkpoint(path), ContainsSubstring(path.string()) && ContainsSubstring(reason));
    CHECK(run.epoch() == 0);
    CHECK(flatten(run.best_model().parameters()) == before);
  };
  const auto changed = [&](auto change) {
    std::vector<LabelledStructure> other = data;
    change(other[3]);
    return other;
  };
  const auto with_data = [&](const auto& train, const auto& validation) {
    return LocalAnsatzTraining(clone(model), train, validation, options);
  };
  const auto force = changed([](LabelledStructure& one) { one.forces[1][2] += 1e-9; });
  refused(with_data(force, data), "other data");
  refused(with_data(data, force), "other data");
  refused(with_data(changed([](LabelledStructure& one) { one.energy += 1e-9; }), data), "other data");
  refused(with_data(changed([](LabelledStructure& one) { one.atoms.cell = orthorhombic(20.0, 20.0, 20.0); }), data),
          "other data");

  const auto with_model = [&](auto change) {
    std::vector<SymmetryFunction> functions(model.functions().of(18).begin(), model.functions().of(18).end());
    ElementNetwork network = clone(model).networks()[0];
    double scale = model.energy_scale();
    change(functions, network, scale);
    return LocalAnsatzTraining(
        LocalAnsatz(SymmetryFunctions(functions, model.functions().cutoff_function()), {network}, scale), data, data,
        options);
  };
  using Functions = std::vector<SymmetryFunction>;
  const auto unchanged = [](Functions&, ElementNetwork&, double&) {};
  CHECK_NOTHROW(with_model(unchanged).load_checkpoint(path));
  refused(with_model([](Functions& f, ElementNetwork&, double&) {
            for (SymmetryFunction& one : f) one.cutoff = 4.0;
          }),
          "another model");
  refused(with_model([](Functions& f, ElementNetwork&, double&) { f[0].eta *= 2.0; }), "another model");
  refused(with_model([](Functions&, ElementNetwork& n, double&) { n.network.activation = Activation::softplus; }),
          "another model");
  refused(with_model([](Functions&, ElementNetwork& n, double&) { n.scale[0] *= 2.0; }), "another model");
  refused(with_model([](Functions&, ElementNetwork& n, double&) { n.reference_energy += 1.0; }), "another model");
  refused(with_model([](Functions&, ElementNetwork&, double& scale) { scale *= 2.0; }), "another model");
}

TEST_CASE("several members that are interrupted after any step end with the same bits",
          "[potentials][training][checkpoint]") {
  const std::vector<LabelledStructure> data = lennard_jones_data(20);
  std::vector<LocalAnsatz> members;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) members.push_back(small_model(data, 5, seed));
  const auto begin = [&] {
    std::vector<LocalAnsatz> own;
    for (const LocalAnsatz& member : members) own.push_back(clone(member));
    return LocalAnsatzTraining(
        own, data, data, {.epochs = 3, .batch_size = 6, .warm_up_steps = 2, .final_energy_weight = 3.0, .patience = 5});
  };
  LocalAnsatzTraining whole = begin();
  const std::vector<double> expected = weights_after(whole, 3);
  const TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "m.checkpoint";
  for (std::size_t stop = 1; stop <= 12; ++stop) {  // four steps an epoch
    LocalAnsatzTraining first = begin();
    bool stopped = false;
    while (!stopped && !first.finished())
      first.run_epoch([&](std::size_t done, std::size_t) { return !(stopped = done == stop); });
    first.save_checkpoint(path);
    LocalAnsatzTraining second = begin();
    second.load_checkpoint(path);
    CHECK(weights_after(second, 3) == expected);
    REQUIRE(second.history().size() == 3);
    for (std::size_t e = 0; e < 3; ++e) {
      CHECK(second.history()[e].train_energy == whole.history()[e].train_energy);
      CHECK(second.history()[e].train_forces == whole.history()[e].train_forces);
      CHECK(second.history()[e].validation_forces == whole.history()[e].validation_forces);
      CHECK(second.history()[e].best == whole.history()[e].best);
    }
  }
}
