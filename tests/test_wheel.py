"""The installable package: built as a wheel, installed alone into an empty environment, and used there."""

import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]  # installing takes long where the cores are busy

ROOT = Path(__file__).resolve().parents[1]
UV = Path(sys.executable).with_name("uv")
CORE_DEPENDENCIES = {"ai-edge-litert", "flatbuffers", "numpy", "opencv-python-headless", "pillow", "python-stdnum"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build the wheel from a copy, so that nothing is written into the checkout."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("dist")
    shutil.copytree(ROOT / "digitcore", source / "digitcore", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(target), str(source)]
    subprocess.run(command, capture_output=True, check=True)
    (built,) = target.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Install the wheel and its own dependencies alone; give the environment's folder of programs."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    programs = folder / "bin"
    pins = folder / "pins.txt"
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins.write_text("\n".join(line.split(" ")[0] for line in lines if "==" in line), encoding="utf-8")
    command = [UV, "pip", "install", "--quiet", "--no-config", "--python", str(programs / "python"), "--constraint", str(pins), str(wheel)]
    subprocess.run(command, check=True, env={**os.environ, "UV_LINK_MODE": "copy"})
    return programs


def run(program, *arguments, cwd):
    return subprocess.run([program, *arguments], cwd=cwd, capture_output=True, text=True, check=False)


def test_the_wheel_holds_the_core_with_its_network_and_catalogue_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert names >= {
        "digitcore/py.typed",
        "digitcore/recognition/network/card.json",
        "digitcore/recognition/network/digits.tflite",
        "digitcore/recognition/network/explainer.tflite",
        "digitcore/locale/es/LC_MESSAGES/digits.mo",
    }
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"digitcore"}


def test_the_core_needs_few_packages(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = archive.read(name).decode()
    needed = [line.removeprefix("Requires-Dist: ") for line in metadata.splitlines() if line.startswith("Requires-Dist: ")]
    assert {line.split("=")[0].split(">")[0].strip() for line in needed if "extra ==" not in line} == CORE_DEPENDENCIES
    assert {line.removeprefix("Provides-Extra: ") for line in metadata.splitlines() if line.startswith("Provides-Extra: ")} == {
        *("all", "api", "app", "batch", "heif", "mcp", "video")
    }


def test_digit_reader_reads_a_sample_in_an_empty_environment(installed, tmp_path):
    done = run(installed / "digit-reader", "read", str(ROOT / "samples" / "pencil.jpg"), "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["text"] == "7"


def test_a_picture_is_explained_in_an_empty_environment(installed, tmp_path):
    program = (
        "import digitcore\n"
        f"reading = digitcore.read_image(open({str(ROOT / 'samples' / 'pencil.jpg')!r}, 'rb').read())\n"
        "print(digitcore.__file__, digitcore.explain(reading.digits[0].model_input).class_maps.shape[0])"
    )
    done = run(installed / "python", "-I", "-c", program, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    path, maps = done.stdout.split()
    assert "site-packages" in path
    assert maps == "10"


def test_an_extra_that_is_not_installed_is_one_sentence_with_its_command(installed, tmp_path):
    (tmp_path / "pictures").mkdir()
    done = run(installed / "digit-reader", "batch", "pictures", "--output", "readings.parquet", cwd=tmp_path)
    assert done.returncode != 0
    assert "pip install 'digit-reader[batch]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_damaged_network_has_a_remedy_that_is_true_for_a_package(installed, tmp_path):
    (network,) = installed.parent.glob("lib/python3*/site-packages/digitcore/recognition/network/digits.tflite")
    whole = network.read_bytes()
    network.write_bytes(whole[:-1] + b"!")
    try:
        done = run(installed / "digit-reader", "read", str(ROOT / "samples" / "pencil.jpg"), cwd=tmp_path)
    finally:
        network.write_bytes(whole)
    assert done.returncode == 1
    assert "einstall" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
