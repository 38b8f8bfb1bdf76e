import numpy as np

from app.challenge.game import MAX_BONUS, THUMBNAIL_WH, Game, contact_sheet
from app.challenge.prompts import PROMPTS, Attempt
from digitcore import Stroke, read_strokes
from synthetic.allographs import allographs

SIZE_WH = (560, 370)


def drawn(digit, name):
    (shape,) = (each for each in allographs(digit) if each.name == name)
    strokes = [Stroke(path * 200 + (150, 80), pen_px=16) for path in shape.make(np.random.default_rng(1))]
    return Attempt(read_strokes(strokes, SIZE_WH), strokes, SIZE_WH)


class Clock:
    def __init__(self):
        self.now_s = 100.0

    def __call__(self):
        return self.now_s


def test_the_first_attempt_that_counts_stops_the_clock_and_the_best_is_kept():
    clock = Clock()
    game = Game(clock)
    clock.now_s += 10
    assert game.attempt(drawn(7, "plain")) == 0
    assert (game.best, game.points, game.seconds, game.bonus) == (None, 0, 10, MAX_BONUS - 10)
    assert game.attempt(drawn(0, "slashed")) == 100
    assert game.points == 100 + MAX_BONUS - 10
    clock.now_s += 500
    assert game.seconds == 10
    assert game.attempt(drawn(7, "plain")) == 0
    assert game.points == 100 + MAX_BONUS - 10
    assert game.best.read == "0"
    assert (game.best.thumbnail < 128).any()


def test_there_is_no_bonus_after_half_a_minute():
    clock = Clock()
    game = Game(clock)
    clock.now_s += 1_000
    game.attempt(drawn(0, "slashed"))
    assert game.points == 100


def test_a_prompt_that_is_skipped_has_no_points_and_the_canvas_is_new():
    game = Game()
    generation = game.canvas.generation
    game.proceed()
    assert game.prompt is PROMPTS[1]
    assert game.results[0].points == 0
    assert game.canvas.generation > generation


def test_a_game_ends_after_the_last_prompt_and_can_be_played_again():
    game = Game()
    game.attempt(drawn(0, "slashed"))
    for _ in range(len(PROMPTS) + 3):
        game.proceed()
    assert game.is_over
    assert len(game.results) == len(PROMPTS)
    assert game.points == game.results[0].points > 0
    game.start()
    assert (game.points, game.is_over, game.prompt) == (0, False, PROMPTS[0])


def test_all_drawings_are_on_one_sheet():
    game = Game()
    for _ in PROMPTS:
        game.proceed()
    sheet = contact_sheet([result.thumbnail for result in game.results])
    assert sheet.shape == (4 * THUMBNAIL_WH[1], 3 * THUMBNAIL_WH[0])
