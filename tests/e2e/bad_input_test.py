# SPDX-License-Identifier: Apache-2.0
"""Hostile and broken images: one clear line, the right status, bounded time and memory, workspace intact, nothing written outside,
and never a clean bill for what could not be read."""

import os
import random
import shutil
import socket
import struct
import tarfile
import unittest
import zlib

from support import (GIB, MIB, Case, cpio, drop_override, gzip_of_zeros, gzipped, image, observations, root_file_system, squashfs, tar, tar_entry,
                     tar_of, uimage)

ACCOUNTS = ("firmware/accounts", "firmware/passwords")
STARTS = ("firmware/autostart", "firmware/listeners")
COMPONENTS = ("firmware/components",)
ADDRESS_SPACE = 3 * GIB


class BadImage(Case):
    """`examine` on an image derived from a good one in which root's password is "admin"."""

    def examine(self, path, status=0, memory="256M", **more):
        result = self.assay("--json", "--memory", memory, "--password-time", "2", "examine", path, status=status, memory=ADDRESS_SPACE, timeout=40, **more)
        self.assert_bounded(result)
        return result

    def assert_no_clean_bill(self, seen, what):
        """Account, telnetd and busybox are found, or what would have shown them is not claimed to be complete."""
        shown = {
            ACCOUNTS: observations(seen, "account", user="root", password="known"),
            STARTS: [o for o in observations(seen, "autostart") if "telnet" in o["service"]],
            COMPONENTS: observations(seen, "component", name="busybox"),
        }
        for checks, found in shown.items():
            for o in observations(seen, "coverage"):
                # "image" as scope says that there was no root file system to look at; no rule takes that for more.
                if not found and o["check"] in checks and o["scope"] == "root-filesystem":
                    self.assertFalse(o["complete"], f"{what}: missed and yet {o}")

    def examine_bytes(self, data, what):
        path = self.here / "bad.bin"
        path.write_bytes(data)
        result = self.examine(path, status=None)
        self.assertIn(result.status, (0, 3), f"{what}: {result}")
        if result.status == 3:
            self.assert_one_line(result, "bad.bin")
            return None
        self.assertEqual(result.err, "", what)
        seen = result.json()
        # A few printable bytes are a document, which gives no coverage at all.
        if seen["evidence"][0]["type"] == "firmware":
            self.assertTrue(observations(seen, "coverage"), f"{what}: no word on how complete it is")
        else:
            self.assertLess(len(data), 16, what)
        return seen


class Damaged(BadImage):
    def setUp(self):
        super().setUp()
        self.good = image(self.scratch).read_bytes()

    def test_the_good_image_shows_the_account(self):
        seen = self.examine_bytes(self.good, "good")
        self.assertTrue(observations(seen, "account", user="root", password="known"))
        for check in ACCOUNTS:
            self.assertTrue(all(o["complete"] for o in observations(seen, "coverage", check=check)), check)

    def test_cut_short_at_many_points(self):
        chosen = random.Random(5)
        cuts = {1, 2, 3, 4, 63, 64, 65, 95, 96, 160, len(self.good) - 1, len(self.good) - 4096}
        while len(cuts) < 28:
            cuts.add(chosen.randrange(1, len(self.good)))
        for cut in sorted(c for c in cuts if 0 < c < len(self.good)):
            with self.subTest(cut=cut):
                seen = self.examine_bytes(self.good[:cut], f"cut at {cut}")
                if seen:
                    self.assert_no_clean_bill(seen, f"cut at {cut}")

    def test_spliced_bytes(self):
        chosen = random.Random(6)
        for round_ in range(24):
            data = bytearray(self.good)
            at = chosen.randrange(64, len(data) - 64)
            kind = round_ % 3
            if kind == 0:
                data[at:at + 16] = chosen.randbytes(16)
            elif kind == 1:
                del data[at:at + chosen.randrange(1, 64)]
            else:
                data[at:at] = chosen.randbytes(chosen.randrange(1, 64))
            with self.subTest(round=round_, at=at):
                seen = self.examine_bytes(bytes(data), f"splice {kind} at {at}")
                if seen:
                    self.assert_no_clean_bill(seen, f"splice {kind} at {at}")

    def test_random_bytes(self):
        chosen = random.Random(7)
        for size in (1, 7, 512, 4096, 65_537, 1_000_000):
            with self.subTest(size=size):
                # 0xff first: a lone printable byte would be a text document.
                seen = self.examine_bytes(b"\xff" + chosen.randbytes(size - 1), f"{size} random bytes")
                self.assertFalse(observations(seen, "account"))
                self.assert_no_clean_bill(seen, f"{size} random bytes")

    def test_noise_between_two_images(self):
        seen = self.examine_bytes(random.Random(8).randbytes(10_000) + self.good + b"\xff" * 3000 + self.good[:5000], "joined")
        self.assertTrue(observations(seen, "account", user="root", password="known"))

    def test_damaged_images_are_added_and_the_workspace_stays_sound(self):
        self.workspace()
        good = self.here / "good.bin"
        good.write_bytes(self.good)
        self.assay("add", good)
        chosen = random.Random(9)
        for round_ in range(4):
            bad = self.here / f"bad{round_}.bin"
            data = bytearray(self.good[:chosen.randrange(200, len(self.good))])
            data[100:120] = chosen.randbytes(20)
            bad.write_bytes(data)
            self.assay("--memory", "256M", "--password-time", "2", "add", bad, memory=ADDRESS_SPACE, timeout=40)
        self.verify_ok()
        self.assertEqual(len(self.json("evidence")["evidence"]), 5)


