"""The reading pipeline: from a picture to its digits and numbers, with the picture after each step.

`read_image` runs it, for drawings `read_strokes`. `ink.extract_ink` goes from pixels to ink (`digitcore.preprocessing`): polarity, paper,
threshold, what is writing. `marks.find_marks_in` goes from ink to marks: lines, segmentation (`digitcore.layout`), classification.
`answer.read_marks` decides which of them are digits, and which numbers they form (`digitcore.recognition`).
"""

from digitcore.pipeline.marks import FoundMarks
from digitcore.pipeline.reading import find_marks, read_image, read_strokes

__all__ = ["FoundMarks", "find_marks", "read_image", "read_strokes"]
