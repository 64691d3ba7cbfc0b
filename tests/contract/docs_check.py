# SPDX-License-Identifier: Apache-2.0
"""The pages for newcomers: there, naming every room, and with links that lead somewhere."""

import posixpath
import re

from project import Tree, run

PAGES = ["README.md", "CONTRIBUTING.md", "docs/architecture.md"]
# The pages that name every room of src/.
TABLES = ["docs/architecture.md"]

# A page named in a comment or a description; our pages are lower-case with dashes (SOURCE.md is one of each scheme's).
NAMED = re.compile(r"(?<![\w/.*-])((?:[a-z]+/)*[a-z][a-z0-9-]*\.md)\b")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def rooms(tree: Tree):
    """Every page is there, every room of src/ is on the pages with the table, and the three together know script/ whole."""
    complaints = [f"{page}:1: is missing" for page in PAGES if page not in tree.files]
    names = sorted({p.split("/")[1] for p in tree.paths("src/") if p.count("/") > 1})
    for page in TABLES:
        if page in tree.files:
            complaints += [f"{page}:1: does not name the room src/{name}/" for name in names
                           if not re.search(rf"(?:^|[\s`|/(*]){name}(?:/|`|\s|\||\*|,|$)", tree.text(page), re.MULTILINE)]
    told = "\n".join(tree.text(page) for page in PAGES if page in tree.files)
    if told:
        complaints += [f"{path}:1: no page for newcomers mentions it" for path in tree.paths("script/") if path not in told]
    return complaints


def links(tree: Tree):
    complaints = []
    folders = {posixpath.dirname(p) for p in tree.files}
    folders |= {"/".join(f.split("/")[:n]) for f in folders for n in range(1, f.count("/") + 1)}
    for path in tree.paths(endings=(".md",)):
        for number, line in tree.lines(path):
            for target in LINK.findall(line):
                if "://" in target or target.startswith("mailto:"):
                    continue
                led = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
                if led not in tree.files and led not in folders:
                    complaints.append(f"{path}:{number}: the link {target} leads nowhere")
    return complaints


def named(tree: Tree):
    """A page that a source, schema or script sends its reader to is there, by its path."""
    return [f"{path}:{number}: there is no {page}" for path in tree.paths("src/", "schemas/", "script/", "cmake/", "CMakeLists.txt", ".ci/")
            for number, line in tree.lines(path) for page in NAMED.findall(line)
            if page not in tree.files and posixpath.normpath(posixpath.join(posixpath.dirname(path), page)) not in tree.files]


if __name__ == "__main__":
    run(rooms, links, named)
