// What this file is: mini-batches, a fresh random order of all samples in every epoch, cut into equal pieces.
//
//   Batches batches(data.size(), 32, Random(1));
//   while (batches.epoch() < 100) {
//     const auto rows = batches.next();
//     adam.step(mse(network(take_rows(x, rows)), take_rows(y, rows)));
//   }
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "autodiff/tensor.hpp"
#include "core/random.hpp"

namespace adatom {

/// All that decides which batches come next.
struct BatchesState {
  std::size_t batch_size = 0;
  std::size_t epoch = 0;
  std::size_t position = 0;          ///< samples of the order used so far
  std::vector<std::uint32_t> order;  ///< the current epoch's
  std::string random;                ///< Random::state()
};

class Batches {
 public:
  /// Batches of `batch_size` out of `samples`; the last of an epoch holds what is left over. Without `shuffle` the
  /// order is 0, 1, 2, … Throws InputError for batch_size 0, no samples, or a batch_size larger than samples.
  Batches(std::size_t samples, std::size_t batch_size, Random random, bool shuffle = true);

  /// Indices of the next batch, valid until the next call. Passing the end of the data starts the next epoch.
  std::span<const std::uint32_t> next();

  /// Completed epochs: counts up with the batch that completes one.
  std::size_t epoch() const { return epoch_; }
  /// True right after the batch that completed an epoch, the moment to validate.
  bool epoch_completed() const { return epoch_ > 0 && position_ == order_.size(); }
  std::size_t batches_per_epoch() const { return (order_.size() + batch_size_ - 1) / batch_size_; }
  std::size_t samples() const { return order_.size(); }
  std::size_t batch_size() const { return batch_size_; }

  BatchesState state() const;
  /// Throws InputError, naming both, if the state is of other data or another batch size, not a permutation, or
  /// shuffled though this is not.
  void check_state(const BatchesState& state) const;
  void set_state(const BatchesState& state);

 private:
  std::vector<std::uint32_t> order_;
  std::size_t batch_size_;
  std::size_t position_;
  std::size_t epoch_ = 0;
  Random random_;
  bool shuffle_;
};

/// The named rows of `data` (rows, …) as a constant, in that order. Throws ShapeError naming an index out of range.
Tensor take_rows(const Tensor& data, std::span<const std::uint32_t> rows);

}  // namespace adatom
