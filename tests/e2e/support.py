# SPDX-License-Identifier: Apache-2.0
"""Runs the real program in a scratch folder of its own, and builds the small inputs that the tests feed it.

Environment: ASSAY_BINARY (the program), ASSAY_SCRATCH (a folder to make scratch folders in), ASSAY_SANITIZED (set for a sanitizer build,
where address space cannot be limited and everything is slower).
"""

import ctypes
import gzip
import io
import json
import os
import pathlib
import resource
import shutil
import signal
import stat
import struct
import subprocess
import tarfile
import tempfile
import threading
import time
import unittest
import zlib

BINARY = os.environ.get("ASSAY_BINARY", "assay")
SANITIZED = bool(os.environ.get("ASSAY_SANITIZED"))
PATIENCE = 5 if SANITIZED else 1  # factor on time bounds
MIB = 1 << 20
GIB = 1 << 30
# The day every test judges on, so that "today" changes nothing.
DAY = "2026-06-01"


class Outcome:
    def __init__(self, args, status, out, err, seconds, peak):
        self.args_run, self.status, self.seconds, self.peak = args, status, seconds, peak
        self.out_bytes, self.err_bytes = out, err
        self.out = out.decode("utf-8", "replace")
        self.err = err.decode("utf-8", "replace")

    def json(self):
        try:
            return json.loads(self.out)
        except ValueError as e:
            raise AssertionError(f"not JSON ({e}) from {self}") from e

    def __str__(self):
        return (f"assay {' '.join(map(str, self.args_run))} -> {self.status} in {self.seconds:.2f} s\n--- stdout\n{self.out[:3000]}\n"
                f"--- stderr\n{self.err[:3000]}")


def drop_override():
    """Takes root's right to ignore permissions away from the program that is started next; for others a no-op."""
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        libc.prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


def run_program(args, cwd, env, timeout=60, stdin=None, memory=None, file_size=None, before=None, stdout=None, kill_after=None):
    """Starts the program and waits for it; a run that outlives `timeout` is killed and fails the test."""

    def prepare():
        if memory and not SANITIZED:
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        if file_size is not None:
            # Python's own default; the program ignores SIGXFSZ by itself.
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
        if before:
            before()

    # Output goes to a file, errors through a pipe: what a limit on file size cuts must not be the complaint about it.
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as given:
        if stdin is not None:
            given.write(stdin)
            given.seek(0)
        started = time.monotonic()
        process = subprocess.Popen([BINARY, *map(str, args)], cwd=cwd, env=env, stdin=given, stdout=stdout or out, stderr=subprocess.PIPE,
                                   preexec_fn=prepare, start_new_session=True)
        complaints = []
        listener = threading.Thread(target=lambda: complaints.append(process.stderr.read()), daemon=True)
        listener.start()
        over = threading.Event()

        def stop():
            over.set()
            # Not process.kill(): that waits for a process that has just ended, and wait4 below would find none.
            try:
                os.kill(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

        timer = threading.Timer(timeout * PATIENCE if kill_after is None else kill_after, stop)
        timer.start()
        try:
            _, raw, usage = os.wait4(process.pid, 0)
        finally:
            timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(raw)
        seconds = time.monotonic() - started
        listener.join(10)
        if listener.is_alive():
            raise AssertionError(f"a process of assay {args} is left running")
        process.stderr.close()
        out.seek(0)
        result = Outcome(args, process.returncode, out.read(), complaints[0], seconds, usage.ru_maxrss * 1024)
        if over.is_set() and kill_after is None:
            raise AssertionError(f"did not end within {timeout * PATIENCE} s: {result}")
        return result


class Case(unittest.TestCase):
    """A scratch folder a test; HOME and the configuration live in it."""

    longMessage = True

    def setUp(self):
        root = os.environ.get("ASSAY_SCRATCH") or tempfile.gettempdir()
        os.makedirs(root, exist_ok=True)
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="assay-e2e-", dir=root)).resolve()
        self.addCleanup(self._clear)
        (self.scratch / "home").mkdir()
        self.here = self.scratch / "work"
        self.here.mkdir()
        # What is up here must stay as it is: images that try to escape write to these places.
        self.env = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": str(self.scratch / "home"),
                    "XDG_CONFIG_HOME": str(self.scratch / "home/.config"), "TMPDIR": str(self.scratch / "home"), "LC_ALL": "C.UTF-8"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LLVM_PROFILE_FILE", "GCOV_PREFIX"):
            if name in os.environ:
                self.env[name] = os.environ[name]

    def _clear(self):
        def again(function, path, _):
            for p in (os.path.dirname(path), path):
                try:
                    os.chmod(p, 0o700)
                except OSError:
                    pass
            try:
                function(path)
            except OSError:
                pass

        shutil.rmtree(self.scratch, onerror=again)

    def assay(self, *args, status=0, cwd=None, env=None, **more):
        """Runs the program; `status` None accepts any."""
        result = run_program(args, cwd or self.here, {**self.env, **(env or {})}, **more)
        if status is not None:
            self.assertEqual(result.status, status, str(result))
        return result

    def json(self, *args, **more):
        return self.assay("--json", "--date", DAY, *args, **more).json()

    def product(self, text=None, directory=None):
        path = (directory or self.here) / "product.yaml"
        path.write_text(PRODUCT if text is None else text)
        return path

    def workspace(self, text=None, directory=None):
        """product.yaml and an empty workspace beside it."""
        directory = directory or self.here
        directory.mkdir(exist_ok=True)
        self.product(text, directory)
        self.assay("init", directory)
        return directory

    def verify_ok(self, directory=None):
        self.assertEqual(self.assay("-C", directory or self.here, "verify").err, "")

    def assert_one_line(self, result, *words):
        """One line on standard error that says all of `words`."""
        lines = result.err.splitlines()
        self.assertEqual(len(lines), 1, str(result))
        self.assertTrue(lines[0].startswith("assay: "), str(result))
        for word in words:
            self.assertIn(str(word), lines[0], str(result))

    def assert_bounded(self, result, seconds=20, memory=2 * GIB):
        self.assertLess(result.seconds, seconds * PATIENCE, str(result))
        if not SANITIZED:
            self.assertLess(result.peak, memory, str(result))


