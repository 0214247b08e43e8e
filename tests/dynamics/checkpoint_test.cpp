// Tests dynamics/checkpoint.cpp: a run resumed from a file goes on with the same bits, and damaged files are refused.
#include "dynamics/checkpoint.hpp"

#include "atoms/units.hpp"
#include "core/error.hpp"
#include "potentials/lennard_jones.hpp"
#include "potentials/morse.hpp"
#include "potentials/sum.hpp"
#include "tests/dynamics/lennard_jones_runs.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace adatom;

TEST_CASE("a run that is resumed continues bit for bit", "[dynamics][checkpoint]") {
  const TemporaryFolder folder;
  const LennardJones melt(melt_options);
  const DynamicsState start = hot_crystal(4, 1.0);
  for (const Thermostat which : {Thermostat::none, Thermostat::langevin, Thermostat::velocity_rescaling}) {
    DynamicsOptions options = steps_of(0.004);
    options.thermostat = which;
    options.temperature = 0.8 / units::boltzmann;
    MolecularDynamics whole(start, melt, options);
    whole.run(37);
    save_checkpoint(folder.path() / "run", whole.state());
    whole.run(60);
    MolecularDynamics part(load_dynamics_state(folder.path() / "run"), melt, options);
    CHECK(part.thermodynamics().step == 37);
    part.run(60);
    CHECK(part.atoms().positions == whole.atoms().positions);
    CHECK(part.velocities() == whole.velocities());
    CHECK(part.thermodynamics().potential == whole.thermodynamics().potential);
    CHECK(part.thermodynamics().conserved == whole.thermodynamics().conserved);
    CHECK(part.thermodynamics().time == whole.thermodynamics().time);
  }
  CHECK_THROWS_AS(load_dynamics_state(folder.path() / "none"), InputError);
  const std::string text = to_archive(load_dynamics_state(folder.path() / "run")).text();
  CHECK_THROWS_AS(Archive::parse(text.substr(0, text.size() / 2), "dynamics", 1, "half"), InputError);
}

TEST_CASE("runs of potentials with several lists or several sums continue bit for bit", "[dynamics][checkpoint]") {
  const TemporaryFolder folder;
  const LennardJones melt(melt_options);
  const Sum two(melt, Morse({.epsilon = 0.2, .rho0 = 5.0, .r0 = 1.1, .rcut1 = 1.2, .rcut2 = 1.6}));
  const Sum nested(two, LennardJones({.epsilon = 0.1, .cutoff = 1.9}));
  const DynamicsState start = hot_crystal(3, 2.0, 0.02);
  for (const Potential* potential : std::initializer_list<const Potential*>{&two, &nested}) {
    for (const std::size_t stop : {1, 11, 24}) {
      const DynamicsOptions options = steps_of(0.004);
      MolecularDynamics whole(start, *potential, options);
      whole.run(stop);
      save_checkpoint(folder.path() / "run", whole.state());
      REQUIRE(whole.state().memory.terms.size() == 2);
      CHECK(whole.state().memory.terms[1].positions.size() == start.atoms.size());
      MolecularDynamics part(load_dynamics_state(folder.path() / "run"), *potential, options);
      whole.run(40);
      part.run(40);
      CHECK(part.atoms().positions == whole.atoms().positions);
      CHECK(part.velocities() == whole.velocities());
    }
  }
  Archive damaged = to_archive(load_dynamics_state(folder.path() / "run"));
  damaged.set("list_terms", std::int64_t{1} << 40);
  CHECK_THROWS_AS(to_dynamics_state(damaged), InputError);
}
