"""Read pictures and drawings: run the pipeline from the pixels to the numbers."""

import time
from collections.abc import Sequence

from digitcore.io.decode import UprightPicture, load_picture
from digitcore.io.strokes import Stroke, check_strokes, draw_strokes
from digitcore.layout.pen import with_uniform_pen
from digitcore.pipeline.answer import read_marks
from digitcore.pipeline.ink import extract_ink
from digitcore.pipeline.marks import FoundMarks, find_marks_in
from digitcore.pipeline.run import create_run
from digitcore.pipeline_params import PipelineParams
from digitcore.recognition.classification import MarkClassifier
from digitcore.recognition.classifier import Classifier
from digitcore.recognition.writer_profile import WriterProfile
from digitcore.results import Reading, Status, lines_of
from digitcore.settings import Settings
from digitcore.types import UInt8Array


def read_image(
    source: bytes | UInt8Array | UprightPicture,
    settings: Settings | None = None,
    classifier: MarkClassifier | None = None,
    profile: WriterProfile | None = None,
    params: PipelineParams | None = None,
) -> Reading:
    """Read the digits in a picture.

    Args:
        source: the bytes of an encoded picture, or uint8 `(H, W)` grey, `(H, W, 3)` RGB or `(H, W, 4)` RGBA; or what `load_picture`
            returned, which isn't decoded again.
        settings: the parameters; by default those for photographs.
        classifier: the network; by default the packaged one, loaded once in a process.
        profile: the writer's own digits, to which the answers are adapted; an empty one changes nothing.
        params: the tuned numbers of all stages, for measuring what they change; by default those for the classes of the network.

    Returns:
        The digits, and the picture after each step.

    Raises:
        ImageError: the picture can't be read.
        ModelError: the network can't be loaded.
        ValueError: `source` has another shape or type, or the classifier is no `Classifier`, which a profile needs.

    Examples:
        >>> from pathlib import Path
        >>> import numpy as np
        >>> reading = read_image(Path("samples/pen.jpg").read_bytes())
        >>> reading.text, reading.digits[0].label
        ('3', 3)
        >>> read_image(np.full((100, 100), 255, np.uint8)).status.value
        'blank'
    """
    start = time.perf_counter()
    run = create_run(settings, classifier, profile, params)
    picture = load_picture(source)
    run.notes.extend(picture.notes)
    digits, numbers, alternatives = read_marks(extract_ink(picture, run), picture, run)
    lines = lines_of(digits)
    status = Status.OK if lines else Status.NO_DIGIT if digits else Status.BLANK
    elapsed_ms = 1000 * (time.perf_counter() - start)
    return Reading(status, lines, digits, run.stages, picture.size_wh, elapsed_ms, tuple(run.notes), numbers, alternatives)


def read_strokes(
    strokes: Sequence[Stroke],
    size_wh: tuple[int, int],
    settings: Settings | None = None,
    classifier: Classifier | None = None,
    profile: WriterProfile | None = None,
    params: PipelineParams | None = None,
) -> Reading:
    """Read a drawing from its strokes, drawn with MNIST's relative stroke width, so that every pen reads alike.

    Args:
        strokes: in any order; `strokes_of` makes them from a canvas's JSON.
        size_wh: width and height of the drawing in pixels; the boxes of the digits refer to it.
        settings: the parameters; by default those for drawings.
        classifier: the network; by default the packaged one.
        profile: as in `read_image`.
        params: as in `read_image`.

    Returns:
        The digits, and the drawing after each step.

    Raises:
        DrawingError: there are more than 10,000 strokes, or more than 500,000 points in all.
        ImageError: the drawing is larger or smaller than a picture may be.
        ModelError: the network can't be loaded.
        ValueError: points, pens or a size that no drawing can have; the text gives what was expected and received.

    Examples:
        >>> import numpy as np
        >>> path = np.array([[140.0, 50.0], [140.0, 220.0]])
        >>> read_strokes([Stroke(path, pen_px=16)], (280, 280)).text
        '1'
    """
    check_strokes(strokes)
    drawing = draw_strokes(with_uniform_pen(strokes, (params or PipelineParams()).layout), size_wh)
    return read_image(drawing, settings or Settings.for_drawing(), classifier, profile, params)


def find_marks(source: bytes | UInt8Array | UprightPicture, classifier: MarkClassifier) -> FoundMarks:
    """Find the marks in a picture, as `read_image` does, without deciding on a text: to fit how decisions are made.

    Args:
        source: as in `read_image`.
        classifier: the network.

    Returns:
        The marks.

    Raises:
        ImageError: the picture can't be read.
    """
    run = create_run(classifier=classifier)
    return find_marks_in(extract_ink(load_picture(source), run), run)