# --- reading results -----------------------------------------------------------------------------------------------------------------

def observations(result, kind=None, **fields):
    found = []
    for o in result["observations"]:
        if kind and o["kind"] != kind:
            continue
        if all(o.get(name) == value for name, value in fields.items()):
            found.append(o)
    return found


def scheme_of(result, scheme):
    for s in result["schemes"]:
        if s["id"] == scheme:
            return s
    raise AssertionError(f"{scheme} is not among {[s['id'] for s in result['schemes']]}")


def requirement_of(result, scheme, requirement):
    for r in scheme_of(result, scheme)["requirements"]:
        if r["id"] == requirement:
            return r
    raise AssertionError(f"{scheme} has no {requirement}")


def units_of(requirement):
    return {u["id"]: u for a in requirement["assessments"] for u in a["units"]}


def verdicts(result):
    return {f"{s['id']}/{r['id']}": r["verdict"] for s in result["schemes"] for r in s["requirements"]}


def steps_of(requirement):
    for a in requirement["assessments"]:
        for u in a["units"]:
            for i in u["instances"]:
                yield from i["path"]


# --- the product ---------------------------------------------------------------------------------------------------------------------

PRODUCT = """\
product:
  name: Test Camera
  model: TC-1
  version: "1.0.0"
  manufacturer: {name: Test Works, address: "1 Test Street, Testham"}
  type: ip-camera
markets: [eu, uk, jp]
properties: {internet-protocol: true, uk-consumer-market: true}
"""

# --- a small root file system --------------------------------------------------------------------------------------------------------

# crypt("admin"), md5crypt: in every word list.
ADMIN_HASH = "$1$abcdefgh$l/LAqC8oJERu7Cmx6trtY/"
# sha512crypt form with a digest that no password gives.
STRONG_HASH = "$6$abcdefgh$" + "A" * 86


def elf(text=b"", machine=8):
    """A 32-bit big-endian MIPS executable of one loadable segment that holds `text`."""
    base = 0x400000
    body = b"\0" * 16 + text + b"\0" * 16
    header = b"\x7fELF" + bytes([1, 2, 1, 0]) + b"\0" * 8
    header += struct.pack(">HHIIIIIHHHHHH", 2, machine, 1, base + 84, 52, 0, 0x70001005, 52, 32, 1, 40, 0, 0)
    segment = struct.pack(">IIIIIIII", 1, 0, base, base, 84 + len(body), 84 + len(body), 5, 0x10000)
    return header + segment + body


