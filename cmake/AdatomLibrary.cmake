# How every folder becomes a library, and how its hot loops are compiled for several processors.

# Warnings we want everywhere; -Werror is a matter of the preset (CMAKE_COMPILE_WARNING_AS_ERROR).
set(ADATOM_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wmissing-declarations -Wnon-virtual-dtor -Woverloaded-virtual
  # g++ 12 sees overlaps in std::string (its bug 105651) and vectors without a value that are not there.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict> $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
  # libstdc++ 12's std::stable_sort calls a function it deprecates itself; clang reports that as ours, g++ does not.
  $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>)

# Nothing here reads errno after a math call or installs floating-point traps; saying so lets loops vectorise.
# Never -ffast-math: it would break NaN handling and the exact range reduction in exp.
set(ADATOM_MATH_FLAGS -fno-math-errno -fno-trapping-math)

# adatom_library(NAME SOURCES a.cpp ... [KERNELS k.cpp ...] [DEPENDS adatom::x ...])
# The static library adatom::NAME from this folder. KERNELS are compiled once per instruction set (see below).
function(adatom_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;KERNELS;DEPENDS")
  add_library(adatom_${name} STATIC ${arg_SOURCES})
  add_library(adatom::${name} ALIAS adatom_${name})
  set_target_properties(adatom_${name} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON)
  target_compile_features(adatom_${name} PUBLIC cxx_std_20)
  target_include_directories(adatom_${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
    # Installed: <adatom/atoms/atoms.hpp> for users; the headers themselves say "atoms/atoms.hpp".
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/adatom>)
  target_compile_options(adatom_${name} PRIVATE ${ADATOM_WARNINGS} ${ADATOM_MATH_FLAGS})
  target_link_libraries(adatom_${name} PUBLIC ${arg_DEPENDS})
  foreach(kernel IN LISTS arg_KERNELS)
    adatom_add_kernel(adatom_${name} ${kernel})
  endforeach()
endfunction()

# adatom_add_kernel(TARGET file.cpp): compile one kernel file once per instruction set and add the objects to TARGET.
# The file puts everything into `namespace adatom::kernels::ADATOM_LEVEL`; vector width is ADATOM_VECTOR_BYTES.
# Which of the copies runs is decided at run time (core/processor.hpp), so one binary serves every machine.
# A kernel file must not instantiate anything inline from the standard library: the linker keeps one copy of each
# inline function, and if that were the AVX-512 one, older processors would crash.
function(adatom_add_kernel target file)
  set(levels baseline)
  set(flags_baseline "")
  set(bytes_baseline 16)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    list(APPEND levels avx2 avx512)
    set(flags_avx2 -march=x86-64-v3)
    set(bytes_avx2 32)
    set(flags_avx512 -march=x86-64-v4)
    set(bytes_avx512 64)
    if(CMAKE_CXX_COMPILER_ID MATCHES "Clang|GNU")
      list(APPEND flags_avx512 -mprefer-vector-width=512)
    endif()
  endif()
  get_filename_component(stem ${file} NAME_WE)
  foreach(level IN LISTS levels)
    set(object ${target}_${stem}_${level})
    add_library(${object} OBJECT ${file})
    target_compile_features(${object} PRIVATE cxx_std_20)
    target_include_directories(${object} PRIVATE ${PROJECT_SOURCE_DIR})
    target_compile_definitions(${object} PRIVATE ADATOM_LEVEL=${level} ADATOM_VECTOR_BYTES=${bytes_${level}})
    # -ffp-contract=fast is GCC's default; said aloud so that clang fuses multiply-adds too.
    target_compile_options(${object} PRIVATE ${ADATOM_WARNINGS} ${ADATOM_MATH_FLAGS} -O3 -ffp-contract=fast
      -Wno-psabi ${flags_${level}})
    set_target_properties(${object} PROPERTIES POSITION_INDEPENDENT_CODE ON)
    target_sources(${target} PRIVATE $<TARGET_OBJECTS:${object}>)
  endforeach()
endfunction()
