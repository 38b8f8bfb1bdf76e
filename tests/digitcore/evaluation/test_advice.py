import cv2
import pytest

from digitcore import Settings, read_image
from digitcore.errors import EmptyFileError, ImageError
from digitcore.evaluation import advice as advice_module
from digitcore.evaluation.advice import find_advice, run_here, run_in_threads
from digitcore.evaluation.comparison import compare
from digitcore.io.records import failure_record, reading_record


@pytest.fixture
def pictures(drawing):
    """A dark digit and a light one, encoded, by name."""
    dark, light = drawing(7)[..., 0], 255 - drawing(4)[..., 0]
    return {name: cv2.imencode(".png", image)[1].tobytes() for name, image in (("dark", dark), ("light", light))}


def comparisons(pictures, settings, labels):
    return [compare(reading_record(name, read_image(pictures[name], settings)), label) for name, label in labels.items()]


def test_the_setting_that_mends_a_picture_is_found_with_what_it_breaks(pictures):
    settings = Settings(polarity="dark_ink")
    found = find_advice(comparisons(pictures, settings, {"dark": "7", "light": "4"}), pictures.__getitem__, settings)
    assert (found.misread_tried, found.right_tried) == (1, 1)
    by_value = {each["value"]: each for each in found.to_dict()["changes"] if each["setting"] == "polarity"}
    assert by_value["light_ink"]["mended"] == 1
    assert by_value["light_ink"]["broken"] == 1


def test_nothing_is_read_again_where_all_is_right(pictures):
    found = find_advice(comparisons(pictures, Settings(), {"dark": "7", "light": "4"}), pytest.fail, Settings())
    assert (found.misread_tried, found.right_tried, found.trials) == (0, 0, ())


def test_where_no_change_helps_no_right_picture_is_read_again(pictures):
    found = find_advice(comparisons(pictures, Settings(), {"dark": "7", "light": "99"}), pictures.__getitem__, Settings())
    assert (found.misread_tried, found.right_tried, found.trials) == (1, 0, ())


def test_so_many_pictures_are_read_again_at_most(pictures, monkeypatch):
    monkeypatch.setattr(advice_module, "MAX_TRIED", 2)
    (misread,) = comparisons(pictures, Settings(), {"light": "99"})
    found = find_advice([misread] * 5, pictures.__getitem__, Settings())
    assert found.misread_tried == 2


def test_a_picture_that_is_gone_or_was_unreadable_counts_for_no_change(pictures):
    unreadable = compare(failure_record("damaged", EmptyFileError("Empty.")), "7")
    (misread,) = comparisons(pictures, Settings(), {"light": "99"})
    found = find_advice([unreadable, misread], {"light": b""}.__getitem__, Settings())
    assert (found.misread_tried, found.trials) == (1, ())


@pytest.mark.parametrize("run", [run_here, run_in_threads])
def test_outcomes_come_in_the_order_of_the_jobs_and_an_error_of_the_input_is_one(run):
    def fail():
        raise ImageError("broken")

    def job(number):
        return fail if number == 3 else lambda: number

    outcomes = list(run(job(number) for number in range(20)))
    assert isinstance(outcomes[3], ImageError)
    assert [outcome for outcome in outcomes if outcome is not outcomes[3]] == [number for number in range(20) if number != 3]


@pytest.mark.parametrize("run", [run_here, run_in_threads])
def test_an_error_of_the_program_is_raised(run):
    with pytest.raises(ZeroDivisionError):
        list(run([lambda: 1 // 0]))
