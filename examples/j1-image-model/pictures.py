"""From a handwritten digit to a picture, and from any picture to what the network reads."""

import numpy as np
from PIL import Image

SIDE = 16  # the network reads SIDE x SIDE grey values


def picture(digit: np.ndarray) -> Image.Image:
    """An 8 x 8 digit with values 0 to 16 as a grey 64 x 64 picture."""
    grey = np.rint(digit * (255 / 16)).astype(np.uint8)
    return Image.fromarray(grey).resize((64, 64), Image.Resampling.BICUBIC)


def network_input(image: Image.Image) -> np.ndarray:
    """1 x SIDE x SIDE values from 0 (paper) to 1 (ink): what the network was trained on."""
    grey = image.convert("L").resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    return np.asarray(grey, np.float32)[None] / 255
