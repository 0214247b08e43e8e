"""What this file is: how many relaxations and how much processor time basin hopping with SciPy and with ASE takes until the
first hit of a Lennard-Jones cluster's known minimum, from random starts. Ours is bench/lj_clusters.cpp.

    python3 bench/peers/first_hit.py [--sizes 13,19] [--seeds 10] [--seconds 60] [--peers scipy,ase]

Columns as there: hits and searches, relaxations and processor seconds for each hit, relaxations per second.
"""
import argparse
import pathlib
import tempfile
import time

import numpy

from lennard_jones import energy_and_gradient

KNOWN = {int(row.split(",")[0]): float(row.split(",")[1])
         for row in (pathlib.Path(__file__).parents[2] / "tests/data/lj_global_minima.csv").read_text().split()[1:]}
TOLERANCE = 1e-4


def random_start(n, random):
    """As random_cluster_positions of optim/clusters.hpp: half an atom per cubed bond length, none too close."""
    bond = 1.12
    radius = bond * (3 * n / (4 * numpy.pi * 0.5)) ** (1 / 3)
    points = []
    while len(points) < n:
        p = random.uniform(-radius, radius, 3)
        if p @ p < radius**2 and all(numpy.linalg.norm(p - q) > 0.7 * bond for q in points):
            points.append(p)
    return numpy.array(points)


class Done(Exception):
    pass


def scipy_search(n, seed, deadline):
    from scipy.optimize import basinhopping
    count = 0

    def hop(x, energy, accepted):
        nonlocal count
        count += 1
        if energy < KNOWN[n] + TOLERANCE or time.process_time() > deadline:
            return True

    start = random_start(n, numpy.random.default_rng(seed))
    result = basinhopping(
        energy_and_gradient, start.ravel(), niter=10**9, T=0.8, stepsize=0.36, seed=seed, callback=hop,
        minimizer_kwargs={"args": (n,), "jac": True, "method": "L-BFGS-B", "options": {"gtol": 1e-2}})
    return count + 1, result.fun < KNOWN[n] + TOLERANCE


def ase_search(n, seed, deadline):
    from ase import Atoms
    from ase.calculators.lj import LennardJones
    from ase.optimize import LBFGS
    from ase.optimize.basin import BasinHopping
    shift = 4.0 * n * (n - 1) / 2 * (100.0**-12 - 100.0**-6)  # ASE shifts each pair to 0 at the cutoff
    numpy.random.seed(seed)
    atoms = Atoms("Ar%d" % n, random_start(n, numpy.random.default_rng(seed)), calculator=LennardJones(rc=100.0))
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        class Search(BasinHopping):
            def log(self, step, En, Emin):
                nonlocal count
                count += 1
                if self.Emin + shift < KNOWN[n] + TOLERANCE or time.process_time() > deadline:
                    raise Done

        search = Search(atoms, temperature=0.8, optimizer=LBFGS, fmax=0.01, dr=0.4, logfile=None, optimizer_logfile=None,
                        trajectory=folder + "/lowest.traj", local_minima_trajectory=folder + "/minima.traj")
        try:
            search.run(10**9)
        except Done:
            pass
        return count + 1, search.Emin + shift < KNOWN[n] + TOLERANCE


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="13,19")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=60.0, help="of processor time for each search")
    parser.add_argument("--peers", default="scipy,ase")
    options = parser.parse_args()
    print("%-6s %4s %7s %12s %10s %12s" % ("peer", "N", "hits", "quenches", "cpu s", "quenches/s"))
    for peer in options.peers.split(","):
        for n in map(int, options.sizes.split(",")):
            hits = quenches = 0
            begin = time.process_time()
            for seed in range(options.seeds):
                done, hit = {"scipy": scipy_search, "ase": ase_search}[peer](n, seed, time.process_time() + options.seconds)
                quenches += done
                hits += hit
            seconds = time.process_time() - begin
            print("%-6s %4d %3d/%-3d %12.1f %10.3f %12.1f" % (peer, n, hits, options.seeds, quenches / max(hits, 1),
                                                             seconds / max(hits, 1), quenches / seconds), flush=True)


main()
