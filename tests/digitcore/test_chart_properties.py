"""Properties of the charts: any data gives a specification in strict JSON that holds it."""

import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import strategies as st

from digitcore.charts import (
    confusion_chart,
    corruption_chart,
    coverage_chart,
    engine_chart,
    histogram,
    histogram_chart,
    layer_titles,
    misread_chart,
    model_input_chart,
    network_chart,
    probability_chart,
    reliability_chart,
    seeds_chart,
)
from tests.digitcore.chart_rows import rows_of
from tests.properties import given, settings
from tests.strategies import SEEDS, grey_pictures, pictures

few = settings(max_examples=6)
shares = st.floats(0, 1)
percents = st.floats(0, 100)
names = st.text(max_size=8)


def specification(chart):
    """Return the specification of a chart, after checking that it is strict JSON."""
    made = chart.to_dict()
    assert json.loads(json.dumps(made, allow_nan=False)) == made
    assert {**made, **made.get("layer", [{}])[0]}["description"]
    return made


@given(pictures(min_side_px=1), st.sampled_from([1, 2, 4, 8, 64, 256]))
def test_a_histogram_counts_every_pixel_once(picture, bins):
    rows = histogram(picture, bins)
    assert [row[:2] for row in rows] == [(index * 256 // bins, (index + 1) * 256 // bins - 1) for index in range(bins)]
    assert sum(share for _, _, share in rows) == pytest.approx(1)
    for low, high, share in rows:
        assert share == ((picture >= low) & (picture <= high)).mean()


@given(st.integers(-300, 600).filter(lambda bins: bins not in (0, *(2**power for power in range(9)))))
def test_bins_that_do_not_divide_the_levels_are_a_value_error(bins):
    with pytest.raises(ValueError, match="expected a divisor of 256"):
        histogram(np.zeros((2, 2), np.uint8), bins)


def test_no_bins_are_a_value_error():
    with pytest.raises(ValueError, match="expected"):
        histogram(np.zeros((2, 2), np.uint8), 0)


@given(grey_pictures(), st.none() | st.floats(0, 255))
@few
def test_any_histogram_is_drawn(picture, threshold):
    made = specification(histogram_chart(picture, threshold))
    bars = made["layer"][0]
    assert sum(row["share"] for row in rows_of({**made, **bars})) == pytest.approx(1)
    assert threshold is None or f"threshold is at {round(threshold)}." in bars["description"]


@given(SEEDS)
@few
def test_any_probabilities_are_drawn(seed):
    probabilities = np.random.default_rng(seed).dirichlet(np.ones(10)).astype(np.float32)
    rows = rows_of(specification(probability_chart(probabilities)))
    assert [row["probability"] for row in rows] == [float(p) for p in probabilities]
    assert [row["digit"] for row in rows if row["kind"] == "read"] == [str(probabilities.argmax())]


@given(grey_pictures(28, 28))
@few
def test_any_input_of_the_network_is_drawn(picture):
    rows = rows_of(specification(model_input_chart(picture)))
    assert [[row["row"], row["column"], row["ink"]] for row in rows] == [[y, x, int(picture[y, x])] for y in range(28) for x in range(28)]


@given(st.integers(1, 5).flatmap(lambda n: st.lists(st.lists(st.integers(0, 2_000), min_size=n, max_size=n), min_size=n, max_size=n)))
@few
def test_any_confusion_is_drawn(confusion):
    made = specification(confusion_chart(confusion))
    cells = rows_of({**made, **made["layer"][0]})
    assert [row["count"] for row in cells] == [count for counts in confusion for count in counts]
    assert all(row["right"] == (row["label"] == row["predicted"]) for row in cells)


@given(st.lists(percents, min_size=10, max_size=10))
@few
def test_any_recall_is_drawn(recall_pct):
    rows = rows_of(specification(misread_chart(recall_pct)))
    assert [row["recall"] for row in rows] == pytest.approx([pct / 100 for pct in recall_pct])


@given(st.lists(st.fixed_dictionaries({"count": st.integers(1, 10**6), "confidence": shares, "accuracy": shares}), max_size=6))
@few
def test_any_calibration_is_drawn_with_intervals_around_its_points(bins):
    made = specification(reliability_chart(bins))
    values = rows_of(made, made["layer"][1])
    assert len(values) == len(bins)
    for row in values:
        assert 0 <= row["low"] <= row["accuracy"] + 1e-9
        assert row["accuracy"] - 1e-9 <= row["high"] <= 1


@given(
    st.lists(st.fixed_dictionaries({"confidence": shares, "coverage_pct": percents, "accuracy_pct": percents}), min_size=1, max_size=6),
    st.data(),
)
@few
def test_any_coverage_is_drawn_with_the_threshold_marked(steps, data):
    threshold = data.draw(st.sampled_from([step["confidence"] for step in steps]))
    made = specification(coverage_chart(steps, threshold))
    rows = rows_of({**made, **made["layer"][0]})
    assert [row["confidence"] for row in rows if row["chosen"]] == [threshold] * sum(step["confidence"] == threshold for step in steps)
    assert all(0 <= row["answered"] <= 1 and 0 <= row["right"] <= 1 for row in rows)


@given(st.lists(st.fixed_dictionaries({"name": names, "accuracy_pct": percents, "held_out": st.booleans()}), max_size=6))
@few
def test_any_corruptions_are_drawn(rows):
    made = specification(corruption_chart(rows))
    drawn = rows_of({**made, **made["layer"][0]})
    assert sorted(row["name"] for row in drawn) == sorted(row["name"] + " ★" * row["held_out"] for row in rows)
    assert [row["right"] for row in drawn] == sorted(row["right"] for row in drawn)


@given(
    st.lists(st.fixed_dictionaries({"measure": names, "network": names, "wrong": st.floats(1e-6, 1), "served": st.booleans()}), max_size=6)
)
@few
def test_any_seeds_are_drawn(rows):
    made = specification(seeds_chart(rows))
    assert rows_of({**made, **made["layer"][0]}) == rows


@given(st.dictionaries(names, st.floats(0, 1e6), max_size=3), names.filter(len))
@few
def test_any_engines_are_drawn_in_their_order(values, title):
    made = specification(engine_chart(values, title, "What it shows."))
    assert [row["engine"] for row in rows_of(made)] == list(values)


layers = st.fixed_dictionaries(
    {
        "name": names,
        "kind": st.sampled_from(sorted(layer_titles())),
        "output_shape": st.lists(st.integers(1, 99), min_size=1, max_size=3),
        "parameters": st.integers(0, 10**7),
    },
    optional={"window_px": st.integers(1, 9)},
)
blocks = st.builds(
    lambda layer, branches: {**layer, "branches": branches},
    layers,
    st.lists(st.fixed_dictionaries({"name": names, "layers": st.lists(layers, max_size=3)}), max_size=3),
)


@given(st.lists(layers | blocks, min_size=1, max_size=4))
@few
def test_any_network_is_drawn_without_overlaps(network):
    made = specification(network_chart(network))
    boxes = [box for layer in made["layer"][1:2] for box in rows_of(made, layer)]
    assert len(boxes) == sum(1 + sum(len(branch["layers"]) for branch in layer.get("branches", [])) for layer in network)
    wide = [box for box in boxes if not box["narrow"]]
    assert [box["name"] for box in wide] == [layer["name"] for layer in network]
    assert all(upper["y2"] < lower["y"] for upper, lower in pairwise(wide))
    assert all(0 <= box["x"] < box["x2"] <= 1 for box in boxes)


@given(st.lists(layers, min_size=1, max_size=2), st.sampled_from(["name", "kind", "output_shape", "parameters"]))
@few
def test_a_layer_that_lacks_a_field_is_a_key_error(network, field):
    del network[-1][field]
    with pytest.raises(KeyError, match=field):
        network_chart(network)
