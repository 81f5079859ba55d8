"""Prints what Pillow makes of each file in a directory: name, width, height, frames; nothing for one that it cannot decode."""

import sys
import warnings
from pathlib import Path

from PIL import Image

warnings.simplefilter("ignore")
for file in sorted(Path(sys.argv[1]).iterdir()):
    try:
        with Image.open(file) as image:
            if image.format in ("PNG", "JPEG", "MPO", "GIF", "WEBP", "BMP", "TIFF"):
                frames = getattr(image, "n_frames", 1)
                width, height = image.size
                image.load()
                print(file.name, max(width, image.size[0]), max(height, image.size[1]), frames)
    except Exception:  # whatever Pillow does not decode harms no model
        continue
