// What this file is: a program whose C++ streams write 1234.5 as 1.234,5, as in a German locale, which need not be
// installed for it.
#pragma once

#include <locale>
#include <string>

/// The global locale is such a one while this lives.
class ForeignPunctuation {
 public:
  explicit ForeignPunctuation(char between_thousands = '.')
      : before_(std::locale::global(std::locale(std::locale::classic(), new Marks(between_thousands)))) {}
  ~ForeignPunctuation() { std::locale::global(before_); }
  ForeignPunctuation(const ForeignPunctuation&) = delete;
  ForeignPunctuation& operator=(const ForeignPunctuation&) = delete;

 private:
  struct Marks : std::numpunct<char> {
    explicit Marks(char between) : between_thousands(between) {}
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return between_thousands; }
    std::string do_grouping() const override { return "\3"; }
    char between_thousands;
  };
  std::locale before_;
};
