"""Read, explain and evaluate for the tools, in worker processes and within the limits of the API."""

import asyncio
import base64
import binascii
import json
import stat
from functools import partial
from pathlib import Path
from typing import Any, Final

from digitcore.api.body import too_large
from digitcore.api.evaluation import PoolRunner
from digitcore.api.pool import WorkerPool
from digitcore.api.schemas import EvaluationModel, ReadingModel
from digitcore.api.settings import ApiSettings
from digitcore.errors import DigitError, RequestError
from digitcore.mcp.explanation import ExplanationModel, explain_mark
from digitcore.recognition.writer_profile import WriterProfile
from digitcore.settings import Settings
from digitcore.workers.reader import read_to_json

Recipe = dict[str, Any] | None
"""The settings of a call that differ from those of the server."""


class PoolReader:
    """Reads pictures in worker processes; they start with the first picture."""

    def __init__(self, limits: ApiSettings, settings: Settings, profile: WriterProfile | None) -> None:
        """Configure the reader without starting a process.

        Args:
            limits: the host's settings of the API.
            settings: those for which a call gives no other value.
            profile: the writer's own digits.
        """
        self._limits: Final = limits
        self._settings: Final = settings
        self._profile: Final = profile
        self._pool: Final = WorkerPool(limits.workers, limits.waiting)

    async def close(self) -> None:
        """Stop the worker processes."""
        await self._pool.close()

    async def read(self, picture: bytes, recipe: Recipe) -> ReadingModel:
        """Read a picture, as `POST /api/v1/read` does."""
        profile = None if self._profile is None else self._profile.to_json()
        job = partial(read_to_json, picture, self._complete(recipe), self._limits.reading_timeout_s, profile)
        return ReadingModel.model_validate_json((await self._pool.run(job)).json_bytes)

    async def explain(self, picture: bytes, index: int, recipe: Recipe) -> ExplanationModel:
        """Explain one mark of a picture."""
        job = partial(explain_mark, picture, index, self._complete(recipe), self._profile, self._limits.reading_timeout_s)
        return await self._pool.run(job)

    async def evaluate(self, path: Path, recipe: Recipe) -> EvaluationModel:
        """Evaluate the labelled pictures of a folder or a ZIP file."""
        from digitcore.mcp.evaluation import evaluate_path  # noqa: PLC0415  importing Dask takes longer than reading a picture

        settings, run_all = self._complete(recipe), PoolRunner(self._pool, self._limits.reading_timeout_s)
        try:
            evaluation = await asyncio.to_thread(evaluate_path, path, settings, self._profile, run_all)
        finally:
            run_all.stop()
        return EvaluationModel.model_validate(evaluation.to_dict())

    def decode(self, picture: str) -> bytes:
        """Decode a picture from base64, which may be broken into lines.

        Raises:
            RequestError: (400) it isn't base64, or (413) too large.
        """
        try:
            content = base64.b64decode("".join(picture.split()), validate=True)
        except (binascii.Error, ValueError) as error:
            raise RequestError("This isn't base64. Send the bytes of the picture's file, encoded as base64.", 400) from error
        return self._checked(content)

    async def load(self, path: str) -> bytes:
        """Load a picture from a file of this machine.

        Raises:
            OSError: the file can't be read.
            DigitError: it is no file, or too large.
        """
        return self._checked(await asyncio.to_thread(_read_file, Path(path), self._limits.body_limit_bytes + 1))

    def _complete(self, recipe: Recipe) -> Settings:
        """Complete the settings of a call with those of the server."""
        return self._settings if recipe is None else Settings.from_json(json.dumps(recipe), self._settings)

    def _checked(self, content: bytes) -> bytes:
        """Return a picture, or raise the error for one that is too large."""
        if len(content) > self._limits.body_limit_bytes:
            raise too_large("picture", self._limits.body_limit_bytes)
        return content


def _read_file(path: Path, max_bytes: int) -> bytes:
    """Read the start of a file; a pipe or a device, which may never end, is not opened."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise DigitError("This is a folder, a pipe or a device, not a file. Give the path of a picture.")
    with path.open("rb") as file:
        return file.read(max_bytes)
