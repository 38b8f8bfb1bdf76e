"""Parse the Dockerfile: its instructions, the files that it copies from the project, and those that `.dockerignore` excludes."""

import ast
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Final

from testing.browser.server import ROOT

DEFAULT_STAGE: Final = "app"
FULL_STAGE: Final = "app-full"
"""The stages that copy the app's files for the two targets."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the Dockerfile, from one `FROM` to the next."""

    name: str
    parent: str
    copies: list[list[str]] = field(default_factory=list)
    """The arguments of its `COPY` instructions for files of the project: the sources, then the target."""


def instructions() -> list[str]:
    """Return all instructions in order, each as one line, without comments."""
    text = re.sub(r"(?m)^\s*#.*\n", "", (ROOT / "Dockerfile").read_text(encoding="utf-8")).replace("\\\n", " ")
    return [line for line in text.splitlines() if line]


def shell_commands() -> list[str]:
    """Return the commands of all `RUN` instructions, those joined by `&&`, `||` or `;` apart."""
    scripts = [line.removeprefix("RUN ") for line in instructions() if line.startswith("RUN ")]
    return [command.strip() for script in scripts for command in re.split(r"&&|\|\||;", script)]


def stages() -> dict[str, Stage]:
    """Return all stages by name, in the order of the Dockerfile."""
    found: dict[str, Stage] = {}
    for line in instructions():
        match line.split():
            case ["FROM", parent, "AS", name]:
                found[name] = Stage(name, parent)
            case ["COPY", first, *rest] if not first.startswith("--from="):
                found[name].copies.append([first, *rest])
    return found


def copies(stage: str) -> list[list[str]]:
    """List the `COPY` arguments of a stage and of the stages that it is based on."""
    known = stages()
    own = known[stage]
    return (copies(own.parent) if own.parent in known else []) + own.copies


def files(stage: str) -> Iterator[tuple[Path, PurePosixPath]]:
    """List every file that a stage copies from the project, with its path relative to the stage's working directory."""
    for *sources, target in copies(stage):
        for source in sources:
            path = ROOT / source
            for each in sorted(path.rglob("*")) if path.is_dir() else [path]:
                inside = each.relative_to(path) if path.is_dir() else PurePosixPath(each.name if target.endswith("/") else "")
                if each.is_file() and is_included(each.relative_to(ROOT)):
                    yield each, PurePosixPath(target) / inside


def third_party(stage: str) -> set[str]:
    """List the packages that a stage's modules import, without the standard library and the project's own packages."""
    names: set[str] = set()
    for source, _ in files(stage):
        if source.suffix == ".py":
            for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    names |= {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom):
                    names.add((node.module or "").split(".")[0])
    return names - sys.stdlib_module_names - {"app", "digitcore", "model"}


def is_included(path: Path) -> bool:
    """Decide whether a file isn't excluded by `.dockerignore`, by the last line that matches it or one of its folders."""
    included = True
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            pattern = line.removeprefix("!")
            if any(_matches(each, pattern) for each in (path, *path.parents[:-1])):
                included = line.startswith("!")
    return included


def lay_out(stage: str, folder: Path) -> Path:
    """Copy a stage's files into a folder, as the stage copies them, except those with an absolute target; return the folder."""
    for source, target in files(stage):
        if not target.is_absolute():
            (folder / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, folder / target)
    return folder


def _matches(path: Path, pattern: str) -> bool:
    """Match a pattern like Go's `filepath.Match`, in which `*` doesn't match a slash; a leading `**/` matches any folders."""
    if pattern.startswith("**/"):
        return fnmatch(path.name, pattern.removeprefix("**/"))
    parts = pattern.split("/")
    return len(parts) == len(path.parts) and all(map(fnmatch, path.parts, parts))
