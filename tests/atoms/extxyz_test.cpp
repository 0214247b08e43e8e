// Extended XYZ files: the reference files, every value type, and the round trip.
#include "atoms/extxyz.hpp"

#include <clocale>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "atoms/labels.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "core/random.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::string data = std::string(ADATOM_TEST_DATA) + "/extxyz";

template <class T>
T info(const Frame& frame, std::string_view key) {
  const InfoValue* value = find_info(frame, key);
  REQUIRE(value != nullptr);
  REQUIRE(std::holds_alternative<T>(*value));
  return std::get<T>(*value);
}

/// The comment line of a frame of one atom.
Frame with_comment(const std::string& comment) {
  const std::vector<Frame> frames = parse_extxyz("1\n" + comment + "\nC 0 0 0\n");
  REQUIRE(frames.size() == 1);
  return frames[0];
}

bool same(const Frame& a, const Frame& b) { return a.atoms == b.atoms && a.info == b.info && a.columns == b.columns; }

}  // namespace

TEST_CASE("extxyz: the valid reference files", "[atoms][extxyz]") {
  const auto files = nlohmann::json::parse(std::ifstream(data + "/valid/expected.json"));
  REQUIRE(files.size() == 10);
  for (const auto& [name, expected] : files.items()) {
    CAPTURE(name);
    const std::vector<Frame> frames = read_extxyz(data + "/valid/" + name);
    REQUIRE(frames.size() == expected["nframes"]);
    for (std::size_t f = 0; f < frames.size(); ++f) {
      CAPTURE(f);
      const Frame& frame = frames[f];
      const auto& want = expected["frames"][f];
      CHECK(frame.atoms.size() == want["natoms"]);
      CHECK(frame.atoms.positions == want["positions"].get<std::vector<Vector3>>());
      CHECK(frame.atoms.cell.vectors == want["cell"].get<std::array<Vector3, 3>>());
      CHECK(frame.atoms.pbc == want["pbc"].get<std::array<bool, 3>>());
      CHECK(chemical_formula(frame.atoms) != "");
      const Labels found = labels(frame);
      CHECK(found.energy.has_value() == !want["energy"].is_null());
      if (found.energy) CHECK(*found.energy == want["energy"].get<double>());
      CHECK(found.stress.has_value() == !want["stress_voigt"].is_null());
      // The file holds symmetric tensors, so that averaging changes nothing.
      if (found.stress) CHECK(*found.stress == want["stress_voigt"].get<std::array<double, 6>>());
      if (found.forces && want["forces"].is_object()) {
        CHECK(found.forces->front() == want["forces"]["first"].get<Vector3>());
        CHECK(found.forces->back() == want["forces"]["last"].get<Vector3>());
      }
      for (const auto& [key, value] : want["info"].items()) {
        CAPTURE(key);
        if (value.is_boolean()) CHECK(info<bool>(frame, key) == value.get<bool>());
        if (value.is_string()) CHECK(info<std::string>(frame, key) == value.get<std::string>());
        if (value.is_number_float()) CHECK(info<double>(frame, key) == value.get<double>());
      }
    }
  }
}

TEST_CASE("extxyz: the malformed reference files are refused on their line", "[atoms][extxyz][errors]") {
  const auto files = nlohmann::json::parse(std::ifstream(data + "/malformed/expected.json"));
  REQUIRE(files.size() == 10);
  for (const auto& [name, expected] : files.items()) {
    CAPTURE(name);
    const std::string where = name + ":" + std::to_string(expected["line"].get<int>()) + ": ";
    CHECK_THROWS_WITH(read_extxyz(data + "/malformed/" + name), ContainsSubstring(where));
    CHECK_THROWS_AS(read_extxyz(data + "/malformed/" + name), InputError);
  }
}

