#include "nn/archive.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bit>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <limits>
#include <thread>

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/random.hpp"
#include "nn/mlp_archive.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;
namespace fs = std::filesystem;

namespace {

/// A folder of its own for the running test, removed at its end.
struct Folder {
  fs::path path;
  Folder() : path(fs::temp_directory_path() / ("adatom-archive-" + std::to_string(::getpid()))) {
    fs::create_directories(path);
  }
  ~Folder() { fs::remove_all(path); }
};

Archive example() {
  Archive archive("model", 2);
  archive.set("created_by", "adatom");
  archive.set("periodic", true);
  archive.set("step", 14);
  archive.set("cutoff", 6.5);
  archive.set("elements", std::vector<std::string>{"C", "H"});
  archive.set("layer1.weight", {2, 3}, std::vector<double>{0.25, -1.5, 0.125, 1e-5, 2.0, 1.0 / 3.0});
  return archive;
}

/// `body` with a valid checksum: what a malicious or mistaken writer could produce.
std::string sealed(const std::string& body) {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(checksum(body)));
  return body + "checksum = " + digits + "\n";
}

/// The example at the head of nn/archive.hpp: its lines that begin with "//   ".
std::string example_of_the_header() {
  const std::string header = read_file(std::string(ADATOM_SOURCE_DIR) + "/nn/archive.hpp"), mark = "//   ";
  std::string text;
  for (std::size_t start = 0, end = 0; start < header.size(); start = end + 1) {
    end = header.find('\n', start);
    const std::string line = header.substr(start, end - start + 1);
    if (line.starts_with(mark)) text += line.substr(mark.size());
  }
  return text;
}

Archive parse(const std::string& text) { return Archive::parse(text, "model", 2, "m.adatom"); }

