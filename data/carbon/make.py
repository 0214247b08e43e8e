#!/usr/bin/env python3
"""Make the carbon data set: clusters C4 to C12 with GFN2-xTB energies and forces.

A *run* is one small structure search.  It draws a start of some shape, relaxes
it with xtb, picks frames spread along the relaxation (the steep beginning, the
middle, the end) and labels each with a single point, so that every frame has
the exact energy and forces of the coordinates written.  Runs of the origins
`strained` and `rattled` instead relax first and then deform the result.

    ./make.py                    make C4.extxyz ... C12.extxyz beside this file
    ./make.py --sizes 4 5        only these
    ./make.py --verify 50        recompute 50 random frames and compare
    ./make.py --table            the table of the README

Finished runs are kept in the scratch folder: start again to go on where it
stopped.  A run depends only on the seed, the size and its number, so the
result does not depend on --jobs.  Needs numpy and the program xtb.
"""

import argparse
import json
import os
import re
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

BOHR = 0.5291772105638411  # Angstrom
HARTREE = 27.211386024367243  # eV
XTB = ["xtb", "in.xyz", "--gfn", "2", "--etemp", "1000"]

# size: (frames wanted, most frames taken from one run)
SIZES = {4: (450, 5), 5: (1000, 8), 6: (1700, 8), 7: (2600, 8), 8: (3400, 8),
         9: (800, 8), 10: (800, 8), 11: (300, 4), 12: (300, 4)}
RUNS_PER_SIZE = 1000  # the id of a run is size * 1000 + number

MAX_FORCE = 60.0  # eV/Angstrom, per component
MAX_GAP = 3.2  # Angstrom: a wider gap between two parts counts as dissociated
SAME_SHAPE = 0.02  # Angstrom, rms of sorted pair distances


# ---- geometry ----------------------------------------------------------------
def distances(x):
    return np.linalg.norm(x[:, None] - x[None], axis=-1)


def fingerprint(x):
    """All pair distances in ascending order: blind to rotation, mirror, labels."""
    return np.sort(distances(x)[np.triu_indices(len(x), 1)])


def connected(x, cutoff):
    """Do bonds shorter than the cutoff join all atoms?"""
    near = distances(x) < cutoff
    reached = near[0]
    for _ in x:
        reached = near[reached].any(axis=0)
    return reached.all()


def tidy(x):
    """Centred at the origin and rounded as in the file, so labels fit exactly."""
    return np.round(x - x.mean(axis=0), 8) + 0.0


# ---- starts: random ---------------------------------------------------------
def scatter(n, rng, box):
    """Atoms dropped one by one into a region, each 1.1 A or more from all and
    near one of those before it.  `box(rng)` draws from the region of unit size."""
    reach, size, tries = rng.uniform(1.5, 2.0), rng.uniform(0.9, 1.4), 0
    x = [size * box(rng)]
    while len(x) < n:
        p = size * box(rng)
        closest = np.linalg.norm(np.array(x) - p, axis=1).min()
        if 1.1 < closest < reach:
            x.append(p)
        tries += 1
        if tries % 500 == 0:  # too crowded: start again with more room
            size *= 1.05
            x = [size * box(rng)]
    return np.array(x)


def in_ball(rng, dimensions):
    v = rng.normal(size=dimensions)
    v *= rng.uniform() ** (1 / dimensions) / np.linalg.norm(v)
    return np.append(v, np.zeros(3 - dimensions))


def random_ball(n, rng):
    return scatter(n, rng, lambda r: 0.85 * n ** (1 / 3) * in_ball(r, 3))


def random_disc(n, rng):
    """Exactly planar, and stays so while it relaxes."""
    return scatter(n, rng, lambda r: 0.75 * n ** (1 / 2) * in_ball(r, 2))


def random_box(n, rng):
    sides = np.array([0.5 * n, *rng.uniform(0.2, 2.0, 2)])
    return scatter(n, rng, lambda r: sides * r.uniform(-0.5, 0.5, 3))


# ---- starts: built, then rattled ---------------------------------------------
def polygon(k):
    """Regular, side 1, in the xy plane, first corner on the x axis."""
    a = 2 * np.pi * np.arange(k) / k
    return np.stack([np.cos(a), np.sin(a), 0 * a], axis=1) / (2 * np.sin(np.pi / k))


def rotated(x, angle):
    c, s = np.cos(angle), np.sin(angle)
    return x @ np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]])


