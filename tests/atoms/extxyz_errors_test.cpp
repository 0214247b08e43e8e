// Bad extended XYZ files: every message says file, line and what is wrong, and nothing crashes.
#include <algorithm>
#include <string>

#include "atoms/extxyz.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "core/random.hpp"
#include "tests/atoms/peak_memory.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

/// The message for a file with this content, "" when it can be read.
std::string message_for(std::string_view text) {
  try {
    parse_extxyz(std::string(text), "x.xyz");
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("extxyz errors: files that cannot be opened", "[atoms][extxyz][errors]") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(read_extxyz("no/such.xyz"), "cannot open 'no/such.xyz': No such file or directory");
  CHECK_THROWS_WITH(read_extxyz(folder.path()), ContainsSubstring("is a directory"));
  CHECK(message_for("") == "'x.xyz' is empty: expected an atom count on line 1");
  CHECK(message_for("\n \n") == "'x.xyz' holds blank lines only: expected an atom count");
}

TEST_CASE("extxyz errors: files that are something else", "[atoms][extxyz][errors]") {
  using namespace std::string_view_literals;
  const auto starts = [&](std::string_view content, const std::string& name) {
    CHECK_THAT(message_for(content), ContainsSubstring("is not an extended XYZ file (looks like " + name));
  };
  starts("\x1f\x8b\x08\0\0\0\0\0"sv, "gzip");
  starts("- of UlmASE-Trajectory\0\0"sv, "an ASE trajectory");
  starts("\xff\xfe\x32\0\n\0"sv, "UTF-16");
  starts("\xfe\xff\0\x32\0\n"sv, "UTF-16");
  starts("BZh91AY"sv, "bzip2");
  starts("PK\x03\x04"sv, "zip");
  starts("\x89HDF\r\n\x1a\n"sv, "HDF5");
  CHECK(message_for("1\n\nC 0 0 0\n1\n\nC 0 \0 0\n"sv) ==
        "x.xyz:6: a byte with value zero: this is not an extended XYZ file");
  CHECK_THAT(message_for("\x7f\x45\x4c\x46\x02\x01"), ContainsSubstring("x.xyz:1: expected the number of atoms"));
  // A long line is fine as long as it says something.
  const std::string comment(10 << 20, 'a');
  CHECK(message_for("1\n" + comment + "\nC 0 0 0\n").empty());
  CHECK(message_for(std::string(3 << 20, '7') + "\n\n").size() < 200);
}

TEST_CASE("extxyz errors: a table of messages", "[atoms][extxyz][errors]") {
  const auto check = [&](const std::string& text, const std::string& wanted) {
    CAPTURE(text);
    CHECK_THAT(message_for(text), ContainsSubstring(wanted));
  };
  // The number of atoms.
  check("abc\n\nC 0 0 0\n", "x.xyz:1: expected the number of atoms, found 'abc'");
  check("-1\n\n", "x.xyz:1: expected the number of atoms, found '-1'");
  check("1.0\n\nC 0 0 0\n", "x.xyz:1: expected the number of atoms, found '1.0'");
  check("2 atoms\n\nC 0 0 0\n", "found '2 atoms'");
  check("99999999999999999999\n\nC 0 0 0\n", "too large");
  check("3\n\nC 0 0 0\nC 0 0 1\n", "x.xyz:5: file ends after 2 of 3 atoms (frame 1)");
  check("1\n\nC 0 0 0\n3\n\nC 0 0 0", "x.xyz:7: file ends after 1 of 3 atoms (frame 2)");
  check("1000000000000000000\n\nC 0 0 0\n", "x.xyz:4: file ends after 1 of 1000000000000000000 atoms");
  check("5\n", "x.xyz:2: file ends before the comment line (frame 1)");
  check("1\n\nC 0 0 0\nC 0 0 1\n", "x.xyz:4: expected the number of atoms, found 'C 0 0 1' (line 1 promises 1 atoms");
  check("2\n\nC 0 0 0\n1\n\nC 0 0 0\n", "x.xyz:4: ");
  // Elements.
  check("1\n\nXx 0 0 0\n", "x.xyz:3: unknown element 'Xx'; did you mean 'Xe'? (column 1, species)");
  check("1\n\ncu 0 0 0\n", "did you mean 'Cu'?");
  check("1\n\n119 0 0 0\n", "unknown element '119'");
  check("1\n\nD 0 0 0\n", "did you mean 'H'?");
  check("1\nProperties=Z:I:1:pos:R:3\n0 0 0 0\n", "unknown element number 0");
  check("1\nProperties=Z:I:1:pos:R:3\nC 0 0 0\n", "'C' is not an integer (column 1, Z)");
  // Coordinates.
  check("1\n\nC 0 nan 0\n", "x.xyz:3: 'nan' is not a finite number (column 3, pos)");
  check("1\n\nC 0 0 -Inf\n", "'-Inf' is not a finite number (column 4, pos)");
  check("1\n\nC 1,5 0 0\n", "'1,5' is not a number (column 2, pos)");
  check("1\n\nC 0 0 1e999\n", "'1e999' is too large for a number");
  check("1\n\nC 0 0 1e16\n", "beyond 1e15 Å (column 4, pos)");
  check("1\n\nC 0 0\n", "the line ends before column 4 (pos); expected 4 columns: species pos*3");
  check("2\n\nC 0 0 0\n\n", "x.xyz:4: the line ends before column 1 (species)");
  check("1\n\nC 0 0 0 0.5\n", "found 5 columns, expected 4: species pos*3");
  check("1\nProperties=species:S:1:pos:R:3:forces:R:3\nC 0 0 0 1 2 three\n",
        "'three' is not a number (column 7, forces)");
  check("1\nProperties=species:S:1:pos:R:3:n:I:1\nC 0 0 0 1.5\n", "'1.5' is not an integer (column 5, n)");
  check("1\nProperties=species:S:1:pos:R:3:n:L:1\nC 0 0 0 yes\n", "expected T or F, found 'yes' (column 5, n)");
  // The cell.
  check("1\nLattice=\"1 0 0 0 1 0 0 0\"\nC 0 0 0\n", "x.xyz:2: Lattice needs 9 numbers, found 8");
  check("1\nLattice=1 0 0 0 1 0 0 0 1\nC 0 0 0\n", "Lattice needs 9 numbers, found 1; put them in quotes");
  check("1\nLattice=\"1 0 0 0 1 0 0 0 x\"\nC 0 0 0\n", "Lattice: 'x' is not a number");
  check("1\nLattice=\"1 0 0 0 1 0 0 0 nan\"\nC 0 0 0\n", "Lattice: 'nan' is not a finite number");
  check("1\nLattice=\"1 0 0 0 1 0 0 0 0\"\nC 0 0 0\n", "x.xyz:2: periodic along c but c = (0,0,0)");
  check("1\nLattice=\"0 0 0 0 0 0 0 0 0\"\nC 0 0 0\n", "(Lattice without pbc means pbc=\"T T T\")");
  check("1\nLattice=\"1 0 0 2 0 0 0 0 1\" pbc=\"T T F\"\nC 0 0 0\n", "cell volume is 0 but pbc is T along a and b");
  check("1\nLattice=\"1 0 0 0 1 0 1 1 0\"\nC 0 0 0\n", "cell volume is 0 but pbc is T along a, b and c");
  check("1\nLattice=\"1e16 0 0 0 1 0 0 0 1\"\nC 0 0 0\n", "beyond 1e15 Å");
  check("1\npbc=\"T T\"\nC 0 0 0\n", "pbc needs 3 values, found 2");
  check("1\npbc=T T T\nC 0 0 0\n", "pbc needs 3 values, found 1; put them in quotes");
  check("1\npbc=\"T T X\"\nC 0 0 0\n", "pbc: expected T or F, found 'X'");
  check("1\npbc=\"T F F\"\nC 0 0 0\n", "periodic along a but a = (0,0,0)");
  check("1\nlattice=\"1 0 0 0 1 0 0 0 1\"\nC 0 0 0\n", "unknown key 'lattice'; did you mean 'Lattice'?");
  check("1\nLattice=\"1 0 0 0 1 0 0 0 1\" Lattice=\"1 0 0 0 1 0 0 0 1\"\nC 0 0 0\n", "key 'Lattice' appears twice");
  // Properties.
  const auto properties = [&](const std::string& value, const std::string& wanted) {
    check("1\nProperties=" + value + "\nC 0 0 0\n", "x.xyz:2: Properties: " + wanted);
  };
  properties("species:S:1:pos:R:3:x:D:1", "unknown type 'D' in 'x:D:1'; expected S (text)");
  properties("species:S:1:pos:R:0", "the count '0' in 'pos:R:0'");
  properties("species:S:1:pos:R:3:x:R:-1", "the count '-1' in 'x:R:-1'");
  properties("species:S:1:pos:R:3:x:R:9223372036854775807", "the count '9223372036854775807'");
  properties("species:S:1:pos:R:3:x:R:99999999999999999999", "the count '99999999999999999999'");
  properties("species:S:1:pos:R:3:x:R:60000:y:R:60000", "more than 100000 columns");
  properties("species:S:1:pos:R", "'species:S:1:pos:R' has 5 fields");
  properties("species:S:1", "no positions; expected pos:R:3");
  properties("pos:R:3", "no elements; expected species:S:1 or Z:I:1");
  properties("species:S:1:pos:R:2", "'pos' must be R:3, found R:2");
  properties("species:S:1:pos:R:3:forces:R:2", "'forces' must be R:3, found R:2");
  properties("species:S:1:pos:R:3:pos:R:3", "the name 'pos' appears twice");
  properties("species:S:1:pos:R:3::R:1", "a column has no name");
  properties("\"\"", "'' has 1 fields");
  // Keys and labels.
  check("1\nProperties=species:S:1:pos:R:3 energy=high\nC 0 0 0\n", "x.xyz:2: energy: 'high' is not a number");
  check("1\nenergy=nan\nC 0 0 0\n", "energy: 'nan' is not a finite number");
  check("1\nenergy=1,5\nC 0 0 0\n", "energy needs one number, found '1,5'");
  check("1\nenergy=\nC 0 0 0\n", "key 'energy' has no value");
  check("1\nProperties=species:S:1:pos:R:3 energy -5\nC 0 0 0\n", "key 'energy' has no value");
  check("1\nlowest energy found\nC 0 0 0\n", "");
  check("1\nenergy=1 energy=2\nC 0 0 0\n", "key 'energy' appears twice");
  check("1\nstress=\"1 2 3\" pbc=\"F F F\"\nC 0 0 0\n", "stress needs 9 numbers (or the 6 of Voigt's order), found 3");
  check("1\nenergy=1 name=\"open\nC 0 0 0\n", "x.xyz:2: column 15: no closing \" for this \"");
  check("1\nenergy=1 x=a\"b\nC 0 0 0\n", "column 13: a quote in the middle of a value");
  check("1\nenergy=1 x=\"a\"b\nC 0 0 0\n", "column 15: expected a blank after the closing \"");
  check("1\nenergy=1 =5\nC 0 0 0\n", "column 10: expected key=value, found '=5'");
  // The second frame's lines and number.
  check("1\n\nC 0 0 0\n1\n\nC 0 0 zero\n", "x.xyz:6: 'zero' is not a number (column 4, pos) (frame 2)");
}

TEST_CASE("extxyz errors: after an error the reader is at its end", "[atoms][extxyz][errors]") {
  const TemporaryFolder folder;
  write_file(folder.path() / "x.xyz", "1\n\nC 0 0 0\n1\n\nC 0 0 x\n1\n\nC 0 0 0\n");
  ExtxyzReader reader(folder.path() / "x.xyz");
  CHECK(reader.next().has_value());
  CHECK_THROWS_AS(reader.next(), InputError);
  CHECK_FALSE(reader.next().has_value());
}

TEST_CASE("extxyz errors: huge promises cost no memory", "[atoms][extxyz][errors]") {
  const long before = peak_kilobytes();
  for (const std::string count : {"1000000000000000000", "18446744073709551615", "4294967296", "9223372036854775807"}) {
    CHECK_THAT(message_for(count + "\nProperties=species:S:1:pos:R:3:x:R:90000\nC 0 0 0\n"),
               ContainsSubstring("the line ends before column 5"));
    CHECK_THAT(message_for(count + "\n\nC 0 0 0\n"), ContainsSubstring("file ends after 1 of " + count));
  }
  // Fifty megabytes is the bound for small files; sanitizers add their own.
  CHECK(peak_kilobytes() - before < 50 * 1024);
}

namespace {

const char* const small_file =
    "2\n"
    "Lattice=\"4.0 0 0 0.5 4 0 0 0 5e0\" Properties=species:S:1:pos:R:3:tag:I:1:ok:L:1:name:S:1:forces:R:3 "
    "energy=-1.25 stress=\"1 2 3 2 4 5 3 5 6\" note='two words' list=[1, 2] pbc=\"T F T\"\n"
    "C 0.0 0.1 -2.5e-1 1 T a 0 0 1\n"
    "Cu 1.5 1 1 -2 F b2 0 0 -1\n"
    "1\n"
    "plain comment it's = fine\n"
    "H 0 0 1.0D0\n";

/// Reading gives frames that can be written and read again alike, or an InputError; anything else fails the test.
/// Returns whether it was readable.
bool read_or_refuse(const std::string& content) {
  std::vector<Frame> frames;
  try {
    frames = parse_extxyz(content);
  } catch (const InputError& error) {
    const std::string message = error.what();
    if (message.empty() || message.size() > 1000) FAIL("bad message: " << message);
    return false;
  }
  std::string text;
  for (const Frame& frame : frames) text += to_extxyz(frame);
  const std::vector<Frame> again = parse_extxyz(text);
  std::string twice;
  for (const Frame& frame : again) twice += to_extxyz(frame);
  if (twice != text) FAIL("writing what was read is no fixed point:\n" << text << "\n" << twice);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (frames[i].atoms != again[i].atoms || frames[i].columns != again[i].columns) FAIL("lost by writing:\n" << text);
  }
  return true;
}

}  // namespace

