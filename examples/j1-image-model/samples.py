"""Makes the sample pictures in samples/ from digits that train.py holds out; their names say what they show.

    pip install -r requirements-train.txt && python samples.py
"""

import json
import pathlib

from sklearn.datasets import load_digits

from pictures import network_input, picture

SAMPLES = pathlib.Path(__file__).resolve().parent / "samples"


def main():
    digits = load_digits()
    unseen = range(len(digits.target) - len(digits.target) // 5, len(digits.target))
    first = {digit: next(i for i in unseen if digits.target[i] == digit) for digit in range(10)}
    SAMPLES.mkdir(exist_ok=True)
    for digit in (3, 7):
        picture(digits.images[first[digit]]).save(SAMPLES / f"digit-{digit}.png", optimize=True)
    for digit in (0, 4):
        picture(digits.images[first[digit]]).save(SAMPLES / f"digit-{digit}.jpg", quality=85)
    instance = network_input(picture(digits.images[first[6]]))[0].round(3).tolist()
    (SAMPLES / "digit-6.json").write_text(json.dumps({"instances": [instance]}) + "\n")


if __name__ == "__main__":
    main()
