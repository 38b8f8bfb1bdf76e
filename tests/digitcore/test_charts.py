import numpy as np

from digitcore.charts import HIGHLIGHT, probability_chart


def test_the_chart_shows_all_ten_with_titled_axes_and_marks_the_likeliest():
    probabilities = np.full(10, 0.02, np.float32)
    probabilities[7] = 0.82
    spec = probability_chart(probabilities).to_dict()
    rows = spec["data"]["values"]
    assert [row["digit"] for row in rows] == [str(digit) for digit in range(10)]
    assert [row["top"] for row in rows] == [digit == 7 for digit in range(10)]
    assert spec["encoding"]["x"]["title"] == "Probability"
    assert spec["encoding"]["y"]["title"] == "Digit"
    assert spec["encoding"]["x"]["scale"]["domain"] == [0, 1]
    assert spec["encoding"]["color"]["condition"]["value"] == HIGHLIGHT
    assert "7" in spec["description"]
