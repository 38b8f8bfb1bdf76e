"""The tools: each takes a picture and settings, and answers with the JSON of the API.

The SDK makes a tool's description of its name, its annotations and its docstring.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import Field

from digitcore.api.schemas import EvaluationModel, ReadingModel
from digitcore.errors import RequestError
from digitcore.mcp.explanation import ExplanationModel
from digitcore.mcp.reader import PoolReader
from digitcore.mcp.reader import Recipe as AnyRecipe
from digitcore.settings import setting_names

Picture = Annotated[str, Field(description="The file of the picture as base64: JPEG, PNG, BMP, WebP, GIF, TIFF, HEIC or AVIF.")]
OptionalPicture = Annotated[str | None, Field(description="The file of the picture as base64. Give this or `path`.")]
PathText = Annotated[str, Field(pattern=r"^[^\x00]+$", max_length=4096)]
OptionalPath = Annotated[PathText | None, Field(description="The path of the picture on this machine.")]
Folder = Annotated[
    PathText,
    Field(description="A folder or a ZIP file of pictures with a labels.csv (columns file, label), or with names like 407_1.jpg."),
]
Index = Annotated[int, Field(description="Which mark to explain: its place in `digits` of the reading, from 0.")]
Recipe = Annotated[AnyRecipe, Field(description=f"Settings by name, where they differ from the defaults: {', '.join(setting_names())}.")]


class _Tools:
    """What both kinds of tools have in common."""

    def __init__(self, reader: PoolReader) -> None:
        """Create the tools.

        Args:
            reader: does the work.
        """
        self._reader: Final = reader


class RemoteTools(_Tools):
    """Tools for clients on any machine, which send their pictures."""

    @property
    def functions(self) -> tuple[Callable[..., Any], ...]:
        """Return the tools."""
        return (self.read_picture, self.explain_digit)

    async def read_picture(self, picture: Picture, settings: Recipe = None) -> ReadingModel:
        """Read the handwritten digits and numbers in a drawing or a photograph."""
        return await self._reader.read(self._reader.decode(picture), settings)

    async def explain_digit(self, picture: Picture, index: Index = 0, settings: Recipe = None) -> ExplanationModel:
        """Explain one mark: its probabilities, why it was refused, and which changes of a setting would change what is read."""
        return await self._reader.explain(self._reader.decode(picture), index, settings)


class LocalTools(_Tools):
    """Tools for a client on this machine, which may name files instead of sending them."""

    @property
    def functions(self) -> tuple[Callable[..., Any], ...]:
        """Return the tools."""
        return (self.read_picture, self.explain_digit, self.evaluate_folder)

    async def read_picture(self, picture: OptionalPicture = None, path: OptionalPath = None, settings: Recipe = None) -> ReadingModel:
        """Read the handwritten digits and numbers in a drawing or a photograph."""
        return await self._reader.read(await self._open(picture, path), settings)

    async def explain_digit(
        self, picture: OptionalPicture = None, path: OptionalPath = None, index: Index = 0, settings: Recipe = None
    ) -> ExplanationModel:
        """Explain one mark: its probabilities, why it was refused, and which changes of a setting would change what is read."""
        return await self._reader.explain(await self._open(picture, path), index, settings)

    async def evaluate_folder(self, path: Folder, settings: Recipe = None) -> EvaluationModel:
        """Compare labelled pictures with what is read from them, and try which settings would have helped."""
        return await self._reader.evaluate(Path(path), settings)

    async def _open(self, picture: str | None, path: str | None) -> bytes:
        """Return the bytes of the picture that was sent or named."""
        if picture is not None and path is None:
            return self._reader.decode(picture)
        if path is not None and picture is None:
            return await self._reader.load(path)
        raise RequestError("Give either `picture` or `path`.", 400)
