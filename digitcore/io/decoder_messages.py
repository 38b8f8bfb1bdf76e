"""Keep decoders from writing about damaged files to standard error: whoever sends files would otherwise write into the server's output.

A file that can't be read is reported by the error that decoding raises; what only had to be skipped, such as damaged metadata, is not
reported at all.
"""

import ctypes
import warnings
from contextlib import suppress

from PIL import _imaging


def silence_decoders() -> None:
    """Ignore Pillow's warnings about files, and libtiff's errors, in this process from now on.

    Warnings of decompression bombs are among them: Python prints one for each number of pixels that a file declares, and
    `digitcore.io.decode` checks that number itself. libtiff, in which Pillow decodes compressed TIFFs, prints
    errors from C; Pillow itself silences its warnings only.

    References:
        TIFFSetErrorHandler, https://libtiff.gitlab.io/libtiff/functions/TIFFError.html
    """
    warnings.filterwarnings("ignore", module=r"PIL\.")
    with suppress(OSError, AttributeError):  # libtiff is missing, or hidden in Pillow's own file, as on Windows
        libtiff = ctypes.CDLL(_imaging.__file__)  # a symbol is looked up in the libraries that a file depends on, too
        set_error_handler = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)(("TIFFSetErrorHandler", libtiff))
        set_error_handler(None)
