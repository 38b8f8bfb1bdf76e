"""Draw charts with Altair, independently of Streamlit and of the network.

Their colours are readable on light and dark backgrounds and distinguishable with colour-vision deficiency. `readings` has the charts of
one reading, `quality` those of the network's accuracy, and `network` those of its architecture and speed.
"""

from digitcore.charts.network import engine_chart, layer_titles, network_chart
from digitcore.charts.quality import confusion_chart, corruption_chart, coverage_chart, misread_chart, reliability_chart, seeds_chart
from digitcore.charts.readings import HIGHLIGHT, REST, histogram, histogram_chart, model_input_chart, probability_chart

__all__ = [
    "HIGHLIGHT",
    "REST",
    "confusion_chart",
    "corruption_chart",
    "coverage_chart",
    "engine_chart",
    "histogram",
    "histogram_chart",
    "layer_titles",
    "misread_chart",
    "model_input_chart",
    "network_chart",
    "probability_chart",
    "reliability_chart",
    "seeds_chart",
]