class LyingSquashfs(BadImage):
    # Offsets in the superblock (Documentation/filesystems/squashfs of the Linux tree): format and a lie.
    FIELDS = {
        "inode_count": (4, "<I", 0xFFFFFFFF), "block_size": (12, "<I", 1 << 31), "fragments": (16, "<I", 0xFFFFFFFF), "compression": (20, "<H", 99),
        "block_log": (22, "<H", 63), "flags": (24, "<H", 0xFFFF), "ids": (26, "<H", 0xFFFF), "major": (28, "<H", 9), "root_inode": (32, "<Q", 0xFFFFFFFFFFFF),
        "bytes_used": (40, "<Q", 100 * 10**9), "id_table": (48, "<Q", 1 << 62), "inode_table": (64, "<Q", 1 << 40), "directory_table": (72, "<Q", 8),
        "fragment_table": (80, "<Q", 1 << 33), "lookup_table": (88, "<Q", 3),
    }

    def setUp(self):
        super().setUp()
        root = root_file_system(self.scratch / "root")
        (root / "big").write_bytes(random.Random(1).randbytes(300_000))
        self.good = squashfs(root, self.scratch / "good.squashfs").read_bytes()
        # Tables as they are, so that a changed length stands where it is read.
        self.plain = squashfs(root, self.scratch / "plain.squashfs", "-noI", "-noF", "-noD").read_bytes()

    def test_each_field_of_the_superblock(self):
        for name, (offset, form, lie) in self.FIELDS.items():
            for value in (lie, 0):
                with self.subTest(field=name, value=value):
                    data = bytearray(self.good)
                    struct.pack_into(form, data, offset, value)
                    seen = self.examine_bytes(bytes(data), f"{name}={value}")
                    if seen:
                        self.assert_no_clean_bill(seen, f"{name}={value}")

    def test_inodes_that_lie_about_sizes(self):
        inodes, directories, fragments = struct.unpack_from("<QQQ", self.plain, 64)
        chosen = random.Random(2)
        for where, start, end in (("inode", inodes, directories), ("directory", directories, fragments), ("fragment", fragments - 40, fragments)):
            for _ in range(8):
                data = bytearray(self.plain)
                at = chosen.randrange(start, end - 4)
                struct.pack_into("<I", data, at, chosen.choice((0xFFFFFFFF, 0x7FFFFFFF, 0, 0x01000000)))
                with self.subTest(where=where, at=at):
                    seen = self.examine_bytes(bytes(data), f"{where} at {at}")
                    if seen:
                        self.assert_no_clean_bill(seen, f"{where} at {at}")

    def test_one_kilobyte_that_claims_100_gigabytes(self):
        data = bytearray(self.good[:1024])
        struct.pack_into("<Q", data, 40, 100 * 10**9)
        self.assert_no_clean_bill(self.examine_bytes(bytes(data), "100 GB"), "100 GB")


