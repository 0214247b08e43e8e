"""What this file is: our benchmarks done with ASE: Lennard-Jones energy and forces, reading extended XYZ."""
import io

import ase.io
import numpy
from ase import Atoms
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


for count in (13, 38):
    lennard_jones(count)
read_trajectory()
measure.finish()