std::string refusal(const std::string& text) {
  try {
    parse(text);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("the header's example is a file as it is written", "[nn][archive]") {
  const std::string text = example_of_the_header();
  const Archive archive = parse(text);
  CHECK(archive.number("cutoff") == 6.5);
  CHECK(archive.array("layer1.weight").shape == Shape{2, 3});
  CHECK(archive.text() == text);
}

TEST_CASE("the checksum is CRC-64/XZ", "[nn][archive]") {
  CHECK(checksum("123456789") == 0x995dc9bbdf1939faull);  // check value of the catalogue of CRC algorithms (reveng)
  CHECK(checksum("") == 0);
}

TEST_CASE("an archive is readable text", "[nn][archive]") {
  CHECK_THAT(example().text(), ContainsSubstring("adatom model 2\n"
                                                 "created_by = \"adatom\"\n"
                                                 "periodic = true\n"
                                                 "step = 14\n"
                                                 "cutoff = 6.5\n"
                                                 "elements = [\"C\", \"H\"]\n"
                                                 "layer1.weight [2, 3] =\n"
                                                 "  0.25 -1.5 0.125\n"
                                                 "  1e-05 2 0.3333333333333333\n"
                                                 "checksum = "));
}

TEST_CASE("values come back as they went in", "[nn][archive]") {
  const Archive read = parse(example().text());
  CHECK(read.kind() == "model");
  CHECK(read.version() == 2);
  CHECK(read.file() == "m.adatom");
  CHECK(read.string("created_by") == "adatom");
  CHECK(read.boolean("periodic"));
  CHECK(read.integer("step") == 14);
  CHECK(read.size("step") == 14);
  CHECK(read.number("step") == 14.0);
  CHECK(read.number("cutoff") == 6.5);
  CHECK(read.strings("elements") == std::vector<std::string>{"C", "H"});
  CHECK(read.array("layer1.weight") == example().array("layer1.weight"));
  CHECK(read.names() == example().names());
  CHECK(read.text() == example().text());
}

TEST_CASE("unusual values survive", "[nn][archive]") {
  Archive archive("model", 1);
  std::string bytes;
  for (int c = 0; c < 256; ++c) bytes += static_cast<char>(c);
  archive.set("bytes", bytes);
  archive.set("empty", "");
  archive.set("none", std::vector<std::string>{});
  archive.set("odd", std::vector<std::string>{"", "\"], \"", "a\nb\\"});
  archive.set("least", std::numeric_limits<std::int64_t>::min());
  archive.set("most", std::numeric_limits<std::int64_t>::max());
  archive.set("scalar", Shape{}, std::vector<double>{-0.0});
  archive.set("nothing", {3, 0, 2}, {});
  archive.set("deep", {1, 2, 1, 2}, std::vector<double>{1, 2, 3, 4});
  const double infinity = std::numeric_limits<double>::infinity();
  const std::vector<double> numbers{
      0.0,      -0.0,      0.1,          5e-324, 2.2250738585072014e-308, 1.7976931348623157e308,
      infinity, -infinity, std::nan(""), 1e22,   123456789012345678.0,    1e16};
  archive.set("numbers", {numbers.size()}, numbers);
  for (std::size_t i = 0; i < numbers.size(); ++i) archive.set("n" + std::to_string(i), numbers[i]);
  const Archive read = parse(archive.text());
  CHECK(read.string("bytes") == bytes);
  CHECK(read.string("empty").empty());
  CHECK(read.strings("none").empty());
  CHECK(read.strings("odd") == archive.strings("odd"));
  CHECK(read.integer("least") == std::numeric_limits<std::int64_t>::min());
  CHECK(read.integer("most") == std::numeric_limits<std::int64_t>::max());
  CHECK(std::signbit(read.array("scalar").values.at(0)));
  CHECK(read.array("scalar").shape == Shape{});
  CHECK(read.array("nothing").shape == Shape{3, 0, 2});
  CHECK(read.array("deep") == archive.array("deep"));
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    CHECK(std::bit_cast<std::uint64_t>(read.array("numbers").values[i]) == std::bit_cast<std::uint64_t>(numbers[i]));
    CHECK(std::bit_cast<std::uint64_t>(read.number("n" + std::to_string(i))) ==
          std::bit_cast<std::uint64_t>(numbers[i]));
  }
  CHECK_THROWS_AS(archive.set("large", std::numeric_limits<std::uint64_t>::max()), InputError);
}

TEST_CASE("random doubles round trip to the bit", "[nn][archive]") {
  Random random(3);
  std::vector<double> numbers;
  while (numbers.size() < 10000) {
    const double value = std::bit_cast<double>(random.below(std::numeric_limits<std::size_t>::max()));
    if (std::isfinite(value)) numbers.push_back(value);
  }
  Archive archive("model", 1);
  archive.set("x", {100, 100}, numbers);
  CHECK(parse(archive.text()).array("x").values == numbers);
}

TEST_CASE("wrong entries are refused by name", "[nn][archive]") {
  const Archive read = parse(example().text());
  CHECK_THROWS_WITH(read.number("width"), ContainsSubstring("m.adatom: entry 'width' is missing, expected a number"));
  CHECK_THROWS_WITH(read.integer("cutoff"),
                    ContainsSubstring("m.adatom: entry 'cutoff' is of type number, expected integer"));
  CHECK_THROWS_AS(read.string("step"), InputError);
  CHECK_THROWS_AS(read.strings("created_by"), InputError);
  CHECK_THROWS_AS(read.array("elements"), InputError);
  CHECK_THROWS_AS(read.boolean("step"), InputError);
  Archive archive("model", 1);
  archive.set("negative", -1);
  CHECK_THROWS_WITH(archive.size("negative"), ContainsSubstring("'negative' is -1"));
  for (const char* bad : {"", "a b", "a=b", "a\n", "[x]", "é"}) CHECK_THROWS_AS(archive.set(bad, 1.0), InputError);
  CHECK_THROWS_AS(archive.set("x", {2, 2}, std::vector<double>{1.0}), ShapeError);
  CHECK_THROWS_AS(Archive("two words", 1), InputError);
  archive.set("w", {3}, std::vector<double>{0.0, std::nan(""), 1.0});
  CHECK_THROWS_WITH(archive.finite_array("w"),
                    ContainsSubstring("contains non-finite numbers: element 1 of 'w' is nan"));
}

TEST_CASE("entries can be replaced, merged and cut out", "[nn][archive]") {
  Archive archive = example();
  archive.set("step", 15);
  CHECK(archive.integer("step") == 15);
  CHECK(archive.names().size() == 6);
  Archive outer("model", 1);
  outer.set("x", 1.5);
  outer.merge("inner.", archive);
  CHECK(outer.integer("inner.step") == 15);
  const Archive part = outer.part("inner.");
  CHECK(part.names() == archive.names());
  CHECK_FALSE(part.contains("x"));
}

TEST_CASE("files of another kind, format or program are told apart", "[nn][archive]") {
  CHECK(refusal("") == "m.adatom: is empty, expected an adatom model");
  CHECK_THAT(refusal("12\nC 0 0 0\n"), ContainsSubstring("m.adatom: not an adatom model"));
  CHECK_THAT(refusal("\x1f\x8b\x08 etc"), ContainsSubstring("looks like gzip"));
  CHECK(refusal(sealed("adatom checkpoint 1\n")) == "m.adatom: is a checkpoint, expected a model");
  CHECK(refusal(sealed("adatom model 3\n")) == "m.adatom: written by format 3, this program reads up to 2");
  CHECK_THAT(refusal(sealed("adatom model 0\n")), ContainsSubstring("has format 0"));
  CHECK_THAT(refusal(sealed("adatom model x\n")), ContainsSubstring("m.adatom:1: expected a number"));
  CHECK(refusal(sealed("adatom model 1\n")) == "accepted");
}

TEST_CASE("text that the writer would not write is refused with its line", "[nn][archive]") {
  const auto refused = [](const std::string& lines) { return refusal(sealed("adatom model 1\n" + lines)); };
  CHECK(refused("a = 1\na = 2\n") == "m.adatom:3: entry 'a' occurs twice");
  CHECK_THAT(refused("= 1\n"), ContainsSubstring("m.adatom:2: expected a name"));
  CHECK_THAT(refused("a 1\n"), ContainsSubstring("expected ' = '"));
  CHECK_THAT(refused("a = \n"), ContainsSubstring("expected a number"));
  CHECK_THAT(refused("a = 1 2\n"), ContainsSubstring("expected the end of the line"));
  CHECK_THAT(refused("a = 99999999999999999999\n"), ContainsSubstring("expected a number"));
  CHECK_THAT(refused("a = 1e999\n"), ContainsSubstring("expected a number"));
  CHECK_THAT(refused("a = \"x\n"), ContainsSubstring("not closed"));
  CHECK_THAT(refused("a = \"\\q\"\n"), ContainsSubstring("unknown escape"));
  CHECK_THAT(refused("a = \"\\x0g\"\n"), ContainsSubstring("hexadecimal"));
  CHECK_THAT(refused("a = [\"x\" \"y\"]\n"), ContainsSubstring("expected ', '"));
  CHECK_THAT(refused("a [2] =\n  1\n"), ContainsSubstring("expected ' '"));
  CHECK_THAT(refused("a [1] =\n  1 2\n"), ContainsSubstring("expected the end of the line"));
  CHECK_THAT(refused("a [-1] =\n  1\n"), ContainsSubstring("expected a number"));
  CHECK_THAT(refused("a [1, 1, 1, 1, 1, 1, 1, 1, 1] =\n  1\n"), ContainsSubstring("more than 8 axes"));
}

TEST_CASE("claimed sizes are checked before memory is taken", "[nn][archive]") {
  const auto refused = [](const std::string& lines) { return refusal(sealed("adatom model 1\n" + lines)); };
  const std::string too_large = "claims more numbers than the file has room for";
  CHECK_THAT(refused("a [1000000000000000000] =\n  1\n"), ContainsSubstring(too_large));
  CHECK_THAT(refused("a [9223372036854775808] =\n  1\n"), ContainsSubstring(too_large));
  CHECK_THAT(refused("a [4294967296, 4294967296] =\n  1\n"), ContainsSubstring(too_large));  // the product is 2^64
  CHECK_THAT(refused("a [2, 2, 2, 2, 2, 2, 2, 2] =\n  1\n"), ContainsSubstring(too_large));
  CHECK_THAT(refused("a [0, 1000000000000] =\n"), ContainsSubstring(too_large));
  CHECK_THAT(refused("a [99999999999999999999999] =\n"), ContainsSubstring("expected a number"));
}

TEST_CASE("every truncation is detected", "[nn][archive]") {
  const std::string whole = example().text();
  REQUIRE(refusal(whole) == "accepted");
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const std::string why = refusal(whole.substr(0, length));
    INFO(length << " of " << whole.size() << ": " << why);
    CHECK(why.starts_with("m.adatom: "));
    if (length > 0) CHECK_THAT(why, ContainsSubstring("damaged"));
  }
  CHECK(refusal(whole + "\n") != "accepted");
  CHECK(refusal(whole + whole) != "accepted");
}