class Claims(BadImage):
    """A kilobyte that claims 100 GB, in every format that carries a size."""

    def assert_unread(self, data, what):
        seen = self.examine_bytes(data, what)
        if seen:
            self.assert_no_clean_bill(seen, what)

    def test_uimage(self):
        path = self.scratch / "payload"
        path.write_bytes(b"\xff" * 900)
        data = bytearray(uimage(path, self.scratch / "u.bin").read_bytes())
        struct.pack_into(">I", data, 12, 0xFFFFFFFF)
        struct.pack_into(">I", data, 4, 0)
        struct.pack_into(">I", data, 4, zlib.crc32(bytes(data[:64])))
        self.assert_unread(bytes(data), "uImage")

    def test_gzip_length(self):
        data = bytearray(gzipped(random.Random(3).randbytes(900)))
        struct.pack_into("<I", data, len(data) - 4, 0xFFFFFFFF)
        self.assert_unread(bytes(data), "gzip ISIZE")

    def test_tar_sizes(self):
        for size in (100 * 10**9, 8**11 - 1, 1 << 62):
            block = bytearray(tar_entry("etc/passwd", b"root:x:0:0::/:/bin/sh\n"))
            # GNU base-256, which can say more than eleven octal digits.
            block[124:136] = b"\x80" + size.to_bytes(11, "big")
            block[148:156] = b" " * 8
            block[148:156] = f"{sum(block[:512]):06o}\0 ".encode()
            with self.subTest(size=size):
                self.assert_unread(bytes(block) + b"\0" * 512, f"tar size {size}")

    def test_cpio_sizes(self):
        for size, name in (("FFFFFFFF", "0000000B"), ("00000010", "FFFFFFFF"), ("FFFFFFFF", "FFFFFFFF"), ("zzzzzzzz", "0000000B")):
            head = "070701" + "00000001" + "000081A4" + "00000000" * 2 + "00000001" + "00000000" + size + "00000000" * 4 + name + "00000000"
            with self.subTest(size=size, name=name):
                self.assert_unread(head.encode() + b"etc/passwd\0\0" + b"\0" * 500, f"cpio {size} {name}")

    def test_zip_sizes(self):
        import io
        import zipfile
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
            z.writestr("etc/passwd", "root::0:0::/:/bin/sh\n")
        data = bytearray(out.getvalue())
        central = data.index(b"PK\x01\x02")
        struct.pack_into("<I", data, central + 24, 0xFFFFFFFE)
        struct.pack_into("<I", data, 22, 0xFFFFFFFE)
        self.assert_unread(bytes(data), "zip")

    def test_xz_dictionary(self):
        import lzma
        alone = bytearray(lzma.compress(b"root" * 100, format=lzma.FORMAT_ALONE))
        struct.pack_into("<I", alone, 1, 0xFFFFFFFF)
        struct.pack_into("<Q", alone, 5, 100 * 10**9)
        self.assert_unread(bytes(alone), "lzma")


class Bombs(BadImage):
    def test_gzip_of_many_zeros(self):
        path = self.here / "bomb.gz"
        path.write_bytes(gzip_of_zeros(600 * MIB))
        seen = self.examine(path).json()
        self.assertTrue(any(not o["complete"] for o in observations(seen, "coverage")), "600 MiB within 256 MiB cannot be complete")

    def test_gzip_in_gzip_in_gzip(self):
        path = self.here / "bomb.gz"
        path.write_bytes(gzip_of_zeros(1 * GIB, layers=4))
        self.assertLess(path.stat().st_size, 20_000)
        seen = self.examine(path).json()
        self.assertTrue(any(not o["complete"] for o in observations(seen, "coverage")))

    def test_many_shells(self):
        data = b"\xff" * 64
        for _ in range(200):
            data = gzipped(data)
        path = self.here / "onion.gz"
        path.write_bytes(data)
        seen = self.examine(path).json()
        self.assertTrue(any(not o["complete"] for o in observations(seen, "coverage")))

    def test_squashfs_of_one_huge_sparse_file(self):
        root = root_file_system(self.scratch / "root")
        with open(root / "sparse", "wb") as f:
            f.truncate(2 * GIB)
        # Sparse blocks cost 4 bytes each, so 2 GiB becomes a few kilobytes.
        path = squashfs(root, self.here / "sparse.squashfs", "-b", "1M")
        seen = self.examine(path).json()
        self.assert_no_clean_bill(seen, "sparse")

    def test_two_hundred_thousand_entries(self):
        entry = tar_entry("a", b"")
        data = entry * 200_000 + b"\0" * 1024
        path = self.here / "many.tar"
        path.write_bytes(data)
        self.examine(path)


