"""Small pictures as part of the page itself.

A picture that the server keeps for the browser to fetch can be gone by the time it is asked for: a stroke or another page later.
"""

import base64
from typing import Literal

import numpy as np
import numpy.typing as npt

from digitcore.images import encode


def data_url(image: npt.NDArray[np.uint8], kind: Literal["png", "jpeg"] = "png") -> str:
    """The picture as a `data:` address.

    Args:
        image: uint8 `(H, W)` grey or `(H, W, 3)` RGB.
        kind: `png` keeps every pixel, `jpeg` is smaller for photographs.
    """
    return f"data:image/{kind};base64,{base64.b64encode(encode(image, kind)).decode()}"