def chain(n, rng):
    """Straight, or bent to an arc of up to 250 degrees."""
    bend = rng.choice([0.01, rng.uniform(0.3, 4.4)]) / (n - 1)
    a = bend * np.arange(n)
    return np.stack([np.cos(a), np.sin(a), 0 * a], axis=1) / bend


def ring(n, rng):
    x = polygon(n)
    x[:, 2] = rng.uniform(0, 0.4) * np.cos(np.pi * np.arange(n))  # puckered
    return x


def tailed_ring(n, rng):
    """A ring and one tail, or two at different corners."""
    k = rng.integers(3, n)
    corners = polygon(k)
    first = rng.integers(1, n - k + 1)
    tails = [(0, first), (rng.integers(1, k), n - k - first)]
    x = list(corners)
    for corner, length in tails:
        out = corners[corner] / np.linalg.norm(corners[corner])
        x += [corners[corner] + (i + 1) * out for i in range(length)]
    return np.array(x)


def two_rings(n, rng):
    """Two rings, folded along their line, that share an edge or an atom or are
    joined by a bond."""
    shared = rng.choice([s for s in (2, 1, 0) if n + s >= 6])
    k = rng.integers(3, n + shared - 2)
    sides = []
    for corners in (k, n + shared - k):
        p = polygon(corners)
        if shared == 2:  # turn an edge to x = 0
            p = rotated(p, np.pi / corners)
            p = p[np.argsort(p[:, 0])]  # the edge is last
        else:
            p = np.roll(p, -1, axis=0)  # the corner is last
        sides.append(p.max(axis=0) * [1, 0, 0] - p)
    a, b = sides
    fold = rng.uniform(0, 1.2)
    b = b * [-1, 1, 1] - [0 if shared else 1, 0, 0]
    b = np.stack([b[:, 0] * np.cos(fold), b[:, 1], b[:, 0] * np.sin(fold)], axis=1)
    if shared == 1:  # one of the rings upright in half of the cases
        b = b[:, [0, 2, 1]] if rng.uniform() < 0.5 else b
    return np.concatenate([a, b[:len(b) - shared]])


def bowl(n, rng):
    """Points of a sunflower on a paraboloid."""
    i = np.arange(n) + rng.uniform(0.2, 0.6)
    r, a = np.sqrt(i), 2.39996 * i
    return np.stack([r * np.cos(a), r * np.sin(a), rng.uniform(0.05, 0.4) * i], axis=1)


