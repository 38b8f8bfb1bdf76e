import json
import subprocess
import sys

import pytest

from model.artefacts import MODEL_DIR


def compared(engine, *, then=""):
    program = f"import sys; sys.argv = ['compare', '{engine}']; from model.compare import main; main(); {then}"
    done = subprocess.run([sys.executable, "-c", program], cwd=MODEL_DIR.parent, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.mark.slow
def test_litert_is_measured_without_tensorflow_being_loaded():
    measured, loaded = compared("litert", then="print(sorted({'keras', 'tensorflow'} & set(sys.modules)))")
    measured = json.loads(measured)
    assert measured["engine"] == "litert"
    assert measured["median_ms"] > 0
    assert loaded == "[]"


@pytest.mark.nightly
def test_tensorflow_is_measured_by_predict():
    measured = json.loads(compared("tensorflow")[-1])
    assert measured["median_ms"] > 1
    assert measured["startup_s"] > 0.5
    assert measured["memory_mib"] is None or measured["memory_mib"] > 200
