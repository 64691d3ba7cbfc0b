#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Wall time and peak memory of `assay examine` beside unsquashfs (the floor: unpacking to memory-backed files and nothing else) and
`binwalk -eM` (what people use today), on the same file in the same run; then how many requirement rows are judged without a person, and with.

usage: examine.py ASSAY [--judge | IMAGE...]       --judge: the second part alone
"""
import json, os, resource, shutil, subprocess, sys, tempfile, time
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
RUNS = 3  # the best of three: what the machine does besides only ever adds


def timed(command, cwd=None, runs=RUNS, limit=600):
    """(seconds, peak KiB, standard output) of the best run; None when the command fails or takes too long."""
    best = None
    for _ in range(runs):
        reader, writer = os.pipe()
        start = time.monotonic()
        child = os.fork()
        if child == 0:
            os.close(reader)
            with open(os.devnull, "wb") as null, tempfile.TemporaryFile() as out:
                try:
                    done = subprocess.run(command, cwd=cwd, stdout=out, stderr=null, timeout=limit)
                    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
                    out.seek(0)
                    os.write(writer, f"{done.returncode} {peak}\n".encode())
                    with os.fdopen(writer, "wb") as pipe:
                        shutil.copyfileobj(out, pipe)
                except (subprocess.TimeoutExpired, OSError):
                    pass
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader, "rb") as pipe:
            head = pipe.readline()
            body = pipe.read()
        os.waitpid(child, 0)
        seconds = time.monotonic() - start
        if not head or int(head.split()[0]) != 0:
            return None
        if best is None or seconds < best[0]:
            best = (seconds, int(head.split()[1]), body)
    return best


def scratch():
    """A memory-backed folder: the floor and the peer should not be measured on the disk."""
    for parent in ("/dev/shm", tempfile.gettempdir()):
        if os.access(parent, os.W_OK):
            return tempfile.mkdtemp(dir=parent)
    raise SystemExit("no folder to write to")


def show(result):
    return f"{result[0]:8.2f} s {result[1] / 1024:7.0f} MiB" if result else f"{'–':>10} {'–':>11}"


def examine(assay, images):
    print("\nExamination, best of three (password guessing apart: --password-time 0 here, and with it in the last column)\n")
    print(f"{'image':44} {'size':>9} {'assay examine':>22} {'unsquashfs (floor)':>22} {'binwalk -eM':>22} {'floor':>7} {'peer':>7} {'guessing':>9}")
    for image in images:
        ours = timed([assay, "examine", str(image), "--json", "--password-time", "0"])
        guessed = timed([assay, "examine", str(image), "--json"], runs=1)
        folder = scratch()
        floor = None
        try:
            squash = [o for o in json.loads(ours[2])["observations"] if o["kind"] == "image" and o.get("format") == "squashfs" and "offset" in o.get("at", {})] if ours else []
            if squash and shutil.which("unsquashfs"):
                # The first file system alone, as a person would cut it out.
                at, size = squash[0]["at"]["offset"], squash[0]["size"]
                part = Path(folder) / "part"
                with open(image, "rb") as source:
                    source.seek(at)
                    part.write_bytes(source.read(size))
                floor = timed(["unsquashfs", "-n", "-f", "-d", f"{folder}/out", str(part)])
            peer = None
            if shutil.which("binwalk"):
                work = Path(folder) / "peer"
                work.mkdir()
                peer = timed(["binwalk", "--run-as=root", "-eM", "-C", str(work), str(image)], runs=1)
            ratio = lambda other: f"{ours[0] / other[0]:6.2f}×" if ours and other else f"{'–':>7}"
            gain = lambda other: f"{other[0] / ours[0]:6.1f}×" if ours and other else f"{'–':>7}"
            print(f"{image.name[:44]:44} {image.stat().st_size / 1e6:6.1f} MB {show(ours)} {show(floor)} {show(peer)} {ratio(floor)} {gain(peer)} "
                  f"{guessed[0]:7.2f} s" if guessed else f"{image.name}: failed")
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    print("\nfloor: our time as a multiple of unsquashfs. peer: how many times faster than binwalk -eM.")


def assess(assay, version, image, answers):
    product = ROOT / f"examples/ip-camera/{version}"
    with tempfile.TemporaryDirectory() as folder:
        command = [assay, "assess", str(product / "product.yaml"), "--add", str(ROOT / "build/examples" / image), "-o", folder, "--json"]
        if answers:
            command += ["--answers", str(product / "statements.yaml")]
        return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)


def final(rows):
    return sum(r["verdict"] != "inconclusive" for r in rows)


def judge(assay):
    """Test once, comply everywhere: how far declaration and firmware alone come over all schemes, and what each statement of a person adds."""
    print("\nJudging, the example camera over all schemes that apply\n")
    for version, image in (("v1", "ipc200-1.0.0.bin"), ("v2", "ipc200-1.1.0.bin")):
        stated = yaml.safe_load((ROOT / f"examples/ip-camera/{version}/statements.yaml").read_text())
        answers = len(stated.get("answers", []))
        steps = sum(len(d["states"]) for d in stated.get("documents", []))
        alone, whole = (assess(assay, version, image, with_answers) for with_answers in (False, True))
        name = lambda s: s["id"] if s["id"] != "en-303-645" else f"{s['id']}@{s['edition']}"
        print(f"{image}\n  {'scheme':24} {'rows':>5} {'machine':>8} {'all':>5} {'PASS':>5} {'FAIL':>5} {'N/A':>5}")
        for before, after in zip(alone["schemes"], whole["schemes"]):
            count = lambda verdict: sum(r["verdict"] == verdict for r in after["requirements"])
            print(f"  {name(after):24} {len(after['requirements']):5} {final(before['requirements']):8} {final(after['requirements']):5} "
                  f"{count('pass'):5} {count('fail'):5} {count('not-applicable'):5}")
        rows_before, rows_after = ([r for s in result["schemes"] for r in s["requirements"]] for result in (alone, whole))
        units_before, units_after = ([u for r in rows for a in r["assessments"] for u in a["units"]] for rows in (rows_before, rows_after))
        gained = final(rows_after) - final(rows_before)
        print(f"  {final(rows_before)} of {len(rows_before)} requirement rows ({final(units_before)} of {len(units_before)} units) are final from declaration and firmware alone;")
        print(f"  {final(rows_after)} ({final(units_after)} units) with {answers} answers of people and {steps} statements read off documents and trials:")
        print(f"  {gained / answers if answers else 0:.1f} rows and {(final(units_after) - final(units_before)) / (answers + steps) if answers + steps else 0:.1f} units a statement.")
        by_scheme = [{(o["kind"], o["question"], o.get("instance")) for r in s["requirements"] for o in r["owed"]} for s in alone["schemes"]]
        print(f"  Asked scheme by scheme, people would be asked for {sum(map(len, by_scheme))} things; asked once for all schemes, for {len(set().union(*by_scheme))}.")
        owed = {}
        for thing in whole["owed"]:
            owed.setdefault(thing["kind"], []).append(len(thing["settles"]))
        print(f"  The rest ({len(rows_after) - final(rows_after)} rows) hangs on {sum(map(len, owed.values()))} things owed: " +
              ", ".join(f"{len(n)} {kind}{'' if len(n) == 1 else 's'} (for {sum(n)} units)" for kind, n in sorted(owed.items(), key=lambda k: -len(k[1]))) + ".\n")


def main():
    assay = str(Path(sys.argv[1]).resolve())
    if sys.argv[2:] == ["--judge"]:
        return judge(assay)
    images = [Path(p) for p in sys.argv[2:]]
    if not images:
        images = sorted((ROOT / "build/examples").glob("*.bin"))
        shared = ROOT.parent / "shared/data/firmware"
        images += sorted(p for p in shared.rglob("*") if p.is_file() and "truth" not in p.parts)
    examine(assay, images)
    judge(assay)


main()
