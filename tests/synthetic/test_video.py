from itertools import islice, pairwise

import av
import cv2
import numpy as np
import pytest

from digitcore import read_image
from synthetic.paper import Scene
from synthetic.video import FRAMES_PER_SECOND, SIZE_WH, STILL, Shake, number_page, numbers_in_turn, shaken, write_y4m

STEADY = Shake(jitter_px=0, turn_deg=0, noise=0, drift=0, blur_px=0.31)


@pytest.fixture(scope="module")
def page():
    return number_page("507")


@pytest.mark.parametrize("text", ["7", "507", "1234567", "123456789012"])
def test_a_page_fills_a_frame_and_is_read(text):
    made = number_page(text)
    assert made.shape == (*reversed(SIZE_WH), 3)
    assert made.dtype == np.uint8
    assert read_image(made).text == text


def test_an_empty_page_can_be_made():
    assert read_image(number_page("")).status == "blank"


def test_a_page_has_the_scene_that_was_asked_for():
    board = number_page("4", scene=Scene(paper_rgb=(40, 60, 50), ink_rgb=(225, 228, 220)))
    assert np.median(board) < 80 < np.median(number_page("4"))


def test_there_are_as_many_frames_as_the_time_has(page):
    frames = list(shaken(page, 0.7, Shake(), 1))
    assert len(frames) == round(0.7 * FRAMES_PER_SECOND)
    assert {(frame.shape, frame.dtype) for frame in frames} == {(page.shape, np.dtype(np.uint8))}
    assert list(shaken(page, 0, Shake(), 1)) == []


def test_the_same_seed_shakes_the_same(page):
    first, again, other = (np.stack(list(shaken(page, 0.15, Shake(), seed))) for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


def test_a_camera_that_stands_still_changes_nothing_but_the_grain(page):
    assert all(np.abs(frame.astype(int) - page).mean() < 0.5 for frame in shaken(page, 0.1, STEADY, 1))
    frames = list(shaken(page, 0.2, STILL, 1))
    assert all((first != second).any() for first, second in pairwise(frames))
    assert all(np.abs(frame.astype(int) - page).mean() < 5 for frame in frames)


def test_the_sensor_has_so_much_noise():
    grainy = Shake(jitter_px=0, turn_deg=0, noise=8, drift=0, blur_px=0.31)
    (frame,) = shaken(np.full((200, 200, 3), 128, np.uint8), 0.05, grainy, 1)
    assert frame[..., 1].std() == pytest.approx(8, rel=0.1)


def offset_px(page, frame):
    (x, y), _ = cv2.phaseCorrelate(*(picture[..., 1].astype(np.float32) for picture in (page, frame)))
    return np.hypot(x, y)


def test_a_hand_moves_the_picture_by_so_many_pixels_at_most(page):
    jitter = Shake(jitter_px=9, turn_deg=0, noise=0, drift=0, blur_px=0.31)
    offsets = [offset_px(page, frame) for frame in shaken(page, 1, jitter, 3)]
    assert 5 < max(offsets) < 9 * np.sqrt(2) + 0.5
    assert max(offset_px(page, frame) for frame in shaken(page, 0.2, STEADY, 3)) < 0.2


def test_the_light_comes_and_goes():
    page = number_page("4")[::4, ::4]
    drifting = Shake(jitter_px=0, turn_deg=0, noise=0, drift=0.5, blur_px=0.31)
    light = [frame.mean() / page.mean() for frame in shaken(page, 7, drifting, 1)]
    assert (light[0], min(light), light[-1]) == pytest.approx((1, 0.5, 1), abs=0.02)
    assert light.index(min(light)) == pytest.approx(3.5 * FRAMES_PER_SECOND, abs=4)


def test_numbers_come_one_after_another():
    frames = list(numbers_in_turn(["12", "7"], 0.2, STILL))
    assert [read_image(frame).text for frame in frames] == ["12"] * 4 + ["7"] * 4


def test_a_file_has_the_frames_size_and_rate(tmp_path, page):
    frames, path = list(shaken(page, 0.3, Shake(), 4)), tmp_path / "camera.y4m"
    write_y4m(path, iter(frames))
    with av.open(path) as file:
        (stream,) = file.streams.video
        assert (stream.width, stream.height, stream.average_rate) == (*SIZE_WH, FRAMES_PER_SECOND)
        decoded = list(file.decode(video=0))
    assert {frame.format.name for frame in decoded} == {"yuv420p"}
    assert [float(frame.time) for frame in decoded] == pytest.approx([index / FRAMES_PER_SECOND for index in range(len(frames))])
    for written, read in zip(frames, decoded, strict=True):
        assert np.abs(written[..., 1].astype(int) - read.to_ndarray(format="rgb24")[..., 1]).mean() < 6
    assert read_image(decoded[-1].to_ndarray(format="rgb24")).text == "507"


def test_a_files_colours_are_right_and_its_rate_as_asked(tmp_path):
    path, colours = tmp_path / "colours.y4m", [(200, 40, 40), (40, 200, 40), (40, 40, 200)]
    write_y4m(path, (np.full((16, 32, 3), colour, np.uint8) for colour in colours), frames_per_second=5)
    with av.open(path) as file:
        assert file.streams.video[0].average_rate == 5
        seen = [frame.to_ndarray(format="rgb24").reshape(-1, 3).mean(axis=0) for frame in file.decode(video=0)]
    assert np.array(seen) == pytest.approx(np.array(colours, float), abs=12)


def test_a_file_takes_frames_as_they_come(tmp_path, page):
    path = tmp_path / "camera.y4m"
    write_y4m(path, islice(shaken(page, 1e6, STILL, 1), 2))
    with av.open(path) as file:
        assert sum(1 for _ in file.decode(video=0)) == 2


def test_no_frames_make_no_file(tmp_path):
    path = tmp_path / "camera.y4m"
    with pytest.raises(ValueError, match="one frame or more"):
        write_y4m(path, [])
    assert not path.exists()
