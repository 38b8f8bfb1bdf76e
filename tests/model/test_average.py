import json

import numpy as np
import pytest

from model import artefacts


@pytest.fixture
def networks(architecture, tmp_path):
    """Save three untrained networks, the last with a card beside it; return their paths."""
    paths = []
    for number in range(3):
        folder = tmp_path / str(number)
        folder.mkdir()
        paths.append(folder / artefacts.KERAS_NAME)
        architecture.build_network().save(paths[-1])
    artefacts.write_card({"training": {"seed": 7}}, paths[-1].parent)
    return paths


def test_each_weight_is_the_mean_of_those_of_the_networks(architecture, averaging, networks):
    weights = [architecture.load_network(path).get_weights() for path in networks]
    averaged = averaging.average(networks).get_weights()
    assert len(averaged) == len(weights[0])
    for index, values in enumerate(averaged):
        assert np.allclose(values, np.mean([each[index] for each in weights], axis=0), atol=1e-6)


def test_one_network_is_its_own_average(architecture, averaging, networks):
    (alone,) = networks[:1]
    for values, expected in zip(averaging.average([alone]).get_weights(), architecture.load_network(alone).get_weights(), strict=True):
        assert (values == expected).all()


def test_the_origin_names_the_last_training_and_all_networks(averaging, networks):
    origin = averaging.origin(networks)
    assert origin == {"seed": 7, "averaged": [artefacts.sha256(path) for path in networks]}
    assert json.dumps(origin)
