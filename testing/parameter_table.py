"""Write `docs/parameters.md`, the table of all tuned numbers of the pipeline: `python -m testing.parameter_table docs/parameters.md`."""

import argparse
import ast
import inspect
import textwrap
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Final

from digitcore.parameters import ParameterGroup, iterate_parameters
from digitcore.pipeline_params import PipelineParams

HEADER: Final = """\
# Parameters

Each tuned number of the pipeline, by stage. They are fields of frozen dataclasses (`digitcore.parameters`), gathered in
`digitcore.pipeline_params.PipelineParams`; `read_image(…, params=…)` takes other values:

```python
from digitcore import read_image
from digitcore.parameters import replace_parameter
from digitcore.pipeline_params import PipelineParams

params = replace_parameter(PipelineParams(), "preprocessing.sheet.min_area", 0.2)
read_image(picture, params=params)
```

A name is that of the stage, a point, and the name in its table. A value out of its range is refused. Short and long sides are those of the
picture; "share" is a part of 1. Heights in a line are 0 at the top of its digits and 1 on the baseline. What a user may choose is a setting
instead. `python -m testing.parameter_table docs/parameters.md` writes this page.
"""

COLUMNS: Final = ("name", "value", "range", "unit", "meaning", "reason")


def read_meanings(group_type: type[ParameterGroup]) -> dict[str, str]:
    """Read the docstrings below the fields of a group from its source.

    Args:
        group_type: a dataclass.

    Returns:
        The text below each field that has one, in a single line, by the field's name.
    """
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(group_type))).body
    assert isinstance(definition, ast.ClassDef)
    meanings = {}
    for statement, following in zip(definition.body, definition.body[1:], strict=False):
        match statement, following:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                meanings[name] = " ".join(text.split())
    return meanings


def document(group: ParameterGroup) -> str:
    """Describe the numbers of a group and of the groups in it as a Markdown page.

    Args:
        group: any.

    Returns:
        The page.

    Raises:
        ValueError: a number has no docstring below it.
    """
    return "\n".join([HEADER, *_sections(group, "")])


def _sections(group: ParameterGroup, path: str) -> Iterator[str]:
    """Yield the lines of a section for each group that has numbers."""
    if rows := list(_rows(group)):
        yield from [f"## {path.replace('_', ' ').replace('.', ': ')}", "", f"`{path}`. {inspect.getdoc(group)}", ""]
        yield from ["| " + " | ".join(COLUMNS) + " |", "|" + "---|" * len(COLUMNS)]
        yield from ("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)
        yield ""
    for each in fields(group):
        if isinstance(inner := getattr(group, each.name), ParameterGroup):
            yield from _sections(inner, f"{path}.{each.name}".strip("."))


def _rows(group: ParameterGroup) -> Iterator[tuple[str, ...]]:
    """Yield the cells of each number of a group itself."""
    meanings = read_meanings(type(group))
    for name, value, known in iterate_parameters(group):
        field = name.partition(".")[0]
        if isinstance(getattr(group, field), ParameterGroup):
            continue
        if field not in meanings:
            raise ValueError(f"expected a docstring below {type(group).__name__}.{field}, received none.")
        numbers = _format(value), f"{_format(known.low)} to {_format(known.high)}"
        yield f"`{name}`", *numbers, known.unit, meanings[field].removesuffix("."), known.reason


def _format(value: float) -> str:
    """Format a number: six significant digits, thousands separated."""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.6g}"


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m testing.parameter_table", description="Write the table of all tuned numbers.")
    parser.add_argument("file", type=Path)
    parser.parse_args().file.write_text(document(PipelineParams()), encoding="utf-8")


if __name__ == "__main__":
    main()
