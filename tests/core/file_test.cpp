#include "core/file.hpp"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#endif

#include <csignal>
#include <filesystem>

#include "core/error.hpp"
#include "core/random.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
namespace fs = std::filesystem;
using Catch::Matchers::ContainsSubstring;

namespace {

/// A folder of its own for every test, gone afterwards.
struct Folder {
  fs::path path = fs::temp_directory_path() / ("adatom_file_test_" + std::to_string(::getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  std::size_t files() const { return static_cast<std::size_t>(std::distance(fs::directory_iterator(path), {})); }
};

}  // namespace

TEST_CASE("what is written is read back", "[core][file]") {
  const Folder folder;
  std::string content(3'000'000, 'x');
  content[17] = '\0';
  write_file(folder.path / "a", content);
  CHECK(read_file(folder.path / "a") == content);
  write_file(folder.path / "a", "");
  CHECK(read_file(folder.path / "a").empty());
  CHECK(folder.files() == 1);
}

TEST_CASE("errors name the file and the system's reason", "[core][file]") {
  const Folder folder;
  CHECK_THROWS_WITH(read_file(folder.path / "none"), ContainsSubstring("none': No such file or directory"));
  CHECK_THROWS_WITH(read_file(folder.path), ContainsSubstring("is a directory"));
  CHECK_THROWS_WITH(write_file(folder.path / "no" / "a", "x"), ContainsSubstring("No such file or directory"));
  CHECK_THROWS_WITH(write_file(folder.path, "x"), ContainsSubstring("is a directory"));
  const fs::path long_name = folder.path / std::string(300, 'n');
  CHECK_THROWS_WITH(read_file(long_name), ContainsSubstring("File name too long"));
  CHECK_THROWS_AS(write_file(long_name, "x"), InputError);
  CHECK_THROWS_WITH(write_file(long_name, "x"), ContainsSubstring("File name too long"));
  CHECK_THROWS_WITH(write_file("/dev/full", std::string(10, 'x')), ContainsSubstring("No space left on device"));
  CHECK_THROWS_WITH(FileWriter(""), ContainsSubstring("expected a file name"));  // not only when it is committed
  fs::create_symlink("itself", folder.path / "itself");
  CHECK_THROWS_WITH(write_file(folder.path / "itself", "x"), ContainsSubstring("symbolic links"));
  CHECK(fs::is_symlink(folder.path / "itself"));
}

TEST_CASE("an old file keeps its permissions, a symbolic link stays one", "[core][file]") {
  const Folder folder;
  const fs::path path = folder.path / "a", link = folder.path / "link", second = folder.path / "second";
  write_file(path, "old");
  const fs::perms secret = fs::perms::owner_read | fs::perms::owner_write;
  fs::permissions(path, secret);
  write_file(path, "new");
  CHECK(fs::status(path).permissions() == secret);

  fs::create_symlink("a", link);
  fs::create_symlink(link, second);
  write_file(second, "through links");
  CHECK(fs::is_symlink(second));
  CHECK(fs::is_symlink(link));
  CHECK(read_file(path) == "through links");

  const mode_t mask = ::umask(027);
  write_file(folder.path / "unlike", "new");
  ::umask(mask);
  CHECK(fs::status(folder.path / "unlike").permissions() == static_cast<fs::perms>(0640));
  fs::remove(folder.path / "unlike");

  fs::create_symlink("fresh", folder.path / "dangling");
  write_file(folder.path / "dangling", "x");
  CHECK(read_file(folder.path / "fresh") == "x");
  CHECK(folder.files() == 5);
}

TEST_CASE("a file that may not be written is left alone", "[core][file]") {
  const Folder folder;
  const fs::path path = folder.path / "a";
  write_file(path, "old");
  fs::permissions(path, fs::perms::owner_read | fs::perms::others_read);
  fs::permissions(folder.path, fs::perms::all);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    if (::getuid() == 0 && ::setuid(65534) != 0) ::_exit(2);  // root may write anything
    try {
      write_file(path, "new");
    } catch (const InputError& error) {
      ::_exit(std::string(error.what()).find("Permission denied") == std::string::npos ? 1 : 0);
    }
    ::_exit(1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 0));
  CHECK(read_file(path) == "old");
  CHECK(folder.files() == 1);
}

TEST_CASE("what a killed process of the same number has left is in nobody's way", "[core][file]") {
  const Folder folder;
  const std::string begin = "a.tmp-" + std::to_string(::getpid()) + "-";
  for (int i = 0; i < 1000; ++i) fs::create_symlink("nowhere", folder.path / (begin + std::to_string(i)));
  write_file(folder.path / "a", "new");
  CHECK(read_file(folder.path / "a") == "new");
  CHECK(folder.files() == 1001);
}

TEST_CASE("without commit nothing is left and the old file stays", "[core][file]") {
  const Folder folder;
  write_file(folder.path / "a", "old");
  {
    FileWriter writer(folder.path / "a");
    writer.write(std::string(5'000'000, 'n'));
  }
  CHECK(read_file(folder.path / "a") == "old");
  CHECK(folder.files() == 1);
}

TEST_CASE("a writer killed at any moment leaves the old file or the new one", "[core][file]") {
  const Folder folder;
  const fs::path path = folder.path / "a";
  const std::string old_content(100'000, 'o'), new_content(200'000, 'n');
  write_file(path, old_content);
  Random random(1);
  for (int round = 0; round < 200; ++round) {
    const pid_t child = ::fork();
    if (child == 0) {
      for (;;) {
        write_file(path, new_content);
        write_file(path, old_content);
      }
    }
    ::usleep(static_cast<useconds_t>(random.uniform(200.0, 5000.0)));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    const std::string found = read_file(path);
    REQUIRE((found == old_content || found == new_content));
  }
}

#ifdef __linux__
TEST_CASE("a writer killed while it writes leaves nothing behind", "[core][file]") {
  const Folder folder;
  const int nameless = ::open(folder.path.c_str(), O_WRONLY | O_TMPFILE, 0600);
  if (nameless < 0) {
    WARN("not checked: the file system of the temporary folder knows no files without a name");
    return;
  }
  ::close(nameless);
  write_file(folder.path / "a", "old");
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    FileWriter writer(folder.path / "a");
    writer.write(std::string(5'000'000, 'n'));
    ::raise(SIGKILL);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  REQUIRE(WIFSIGNALED(status));
  CHECK(read_file(folder.path / "a") == "old");
  CHECK(folder.files() == 1);
}

namespace {

/// What the child of the next test finds; its exit code.
enum class OnFullDisk { as_it_should, no_mount, no_error, other_message, old_file_lost, rubbish_left };

/// Mounts a disk of 256 kB that nobody else sees, and overfills it.
OnFullDisk overfill(const fs::path& folder) {
  if (::unshare(CLONE_NEWNS) != 0 || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      ::mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=256k") != 0) {
    return OnFullDisk::no_mount;
  }
  const fs::path path = folder / "a";
  const std::string old_content(100'000, 'o');
  write_file(path, old_content);
  try {
    write_file(path, std::string(400'000, 'n'));
    return OnFullDisk::no_error;
  } catch (const Error& error) {
    if (std::string(error.what()).find("No space left on device") == std::string::npos)
      return OnFullDisk::other_message;
  }
  if (read_file(path) != old_content) return OnFullDisk::old_file_lost;
  return std::distance(fs::directory_iterator(folder), {}) == 1 ? OnFullDisk::as_it_should : OnFullDisk::rubbish_left;
}

}  // namespace

TEST_CASE("a full disk is an error, the old file stays and nothing half-written is left", "[core][file]") {
  const Folder folder;
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) ::_exit(static_cast<int>(overfill(folder.path)));
  int status = 0;
  ::waitpid(child, &status, 0);
  REQUIRE(WIFEXITED(status));
  if (WEXITSTATUS(status) == static_cast<int>(OnFullDisk::no_mount)) {
    WARN("not checked: mounting a small disk needs the rights of root");
    return;
  }
  CHECK(WEXITSTATUS(status) == static_cast<int>(OnFullDisk::as_it_should));
}
#endif
