// What this file is: the kinds of structures that 'adatom build' makes, each a subcommand of it, and what they share.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "apps/options.hpp"
#include "atoms/extxyz.hpp"

namespace adatom::apps {

// build_crystals.cpp
std::function<int()> build_bulk(CLI::App& app);
std::function<int()> build_surface(CLI::App& app);
std::function<int()> build_graphene(CLI::App& app);
std::function<int()> build_nanotube(CLI::App& app);
// build_clusters.cpp
std::function<int()> build_nanoparticle(CLI::App& app);
std::function<int()> build_molecule(CLI::App& app);
std::function<int()> build_cluster(CLI::App& app);

/// Options of every kind.
struct BuildOptions {
  CommonOptions common;
  std::filesystem::path output;
};

/// --output. Last, so that what is missing besides is named first.
void add_output(CLI::App& app, BuildOptions& options);

/// Puts common options into effect and refuses an --output that cannot be written or is one of the inputs.
void begin_build(const BuildOptions& options, std::vector<std::filesystem::path> inputs = {});

/// Writes the structures and says what they are: formula, cell, shortest bond.
int finish_build(const BuildOptions& options, const std::vector<Frame>& frames);
int finish_build(const BuildOptions& options, const Atoms& atoms);

/// --a and --c: lattice constants, Å; 0 (not given): the natural ones. `c_help` says which crystals have a second one.
void add_lattice_constants(CLI::App& app, double& a, double& c, const std::string& c_help, const std::string& group);

/// Throws InputError naming the option unless as many numbers (or what else `what` says) are given as are wanted.
void require_count(std::size_t wanted, const std::string& option, std::size_t given,
                   const std::string& what = "whole numbers");

/// The numbers of a list option, of which there must be `count`, none above a billion. Throws InputError naming the
/// option.
std::vector<int> exactly(std::size_t count, const std::string& option, const std::vector<std::size_t>& list);

/// An option that was not given (they cannot be 0): nothing.
inline std::optional<double> if_given(double value) { return value > 0.0 ? std::optional(value) : std::nullopt; }

}  // namespace adatom::apps