def cage(n, rng):
    """Points that repel each other on a sphere, or two rings face to face."""
    if n % 2 == 0 and n >= 6 and rng.uniform() < 0.4:
        p = polygon(n // 2)
        return np.concatenate([p, rotated(p, rng.choice([0, np.pi / (n // 2)])) + [0, 0, 1]])
    x = rng.normal(size=(n, 3))
    for _ in range(300):
        x /= np.linalg.norm(x, axis=1, keepdims=True)
        away = x[:, None] - x[None]
        x = x + 0.05 * (away / (distances(x) + np.eye(n))[..., None] ** 3).sum(axis=1)
    return x


RANDOM = [random_disc, random_ball, random_box]
BUILT = [chain, ring, tailed_ring, two_rings, bowl, cage]
SHAPES = {shape.__name__: shape for shape in RANDOM + BUILT}


def start(shape, n, rng):
    if shape in RANDOM:
        return shape(n, rng)
    while True:
        x = shape(n, rng)
        x = x * (rng.uniform(1.2, 1.5) / fingerprint(x)[0])  # the length of the bonds
        x = x + rng.normal(scale=rng.uniform(0.03, 0.2), size=x.shape)
        if fingerprint(x)[0] > 0.95 and connected(x, 2.2):
            return x


# ---- xtb ---------------------------------------------------------------------
def xtb(x, *options):
    """Run xtb in a fresh folder (so nothing is left of the run before); the text
    of its result files, by name.  A single point that failed has no result."""
    with tempfile.TemporaryDirectory(prefix="carbon-") as folder:
        atoms = "".join("C %.8f %.8f %.8f\n" % tuple(p) for p in x)
        Path(folder, "in.xyz").write_text(f"{len(x)}\n\n{atoms}")
        done = subprocess.run(XTB + list(options), cwd=folder, capture_output=True,
                              env={**os.environ, "OMP_NUM_THREADS": "1"})
        names = ["xtbopt.log", ".xtboptok"] + ["gradient"] * (done.returncode == 0)
        return {name: path.read_text() for name in names if (path := Path(folder, name)).exists()}


def single_point(x):
    """Energy (eV) and forces (eV/Angstrom), or None where xtb did not converge."""
    out = xtb(x, "--grad")
    if "gradient" not in out:
        return None
    lines = out["gradient"].splitlines()
    energy = float(re.search(r"energy =\s*(\S+)", lines[1])[1])
    gradient = np.array([[float(v.replace("D", "E")) for v in line.split()]
                         for line in lines[2 + len(x):2 + 2 * len(x)]])
    return energy * HARTREE, -gradient * (HARTREE / BOHR)


def relax(x):
    """The frames of a relaxation and whether it converged."""
    out = xtb(x, "--opt", "--cycles", "150")
    if "xtbopt.log" not in out:
        return [], False
    rows = [line.split()[1:] for line in out["xtbopt.log"].splitlines() if line.startswith("C ")]
    return list(np.array(rows, dtype=float).reshape(-1, len(x), 3)), ".xtboptok" in out


# ---- runs --------------------------------------------------------------------
# Twenty runs in a row take these origins.
SCHEDULE = ["random_disc", "random_ball", "chain", "random_disc", "ring",
            "random_box", "random_disc", "tailed_ring", "random_ball", "strained",
            "random_disc", "two_rings", "random_box", "random_disc", "cage",
            "random_ball", "bowl", "random_disc", "rattled", "random_box"]


def strained(x, rng):
    """Scaled as a whole, or along one of the two long axes; and rattled a little."""
    axes = np.linalg.svd(x - x.mean(axis=0))[2]
    factors = np.full(3, rng.uniform(0.94, 1.25))
    if rng.uniform() < 0.5:
        factors = np.where(np.arange(3) == rng.integers(2), rng.uniform(0.9, 1.3), 1.0)
    x = (x - x.mean(axis=0)) @ axes.T * factors @ axes
    return x + rng.normal(scale=0.03, size=x.shape)


def rattled(x, rng):
    return x + rng.normal(scale=rng.uniform(0.05, 0.25), size=x.shape)


def frames_of_run(n, number, seed, most):
    """The labelled frames of one run, each a dictionary."""
    rng = np.random.default_rng([seed, n, number])
    origin = SCHEDULE[number % len(SCHEDULE)]
    shape = SHAPES.get(origin) or (RANDOM + BUILT)[rng.integers(len(SHAPES))]
    path, converged = relax(tidy(start(shape, n, rng)))
    last, chosen = len(path) - 1, []
    if path and origin in SHAPES:  # evenly spread from the start to the minimum
        steps = sorted({round(last * i / (most - 1)) for i in range(most)})
        chosen = [(step, path[step], converged and step == last) for step in steps]
    elif path:
        deform = strained if origin == "strained" else rattled
        chosen = [(i, deform(path[-1], rng), False) for i in range(most)]
    frames = []
    for step, x, final in chosen:
        x = tidy(x)
        label = single_point(x) if connected(x, MAX_GAP) else None
        if label and np.abs(label[1]).max() < MAX_FORCE:
            frames.append({"run": n * RUNS_PER_SIZE + number, "step": step,
                           "origin": origin, "final": final, "energy": label[0],
                           "positions": x.tolist(), "forces": label[1].tolist()})
    return frames


def cached_run(n, number, seed, most, scratch):
    path = scratch / f"seed{seed}" / f"{n * RUNS_PER_SIZE + number}-{most}.json"
    if not path.exists():
        frames = frames_of_run(n, number, seed, most)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_text(json.dumps(frames))
        part.rename(path)
    return json.loads(path.read_text())


# ---- files -------------------------------------------------------------------
def write_frame(file, f):
    file.write(f"{len(f['positions'])}\nProperties=species:S:1:pos:R:3:forces:R:3 "
               f"energy={f['energy']!r} pbc=\"F F F\" run={f['run']} step={f['step']} "
               f"origin={f['origin']} final={'T' if f['final'] else 'F'}\n")
    for p, g in zip(f["positions"], f["forces"]):
        file.write("C %.8f %.8f %.8f %.7f %.7f %.7f\n" % (*p, *g))


def read_frames(path):
    lines = path.read_text().splitlines()
    n = int(lines[0])
    for i in range(0, len(lines), n + 2):
        info = dict(re.findall(r"(\w+)=(\S+)", lines[i + 1]))
        rows = np.array([line.split()[1:] for line in lines[i + 2:i + 2 + n]], dtype=float)
        yield {"run": int(info["run"]), "origin": info["origin"],
               "energy": float(info["energy"]), "positions": rows[:, :3], "forces": rows[:, 3:]}


def make(n, args):
    """Take runs in order, leaving out every frame whose like is already there.
    A run is looked through from its end, so that a minimum wins over the frames
    just before it."""
    wanted, most = SIZES[n]
    prints, kept = np.empty((wanted + most, n * (n - 1) // 2)), []
    batch = 4 * args.jobs
    with ThreadPoolExecutor(args.jobs) as pool:
        for first in range(0, RUNS_PER_SIZE, batch):
            for frames in pool.map(lambda i: cached_run(n, i, args.seed, most, args.scratch),
                                   range(first, min(first + batch, RUNS_PER_SIZE))):
                for f in reversed(frames) if len(kept) < wanted else []:
                    mark = fingerprint(np.array(f["positions"]))
                    rms = np.sqrt(((prints[:len(kept)] - mark) ** 2).mean(axis=1))
                    if (rms > SAME_SHAPE).all():
                        prints[len(kept)] = mark
                        kept.append(f)
            if len(kept) >= wanted:
                break
    kept = sorted(kept, key=lambda f: (f["run"], f["step"]))[:wanted]
    with open(args.output / f"C{n}.extxyz", "w") as file:
        for f in kept:
            write_frame(file, f)
    print(f"C{n}: {len(kept)} frames of {len({f['run'] for f in kept})} runs", flush=True)


# ---- reports -----------------------------------------------------------------
def table(args):
    print("| size | frames | runs | energy per atom (eV): lowest, median, highest "
          "| largest force component (eV/Å): median, highest | closest pair (Å) |")
    print("|-|-|-|-|-|-|")
    for n in args.sizes:
        frames = list(read_frames(args.output / f"C{n}.extxyz"))
        e = [f["energy"] / n for f in frames]
        g = [np.abs(f["forces"]).max() for f in frames]
        d = min(fingerprint(f["positions"])[0] for f in frames)
        print(f"| C{n} | {len(frames)} | {len({f['run'] for f in frames})} "
              f"| {min(e):.3f}, {np.median(e):.3f}, {max(e):.3f} "
              f"| {np.median(g):.2f}, {max(g):.2f} | {d:.3f} |")


def verify(args):
    """Recompute frames; along random directions, compare forces with energies."""
    rng = np.random.default_rng(args.seed)
    frames = [f for n in args.sizes for f in read_frames(args.output / f"C{n}.extxyz")]
    chosen = [frames[i] for i in rng.choice(len(frames), min(args.verify, len(frames)), False)]
    worst, slopes, h = np.zeros(2), [], 1e-3
    for count, f in enumerate(chosen):
        energy, forces = single_point(f["positions"])
        worst = np.maximum(worst, [abs(energy - f["energy"]), np.abs(forces - f["forces"]).max()])
        if count < 5:
            u = rng.normal(size=forces.shape)
            u /= np.linalg.norm(u)
            e = [single_point(f["positions"] + s * h * u)[0] for s in (-2, -1, 1, 2)]
            slope = -(e[0] - 8 * e[1] + 8 * e[2] - e[3]) / (12 * h)
            slopes.append(abs(slope - (f["forces"] * u).sum()))
    print(f"{len(chosen)} frames: largest deviation {worst[0]:.1e} eV, {worst[1]:.1e} eV/A\n"
          f"forces against energy differences ({len(slopes)} frames): {max(slopes):.1e} eV/A")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2, help="xtb processes at a time (2)")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), choices=SIZES)
    parser.add_argument("--output", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir(), "carbon-runs"))
    parser.add_argument("--verify", type=int, metavar="N", help="recompute N random frames")
    parser.add_argument("--table", action="store_true", help="print the table of counts and ranges")
    parser.add_argument("--atom", action="store_true", help="print the energy of one C atom")
    args = parser.parse_args()
    if args.atom:
        print(single_point(np.zeros((1, 3)))[0], "eV")
    elif args.verify:
        verify(args)
    elif args.table:
        table(args)
    else:
        for n in args.sizes:
            make(n, args)


if __name__ == "__main__":
    main()
