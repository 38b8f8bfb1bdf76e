"""The names that `digitcore` exports: documented, with every parameter, and with examples that run."""

import dataclasses
import doctest
import importlib
import inspect
import re
import sys
from enum import Enum
from pathlib import Path

import pytest

import digitcore

ROOT = Path(__file__).resolve().parents[2]

FUNCTIONS = [name for name in digitcore.__all__ if inspect.isfunction(getattr(digitcore, name))]
ERRORS = [name for name in digitcore.__all__ if inspect.isclass(getattr(digitcore, name)) and name.endswith("Error")]
CLASSES = [name for name in digitcore.__all__ if name not in (*FUNCTIONS, *ERRORS)]
METHODS = [
    (name, method)
    for name in CLASSES
    for method, value in vars(getattr(digitcore, name)).items()
    if not method.startswith("_") and (inspect.isfunction(value) or isinstance(value, classmethod))
]


def parameters(function):
    """List the names of a function's parameters, without `self` and `cls`."""
    return [name for name in inspect.signature(function).parameters if name not in ("self", "cls")]


def documented(docstring, sections=("Args", "Attributes")):
    """List the names that the sections of a docstring in Google style describe."""
    found = re.findall(rf"^({'|'.join(sections)}):\n((?:[ ]+[^\n]*\n?|\n)+)", inspect.cleandoc(docstring) + "\n", re.MULTILINE)
    return [name for _section, body in found for name in re.findall(r"^    (\w+)(?: \([^)]*\))?:", body, re.MULTILINE)]


def described_fields(cls):
    """List the fields, or members, of a class that are followed by a docstring of their own."""
    return re.findall(r'^    (\w+)(?:: | = )[^\n]*\n    """', inspect.getsource(cls), re.MULTILINE)


def fields(cls):
    """List the fields of a dataclass, the members of an enum, or the parameters of another class."""
    if dataclasses.is_dataclass(cls):
        return [field.name for field in dataclasses.fields(cls)]
    return list(cls.__members__) if issubclass(cls, Enum) else parameters(cls)


def missing_sections(function):
    """List the sections that a function's docstring lacks: Args for parameters, Returns for a result."""
    docstring = inspect.getdoc(function) or ""
    returns = inspect.signature(function).return_annotation
    lacks_returns = returns not in (None, "None", inspect.Signature.empty) and not re.search(r"^(Returns|Yields):", docstring, re.MULTILINE)
    return [name for name in parameters(function) if name not in documented(docstring)] + ["Returns"] * lacks_returns


@pytest.mark.parametrize("name", digitcore.__all__)
def test_every_public_name_exists_and_is_documented(name):
    assert inspect.getdoc(getattr(digitcore, name))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_parameter_and_result_of_a_public_function_is_documented(name):
    assert missing_sections(getattr(digitcore, name)) == []


@pytest.mark.parametrize("name", CLASSES)
def test_every_field_or_parameter_of_a_public_class_is_documented(name):
    cls = getattr(digitcore, name)
    assert set(fields(cls)) <= {*documented(inspect.getdoc(cls)), *described_fields(cls)}


@pytest.mark.parametrize(("name", "method"), METHODS)
def test_every_parameter_and_result_of_a_public_method_is_documented(name, method):
    assert missing_sections(getattr(getattr(digitcore, name), method)) == []


@pytest.mark.parametrize("name", digitcore.__all__)
def test_the_examples_of_a_public_name_run(name, monkeypatch):
    monkeypatch.chdir(ROOT)
    value = getattr(digitcore, name)
    module = importlib.import_module(value.__module__)
    examples = [test for test in doctest.DocTestFinder().find(value, name, module, vars(module).copy()) if test.examples]
    assert any(test.name == name for test in examples), "no Examples section"
    runner = doctest.DocTestRunner()
    assert [runner.run(test, out=sys.stderr.write).failed for test in examples] == [0] * len(examples)


def test_the_packages_own_example_runs(monkeypatch):
    monkeypatch.chdir(ROOT)
    results = doctest.testmod(digitcore)
    assert results.attempted > 0
    assert results.failed == 0


def test_the_contract_is_public():
    names = {"load_classifier", "read_image", "Classifier", "Reading", "Settings", "DigitError", "annotate"}
    assert names <= set(digitcore.__all__)


def test_public_names_are_sorted():
    assert digitcore.__all__ == sorted(digitcore.__all__, key=lambda name: (name[0].islower(), name))


def test_every_error_is_a_digit_error():
    errors = [value for value in vars(digitcore).values() if inspect.isclass(value) and issubclass(value, Exception)]
    assert len(errors) >= 9
    assert all(issubclass(error, digitcore.DigitError) for error in errors)
