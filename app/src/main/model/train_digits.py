"""Trains the demo's digit classifier and writes its weights and its test set.

    pip install scikit-learn==1.9.1 numpy==2.4.6 && python train_digits.py

The data are scikit-learn's bundled handwritten digits (8 x 8 pixels, values 0 to 16; E. Alpaydin and
C. Kaynak, "Optical Recognition of Handwritten Digits", UCI, CC BY 4.0). The last fifth of the bundle is
held out, and its accuracy is computed with the rounded weights that are written, by the same arithmetic
as DigitClassifier's. Every seed is fixed.
"""

import json
import pathlib

import numpy as np
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier

APP = pathlib.Path(__file__).resolve().parents[3]
PACKAGE = "dev/sallyport/app/demo"
MODEL = APP / "src/main/resources" / PACKAGE / "digits.json"
TEST_SET = APP / "src/test/resources" / PACKAGE / "digits-test.csv"
HIDDEN = 64


def with_shifts(images):
    """The images, and each moved by one pixel up, down, left and right."""
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    corners = [(1, 1), (0, 1), (2, 1), (1, 0), (1, 2)]
    return np.concatenate([padded[:, y:y + 8, x:x + 8] for y, x in corners]).reshape(-1, 64), len(corners)


def scores(model, pixels):
    hidden = np.maximum(0, pixels / 16 @ model["hidden"]["weights"] + model["hidden"]["biases"])
    return hidden @ model["output"]["weights"] + model["output"]["biases"]


def layer(weights, biases):
    return {"weights": np.round(weights, 4), "biases": np.round(biases, 4)}


def main():
    digits = load_digits()
    held_out = len(digits.target) // 5
    images, labels = digits.images[:-held_out], digits.target[:-held_out]
    test_pixels, test_labels = digits.data[-held_out:], digits.target[-held_out:]

    pixels, copies = with_shifts(images)
    network = MLPClassifier((HIDDEN,), alpha=0.01, max_iter=600, random_state=7)
    network.fit(pixels / 16, np.tile(labels, copies))
    model = {"hidden": layer(network.coefs_[0], network.intercepts_[0]),
             "output": layer(network.coefs_[1], network.intercepts_[1])}
    correct = int((scores(model, test_pixels).argmax(1) == test_labels).sum())

    described = {
        "description": f"digit classifier, 64-{HIDDEN}-10 perceptron with ReLU, made by train_digits.py",
        "trainedOn": len(labels),
        "tested": {"images": held_out, "correct": correct, "accuracy": round(correct / held_out, 4)},
    }
    for name, part in model.items():
        described[name] = {key: value.tolist() for key, value in part.items()}
    MODEL.parent.mkdir(parents=True, exist_ok=True)
    MODEL.write_text(json.dumps(described, separators=(",", ":")) + "\n")

    TEST_SET.parent.mkdir(parents=True, exist_ok=True)
    rows = (",".join(map(str, [label, *image])) for label, image in zip(test_labels, test_pixels.astype(int)))
    TEST_SET.write_text("\n".join(rows) + "\n")
    print(f"{MODEL.name}: {MODEL.stat().st_size} bytes; {described['tested']}")


if __name__ == "__main__":
    main()
