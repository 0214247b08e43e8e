"""The pages of `adatom view`, opened in headless Chromium: everything is drawn, and nothing is fetched.

Usage: view_in_browser.py ADATOM. Exit code 77, "skipped", where there is no Chromium.
"""
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib

WATER = "3\nenergy=-1.5 step={step}\nO 0 0 0\nH 0.757 0.586 {z}\nH -0.757 0.586 0\n"
SALT = 'Lattice="5.64 0 0 0 5.64 0 0 0 5.64"\n'
# Presses the button and notes which frames are shown.
PLAY = """<script>
const seen = new Set();
new MutationObserver(() => {
  seen.add(document.body.dataset.frame);
  document.body.dataset.seen = [...seen].sort().join("");
}).observe(document.body, {attributes: true, attributeFilter: ["data-frame"]});
byId("play").click();
</script>"""


def browser(chromium, page, folder, *options):
    # Software rendering, so that it also runs where there is no graphics; no network whatever the page asks for.
    command = [chromium, "--headless", "--no-sandbox", "--no-first-run", "--disable-background-networking", "--disable-sync",
               "--disable-component-update", "--disable-quic", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
               "--host-resolver-rules=MAP * ~NOTFOUND", "--user-data-dir=" + str(folder / "profile"),
               "--window-size=800,600", "--virtual-time-budget=10000", "--enable-logging=stderr", *options, page.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def pixels(path):
    """Rows of (r, g, b) of a PNG with 8 bits a channel, undoing its five line filters."""
    data = path.read_bytes()
    width, height, depth, color = struct.unpack(">IIBB", data[16:26])
    assert depth == 8 and color in (2, 6), (depth, color)
    channels, packed, at = (3 if color == 2 else 4), b"", 8
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        packed += data[at + 8:at + 8 + length] if kind == b"IDAT" else b""
        at += 12 + length
    raw, stride, above, rows = zlib.decompress(packed), width * channels, bytes(width * channels), []
    for y in range(height):
        kind, line = raw[y * (stride + 1)], bytearray(raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
        for x in range(stride):
            a = line[x - channels] if x >= channels else 0
            b, c = above[x], above[x - channels] if x >= channels else 0
            nearest = min((abs(b - c), 0, a), (abs(a - c), 1, b), (abs(a + b - 2 * c), 2, c))[2]
            line[x] = (line[x] + (0, a, b, (a + b) // 2, nearest)[kind]) & 255
        rows.append([tuple(line[x:x + 3]) for x in range(0, stride, channels)])
        above = bytes(line)
    return rows


def check(chromium, adatom, folder, name, text, frames, atoms, color):
    """color: says of a pixel whether it can only be of a drawn atom."""
    source, page, shot = (folder / (name + end) for end in (".xyz", ".html", ".png"))
    source.write_text(text)
    subprocess.run([adatom, "view", source, "--output", page, "--quiet"], check=True)
    markup = re.sub(r"<script.*?</script>", "", page.read_text(), flags=re.S)
    assert not re.search(r"\b(src|href)\s*=", markup), "the page refers to another file"
    opened = browser(chromium, page, folder, "--dump-dom")
    body = re.search(r"<body[^>]*>", opened.stdout)
    assert body and f'data-drawn="{frames}"' in body[0] and f'data-atoms="{atoms}"' in body[0], (body, opened.stderr[-2000:])
    errors = [line for line in opened.stderr.splitlines() if "CONSOLE" in line and ("rror" in line or "Refused" in line)]
    assert not errors, errors
    if frames > 1:  # the button plays all of them
        playing = folder / (name + ".playing.html")
        playing.write_text(page.read_text().replace("</body>", PLAY + "</body>"))
        opened = browser(chromium, playing, folder, "--dump-dom")
        seen = "".join(map(str, range(frames)))
        assert f'data-seen="{seen}"' in opened.stdout, "the trajectory does not play"
    browser(chromium, page, folder, "--screenshot=" + str(shot))
    drawn = sum(color(*pixel) for row in pixels(shot) for pixel in row)
    assert drawn > 300, f"{name}: only {drawn} pixels of atoms"
    print(f"{name}: {frames} frame(s) of {atoms} atoms, {drawn} pixels drawn")


def main():
    adatom = pathlib.Path(sys.argv[1]).resolve()
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        print("skipped: there is no Chromium")
        return 77
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        red = lambda r, g, b: r > 150 and g < 90 and b < 90  # noqa: E731 (oxygen)
        check(chromium, adatom, folder, "water", "".join(WATER.format(step=k, z=0.1 * k) for k in range(3)), 3, 3, red)
        salt = "2\n" + SALT + "Na 0 0 0\nCl 2.82 0 0\n"
        green = lambda r, g, b: g > 120 and r < 110 and b < 110  # noqa: E731 (chlorine)
        check(chromium, adatom, folder, "salt", salt, 1, 2, green)
        # A file that tries to end the script that holds its data, and to run one of its own.
        hostile = '1\nnote="</script><script>document.body.dataset.drawn=99</script>" energy=1\nO 0 0 0\n'
        check(chromium, adatom, folder, "hostile", hostile, 1, 1, red)
    return 0


if __name__ == "__main__":
    sys.exit(main())
