"""Build the charts of the pages as Altair specifications, without Streamlit and without the network.

`readings` has the charts of one reading, `quality` those of the network's accuracy and calibration, `network` those of its architecture and
its speed. The colours suit a light and a dark background and are distinguishable with colour vision deficiency; see `palette`.

Examples:
    >>> import numpy as np
    >>> chart = probability_chart(np.eye(10, dtype=np.float32)[7])
    >>> [layer["mark"]["type"] for layer in chart.to_dict()["layer"]]
    ['bar', 'text']
"""

from digitcore.charts.learning import learning_chart
from digitcore.charts.network import engine_chart, layer_titles, network_chart
from digitcore.charts.quality import (
    CELL_SELECTION,
    confusion_chart,
    corruption_chart,
    coverage_chart,
    misread_chart,
    reliability_chart,
    seeds_chart,
)
from digitcore.charts.readings import HIGHLIGHT, REST, histogram, histogram_chart, model_input_chart, probability_chart
from digitcore.charts.shapes import shapes_chart

__all__ = [
    "CELL_SELECTION",
    "HIGHLIGHT",
    "REST",
    "confusion_chart",
    "corruption_chart",
    "coverage_chart",
    "engine_chart",
    "histogram",
    "histogram_chart",
    "layer_titles",
    "learning_chart",
    "misread_chart",
    "model_input_chart",
    "network_chart",
    "probability_chart",
    "reliability_chart",
    "seeds_chart",
    "shapes_chart",
]