class Tricks(BadImage):
    """Paths from an image touch nothing on this machine."""

    def setUp(self):
        super().setUp()
        self.sentinel = self.scratch / "escape"
        self.home = self.scratch / "home/escape"

    def assert_nothing_escaped(self):
        self.assertFalse(self.sentinel.exists())
        self.assertFalse(self.home.exists())
        self.assertFalse((self.scratch.parent / "assay-e2e-escape").exists())
        self.assertEqual(sorted(p.name for p in self.scratch.iterdir()), ["home", "work"])

    def tricky(self):
        up = "../" * 40
        absolute = str(self.sentinel)
        return tar_of(
            tar_entry("etc/", kind=tarfile.DIRTYPE),
            tar_entry("etc/passwd", b"root:x:0:0:root:/root:/bin/sh\n"),
            tar_entry("../escape", b"x"),
            tar_entry(up + absolute.lstrip("/"), b"x"),
            tar_entry(absolute, b"x"),
            tar_entry("out", kind=tarfile.SYMTYPE, link=str(self.scratch)),
            tar_entry("out/escape", b"x"),
            tar_entry("etc/shadow", kind=tarfile.SYMTYPE, link="/etc/shadow"),
            tar_entry("hard", kind=tarfile.LNKTYPE, link="../../../../etc/passwd"),
            tar_entry("loop", kind=tarfile.SYMTYPE, link="loop"),
            tar_entry("a", kind=tarfile.SYMTYPE, link="b"),
            tar_entry("b", kind=tarfile.SYMTYPE, link="a"),
            tar_entry("self", kind=tarfile.LNKTYPE, link="self"),
            tar_entry("dev/zero", kind=tarfile.CHRTYPE, devmajor=1, devminor=5),
            tar_entry("dev/sda", kind=tarfile.BLKTYPE, devmajor=8, devminor=0),
            tar_entry("pipe", kind=tarfile.FIFOTYPE),
            tar_entry("a/" * 60 + "deep", b"x"),
            tar_entry("bin/\x1b[31mred\x07\n.sh", b"#!/bin/sh\n"),
        )

    def test_archive_with_every_path_trick(self):
        for name, data in (("tricks.tar", self.tricky()), ("tricks.tar.gz", gzipped(self.tricky()))):
            path = self.here / name
            path.write_bytes(data)
            seen = self.examine(path).json()
            # The link leads to the image's own /etc/shadow, which is the link itself: no hash of this machine may appear.
            self.assertFalse([o for o in observations(seen, "account") if o.get("hash")])
        self.assert_nothing_escaped()

    def test_the_same_through_the_workspace_and_the_report(self):
        self.workspace()
        path = self.here / "tricks.tar"
        path.write_bytes(self.tricky())
        self.assay("add", path, memory=ADDRESS_SPACE)
        self.assay("report", "-o", self.here / "out")
        self.verify_ok()
        self.assert_nothing_escaped()

    def test_control_characters_do_not_reach_the_terminal(self):
        path = self.here / "tricks.tar"
        path.write_bytes(self.tricky())
        out = self.assay("examine", path).out_bytes
        self.assertNotIn(b"\x1b", out)
        self.assertNotIn(b"\x07", out)

    def test_a_directory_whose_links_lead_outside(self):
        root = root_file_system(self.here / "tree")
        outside = self.scratch / "home/secret"
        outside.write_text("root:" + "$1$abcdefgh$rV6RhG4no19bGJfmub3Ui1" + ":0:0:99999:7:::\n")
        (root / "etc/shadow").unlink()
        os.symlink(outside, root / "etc/shadow")
        os.symlink("..", root / "up")
        os.symlink(str(self.scratch), root / "away")
        os.mkfifo(root / "pipe")
        seen = self.examine(root).json()
        self.assertFalse([o for o in observations(seen, "account") if o.get("password") == "known"], "a link led out of the directory")

    def test_cpio_and_squashfs_with_device_nodes(self):
        root = root_file_system(self.scratch / "root")
        path = squashfs(root, self.here / "dev.squashfs", "-p", "dev/zero c 666 0 0 1 5", "-p", "dev/sda b 600 0 0 8 0")
        seen = self.examine(path).json()
        self.assertTrue(observations(seen, "account", user="root", password="known"))
        path = cpio(root, self.here / "root.cpio")
        self.assertTrue(observations(self.examine(path).json(), "account", user="root", password="known"))
        shutil.rmtree(root)
        for name in ("dev.squashfs", "root.cpio"):
            (self.here / name).unlink()


