"""The first half of the reading pipeline: from the pixels of a picture to its ink (`digitcore.preprocessing`)."""

import numpy as np

from digitcore.io.decode import UprightPicture
from digitcore.messages import Message
from digitcore.pipeline.run import PipelineRun
from digitcore.preprocessing.background import flatten
from digitcore.preprocessing.border_artifacts import remove_border_artifacts
from digitcore.preprocessing.enhancement import clahe, smooth
from digitcore.preprocessing.grayscale import best_contrast_channel
from digitcore.preprocessing.ink_darkness import contrast, main_ink_darkness, scale_to_main_ink
from digitcore.preprocessing.ink_extraction import Writing, find_writing
from digitcore.preprocessing.margin import crop_margin, extend_paper, missing_margin
from digitcore.preprocessing.polarity import InkPolarity
from digitcore.preprocessing.resampling import enlarge, make_overview
from digitcore.preprocessing.sheet import find_sheet, mask_outside_sheet
from digitcore.preprocessing.stroke_width import StrokeEstimate, estimate_polarity_and_stroke_width
from digitcore.preprocessing.thresholding import adaptive_threshold, otsu_threshold
from digitcore.settings import Settings
from digitcore.stages import StageName
from digitcore.types import BoolArray, UInt8Array


def extract_ink(picture: UprightPicture, run: PipelineRun) -> UInt8Array:
    """Go from pixels to ink: uint8 `(H, W)`, white on black, all zero where nothing is written."""
    run.record(StageName.ORIGINAL, picture.pixels, Message("The picture, upright, as RGB."))
    params = run.params.preprocessing
    channel, is_coloured = best_contrast_channel(picture.pixels, params)
    darkest = Message("The darkest of red, green and blue, which shows this ink best; small pictures are enlarged.")
    brightness = Message("Brightness alone; small pictures are enlarged.")
    grey = run.record(StageName.GREY, enlarge(channel, params.resampling), darkest if is_coloured else brightness)
    ink, ink_contrast = _known_ink(grey, run.settings) if run.settings.ink_is_known else _detect_ink(grey, run)
    if ink_contrast < run.settings.minimum_contrast:
        return run.record(StageName.INK, np.zeros_like(grey), Message("Nothing stands out from the paper: blank."))
    note = Message("The ink in grey levels; its contrast with the paper is {share:.0%}.", share=ink_contrast)
    return run.record(StageName.INK, ink, note)


def _known_ink(grey: UInt8Array, settings: Settings) -> tuple[UInt8Array, float]:
    """Return the ink of a drawing on flat paper, and its contrast in [0, 1]."""
    ink = 255 - grey if settings.polarity == "dark_ink" else grey
    return ink, float(ink.max()) / 255


def _detect_ink(grey: UInt8Array, run: PipelineRun) -> tuple[UInt8Array, float]:
    """Detect the ink, and return it with its contrast in [0, 1]; where it fills the picture, on paper that is continued around it."""
    params = run.params.preprocessing
    enhanced = _enhance(grey, run)
    overview = make_overview(enhanced, params.resampling)
    run.margin_px = missing_margin(overview, enhanced.shape, params)
    if run.margin_px:
        enhanced = extend_paper(enhanced, run.margin_px, params)
        overview = make_overview(enhanced, params.resampling)
    ink, ink_contrast = _detect_ink_on_paper(enhanced, overview, run)
    ink, run.margin_px = np.ascontiguousarray(crop_margin(ink, run.margin_px)), 0
    return ink, ink_contrast


def _detect_ink_on_paper(enhanced: UInt8Array, overview: UInt8Array, run: PipelineRun) -> tuple[UInt8Array, float]:
    """Detect the ink of a picture, given with its overview, in which there is paper around the writing."""
    params = run.params.preprocessing
    sheet = find_sheet(overview, enhanced.shape, params.sheet)
    outside_sheet = mask_outside_sheet(sheet, enhanced.shape, params.sheet)
    strokes = _estimate_polarity(overview, outside_sheet, run)
    is_light = strokes.polarity is InkPolarity.LIGHT
    if is_light:
        enhanced = 255 - enhanced
    darker, lighter = Message("The ink is darker than the paper."), Message("The ink is lighter than the paper; it is shown dark.")
    run.record(StageName.POLARITY, enhanced, lighter if is_light else darker)
    paper, dark = flatten(enhanced, strokes.width, run.settings.paper_window, params.background, params.resampling)
    brightness = Message("The brightness of the paper without its writing, shadows included.")
    continued = Message("The brightness of the paper without its writing; it is continued around the picture, which the digit fills.")
    run.record(StageName.PAPER, paper, continued if run.margin_px else brightness)
    run.record(StageName.DARKNESS, dark, Message("How much darker each pixel is than the paper."))
    writing = _find_writing(enhanced, dark, outside_sheet, run)
    threshold = writing.threshold
    run.record(StageName.THRESHOLD, _to_image(threshold.ink), threshold.note, threshold.global_threshold)
    removed = Message("Without printed lines, print that shows through, and what surrounds the paper.")
    run.record(StageName.WRITING, _to_image(writing.mask), removed)
    ink = scale_to_main_ink(dark, writing.mask, writing.main_darkness)
    return ink, contrast(paper, writing.main_darkness, inverted=is_light)


def _enhance(grey: UInt8Array, run: PipelineRun) -> UInt8Array:
    """Equalize local contrast and smooth noise, as far as the settings ask for it."""
    settings = run.settings
    if settings.medium == "photo" and settings.clahe_clip > 0:
        note = Message("Local contrast equalized, with a contrast limit of {clip:g}.", clip=settings.clahe_clip)
        grey = run.record(StageName.CLAHE, clahe(grey, settings.clahe_clip, settings.clahe_tiles), note)
    if settings.medium == "photo" and settings.smoothing_px > 0:
        note = Message("Noise smoothed over {width:g} px.", width=settings.smoothing_px)
        grey = run.record(StageName.SMOOTHED, smooth(grey, settings.smoothing_px), note)
    return grey


def _estimate_polarity(overview: UInt8Array, outside_sheet: BoolArray, run: PipelineRun) -> StrokeEstimate:
    """Estimate polarity and stroke width; a polarity in the settings overrides the estimate."""
    params, polarity = run.params.preprocessing, run.settings.polarity
    strokes = estimate_polarity_and_stroke_width(overview, outside_sheet, params)
    return strokes if polarity == "auto" else strokes._replace(polarity=InkPolarity(polarity))


def _find_writing(grey: UInt8Array, dark: UInt8Array, outside_sheet: BoolArray, run: PipelineRun) -> Writing:
    """Separate ink from paper by the threshold that the settings choose, and keep what is writing."""
    settings, params = run.settings, run.params.preprocessing
    if settings.threshold == "paper":
        return find_writing(dark, outside_sheet, params, keep_ruled_lines=settings.rulings == "keep")
    if settings.threshold == "otsu":
        threshold = otsu_threshold(grey, InkPolarity.DARK)
    else:
        threshold = adaptive_threshold(grey, InkPolarity.DARK, settings.adaptive_window)
    mask = remove_border_artifacts(threshold.ink, outside_sheet, outside_sheet, params)
    darkness = main_ink_darkness(dark, threshold.ink, params, any_size=True)
    return Writing(threshold, mask, darkness)


def _to_image(mask: BoolArray) -> UInt8Array:
    """Show a mask as white on black."""
    return mask.view(np.uint8) * np.uint8(255)