TEST_CASE("every flipped bit is detected", "[nn][archive]") {
  const std::string whole = example().text();
  std::size_t accepted = 0;
  for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    std::string damaged = whole;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    const std::string why = refusal(damaged);
    if (why == "accepted") ++accepted;
    if (!why.starts_with("m.adatom: damaged") && !why.starts_with("m.adatom: not an adatom model")) FAIL(why);
  }
  CHECK(accepted == 0);
}

TEST_CASE("random garbage never crashes the reader", "[nn][archive]") {
  // Valid files with a few bytes replaced and the checksum made right again: past the seal, the parser itself.
  Random random(5);
  const std::string whole = example().text();
  const std::string body = whole.substr(0, whole.rfind("checksum"));
  const std::string alphabet = "0123456789[]\"\\= ,.-einf\nxa\0\xff";
  for (int i = 0; i < 20000; ++i) {
    std::string text = body;
    for (std::size_t k = 0; k <= random.below(4); ++k)
      text[random.below(text.size())] = alphabet[random.below(alphabet.size())];
    if (random.below(4) == 0) text.resize(random.below(text.size()));
    const std::string why = refusal(sealed(text));  // throws what is not an InputError
    if (why != "accepted") CHECK(why.starts_with("m.adatom"));
  }
}

TEST_CASE("archives are saved and loaded", "[nn][archive]") {
  const Folder folder;
  const fs::path path = folder.path / "model.adatom";
  example().save(path);
  CHECK(Archive::load(path, "model", 2).text() == example().text());
  CHECK(std::distance(fs::directory_iterator(folder.path), fs::directory_iterator()) == 1);
  CHECK_THROWS_WITH(Archive::load(folder.path / "absent", "model", 2), ContainsSubstring("No such file or directory"));
  CHECK_THROWS_WITH(Archive::load(folder.path, "model", 2), ContainsSubstring("is a directory"));
  write_file(path, read_file(path).substr(0, 100));
  CHECK_THROWS_WITH(Archive::load(path, "model", 2), ContainsSubstring("model.adatom: damaged"));
}