TEST_CASE("extxyz: values of the comment line", "[atoms][extxyz]") {
  const Frame frame = with_comment(
      R"(i=5 neg=-7 plus=+3 r=2.5 e=1e3 big=99999999999999999999 t=T f=F yes=True word=hello two="two words" eq="a=b" )"
      R"(single='it"s' braces={T F T} ints="1 2 3" mixed="1 2.5" commas=1,2,3 list=[4, 5] names=["a b", "c"] bare )"
      R"(nested=[[1, 2], [3, 4]] matrix=[[1,2,3],[4,5,6],[7,8,9]] escaped="say \"hi\" \\ \n" empty="" n=nan d=1d5)"
      R"( "quoted key"=1 spaced = 8 unit=eV/Å path=C:\temp one="7")");
  CHECK(info<std::int64_t>(frame, "i") == 5);
  CHECK(info<std::int64_t>(frame, "neg") == -7);
  CHECK(info<std::int64_t>(frame, "plus") == 3);
  CHECK(info<double>(frame, "r") == 2.5);
  CHECK(info<double>(frame, "e") == 1000.0);
  CHECK(info<double>(frame, "big") == 1e20);
  CHECK(info<bool>(frame, "t"));
  CHECK_FALSE(info<bool>(frame, "f"));
  CHECK(info<std::string>(frame, "yes") == "True");  // as ASE: only T and F are logical
  CHECK(info<std::string>(frame, "word") == "hello");
  CHECK(info<std::string>(frame, "two") == "two words");
  CHECK(info<std::string>(frame, "eq") == "a=b");
  CHECK(info<std::string>(frame, "single") == "it\"s");
  CHECK(info<std::vector<bool>>(frame, "braces") == std::vector<bool>{true, false, true});
  CHECK(info<std::vector<std::int64_t>>(frame, "ints") == std::vector<std::int64_t>{1, 2, 3});
  CHECK(info<std::vector<double>>(frame, "mixed") == std::vector<double>{1.0, 2.5});
  CHECK(info<std::vector<std::int64_t>>(frame, "commas") == std::vector<std::int64_t>{1, 2, 3});
  CHECK(info<std::vector<std::int64_t>>(frame, "list") == std::vector<std::int64_t>{4, 5});
  CHECK(info<std::vector<std::string>>(frame, "names") == std::vector<std::string>{"a b", "c"});
  CHECK(info<bool>(frame, "bare"));
  CHECK(info<std::string>(frame, "nested") == "[1, 2], [3, 4]");
  CHECK(info<std::vector<std::int64_t>>(frame, "matrix").size() == 9);
  CHECK(info<std::string>(frame, "escaped") == "say \"hi\" \\ \n");
  CHECK(info<std::string>(frame, "empty").empty());
  CHECK(info<std::string>(frame, "n") == "nan");
  CHECK(info<std::string>(frame, "d") == "1d5");
  CHECK(info<std::int64_t>(frame, "quoted key") == 1);
  CHECK(info<std::int64_t>(frame, "spaced") == 8);
  CHECK(info<std::string>(frame, "unit") == "eV/Å");
  CHECK(info<std::string>(frame, "path") == "C:\\temp");
  CHECK(info<std::int64_t>(frame, "one") == 7);
  CHECK(frame.info.front().first == "i");
  CHECK(frame.info.back().first == "one");

  // And the way back: every value and the order survive, and writing again changes nothing.
  const std::string text = to_extxyz(frame);
  const Frame again = parse_extxyz(text).at(0);
  CHECK(again.info == frame.info);
  CHECK(to_extxyz(again) == text);
}

TEST_CASE("extxyz: free text of plain XYZ files never fails", "[atoms][extxyz]") {
  for (const std::string comment :
       {"", "   ", "it's a dimer", "\"unclosed", "== title ==", " i = 0, time = 0.000, E = -5.1", "a b a b",
        "Energy: -5 eV {draft", "=5", "x=", "100% [done", "\\", "key = = value",
        "lowest energy per pbc Lattice and lattice", "\xc3\x85ngstr\xc3\xb6m"}) {
    CAPTURE(comment);
    const Frame frame = with_comment(comment);
    CHECK(frame.atoms.size() == 1);
    const std::string text = to_extxyz(frame);
    const Frame again = parse_extxyz(text).at(0);
    CHECK(again.info == frame.info);
    CHECK(to_extxyz(again) == text);
  }
}

