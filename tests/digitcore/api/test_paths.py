from digitcore.api import paths


def test_the_addresses_are_those_of_the_documentation():
    assert paths.API_ROOT == "/api"
    assert paths.READ_PATH == "/api/v1/read"
    assert paths.HEALTH_PATH == "/api/v1/health"
    assert paths.MODEL_PATH == "/api/v1/model"
    assert paths.METRICS_PATH == "/api/v1/metrics"
    assert paths.OPENAPI_PATH == "/api/openapi.json"
