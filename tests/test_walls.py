"""Who may import whom."""

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def imported_packages(path):
    """The top-level packages that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").split(".")[0]


def sources(*folders):
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def test_the_walls_are_looked_for_where_the_code_is():
    assert len(sources("digitcore")) > 15
    assert set(imported_packages(ROOT / "app" / "router.py")) >= {"streamlit", "digitcore"}
    assert "keras" in set(imported_packages(ROOT / "model" / "architecture.py"))


def offenders(paths, forbidden):
    """Return the files that import a forbidden package."""
    return [str(path.relative_to(ROOT)) for path in paths if forbidden & set(imported_packages(path))]


def test_the_core_never_imports_streamlit():
    assert offenders(sources("digitcore"), {"streamlit", "streamlit_drawable_canvas", "streamlit_webrtc"}) == []


def test_only_the_model_imports_tensorflow():
    paths = [*sources("digitcore", "app", "pages", "synthetic", "tuning"), ROOT / "streamlit_app.py"]
    assert offenders(paths, {"tensorflow", "keras", "model"}) == []


def test_the_core_imports_no_page_and_no_factory():
    assert offenders(sources("digitcore"), {"app", "pages", "synthetic", "tuning", "tests", "testing", "benchmarks"}) == []


def test_reading_a_picture_loads_neither_streamlit_nor_tensorflow():
    program = (
        "import sys, numpy as np, digitcore\n"
        "digitcore.read_image(np.full((40, 40), 255, np.uint8))\n"
        "print(sorted({'streamlit', 'tensorflow', 'keras', 'altair', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
