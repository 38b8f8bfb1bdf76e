import numpy as np
import pytest

from digitcore import charts, default_classifier
from digitcore.charts import HIGHLIGHT, histogram, histogram_chart, model_input_chart, probability_chart
from tests.digitcore.chart_rows import rows_of


@pytest.fixture(scope="module")
def card():
    return default_classifier().card


def rows(spec, layer=0):
    """The data of a chart, or of one layer of it."""
    return rows_of(spec, {**spec, **(spec["layer"][layer] if "layer" in spec else {})})


def titles(spec):
    """The titles of all axes."""
    layers = spec.get("layer", [spec])
    return {layer["encoding"][axis].get("title") for layer in layers for axis in ("x", "y") if axis in layer["encoding"]}


def every_chart(card):
    test = card["test"]
    damage = [{"name": name, "accuracy_pct": pct, "held_out": name == "fog"} for name, pct in card["corruptions"]["accuracy_pct"].items()]
    seeds = [
        {"measure": "test", "network": "1", "wrong": 0.004, "served": False},
        {"measure": "test", "network": "this", "wrong": 0.003, "served": True},
    ]
    return {
        "probability": charts.probability_chart(np.full(10, 0.1, np.float32)),
        "confusion": charts.confusion_chart(test["confusion"]),
        "misread": charts.misread_chart(test["recall_pct"]),
        "reliability": charts.reliability_chart(test["reliability_bins"]),
        "coverage": charts.coverage_chart(test["coverage_accuracy"], 0.9),
        "corruption": charts.corruption_chart(damage),
        "seeds": charts.seeds_chart(seeds),
        "shapes": charts.shapes_chart([{"digit": 0, "name": "slashed", "read_pct": 97.0}, {"digit": 1, "name": "a bar", "read_pct": 99.0}]),
        "network": charts.network_chart(card["model"]["layers"]),
        "engine": charts.engine_chart({"LiteRT": 0.5, "TensorFlow": 60}, "Milliseconds", "Median time."),
    }


def test_the_chart_shows_all_ten_with_titled_axes_and_marks_the_likeliest():
    probabilities = np.full(10, 0.02, np.float32)
    probabilities[7] = 0.82
    spec = probability_chart(probabilities).to_dict()
    rows = rows_of(spec)
    assert [row["digit"] for row in rows] == [str(digit) for digit in range(10)]
    assert [row["kind"] for row in rows] == ["read" if digit == 7 else "other" for digit in range(10)]
    bars, figures = spec["layer"]
    assert bars["encoding"]["y"]["title"] == "Digit"
    assert bars["encoding"]["color"]["scale"]["range"][0] == HIGHLIGHT
    assert figures["encoding"]["text"]["field"] == "share"
    assert [row["share"] for row in rows] == ["82.0%" if digit == 7 else "2.0%" for digit in range(10)]


def test_the_bar_of_an_unsure_answer_has_another_color_also_if_another_digit_is_likelier():
    probabilities = np.full(10, 0.02, np.float32)
    probabilities[7] = 0.82
    rows = rows_of(probability_chart(probabilities, label=1, is_unsure=True).to_dict())
    assert [row["kind"] for row in rows].index("unsure") == 1
    assert {row["kind"] for row in rows} == {"unsure", "other"}


def test_only_the_data_of_two_charts_of_probabilities_differ():
    specs = [probability_chart(np.eye(10, dtype=np.float32)[digit], is_unsure=digit == 3).to_dict() for digit in (3, 8)]
    one, other = ({name: part for name, part in spec.items() if name not in ("data", "datasets")} for spec in specs)
    assert rows_of(specs[0]) != rows_of(specs[1])
    assert one == other


def test_every_chart_says_what_it_shows_and_explains_its_marks_on_hover(card):
    for name, chart in every_chart(card).items():
        spec = chart.to_dict()
        assert len(spec["description"]) > 10, name
        assert any("tooltip" in layer["encoding"] for layer in spec.get("layer", [spec])), name


def test_every_axis_has_a_title_unless_its_labels_are_names_or_it_is_not_there(card):
    for name, chart in every_chart(card).items():
        if name != "network":
            assert titles(chart.to_dict()) - {None}, name
    assert titles(every_chart(card)["confusion"].to_dict()) == {"Written", "Read as"}
    assert titles(every_chart(card)["coverage"].to_dict()) == {"Answered", "Right, of those answered"}


