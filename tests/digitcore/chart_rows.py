"""Find the data in the specification of a chart."""


def rows_of(spec, chart=None):
    """Return the rows of a chart, or of one of its layers; Altair stores them in it, or under a name beside it."""
    data = (chart or spec)["data"]
    return data["values"] if "values" in data else spec["datasets"][data["name"]]
