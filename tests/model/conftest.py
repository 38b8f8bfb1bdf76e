"""Fixtures: modules that import Keras, since an import at the top of a test file would import it in every process that collects tests."""

from importlib import import_module
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def keras() -> ModuleType:
    return import_module("keras")


@pytest.fixture(scope="session")
def architecture() -> ModuleType:
    return import_module("model.architecture")


@pytest.fixture(scope="session")
def export() -> ModuleType:
    return import_module("model.export")


@pytest.fixture(scope="session")
def batches() -> ModuleType:
    return import_module("model.batches")


@pytest.fixture(scope="session")
def losses() -> ModuleType:
    return import_module("model.losses")


@pytest.fixture(scope="session")
def training() -> ModuleType:
    return import_module("model.train")


@pytest.fixture(scope="session")
def evaluate() -> ModuleType:
    return import_module("model.evaluate")


@pytest.fixture(scope="session")
def averaging() -> ModuleType:
    return import_module("model.average")
