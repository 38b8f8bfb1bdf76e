import csv
import io
import zipfile

import cv2
import numpy as np

from digitcore import read_image
from digitcore.io.corrections import Correction, labelled_zip


def test_each_picture_lies_in_the_folder_of_its_right_label(drawing):
    digit = read_image(drawing(3)).digits[0]
    archive = zipfile.ZipFile(io.BytesIO(labelled_zip([Correction.of(digit, 8), Correction.of(digit, None)])))
    assert archive.namelist() == ["8/0001.png", "none/0002.png", "labels.csv"]
    picture = cv2.imdecode(np.frombuffer(archive.read("8/0001.png"), np.uint8), cv2.IMREAD_UNCHANGED)
    assert (picture == digit.model_input).all()
    table = list(csv.DictReader(io.StringIO(archive.read("labels.csv").decode())))
    assert [(row["file"], row["label"], row["said"]) for row in table] == [("8/0001.png", "8", "3"), ("none/0002.png", "none", "3")]


def test_no_corrections_are_an_empty_table():
    archive = zipfile.ZipFile(io.BytesIO(labelled_zip([])))
    assert archive.read("labels.csv").decode().strip() == "file,label,said,confidence"