def root_file_system(folder, telnet=True, password=ADMIN_HASH):
    """etc/, bin/ and so on as a camera has them; telnetd starts from rcS when `telnet`."""
    folder = pathlib.Path(folder)
    for name in ("bin", "sbin", "dev", "etc/init.d", "etc/config", "lib", "proc", "root", "tmp", "usr/sbin", "var", "www"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    start = "#!/bin/sh\nmount -t proc proc /proc\nhostname camera\n" + ("telnetd -l /bin/login &\n" if telnet else "") + "exit 0\n"
    files = {
        "etc/passwd": "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n",
        "etc/shadow": f"root:{password}:0:0:99999:7:::\nnobody:*:0:0:99999:7:::\n",
        "etc/group": "root:x:0:\n",
        "etc/inittab": "::sysinit:/etc/init.d/rcS\nttyS0::respawn:/sbin/getty -L ttyS0 115200 vt100\n",
        "etc/init.d/rcS": start,
        "etc/hostname": "camera\n",
        "www/index.html": "<html><body>camera</body></html>\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text)
    (folder / "etc/init.d/rcS").chmod(0o755)
    (folder / "etc/shadow").chmod(0o600)
    busybox = folder / "bin/busybox"
    busybox.write_bytes(elf(b"BusyBox v1.30.1 (2019-05-09 10:22:33 UTC)\0BusyBox is copyrighted by many authors between 1998-2015.\0"))
    busybox.chmod(0o755)
    for name in ("bin/sh", "bin/login"):
        if not os.path.lexists(folder / name):
            os.symlink("busybox", folder / name)
    for name in ("usr/sbin/telnetd", "sbin/getty", "sbin/init"):
        if not os.path.lexists(folder / name):
            os.symlink(os.path.relpath(busybox, (folder / name).parent), folder / name)
    return folder


def quietly(*command, cwd=None, stdin=None):
    subprocess.run(list(map(str, command)), cwd=cwd, input=stdin, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def squashfs(folder, out, *options, compression="gzip"):
    """The same bytes every time: no clock, one processor."""
    quietly("mksquashfs", folder, out, "-noappend", "-all-root", "-no-xattrs", "-no-progress", "-all-time", "0", "-mkfs-time", "0", "-processors", "1",
            "-comp", compression, *options)
    return pathlib.Path(out)


def uimage(payload, out, kind="filesystem", name="camera"):
    quietly("mkimage", "-A", "mips", "-O", "linux", "-T", kind, "-C", "none", "-n", name, "-d", payload, out)
    return pathlib.Path(out)


def cpio(folder, out):
    names = sorted(str(p.relative_to(folder)) for p in pathlib.Path(folder).rglob("*"))
    with open(out, "wb") as f:
        subprocess.run(["cpio", "-o", "-H", "newc", "--quiet"], cwd=folder, input="\n".join(names).encode() + b"\n", stdout=f, check=True)
    return pathlib.Path(out)


def tar(folder, out, compression=""):
    """`compression`: "", "gz", "bz2" or "xz"."""

    def anonymous(info):
        info.uid = info.gid = info.mtime = 0
        info.uname = info.gname = "root"
        return info

    with tarfile.open(out, "w:" + compression) as t:
        for p in sorted(pathlib.Path(folder).rglob("*")):
            t.add(p, str(p.relative_to(folder)), recursive=False, filter=anonymous)
    return pathlib.Path(out)


def image(folder, name="camera.bin", **more):
    """A root file system in a SquashFS with a uImage header, as cameras ship it."""
    folder = pathlib.Path(folder)
    root = root_file_system(folder / (name + ".root"), **more)
    inner = squashfs(root, folder / (name + ".squashfs"))
    out = folder / name
    uimage(inner, out)
    # mkimage writes the time of day into its header; a fixed one keeps the bytes the same.
    data = bytearray(out.read_bytes())
    struct.pack_into(">I", data, 8, 0)
    struct.pack_into(">I", data, 4, 0)
    struct.pack_into(">I", data, 4, zlib.crc32(bytes(data[:64])))
    out.write_bytes(data)
    shutil.rmtree(root)
    inner.unlink()
    return out


def tar_entry(name, data=b"", kind=tarfile.REGTYPE, link="", size=None, **more):
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.size = kind, link, len(data) if size is None else size
    for key, value in more.items():
        setattr(info, key, value)
    block = info.tobuf(tarfile.GNU_FORMAT)
    return block + data + b"\0" * (-len(data) % 512)


def tar_of(*entries):
    return b"".join(entries) + b"\0" * 1024


def gzipped(data, level=9):
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=level, mtime=0) as f:
        f.write(data)
    return out.getvalue()


def gzip_of_zeros(size, layers=1):
    """`size` zero bytes compressed without ever being held; further layers compress the result again."""
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=9, mtime=0) as f:
        block = b"\0" * MIB
        for _ in range(size // MIB):
            f.write(block)
    data = out.getvalue()
    for _ in range(layers - 1):
        data = gzipped(data)
    return data


def tree_of(folder):
    """Every path below with type, size and content: to see whether anything outside changed."""
    found = {}
    for base, folders, files in os.walk(folder):
        for name in folders + files:
            path = os.path.join(base, name)
            info = os.lstat(path)
            content = b""
            if stat.S_ISREG(info.st_mode):
                with open(path, "rb") as f:
                    content = f.read()
            found[path] = (stat.S_IFMT(info.st_mode), content)
    return found
