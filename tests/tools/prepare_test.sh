# What tools/prepare says on systems that are not Debian, or too old: a folder of programs plays the system.
# Usage: prepare_test.sh SOURCE
set -uo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

system() {  # programs it has besides the ordinary ones; cmake is always there, gnuplot and ninja never
  rm -rf "$folder/bin" && mkdir "$folder/bin"
  local program
  for program in bash env find grep sed sort head printf uname id tr cmake c++ python3 "$@"; do
    ln -s "$(type -P "$program" || type -P true)" "$folder/bin/$program"
  done
}

pretend() {  # program, what it prints
  rm -f "$folder/bin/$1"
  printf '#!%s\necho "%s"\n' "$(command -v bash)" "$2" >"$folder/bin/$1" && chmod +x "$folder/bin/$1"
}

expect() {  # exit code, a pattern in what it says
  local said code
  said=$(PATH="$folder/bin" "$folder/bin/bash" "$source/tools/prepare" 2>&1)
  code=$?
  if [ $code -ne "$1" ] || ! grep -q -- "$2" <<<"$said"; then
    echo "expected exit code $1 and '$2', got $code and: $said"
    failures=$((failures + 1))
  fi
}

source=$1
system dnf && expect 2 '^Please install what is missing: sudo dnf install .*ninja-build .*gnuplot'
system pacman && expect 2 '^Please install what is missing: sudo pacman -S .*ninja .*gnuplot'
system brew && expect 2 '^Please install what is missing: brew install .*ninja .*gnuplot'
system && expect 2 'Fedora:  sudo dnf install .*gnuplot'
# A user of Debian who may not install.
system apt-get && pretend id 1000 && expect 2 '^Please install what is missing: apt-get install .*ninja-build .*gnuplot-nox'
# As root (nothing is installed here: its apt-get does nothing), with what Ubuntu 22.04 has.
system apt-get && pretend id 0 && pretend cmake 'cmake version 3.22.1' && expect 2 'CMake 3.22.1 is too old: adatom needs CMake 3.25'
system apt-get && pretend id 0 && pretend c++ '11.4.0 Free Software Foundation' && expect 2 'g++ .*11.4.0.* is too old'
exit $failures