TEST_CASE("a failed save leaves the old file alone", "[nn][archive]") {
  const Folder folder;
  CHECK_THROWS_AS(example().save(folder.path / "no" / "model.adatom"), Error);
  CHECK_THROWS_AS(example().save(folder.path), Error);
  CHECK_THROWS_AS(example().save("/dev/full"), Error);
}

TEST_CASE("a kill at any moment of saving leaves the old file or the new", "[nn][archive]") {
  const Folder folder;
  const fs::path path = folder.path / "model.adatom";
  const auto version = [](int n) {
    Archive archive("model", 1);
    archive.set("n", n);
    archive.set("w", {5000}, std::vector<double>(5000, 1.0 / (n + 1)));
    return archive;
  };
  version(0).save(path);
  Random random(8);
  for (int round = 0; round < 200; ++round) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      for (int n = 1;; ++n) version(n).save(path);
    }
    std::this_thread::sleep_for(std::chrono::microseconds(random.below(6000)));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    const Archive read = Archive::load(path, "model", 1);
    CHECK(read.array("w").values == std::vector<double>(5000, 1.0 / (static_cast<double>(read.integer("n")) + 1.0)));
  }
}

TEST_CASE("a network is stored and loaded", "[nn][archive]") {
  Random random(1);
  Mlp network({3, 5, 2}, Activation::silu, random);
  network.output_activation = Activation::softplus;
  Archive archive("model", 1);
  store(archive, "C.", network);
  const Archive read = parse(archive.text());
  const Mlp loaded = load_mlp(read, "C.");
  CHECK(loaded.activation == Activation::silu);
  CHECK(loaded.output_activation == Activation::softplus);
  CHECK(flatten(loaded.parameters()) == flatten(network.parameters()));
  CHECK_THROWS_WITH(load_mlp(read, "H."), ContainsSubstring("'H.layers' is missing"));

  Archive wrong = archive;
  wrong.set("C.layers", {3}, std::vector<double>{3, 6, 2});
  CHECK_THROWS_WITH(load_mlp(wrong, "C."), ContainsSubstring("has shape (3, 5), the layers ask for (3, 6)"));
  wrong = archive;
  wrong.set("C.layer1.bias", {4}, std::vector<double>(4, 0.0));
  CHECK_THROWS_WITH(load_mlp(wrong, "C."), ContainsSubstring("has shape (4), the layers ask for (5)"));
  for (const double width : {0.0, -5.0, 2.5, 1000001.0}) {
    wrong.set("C.layers", {3}, std::vector<double>{3, width, 2});
    CHECK_THROWS_WITH(load_mlp(wrong, "C."), ContainsSubstring("'C.layers' must list integers from 1 to 1000000"));
  }
  wrong.set("C.layers", {3}, std::vector<double>{3, 1e18, 2});
  CHECK_THROWS_AS(load_mlp(wrong, "C."), InputError);
  wrong = archive;
  wrong.set("C.layer2.bias", {2}, std::vector<double>{0.0, std::nan("")});
  CHECK_THROWS_WITH(load_mlp(wrong, "C."), ContainsSubstring("non-finite"));
  wrong = archive;
  wrong.set("C.activation", "step");
  CHECK_THROWS_AS(load_mlp(wrong, "C."), InputError);
}
