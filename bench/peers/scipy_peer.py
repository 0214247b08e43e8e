"""What this file is: basin hopping of Lennard-Jones clusters with SciPy and NumPy; the time of a quench."""
import time

from scipy.optimize import basinhopping

import measure
from lennard_jones import energy_and_gradient


def search(n, hops, seed):
    return basinhopping(
        energy_and_gradient, measure.cluster(n, 0.3, 7 + seed).ravel(), niter=hops, T=0.8, stepsize=0.36, seed=seed,
        minimizer_kwargs={"args": (n,), "jac": True, "method": "L-BFGS-B", "options": {"gtol": 1e-2}})


for n in (13, 38):
    hops = 1 if measure.smoke else 50
    for seed in range(1 if measure.smoke else 3):
        start = time.process_time()
        search(n, hops, seed)
        measure.note("quench/%d" % n, (time.process_time() - start) / (hops + 1))
measure.finish()