def test_titles_are_said_in_another_language(card):
    said = charts.confusion_chart(card["test"]["confusion"], lambda text: {"Written": "Escrito"}.get(text, text)).to_dict()
    assert "Escrito" in titles(said)


def test_what_is_right_keeps_out_of_the_mistakes_colours(card):
    spec = charts.confusion_chart([[90, 0], [3, 80]]).to_dict()
    assert sorted((row["label"], row["predicted"], row["count"]) for row in rows(spec)) == [
        ("0", "0", 90),
        ("0", "1", 0),
        ("1", "0", 3),
        ("1", "1", 80),
    ]
    coloured = [layer for layer in spec["layer"] if "color" in layer["encoding"]]
    assert len(coloured) == 1
    assert coloured[0]["transform"] == [{"filter": "!datum.right && datum.count > 0"}]
    assert coloured[0]["encoding"]["color"]["scale"]["domain"] == [1, 3]


def test_a_flawless_network_has_a_confusion_matrix_too():
    assert charts.confusion_chart([[90, 0], [0, 80]]).to_dict()["layer"][3]["encoding"]["color"]["scale"]["domain"] == [1, 2]


def test_misread_digits_are_counted_of_a_thousand():
    assert [row["misread"] for row in rows(charts.misread_chart([99.9, 99.33, 100.0]).to_dict())] == [1.0, 6.7, 0.0]


def test_the_fewer_digits_the_longer_the_line_of_doubt():
    few, many = rows(
        charts.reliability_chart(
            [{"count": 4, "confidence": 0.5, "accuracy": 0.5}, {"count": 400, "confidence": 0.5, "accuracy": 0.5}]
        ).to_dict(),
        1,
    )
    assert few["low"] < many["low"] < 0.5 < many["high"] < few["high"]
    assert (many["low"], many["high"]) == pytest.approx((0.4513, 0.5487), abs=1e-4)  # Wilson's interval


def test_the_line_of_doubt_stays_within_what_can_be():
    (never,) = rows(charts.reliability_chart([{"count": 1, "confidence": 0.4, "accuracy": 0.0}]).to_dict(), 1)
    assert 0 <= never["low"] < never["high"] < 1


def test_the_demanded_confidence_is_marked(card):
    marked = [row["confidence"] for row in rows(charts.coverage_chart(card["test"]["coverage_accuracy"], 0.95).to_dict()) if row["chosen"]]
    assert marked == [0.95]


def test_damage_is_sorted_and_what_training_never_saw_is_told_apart_by_more_than_colour():
    damage = [
        {"name": "Fog", "accuracy_pct": 99.0, "held_out": False},
        {"name": "Zigzag", "accuracy_pct": 90.0, "held_out": True},
        {"name": "Blur", "accuracy_pct": 95.0, "held_out": False},
    ]
    spec = charts.corruption_chart(damage).to_dict()
    assert [row["name"] for row in rows(spec)] == ["Zigzag ★", "Blur", "Fog"]
    assert {tuple(layer["encoding"]["y"]["sort"]) for layer in spec["layer"]} == {("Zigzag ★", "Blur", "Fog")}
    filled, hollow = spec["layer"]
    assert "strokeDash" not in filled["mark"]
    assert "strokeDash" in hollow["mark"]
    assert rows(spec)[0]["wrong"] == pytest.approx(0.1)


def test_shapes_are_points_in_the_row_of_their_digit():
    shapes = [{"digit": digit, "name": name, "read_pct": pct} for digit, name, pct in ((7, "plain", 99.0), (0, "slashed", 90.0))]
    spec = charts.shapes_chart(shapes).to_dict()
    assert [(row["digit"], row["name"], row["read"]) for row in rows(spec)] == [("7", "plain", 0.99), ("0", "slashed", 0.9)]
    encoding = spec["layer"][0]["encoding"]
    assert encoding["y"]["sort"] == ["0", "7"]
    assert encoding["x"]["scale"]["domain"] == [0.9, 1]