TEST_CASE("extxyz errors: every truncation is read or refused", "[atoms][extxyz][fuzz]") {
  const std::string whole = small_file;
  std::size_t readable = 0;
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    CAPTURE(length);
    readable += read_or_refuse(whole.substr(0, length)) ? 1 : 0;
  }
  // Whole frames with and without their last newline, and cuts inside the last numbers and words that leave
  // valid ones ("1.0D0" -> "1.0", "1.", "1"; "-1").
  CHECK(readable >= 4);
  CHECK(readable < 12);
}

TEST_CASE("extxyz errors: every changed byte is read or refused", "[atoms][extxyz][fuzz]") {
  const std::string whole = small_file;
  std::size_t readable = 0, refused = 0;
  // All single bits, and bytes that mean something to the format.
  for (std::size_t at = 0; at < whole.size(); ++at) {
    CAPTURE(at);
    std::string replacements;
    for (int bit = 0; bit < 8; ++bit) replacements += static_cast<char>(whole[at] ^ (1 << bit));
    replacements += "\"'[]{}=\\:,.-+eDTn0 \n\r\t\xff";
    replacements += '\0';
    for (const char c : replacements) {
      std::string changed = whole;
      changed[at] = c;
      ++(read_or_refuse(changed) ? readable : refused);
    }
  }
  CHECK(readable > 1000);
  CHECK(refused > 1000);
}

TEST_CASE("extxyz errors: random mixtures are read or refused", "[atoms][extxyz][fuzz]") {
  Random random(77);
  const std::string whole = small_file;
  for (int trial = 0; trial < 4000; ++trial) {
    std::string text = whole;
    const std::size_t changes = 1 + random.below(4);
    for (std::size_t i = 0; i < changes && !text.empty(); ++i) {
      const std::size_t at = random.below(text.size()),
                        length = random.below(std::min<std::size_t>(40, text.size() - at));
      const std::size_t from = random.below(whole.size());
      switch (random.below(4)) {
        case 0:
          text.erase(at, length);
          break;
        case 1:
          text.insert(at, whole.substr(from, length));
          break;
        case 2:
          text.replace(at, length, whole.substr(from, length));
          break;
        default:
          text[at] = static_cast<char>(random.below(256));
      }
    }
    CAPTURE(trial);
    read_or_refuse(text);
  }
}
