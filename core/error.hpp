// What this file is: every exception adatom throws. Messages say what was wrong, where, and what would be right.
#pragma once

#include <stdexcept>
#include <string>

namespace adatom {

/// Base of everything adatom throws on purpose; catch this one to catch them all.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The user's input cannot be used: a bad file, argument or geometry. The command exits with 2.
class InputError : public Error {
 public:
  using Error::Error;
};

/// The computation failed: it did not converge or left the finite numbers. The command exits with 1.
class NumericalError : public Error {
 public:
  using Error::Error;
};

/// A programming mistake: shapes, axes or indices that do not fit an operation. Names the operation and the shapes.
class ShapeError : public Error {
 public:
  using Error::Error;
};

}  // namespace adatom
