"""Charts, pure Altair: no Streamlit, no model. Readable on light and on dark, told apart by colour-blind people too.

`readings` are of one reading, `quality` of how good the network is, `network` of the network itself and its speed.
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
