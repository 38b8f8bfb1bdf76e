import subprocess
import sys

from app import ROUTER_PATH


def test_what_the_first_visitor_needs_is_preloaded():
    program = (
        "import gc, sys\n"
        "from app.server.api import create_api\n"
        "from app.server.preloading import PRELOADED_MODULES, preload\n"
        "api = create_api()\n"
        "print('fastapi' in sys.modules)\n"
        "preload(api)\n"
        "print({*PRELOADED_MODULES, 'fastapi'} <= set(sys.modules), 'tensorflow' in sys.modules, gc.get_freeze_count() > 10_000)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROUTER_PATH.parents[1], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True", "False", "True"]