TEST_CASE("extxyz: cells and periodicity", "[atoms][extxyz]") {
  const auto pbc = [&](const std::string& comment) { return with_comment(comment).atoms.pbc; };
  using Three = std::array<bool, 3>;
  const std::string lattice = R"(Lattice="1 0 0 0 2 0 0 0 3" )";
  CHECK(pbc("") == Three{false, false, false});
  CHECK(pbc(lattice) == Three{true, true, true});
  CHECK(pbc(lattice + R"(pbc="T F T")") == Three{true, false, true});
  CHECK(pbc(lattice + R"(pbc="1 0 0")") == Three{true, false, false});
  CHECK(pbc(lattice + "pbc=[true, False, T]") == Three{true, false, true});
  CHECK(pbc(lattice + "pbc={T T F}") == Three{true, true, false});
  CHECK(pbc(lattice + "pbc=\"T\"") == Three{true, true, true});
  // Vectors one after the other, in any of the delimiters; left-handed cells are fine.
  Cell cell;
  cell.vectors = {{{1.0, 2.0, 3.0}, {4.0, -5.0, 6.0}, {7.0, 8.0, 1.5}}};
  for (const std::string text :
       {R"("1 2 3 4 -5 6 7 8 1.5")", "'1 2 3 4 -5 6 7 8 1.5'", "{1 2 3 4 -5 6 7 8 1.5}", "[1,2,3,4,-5,6,7,8,1.5]",
        "[[1,2,3],[4,-5,6],[7,8,1.5]]", R"("1.D0 2 3 4 -5 6 7 8 15d-1")"}) {
    CHECK(with_comment("Lattice=" + text).atoms.cell == cell);
  }
  const Frame slab = with_comment(R"(Lattice="1 0 0 0 2 0 0 0 0" pbc="T T F")");
  CHECK(slab.atoms.cell[2] == Vector3{});
}

TEST_CASE("extxyz: columns of all types", "[atoms][extxyz]") {
  const std::string text =
      "2\nProperties=Z:I:1:flag:L:2:pos:R:3:label:S:1:q:R:1:n:I:2 pbc=\"F F F\"\n"
      "  6\tT F  0.5 1.0D+00 -2.5d-1  first 1e-3 7 -8  \n"
      "1 0 1 1 2 3 second .5 +9 10\n";
  const Frame frame = parse_extxyz(text).at(0);
  CHECK(frame.atoms.numbers == std::vector<int>{6, 1});
  CHECK(frame.atoms.positions[0] == Vector3{0.5, 1.0, -0.25});
  REQUIRE(frame.columns.size() == 4);
  CHECK(frame.columns[0] == Column{"flag", 2, std::vector<bool>{true, false, false, true}});
  CHECK(frame.columns[1] == Column{"label", 1, std::vector<std::string>{"first", "second"}});
  CHECK(frame.columns[2] == Column{"q", 1, std::vector<double>{1e-3, 0.5}});
  CHECK(frame.columns[3] == Column{"n", 2, std::vector<std::int64_t>{7, -8, 9, 10}});
  CHECK(frame.columns[3].type() == 'I');
  CHECK(to_extxyz(frame) ==
        "2\nProperties=species:S:1:pos:R:3:flag:L:2:label:S:1:q:R:1:n:I:2 pbc=\"F F F\"\n"
        "C 0.5 1 -0.25 T F first 0.001 7 -8\n"
        "H 1 2 3 F T second 0.5 9 10\n");
  // Symbols may be atomic numbers.
  CHECK(parse_extxyz("1\n\n79 0 0 0\n").at(0).atoms.numbers == std::vector<int>{79});
}

TEST_CASE("extxyz: what is tolerated", "[atoms][extxyz]") {
  const std::string plain = "1\ncomment\nC 0 0 1\n";
  const Frame want = parse_extxyz(plain).at(0);
  CHECK(want.line == 1);
  for (const std::string& text :
       {std::string("1\ncomment\nC 0 0 1"), std::string("\xef\xbb\xbf") + plain,
        std::string("1\r\ncomment\r\nC 0 0 1\r\n"), std::string(" 1 \ncomment\n  C\t0  0 1 \n"), plain + "\n\n  \n",
        "\n\n" + plain, std::string("1\ncomment\nC 0 0 1\r")}) {
    CAPTURE(text);
    const std::vector<Frame> frames = parse_extxyz(text);
    REQUIRE(frames.size() == 1);
    CHECK(same(frames[0], want));
  }
  const std::vector<Frame> two = parse_extxyz(plain + "\n" + plain);
  REQUIRE(two.size() == 2);
  CHECK(two[1].line == 5);

  const std::vector<Frame> empty = parse_extxyz("0\n\n" + plain + "0\nenergy=0\n");
  REQUIRE(empty.size() == 3);
  CHECK(empty[0].atoms.size() == 0);
  CHECK(labels(empty[2]).energy == 0.0);
  CHECK(parse_extxyz(to_extxyz(empty[2])).at(0).atoms.size() == 0);
}

