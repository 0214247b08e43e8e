"""What this file is: the Lennard-Jones melt of bench/dynamics_bench.cpp done by LAMMPS (lmp), from the same positions and
velocities, by its plain and its optimised pair style. The check is the total energy of an atom after the last step."""
import pathlib
import subprocess
import tempfile

import measure

STEPS = 100
INPUT = """
units lj
atom_style atomic
boundary p p p
read_data melt.data
pair_style lj/cut 2.5
pair_coeff 1 1 1.0 1.0 2.5
neighbor 0.3 bin
neigh_modify delay 0 every 20 check no
fix 1 all nve
thermo %d
thermo_style custom step pe ke etotal
thermo_modify format float %%.15g
run %d
""" % (STEPS, STEPS)


def write_problem(folder, edge):
    length, positions, velocities = measure.melt(edge)
    with open(folder / "melt.data", "w") as data:
        data.write("melt\n\n%d atoms\n1 atom types\n\n" % len(positions))
        for axis in "xyz":
            data.write("0 %.17g %slo %shi\n" % (length, axis, axis))
        data.write("\nMasses\n\n1 1.0\n\nAtoms # atomic\n\n")
        data.writelines("%d 1 %.17g %.17g %.17g\n" % (i + 1, *r) for i, r in enumerate(positions))
        data.write("\nVelocities\n\n")
        data.writelines("%d %.17g %.17g %.17g\n" % (i + 1, *v) for i, v in enumerate(velocities))
    (folder / "in.melt").write_text(INPUT)


def run(folder, suffix):
    """Seconds of the time loop, of the processor's time, and the energy."""
    command = ["lmp", "-in", "in.melt", "-log", "none"] + (["-sf", suffix] if suffix != "none" else [])
    lines = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.splitlines()
    loop = next(float(line.split()[3]) for line in lines if line.startswith("Loop time of"))
    used = next(float(line.split("%")[0]) / 100.0 for line in lines if "% CPU use" in line)
    energy = next(float(line.split()[3]) for line in lines if line.split()[:1] == [str(STEPS)])
    return loop * min(1.0, used), energy


for edge in (10,) if measure.smoke else (10, 20):
    with tempfile.TemporaryDirectory() as name:
        write_problem(pathlib.Path(name), edge)
        for suffix in ("none", "opt"):
            for _ in range(1 if measure.smoke else 3):
                seconds, energy = run(pathlib.Path(name), suffix)
                measure.note("lj_melt/%d/%s" % (edge, suffix), seconds, check=energy)
measure.finish()
