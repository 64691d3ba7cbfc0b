# SPDX-License-Identifier: Apache-2.0
"""What people read: plain when piped, help that helps, completion that works."""

import os
import pty
import re
import select
import shutil
import subprocess
import time
import unittest

from support import BINARY, DAY, Case, image

COMMANDS = ["init", "scope", "add", "answer", "dispose", "remove", "supersede", "carry", "evidence", "log", "status", "explain", "report", "examine", "assess",
            "check", "diff", "verify", "catalogue", "help", "completion"]
UNFINISHED = re.compile(r"TODO|FIXME|XXX|placeholder|lorem|for now|not implemented|TBD", re.IGNORECASE)


class Plain(Case):
    def setUp(self):
        super().setUp()
        self.workspace()
        self.fw = image(self.scratch)

    def test_no_escape_sequences_when_piped(self):
        calls = [("add", self.fw), ("examine", self.fw), ("status",), ("status", "en-303-645"), ("explain", "uk-psti", "sch1-1"), ("scope",), ("evidence",),
                 ("log",), ("verify",), ("catalogue", "list"), ("catalogue", "show", "uk-psti"), ("help",), ("help", "start"), ("report", "-o", "out"),
                 ("diff", ".", ".")]
        for call in calls:
            with self.subTest(call=call):
                result = self.assay("--date", DAY, *call, env={"TERM": "xterm-256color"})
                self.assertNotIn(b"\x1b", result.out_bytes + result.err_bytes)
                self.assertNotIn(b"\r", result.out_bytes + result.err_bytes)
                self.assertEqual(result.err, "", "no progress where nobody watches")
                self.assertTrue(result.out.strip())

    def test_every_line_fits(self):
        for call in (("status",), ("explain", "uk-psti", "sch1-2"), ("help", "product"), ("help", "verdicts")):
            for line in self.assay("--date", DAY, *call).out.splitlines():
                self.assertLess(len(line), 160, line)

    def on_a_terminal(self, *args, **env):
        """Standard output and error on a terminal of 80 columns."""
        master, slave = pty.openpty()
        try:
            import fcntl
            import struct
            import termios
            fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
            process = subprocess.Popen([BINARY, *map(str, args)], cwd=self.here, env={**self.env, "TERM": "xterm-256color", **env}, stdin=slave, stdout=slave,
                                       stderr=slave)
            os.close(slave)
            slave = -1
            out = b""
            until = time.monotonic() + 60
            while time.monotonic() < until:
                if select.select([master], [], [], 0.2)[0]:
                    try:
                        part = os.read(master, 65536)
                    except OSError:
                        break
                    if not part:
                        break
                    out += part
                elif process.poll() is not None:
                    break
            self.assertEqual(process.wait(timeout=10), 0, out)
            return out.decode("utf-8", "replace")
        finally:
            os.close(master)
            if slave >= 0:
                os.close(slave)

    def test_colours_on_a_terminal_unless_told_otherwise(self):
        self.assertIn("\x1b[", self.on_a_terminal("--date", DAY, "status"))
        for args, env in ((("--no-colour",), {}), ((), {"NO_COLOR": "1"}), ((), {"TERM": "dumb"}), (("--json",), {})):
            with self.subTest(args=args, env=env):
                self.assertNotIn("\x1b[3", self.on_a_terminal("--date", DAY, *args, "status", **env))

    def test_verdicts_are_words_not_only_colours(self):
        self.assay("add", self.fw)
        text = self.assay("--date", DAY, "status", "uk-psti").out
        for word in ("FAIL", "INCONCLUSIVE"):
            self.assertIn(word, text)

    def test_a_reader_that_leaves_early(self):
        with subprocess.Popen([BINARY, "--json", "catalogue", "show", "en-303-645"], cwd=self.here, env=self.env, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as p:
            p.stdout.read(1)
            p.stdout.close()
            p.stderr.read()
            self.assertGreaterEqual(p.wait(timeout=30), 0, "no signal kills it")


class Help(Case):
    def test_every_command(self):
        text = self.assay("--help").out
        for command in COMMANDS:
            self.assertIn(command, text)
            shown = self.assay(command, "--help").out
            self.assertGreater(len(shown.splitlines()), 2, command)
            self.assertIsNone(UNFINISHED.search(shown), command)

    def test_every_option_is_explained(self):
        for command in COMMANDS:
            shown = self.assay(command, "--help").out
            for line in re.findall(r"^  (-\S.*)$", shown, re.MULTILINE):
                # "--name TYPE   what it does": the words may stand on the next line when the name is long.
                said = re.sub(r"^(-\S+?,?)+( (TEXT|INT|UINT|FLOAT|BOOLEAN|ENUM)\S*)?( in \S+| \S*\[.*?\]| :\S+)?( REQUIRED)?( \.\.\.)?", "",
                              line + shown.split(line, 1)[1].split("\n  -", 1)[0])
                self.assertTrue(said.strip(), f"{command}: {line}")

    def test_every_topic(self):
        topics = re.findall(r"^  (\S+)$", self.assay("help").out, re.MULTILINE)
        self.assertGreaterEqual(set(topics), {"ci", "evidence", "product", "start", "verdicts"})
        for topic in topics:
            text = self.assay("help", topic).out
            self.assertGreater(len(text), 200, topic)
            self.assertIsNone(UNFINISHED.search(text), topic)

    def test_commands_named_in_the_help_exist(self):
        for topic in ("ci", "evidence", "start", "verdicts"):
            for named in re.findall(r"assay ([a-z]+)\b", self.assay("help", topic).out):
                self.assertIn(named, COMMANDS, topic)

    def test_product_help_names_what_the_draft_uses(self):
        text = self.assay("help", "product").out
        for word in ("manufacturer", "markets", "AuthMech", "complete", "ics"):
            self.assertIn(word, text)


class Completion(Case):
    def test_bash(self):
        script = self.assay("completion", "bash").out
        subprocess.run(["bash", "-n"], input=script.encode(), check=True)
        for command in COMMANDS:
            self.assertIn(command, script)
        ask = script + '\nCOMP_WORDS=(assay sta); COMP_CWORD=1; _assay; echo "${COMPREPLY[@]}"\nCOMP_WORDS=(assay -C dir catalogue l); COMP_CWORD=4; _assay; echo "${COMPREPLY[@]}"\n'
        out = subprocess.run(["bash", "-c", ask], stdout=subprocess.PIPE, check=True).stdout.decode().split()
        self.assertEqual(out, ["status", "list"])

    def test_zsh_and_fish(self):
        for shell in ("zsh", "fish"):
            script = self.assay("completion", shell).out
            for command in COMMANDS:
                self.assertIn(command, script)
            if shutil.which(shell):
                subprocess.run([shell, "-n"], input=script.encode(), check=True)


if __name__ == "__main__":
    unittest.main()