TEST_CASE("extxyz: every double survives", "[atoms][extxyz]") {
  Random random(99);
  Frame frame;
  std::vector<double> values{0.0, -0.0, 5e-324, 1.7976931348623157e308, 0.1, 1.0 / 3.0, 1e15, -1e-300, 123456789.0};
  for (int i = 0; i < 20000; ++i) {
    const std::uint64_t bits = (static_cast<std::uint64_t>(random.below(1ull << 32)) << 32) | random.below(1ull << 32);
    double value = 0.0;
    std::memcpy(&value, &bits, sizeof value);
    if (std::isfinite(value)) values.push_back(value);
  }
  for (const double value : values) {
    frame.atoms.numbers.push_back(6);
    frame.atoms.positions.push_back({std::abs(value) < 1e15 ? value : 1.0, random.normal(), random.uniform()});
  }
  frame.columns.push_back({"x", 1, values});
  set_info(frame, "array", values);
  set_info(frame, "whole", 3.0);
  const std::string text = to_extxyz(frame);
  const Frame again = parse_extxyz(text).at(0);
  CHECK(again.atoms == frame.atoms);
  const auto bits = [](const std::vector<double>& v) {
    std::vector<std::uint64_t> result(v.size());
    std::memcpy(result.data(), v.data(), v.size() * sizeof(double));
    return result;
  };
  CHECK(bits(std::get<std::vector<double>>(again.columns[0].values)) == bits(values));
  CHECK(bits(info<std::vector<double>>(again, "array")) == bits(values));
  CHECK(info<double>(again, "whole") == 3.0);
  CHECK(to_extxyz(again) == text);
}

TEST_CASE("extxyz: the locale does not change numbers", "[atoms][extxyz]") {
  const std::string old = std::setlocale(LC_ALL, nullptr);
  for (const char* name : {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8"}) {
    if (std::setlocale(LC_ALL, name) != nullptr) break;
  }
  const Frame frame = parse_extxyz("1\ne=2.5\nC 0.5 1.25 1e-30\n").at(0);
  const std::string text = to_extxyz(frame);
  std::setlocale(LC_ALL, old.c_str());
  CHECK(info<double>(frame, "e") == 2.5);
  CHECK(frame.atoms.positions[0] == Vector3{0.5, 1.25, 1e-30});
  CHECK_THAT(text, ContainsSubstring("C 0.5 1.25 1e-30"));
}

TEST_CASE("extxyz: selections are Python's slices", "[atoms][extxyz]") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "ten.xyz";
  std::string text;
  for (int i = 0; i < 10; ++i) text += "1\nn=" + std::to_string(i) + "\nC 0 0 0\n";
  write_file(path, text);
  const auto pick = [&](std::string_view selection) {
    std::string digits;
    for (const Frame& frame : read_extxyz(path, selection)) digits += std::to_string(info<std::int64_t>(frame, "n"));
    return digits;
  };
  CHECK(pick(":") == "0123456789");
  CHECK(pick("3") == "3");
  CHECK(pick("-1") == "9");
  CHECK(pick("2:5") == "234");
  CHECK(pick("::4") == "048");
  CHECK(pick("1:8:3") == "147");
  CHECK(pick("-3:") == "789");
  CHECK(pick(":-7") == "012");
  CHECK(pick("-100:2") == "01");
  CHECK(pick("5:2").empty());
  CHECK(pick("8:100") == "89");
  CHECK(pick("-4::2") == "68");
  CHECK(pick("-2:100") == "89");
  CHECK_THROWS_WITH(pick("10"), ContainsSubstring("has 10 frames; there is no frame 10"));
  CHECK_THROWS_WITH(pick("-11"), ContainsSubstring("no frame -11"));
  for (const char* bad : {"", "a", "1:2:3:4", "1.5", "::0", "::-1", "99999999999999999999", "1 "}) {
    CHECK_THROWS_AS(pick(bad), InputError);
  }
}
