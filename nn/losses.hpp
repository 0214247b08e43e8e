// What this file is: losses, each the mean over all elements or samples. Shapes must match exactly: (n) against (n, 1)
// would broadcast to (n, n) and train towards the mean of the targets, a classic and silent mistake.
#pragma once

#include "autodiff/indexing.hpp"
#include "autodiff/tensor.hpp"

namespace adatom {

/// Mean of (prediction − target)². Throws ShapeError unless the shapes are equal and not empty.
Tensor mse(const Tensor& prediction, const Tensor& target);

/// Mean of |prediction − target|; its gradient is 0 where they are equal.
Tensor mae(const Tensor& prediction, const Tensor& target);

/// Mean of e²/2 for |e| ≤ delta, delta (|e| − delta/2) beyond (Huber, Ann. Math. Stat. 35, 73 (1964)): outliers pull
/// with bounded force. Throws InputError unless delta > 0.
Tensor huber(const Tensor& prediction, const Tensor& target, double delta = 1.0);

/// Mean of −log softmax(logits)[label] over the rows. logits (rows, classes), one label per row, from 0 to classes − 1.
/// Throws InputError naming the row and its label when one is out of range, or for a single class; ShapeError for
/// counts that do not match.
Tensor cross_entropy(const Tensor& logits, const Indices& labels);

}  // namespace adatom
