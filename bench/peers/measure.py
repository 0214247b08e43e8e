"""What this file is: what the peers' Python scripts share. Like Google Benchmark it prints JSON with processor times."""
import json
import sys
import time

import numpy

smoke = "--smoke" in sys.argv
_results = {}


def note(name, seconds, **counters):
    """Keeps the shortest time of each name."""
    known = _results.get(name)
    if known is None or seconds < known["cpu_time"]:
        _results[name] = {"name": name, "cpu_time": seconds, "time_unit": "s", **counters}


def run(name, function, **counters):
    """The shortest of samples of a fiftieth of a second or more, over half a second or more."""
    begin = time.process_time()
    function()
    calls = 1 if smoke else max(1, int(0.02 / max(time.process_time() - begin, 1e-9)))
    samples = 1 if smoke else 3
    while samples > 0 or (not smoke and time.process_time() - begin < 0.5):
        start = time.process_time()
        for _ in range(calls):
            function()
        note(name, (time.process_time() - start) / calls, **counters)
        samples -= 1


def finish():
    json.dump({"benchmarks": list(_results.values())}, sys.stdout)


def uniform_values(count, amplitude, seed):
    """problems::uniform_values of bench/problems.hpp."""
    mask = (1 << 64) - 1
    state = seed
    values = []
    for _ in range(count):
        state = (state + 0x9E3779B97F4A7C15) & mask
        z = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        z ^= z >> 31
        values.append((2.0 * ((z >> 11) * 2.0**-53) - 1.0) * amplitude)
    return numpy.array(values)


class SplitMix:
    """problems::SplitMix of bench/problems.hpp."""

    def __init__(self, seed):
        self.state = seed

    def uniform(self, amplitude):
        mask = (1 << 64) - 1
        self.state = (self.state + 0x9E3779B97F4A7C15) & mask
        z = ((self.state ^ (self.state >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        z ^= z >> 31
        return (2.0 * ((z >> 11) * 2.0**-53) - 1.0) * amplitude


def cluster(n, shake=0.05, seed=7):
    """problems::cluster of bench/problems.hpp."""
    random = SplitMix(seed)
    edge = 1
    while edge**3 < n:
        edge += 1
    rows = []
    for i in range(n):
        rows.append([1.12 * place + random.uniform(shake) for place in (i // (edge * edge), i // edge % edge, i % edge)])
    return numpy.array(rows)


def melt(edge):
    """problems::melt of bench/problems.hpp: length of the cube, positions, velocities."""
    a = (4.0 / 0.8442) ** (1.0 / 3.0)
    basis = ((0, 0, 0), (0, 0.5, 0.5), (0.5, 0, 0.5), (0.5, 0.5, 0))
    positions = [[a * (place + b) for place, b in zip((cell // (edge * edge), cell // edge % edge, cell % edge), row)]
                 for cell in range(edge**3) for row in basis]
    random = SplitMix(21)
    velocities = numpy.array([[random.uniform(1.0) for _ in range(3)] for _ in positions])
    velocities -= velocities.mean(axis=0)
    velocities *= (1.44 * 3.0 * (len(positions) - 1) / (velocities**2).sum()) ** 0.5
    return a * edge, numpy.array(positions), velocities