def test_the_network_is_drawn_from_what_the_card_says_of_it(card):
    layers = card["model"]["layers"]
    spec = charts.network_chart(layers, number=lambda value: f"<{value}>").to_dict()
    frames, boxes = rows(spec, 0), rows(spec, 1)
    assert len(frames) == sum(layer["kind"] == "inception" for layer in layers)
    assert len(boxes) == len(layers) + sum(len(branch["layers"]) for layer in layers for branch in layer.get("branches", []))
    assert boxes[1]["note"] == "28×28×16 · <208>"
    block = next(layer for layer in layers if layer["name"] == "inception_fine_1")
    reduced = next(branch for branch in block["branches"] if branch["name"] == "five")["layers"][0]["output_shape"][-1]
    assert next(box for box in boxes if box["name"] == "inception_fine_1/five")["text"] == f"1×1 → {reduced}"


def test_no_box_of_the_network_lies_over_another_and_branches_stay_in_their_frames(card):
    spec = charts.network_chart(card["model"]["layers"]).to_dict()
    frames, boxes = rows(spec, 0), rows(spec, 1)
    for index, one in enumerate(boxes):
        for other in boxes[:index]:
            apart = one["x"] >= other["x2"] or other["x"] >= one["x2"] or one["y"] >= other["y2"] or other["y"] >= one["y2"]
            assert apart, (one["name"], other["name"])
    for box in (box for box in boxes if box["narrow"]):
        assert any(frame["y"] < box["y"] and box["y2"] < frame["y2"] for frame in frames), box["name"]


def test_a_layer_without_branches_needs_no_frame():
    plain = [{"name": "digit", "kind": "input", "output_shape": [28, 28, 1], "parameters": 0}]
    spec = charts.network_chart(plain).to_dict()
    assert rows(spec, 0) == []
    assert rows(spec, 1)[0]["note"] == "28×28×1"


def test_engines_keep_their_order_and_their_colours():
    spec = charts.engine_chart({"LiteRT": 0.5, "TensorFlow": 60}, "Milliseconds", "Median time.").to_dict()
    assert spec["encoding"]["y"]["sort"] == ["LiteRT", "TensorFlow"]
    assert spec["encoding"]["x"]["title"] == "Milliseconds"
    assert charts.engine_chart({"LiteRT": 0.5}, "Milliseconds", "Median time.").to_dict()["encoding"]["color"]["scale"]["domain"] == [
        "LiteRT"
    ]


@pytest.mark.parametrize("bands", [1, 16, 64, 256])
def test_a_histogram_counts_every_pixel_once(bands):
    counted = histogram(np.arange(256, dtype=np.uint8).reshape(16, 16), bands)
    assert [low for low, _high, _share in counted] == list(range(0, 256, 256 // bands))
    assert counted[-1][1] == 255
    assert all(share == pytest.approx(1 / bands) for _low, _high, share in counted)


def test_the_histogram_shows_the_threshold_as_a_line_and_says_it():
    spec = histogram_chart(np.full((4, 4), 200, np.uint8), 127.4).to_dict()
    bars, rule, _label = spec["layer"]
    assert sum(row["share"] for row in rows_of(spec, bars)) == pytest.approx(1)
    assert rows_of(spec, rule)[0]["level"] == 127.4
    assert rule["mark"]["type"] == "rule"
    assert bars["encoding"]["x"]["title"] == "Grey level"
    assert bars["encoding"]["y"]["title"] == "Share of pixels"
    assert bars["description"].endswith("The threshold is at 127.")


def test_without_one_threshold_there_is_no_line():
    spec = histogram_chart(np.full((4, 4), 200, np.uint8), None).to_dict()
    assert [rows_of(spec, layer) for layer in spec["layer"][1:]] == [[], []]
    assert "threshold" not in spec["layer"][0]["description"]


def test_the_heat_map_has_every_pixel_of_the_networks_picture_with_its_value_on_hover():
    picture = np.zeros((28, 28), np.uint8)
    picture[3, 5] = 200
    spec = model_input_chart(picture).to_dict()
    rows = rows_of(spec, spec)
    assert len(rows) == 784
    assert [row for row in rows if row["ink"]] == [{"row": 3, "column": 5, "ink": 200}]
    assert [tip["field"] for tip in spec["encoding"]["tooltip"]] == ["row", "column", "ink"]
    assert spec["encoding"]["color"]["scale"]["domain"] == [0, 255]


def test_charts_say_their_titles_in_other_languages():
    shout = model_input_chart(np.zeros((28, 28), np.uint8), str.upper).to_dict()
    assert shout["encoding"]["x"]["title"] == "COLUMN"
    assert histogram_chart(np.zeros((2, 2), np.uint8), None, str.upper).to_dict()["layer"][0]["encoding"]["x"]["title"] == "GREY LEVEL"
