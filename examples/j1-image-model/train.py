"""Trains the residual network of this example and writes it to resnet-digits.onnx.

    pip install -r requirements-train.txt && python train.py

The network is a small pre-activation ResNet (He et al. 2016, "Identity Mappings in Deep Residual
Networks"): a stem, three stages of one residual block each, global average pooling and one linear
layer. It learns scikit-learn's bundled handwritten digits, scaled to 16 x 16. The last fifth of the
bundle is held out. Every seed is fixed: the same package versions on the same kind of processor
write the same bytes. It takes about a minute.
"""

import pathlib

import jax
import jax.numpy as jnp
import numpy as np
import onnx
import onnxruntime
import optax
from onnx import TensorProto, helper, numpy_helper
from sklearn.datasets import load_digits

from pictures import SIDE, network_input, picture

TARGET = pathlib.Path(__file__).resolve().parent / "resnet-digits.onnx"
STEM = 16
STAGES = ((16, 1), (32, 2), (64, 2))  # channels, stride
CLASSES = 10
EPOCHS = 24
BATCH = 48


def dataset():
    """Returns (images, labels) to learn from and (images, labels) held out."""
    digits = load_digits()
    images = np.stack([network_input(picture(image)) for image in digits.images])
    labels = digits.target.astype(np.int32)
    held_out = len(labels) // 5
    return (images[:-held_out], labels[:-held_out]), (images[-held_out:], labels[-held_out:])


def initial_weights(random):
    """He initialisation; the second convolution of a block starts small, so that a block starts near its shortcut."""
    weights = {}

    def convolution(name, channels_in, channels_out, size, gain):
        deviation = gain * np.sqrt(2 / (channels_in * size * size))
        shape = (channels_out, channels_in, size, size)
        weights[f"{name}.weight"] = random.normal(0, deviation, shape).astype(np.float32)
        weights[f"{name}.bias"] = np.zeros(channels_out, np.float32)

    convolution("stem", 1, STEM, 3, 1)
    channels = STEM
    for number, (wider, stride) in enumerate(STAGES):
        convolution(f"block{number}.first", channels, wider, 3, 1)
        convolution(f"block{number}.second", wider, wider, 3, 0.25)
        if (channels, stride) != (wider, 1):
            convolution(f"block{number}.shortcut", channels, wider, 1, 0.7)
        channels = wider
    weights["classes.weight"] = random.normal(0, 0.05, (channels, CLASSES)).astype(np.float32)
    weights["classes.bias"] = np.zeros(CLASSES, np.float32)
    return weights


def logits(weights, images):
    def convolve(name, values, stride, padding):
        kernel, bias = weights[f"{name}.weight"], weights[f"{name}.bias"]
        values = jax.lax.conv_general_dilated(values, kernel, (stride, stride), [(padding, padding)] * 2)
        return values + bias[:, None, None]

    values = convolve("stem", images, 1, 1)
    for number, (_, stride) in enumerate(STAGES):
        name = f"block{number}"
        activated = jax.nn.relu(values)
        shortcut = values
        if f"{name}.shortcut.weight" in weights:
            shortcut = convolve(f"{name}.shortcut", activated, stride, 0)
        inner = jax.nn.relu(convolve(f"{name}.first", activated, stride, 1))
        values = shortcut + convolve(f"{name}.second", inner, 1, 1)
    pooled = jax.nn.relu(values).mean((2, 3))
    return pooled @ weights["classes.weight"] + weights["classes.bias"]


def shifted(images, random):
    """Each image moved by up to one pixel each way, so that the network does not learn positions by heart."""
    padded = np.pad(images, ((0, 0), (0, 0), (1, 1), (1, 1)))
    moves = random.integers(0, 3, (len(images), 2))
    return np.stack([image[:, y:y + SIDE, x:x + SIDE] for image, (y, x) in zip(padded, moves)])


def train(images, labels):
    random = np.random.default_rng(20260101)
    weights = initial_weights(random)
    steps = EPOCHS * (len(images) // BATCH)
    optimizer = optax.adamw(optax.cosine_decay_schedule(2e-3, steps), weight_decay=1e-3)
    state = optimizer.init(weights)

    def loss(weights, images, labels):
        smooth = optax.smooth_labels(jax.nn.one_hot(labels, CLASSES), 0.05)
        return optax.softmax_cross_entropy(logits(weights, images), smooth).mean()

    @jax.jit
    def step(weights, state, images, labels):
        updates, state = optimizer.update(jax.grad(loss)(weights, images, labels), state, weights)
        return optax.apply_updates(weights, updates), state

    for _ in range(EPOCHS):
        order = random.permutation(len(images))
        for start in range(0, len(order) - BATCH + 1, BATCH):
            rows = order[start:start + BATCH]
            weights, state = step(weights, state, shifted(images[rows], random), labels[rows])
    return {name: np.asarray(value) for name, value in weights.items()}


def to_onnx(weights, description):
    """The graph of `logits`, then softmax, with the weights inside."""
    nodes = []

    def node(operator, inputs, output, **attributes):
        nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    def convolve(name, source, stride, padding):
        return node("Conv", [source, f"{name}.weight", f"{name}.bias"], f"{name}.out",
                    strides=[stride, stride], pads=[padding] * 4)

    values = convolve("stem", "image", 1, 1)
    for number, (_, stride) in enumerate(STAGES):
        name = f"block{number}"
        activated = node("Relu", [values], f"{name}.in.relu")
        shortcut = values
        if f"{name}.shortcut.weight" in weights:
            shortcut = convolve(f"{name}.shortcut", activated, stride, 0)
        inner = node("Relu", [convolve(f"{name}.first", activated, stride, 1)], f"{name}.first.relu")
        values = node("Add", [shortcut, convolve(f"{name}.second", inner, 1, 1)], f"{name}.sum")
    pooled = node("GlobalAveragePool", [node("Relu", [values], "features")], "pooled")
    flat = node("Flatten", [pooled], "flat")
    node("Softmax", [node("Gemm", [flat, "classes.weight", "classes.bias"], "logits")], "scores", axis=1)

    graph = helper.make_graph(
        nodes, "resnet-digits",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", 1, SIDE, SIDE])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["n", CLASSES])],
        [numpy_helper.from_array(value, name) for name, value in sorted(weights.items())])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9,
                              doc_string=description)
    onnx.checker.check_model(model)
    return model.SerializeToString(deterministic=True)


def accuracy(model, images, labels):
    scores = onnxruntime.InferenceSession(model).run(None, {"image": images})[0]
    return float((scores.argmax(1) == labels).mean())


if __name__ == "__main__":
    (images, labels), (unseen, truth) = dataset()
    weights = train(images, labels)
    measured = accuracy(to_onnx(weights, ""), unseen, truth)
    statement = f"held-out accuracy {measured:.4f} on {len(truth)} digits, learnt from {len(labels)}"
    TARGET.write_bytes(to_onnx(weights, statement))
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes; {statement}")
