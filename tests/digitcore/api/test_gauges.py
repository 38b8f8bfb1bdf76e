from digitcore.api import Gauge


def test_a_gauge_is_read_when_it_is_asked():
    values = iter([3, 4.5])
    gauge = Gauge("Pictures waiting.", lambda: next(values))
    assert gauge.description == "Pictures waiting."
    assert [gauge.read(), gauge.read()] == [3, 4.5]
