// What this file is: one table of all public operations on tensors (operations_table.cpp), every operation with every
// kind of shape that its differentiable inputs may have. operations_table_test.cpp goes through it.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "autodiff/tensor.hpp"
#include "tests/autodiff/random_tensor.hpp"

namespace adatom::testing {

using Arguments = std::span<const Tensor>;
using Shapes = std::vector<std::vector<Shape>>;  // each entry: one shape per argument

struct Operation {
  std::string name;  // as declared in the header
  std::function<Tensor(Arguments)> call;
  Shapes shapes;
  Domain domain = Domain::any;
};

using Table = std::vector<Operation>;

Table elementwise();
Table reductions();
Table shaping();
Table products();
Table indexing();
Table probabilities();
Table linear_algebra();

}  // namespace adatom::testing
