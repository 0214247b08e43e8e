"""What this file is: our benchmarks done with ASE: Lennard-Jones energy and forces, reading extended XYZ, builders."""
import io

import ase.io
import numpy
from ase import Atoms
from ase.build import add_adsorbate, bulk, fcc111, make_supercell, nanotube
from ase.calculators.emt import EMT
from ase.calculators.lj import LennardJones
from ase.calculators.singlepoint import SinglePointCalculator

import measure


def lennard_jones(n):
    atoms = Atoms("Ar%d" % n, measure.cluster(n), calculator=LennardJones(rc=100.0))
    energy = atoms.get_potential_energy()
    start = atoms.get_positions()
    moves = 0

    def forces():
        nonlocal moves
        moves += 1
        atoms.set_positions(start + 1e-4 * (moves % 7 - 3))  # unmoved atoms would not be computed again
        return atoms.get_forces()

    measure.run("lennard_jones/%d" % n, forces, check=energy + 4.0 * n * (n - 1) / 2 * shift(100.0))


def shift(cutoff):
    """ASE shifts each pair's energy to 0 at the cutoff; the check is without."""
    return cutoff**-12 - cutoff**-6


def emt(edge):
    """Copper, 4 edge^3 atoms. ASE's list of neighbours serves again in all calls but the first."""
    corners = numpy.array([[i, j, k] for i in range(edge) for j in range(edge) for k in range(edge)])
    basis = numpy.array([[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]])
    positions = 3.61 * (corners[:, None, :] + basis[None, :, :]).reshape(-1, 3)
    positions += measure.uniform_values(positions.size, 0.05, 17).reshape(-1, 3)
    atoms = Atoms("Cu%d" % len(positions), positions, cell=[3.61 * edge] * 3, pbc=True, calculator=EMT())
    energy = atoms.get_potential_energy()
    moves = 0

    def forces():
        nonlocal moves
        moves += 1
        atoms.set_positions(positions + [1e-4 * (moves % 7 - 3), 0, 0])
        return atoms.get_forces()

    measure.run("emt/cells:%d" % edge, forces, check=energy)


def read_trajectory():
    """1000 frames of 108 atoms with forces, energy and cell."""
    random = numpy.random.default_rng(4)
    frames = []
    for _ in range(1000):
        atoms = Atoms("Cu108", 5.0 * random.normal(size=(108, 3)), cell=[10.83] * 3, pbc=True)
        atoms.calc = SinglePointCalculator(atoms, energy=100.0 * random.normal(), forces=random.normal(size=(108, 3)))
        frames.append(atoms)
    text = io.StringIO()
    ase.io.write(text, frames, format="extxyz")

    def read():
        text.seek(0)
        return ase.io.read(text, ":", format="extxyz")

    measure.run("read_trajectory", read)


def slab_with_adsorbate(n):
    slab = fcc111("Cu", (n, n, 4), vacuum=10.0)
    add_adsorbate(slab, "O", 1.2, "fcc")
    return slab


def builders():
    measure.run("build_bulk", lambda: bulk("Cu", cubic=True))
    for n in (3, 20):
        measure.run("build_bulk_repeated/%d" % n, lambda: bulk("Cu", cubic=True).repeat(n))
    for n in (3, 50):
        measure.run("build_slab/%d" % n, lambda: fcc111("Cu", (n, n, 4), vacuum=10.0))
        measure.run("build_slab_with_adsorbate/%d" % n, lambda: slab_with_adsorbate(n))
    measure.run("build_nanotube", lambda: nanotube(8, 2, length=25))
    unit = bulk("Cu")
    matrix = numpy.array([[-10, 10, 10], [10, -10, 10], [10, 10, -10]])
    measure.run("build_supercell", lambda: make_supercell(unit, matrix))


for count in (13, 38):
    lennard_jones(count)
for edge in (3,) if measure.smoke else (3, 10):
    emt(edge)
read_trajectory()
builders()
measure.finish()