class NoProperFile(BadImage):
    """What cannot be read at all: status 3, one line that names it, and the workspace as it was."""

    def refused(self, path, *words, **more):
        for command in ("examine", "add"):
            result = self.assay(command, path, status=3, memory=ADDRESS_SPACE, timeout=20, **more)
            self.assert_one_line(result, os.path.basename(str(path)), *words)
            self.assert_bounded(result)
        self.verify_ok()
        self.assertEqual(self.json("evidence")["evidence"], [])

    def setUp(self):
        super().setUp()
        self.workspace()

    def test_missing(self):
        self.refused(self.here / "absent.bin", "cannot open", "No such file")

    def test_empty(self):
        path = self.here / "empty.bin"
        path.touch()
        self.refused(path, "empty")

    def test_fifo(self):
        path = self.here / "fifo"
        os.mkfifo(path)
        self.refused(path, "not a regular file")

    def test_socket(self):
        path = self.here / "s"
        with socket.socket(socket.AF_UNIX) as s:
            os.chdir(self.here)
            s.bind("s")
            self.refused(path)

    def test_dev_zero(self):
        self.refused("/dev/zero", "not a regular file")

    def test_unreadable_file(self):
        path = self.here / "secret.bin"
        path.write_bytes(b"\xff" * 100)
        path.chmod(0)
        self.refused(path, "Permission denied", before=drop_override)

    def test_directory_without_permission(self):
        path = root_file_system(self.here / "tree")
        path.chmod(0)
        self.refused(path, "Permission denied", before=drop_override)

    def test_a_file_in_a_directory_that_may_not_be_read(self):
        root = root_file_system(self.here / "tree")
        (root / "etc/shadow").chmod(0)
        result = self.assay("--json", "examine", root, status=None, before=drop_override)
        if result.status == 0:
            self.assert_no_clean_bill(result.json(), "unreadable shadow")
        else:
            self.assertEqual(result.status, 3, str(result))
            self.assert_one_line(result, "shadow")

    def test_one_bad_file_among_good_ones(self):
        good = image(self.scratch, "good.bin")
        result = self.assay("add", self.here / "absent.bin", good, status=3)
        self.assert_one_line(result, "absent.bin")
        self.assertEqual([e["name"] for e in self.json("evidence")["evidence"]], ["good.bin"])
        self.verify_ok()

    def test_workspace_that_is_read_only(self):
        good = image(self.scratch, "good.bin")
        for p in (self.here / ".assay/evidence", self.here / ".assay"):
            p.chmod(0o500)
        result = self.assay("add", good, status=2, before=drop_override)
        self.assert_one_line(result, ".assay")
        for p in (self.here / ".assay", self.here / ".assay/evidence"):
            p.chmod(0o700)
        self.verify_ok()


class Budget(BadImage):
    def test_ten_megabytes_of_archive_in_little_memory(self):
        root = root_file_system(self.scratch / "root")
        (root / "blob").write_bytes(random.Random(4).randbytes(10 * MIB))
        path = tar(root, self.here / "root.tgz", "gz")
        result = self.examine(path, memory="64M")
        self.assert_no_clean_bill(result.json(), "64M")
        self.assert_bounded(result, memory=600 * MIB)


if __name__ == "__main__":
    unittest.main()
