#include "nn/checkpoint.hpp"

#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <memory>

#include "autodiff/arithmetic.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "nn/losses.hpp"
#include "nn/mlp.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;
namespace fs = std::filesystem;

namespace {

struct Choices {
  std::vector<std::size_t> sizes{2, 6, 1};
  std::size_t samples = 23;
  std::size_t batch_size = 5;
  std::string optimizer = "adam";
  std::uint64_t seed = 1;
  double decay = 0.9;
};

std::unique_ptr<Optimizer> make_optimizer(const std::string& name, const Parameters& parameters) {
  if (name == "sgd") return std::make_unique<Sgd>(parameters, SgdOptions{.momentum = 0.9});
  if (name == "adamw") return std::make_unique<AdamW>(parameters);
  if (name == "rmsprop") return std::make_unique<Rmsprop>(parameters);
  if (name == "adagrad") return std::make_unique<Adagrad>(parameters);
  return std::make_unique<Adam>(parameters, AdamOptions{.learning_rate = 0.01});
}

/// A training run with everything that a checkpoint can hold: mini-batches, noise on the inputs, an average.
struct Run {
  Random random;
  Mlp network;
  std::unique_ptr<Optimizer> optimizer;
  Batches batches;
  ParameterAverage average;
  EarlyStopping stopping{.patience = 1000};
  Tensor x, y;
  Training training;

  explicit Run(const Choices& choices = {})
      : random(choices.seed),
        network(choices.sizes, Activation::tanh, random),
        optimizer(make_optimizer(choices.optimizer, network.parameters())),
        batches(choices.samples, choices.batch_size, random.split(1)),
        average(network.parameters(), choices.decay) {
    Random data(99);
    Buffer inputs(choices.samples * choices.sizes[0]), outputs(choices.samples);
    for (double& value : inputs.span()) value = data.uniform(-1.0, 1.0);
    for (std::size_t i = 0; i < choices.samples; ++i) outputs[i] = std::sin(3.0 * inputs[i * choices.sizes[0]]);
    x = Tensor::constant({choices.samples, choices.sizes[0]}, inputs);
    y = Tensor::constant({choices.samples, 1}, outputs);
    training = {network.parameters(), optimizer.get(), &batches, &random, &average, &stopping};
  }

  double step() {
    const auto rows = batches.next();
    const Tensor noise = Tensor(1e-3 * random.normal());
    const double loss = optimizer->step(mse(network(take_rows(x, rows) + noise), take_rows(y, rows)));
    average.update();
    stopping.update(loss);
    return loss;
  }
};

struct Folder {
  fs::path path;
  Folder() : path(fs::temp_directory_path() / ("adatom-checkpoint-" + std::to_string(::getpid()))) {
    fs::create_directories(path);
  }
  ~Folder() { fs::remove_all(path); }
};

}  // namespace

TEST_CASE("a resumed run equals the uninterrupted one to the bit", "[nn][checkpoint]") {
  const Folder folder;
  const fs::path path = folder.path / "run.checkpoint";
  for (const char* optimizer : {"adam", "adamw", "sgd", "rmsprop", "adagrad"}) {
    for (const int interrupted_at : {0, 1, 7, 10}) {  // 5 batches an epoch: within and between epochs
      INFO(optimizer << " interrupted after step " << interrupted_at);
      Run run({.optimizer = optimizer});
      for (int i = 0; i < interrupted_at; ++i) run.step();
      save_checkpoint(path, run.training);
      std::vector<double> losses;
      for (int i = 0; i < 12; ++i) losses.push_back(run.step());

      Run resumed({.optimizer = optimizer, .seed = 777});  // other initial weights, other random numbers
      resumed.step();
      load_checkpoint(path, resumed.training);
      for (int i = 0; i < 12; ++i) CHECK(resumed.step() == losses[static_cast<std::size_t>(i)]);
      CHECK(flatten(resumed.network.parameters()) == flatten(run.network.parameters()));
      CHECK(resumed.average.average() == run.average.average());
      CHECK(resumed.batches.epoch() == run.batches.epoch());
      CHECK(resumed.stopping.best == run.stopping.best);
      CHECK(resumed.stopping.best_update == run.stopping.best_update);
      CHECK(resumed.stopping.updates == run.stopping.updates);
      CHECK(resumed.optimizer->steps() == run.optimizer->steps());
      CHECK(resumed.random.uniform() == run.random.uniform());
    }
  }
}

TEST_CASE("a checkpoint in memory does the same", "[nn][checkpoint]") {
  Run run;
  for (int i = 0; i < 8; ++i) run.step();
  const Archive archive = checkpoint(run.training);
  const double next = run.step();
  Run resumed({.seed = 5});
  restore(archive, resumed.training);
  CHECK(resumed.step() == next);
  restore(archive, run.training);  // and back in time
  CHECK(run.step() == next);
}

TEST_CASE("checkpoints carry entries of the user", "[nn][checkpoint]") {
  const Folder folder;
  Run run;
  Archive extra("checkpoint", 1);
  extra.set("command", "adatom train carbon.toml");
  save_checkpoint(folder.path / "c", run.training, &extra);
  CHECK(load_checkpoint(folder.path / "c", run.training).string("user.command") == "adatom train carbon.toml");
}

