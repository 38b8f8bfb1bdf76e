"""The URL paths of the API."""

from typing import Final

API_ROOT: Final = "/api"
"""The prefix of all paths; everything below it is answered by the API, unknown paths included."""

READ_PATH: Final = f"{API_ROOT}/v1/read"
STROKES_PATH: Final = f"{API_ROOT}/v1/strokes"
READING_PATHS: Final = (READ_PATH, STROKES_PATH)
"""The paths whose answers are readings."""

EVALUATE_PATH: Final = f"{API_ROOT}/v1/evaluate"
HEALTH_PATH: Final = f"{API_ROOT}/v1/health"
MODEL_PATH: Final = f"{API_ROOT}/v1/model"
METRICS_PATH: Final = f"{API_ROOT}/v1/metrics"
OPENAPI_PATH: Final = f"{API_ROOT}/openapi.json"
