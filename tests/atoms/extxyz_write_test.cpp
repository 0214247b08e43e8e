// Writing extended XYZ files: whole or not at all, and what the format cannot hold.
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <limits>

#include "atoms/extxyz.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::string data = std::string(ADATOM_TEST_DATA) + "/extxyz";

/// All but the line numbers.
bool same(const Frame& a, const Frame& b) { return a.atoms == b.atoms && a.info == b.info && a.columns == b.columns; }

}  // namespace

TEST_CASE("extxyz: writing files", "[atoms][extxyz]") {
  const TemporaryFolder folder;
  const std::vector<Frame> frames = read_extxyz(data + "/valid/three_frames.extxyz");
  const auto path = folder.path() / "out.xyz";
  write_extxyz(path, frames);
  const std::vector<Frame> again = read_extxyz(path);
  REQUIRE(again.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) CHECK(same(again[i], frames[i]));

  SECTION("without commit the old file stays") {
    const std::string before = read_file(path);
    {
      ExtxyzWriter writer(path);
      writer.write(frames[0]);
    }
    CHECK(read_file(path) == before);
    CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
  }
  SECTION("appending keeps what is there, frame by frame") {
    ExtxyzWriter writer(path, ExtxyzWriter::Mode::append);
    writer.write(frames[1]);
    CHECK(read_extxyz(path).size() == 4);
    writer.write(frames[2]);
    writer.commit();
    CHECK(same(read_extxyz(path).at(4), frames[2]));
    const auto fresh = folder.path() / "fresh.xyz";
    ExtxyzWriter(fresh, ExtxyzWriter::Mode::append).write(frames[0]);
    CHECK(read_extxyz(fresh).size() == 1);
  }
  SECTION("appending to a file without a final newline") {
    write_file(path, "1\n\nC 0 0 0");
    ExtxyzWriter(path, ExtxyzWriter::Mode::append).write(frames[0]);
    CHECK(read_extxyz(path).size() == 2);
  }
  SECTION("a frame that does not fit is taken back") {
    // A limit on the size of files stands for a full disk: the write stops in the middle of the frame.
    const std::string before = read_file(path);
    rlimit old{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &old) == 0);
    const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
    rlimit limited = old;
    limited.rlim_cur = before.size() + 30;
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &limited) == 0);
    ExtxyzWriter writer(path, ExtxyzWriter::Mode::append);
    std::string message;
    try {
      writer.write(frames[0]);
    } catch (const Error& error) {
      message = error.what();
    }
    ::setrlimit(RLIMIT_FSIZE, &old);
    std::signal(SIGXFSZ, old_handler);
    CHECK_THAT(message, ContainsSubstring("cannot write"));
    CHECK(read_file(path) == before);
  }
  SECTION("what cannot be written is named") {
    CHECK_THROWS_AS(write_extxyz(folder.path(), frames), Error);
    CHECK_THROWS_AS(write_extxyz(folder.path() / "missing" / "x.xyz", frames), Error);
    CHECK_THROWS_AS(write_extxyz("/dev/full", frames), Error);
    ExtxyzWriter full("/dev/full", ExtxyzWriter::Mode::append);
    CHECK_THROWS_WITH(full.write(frames[0]), ContainsSubstring("No space left"));
  }
}

TEST_CASE("extxyz: frames that the format cannot hold are refused", "[atoms][extxyz][errors]") {
  const Frame good = read_extxyz(data + "/valid/column_order.extxyz").at(0);
  const auto refuses = [&](const auto& change, const std::string& message) {
    Frame frame = good;
    change(frame);
    CHECK_THROWS_WITH(to_extxyz(frame), ContainsSubstring(message));
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  refuses([&](Frame& f) { f.atoms.positions[1][2] = nan; }, "atom 1 has z");
  refuses([&](Frame& f) { set_info(f, "x", nan); }, "not finite");
  refuses([&](Frame& f) { set_info(f, "", 1.0); }, "key of the comment line is empty");
  refuses([&](Frame& f) { set_info(f, "Lattice", 1.0); }, "written from the atoms");
  refuses([&](Frame& f) { set_info(f, "PBC", 1.0); }, "did you mean 'pbc'?");
  refuses([&](Frame& f) { set_info(f, "energy", std::string("high")); }, "energy must be a number");
  refuses([&](Frame& f) { set_info(f, "stress", std::vector<double>(5)); }, "stress must be an array");
  refuses([&](Frame& f) { set_column(f, {"q", 1, std::vector<double>{1.0}}); }, "'q' has 1 values");
  refuses([&](Frame& f) { set_column(f, {"q", 1, std::vector<double>{1.0, nan}}); }, "not finite");
  refuses([&](Frame& f) { set_column(f, {"a b", 1, std::vector<double>(2)}); }, "'a b'");
  refuses([&](Frame& f) { set_column(f, {"a:b", 1, std::vector<double>(2)}); }, "'a:b'");
  refuses([&](Frame& f) { set_column(f, {"pos", 3, std::vector<double>(6)}); }, "'pos'");
  refuses([&](Frame& f) { set_column(f, {"forces", 2, std::vector<double>(4)}); }, "must be R:3");
  refuses([&](Frame& f) { set_column(f, {"s", 1, std::vector<std::string>{"a", ""}}); }, "''");
  refuses([&](Frame& f) { set_column(f, {"s", 1, std::vector<std::string>{"a", "b c"}}); }, "'b c'");
  refuses([&](Frame& f) { f.columns.push_back(f.columns[0]); }, "two columns");
  refuses([&](Frame& f) { f.atoms.pbc[1] = true; }, "periodic along b");
}