TEST_CASE("a checkpoint of another run is refused and changes nothing", "[nn][checkpoint]") {
  const Folder folder;
  const fs::path path = folder.path / "run.checkpoint";
  Run run({.sizes = {6, 8, 1}});
  for (int i = 0; i < 3; ++i) run.step();
  save_checkpoint(path, run.training);

  const auto refusal = [&](const Choices& choices) -> std::string {
    Run other(choices);
    other.step();
    const std::string before = checkpoint(other.training).text();
    try {
      load_checkpoint(path, other.training);
    } catch (const InputError& error) {
      CHECK(checkpoint(other.training).text() == before);
      return error.what();
    }
    return "accepted";
  };
  CHECK(refusal({.sizes = {6, 8, 1}, .seed = 2}) == "accepted");
  CHECK_THAT(refusal({.sizes = {6, 10, 1}}),
             ContainsSubstring("run.checkpoint: checkpoint has layers 6-8-1, the run asks for 6-10-1"));
  CHECK_THAT(refusal({.sizes = {6, 8, 8, 1}}), ContainsSubstring("layers 6-8-1, the run asks for 6-8-8-1"));
  CHECK_THAT(refusal({.sizes = {6, 8, 1}, .optimizer = "sgd"}),
             ContainsSubstring("run.checkpoint: checkpoint has optimizer adam, the run asks for sgd"));
  CHECK_THAT(refusal({.sizes = {6, 8, 1}, .samples = 24}),
             ContainsSubstring("checkpoint is of 23 samples, the run has 24"));
  CHECK_THAT(refusal({.sizes = {6, 8, 1}, .batch_size = 6}), ContainsSubstring("batch size 5, the run asks for 6"));
  CHECK_THAT(refusal({.sizes = {6, 8, 1}, .decay = 0.99}),
             ContainsSubstring("a parameter average of decay 0.9, the run asks for 0.99"));
}

TEST_CASE("a refusal names the file, be it called like the first word of the reason", "[nn][checkpoint]") {
  Run run;
  const Archive archive = Archive::parse(checkpoint(run.training).text(), "checkpoint", 1, "checkpoint");
  Run other({.optimizer = "sgd"});
  CHECK_THROWS_WITH(restore(archive, other.training),
                    ContainsSubstring("checkpoint: checkpoint has optimizer adam, the run asks for sgd"));
}

TEST_CASE("parameters of one name are refused, for a file keeps one of each", "[nn][checkpoint]") {
  Random random(1);
  const Mlp first({1, 2, 1}, Activation::tanh, random), second({1, 2, 1}, Activation::tanh, random);
  Parameters both = first.parameters();
  append(both, second.parameters());
  CHECK_THROWS_WITH(checkpoint({.parameters = both}),
                    ContainsSubstring("two parameters are called 'layer1.bias'") && ContainsSubstring("prefix"));
  Sgd sgd(both, {.momentum = 0.9});
  CHECK_THROWS_AS(checkpoint({.parameters = first.parameters(), .optimizer = &sgd}), InputError);
  Parameters prefixed = first.parameters("first.");
  append(prefixed, second.parameters("second."));
  Training training{.parameters = prefixed};
  const std::vector<double> before = flatten(prefixed);
  const Archive archive = checkpoint(training);
  assign(prefixed, std::vector<double>(before.size(), 0.0));
  restore(archive, training);
  CHECK(flatten(prefixed) == before);
}

TEST_CASE("parts missing on one side are named", "[nn][checkpoint]") {
  Run run({.sizes = {2, 3, 1}});
  Training bare{.parameters = run.network.parameters()};
  const Archive full = checkpoint(run.training), small = checkpoint(bare);
  CHECK_THROWS_WITH(restore(full, bare), ContainsSubstring("checkpoint has: optimizer, the run has none"));
  CHECK_THROWS_WITH(restore(small, run.training),
                    ContainsSubstring("checkpoint has no optimizer, the run asks for one"));
  CHECK_NOTHROW(restore(small, bare));
}

TEST_CASE("non-finite or misshapen weights are refused", "[nn][checkpoint]") {
  Run run({.sizes = {2, 3, 1}});
  Archive archive = checkpoint(run.training);
  archive.set("parameters.layer1.bias", {3}, std::vector<double>{0.0, std::nan(""), 0.0});
  CHECK_THROWS_WITH(restore(archive, run.training), ContainsSubstring("contains non-finite numbers"));
  archive.set("parameters.layer1.bias", {3, 1}, std::vector<double>{0.0, 0.0, 0.0});
  CHECK_THROWS_WITH(restore(archive, run.training), ContainsSubstring("has shape (3, 1), the run asks for (3)"));
  for (const double sample : {0.5, -1.0, 4294967296.0}) {
    archive = checkpoint(run.training);
    std::vector<double> order = archive.array("batches.order").values;
    order[3] = sample;
    archive.set("batches.order", {order.size()}, order);
    CHECK_THROWS_WITH(restore(archive, run.training), ContainsSubstring("contains a number that is not a sample"));
  }
  archive = checkpoint(run.training);
  archive.set("random", "123 abc");
  CHECK_THROWS_AS(restore(archive, run.training), InputError);
}

TEST_CASE("a damaged checkpoint is refused and changes nothing", "[nn][checkpoint]") {
  const Folder folder;
  Run run;
  save_checkpoint(folder.path / "c", run.training);
  std::string text = read_file(folder.path / "c");
  text[text.size() / 2] ^= 1;
  write_file(folder.path / "c", text);
  const std::string before = checkpoint(run.training).text();
  CHECK_THROWS_WITH(load_checkpoint(folder.path / "c", run.training), ContainsSubstring("damaged (checksum differs)"));
  CHECK(checkpoint(run.training).text() == before);
}
