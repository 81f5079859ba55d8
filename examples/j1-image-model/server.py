"""An image classifier behind FastAPI, as a team with one model and one machine would write it.

    pip install -r requirements.txt && uvicorn server:app --port 8000

It knows no keys, no limits and no TLS: that is what stands in front of it is for.
"""

import io
import pathlib

import numpy as np
import onnxruntime
from fastapi import FastAPI, HTTPException, Request
from PIL import Image
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from pictures import SIDE, network_input

MODEL = pathlib.Path(__file__).resolve().parent / "resnet-digits.onnx"
FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG"}
INSTANCES_MAX = 64
Image.MAX_IMAGE_PIXELS = 4_000_000  # a small file must not unfold into gigabytes


def load() -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(MODEL, options, providers=["CPUExecutionProvider"])


session = load()
app = FastAPI(title="resnet", summary=session.get_modelmeta().description)


def scores_of(images: np.ndarray) -> np.ndarray:
    return session.run(["scores"], {"image": images})[0]


def classify(data: bytes, formats: list[str]) -> dict:
    try:
        with Image.open(io.BytesIO(data), formats=formats) as image:
            scores = scores_of(network_input(image)[None])[0]
    except (OSError, Image.DecompressionBombError, Image.DecompressionBombWarning, SyntaxError, ValueError):
        raise HTTPException(400, f"the body is not a readable {' or '.join(formats)} picture") from None
    return {"digit": int(scores.argmax()), "score": round(float(scores.max()), 4), "scores": scores.tolist()}


@app.get("/healthz")
def healthz() -> dict:
    return {"status": "ok"}


@app.post("/predict")
async def predict(request: Request) -> dict:
    """Classifies one picture: the raw body, or the field `file` of a form."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type in FORMATS:
        return await run_in_threadpool(classify, await request.body(), [FORMATS[media_type]])
    if media_type == "multipart/form-data":
        async with request.form(max_files=1, max_fields=1) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile):
                raise HTTPException(422, "the form has no file in its field 'file'")
            return await run_in_threadpool(classify, await file.read(), list(FORMATS.values()))
    raise HTTPException(415, f"send {', '.join(FORMATS)} or multipart/form-data")


@app.get("/v1/models/resnet")
def ready() -> dict:
    """KServe's v1 readiness of a model."""
    return {"name": "resnet", "ready": True}


@app.post("/v1/models/resnet:predict")
async def predict_instances(body: dict) -> dict:
    """KServe's v1 inference protocol; an instance is SIDE rows of SIDE values from 0 (paper) to 1 (ink)."""
    try:
        images = np.asarray(body["instances"], np.float32).reshape(-1, 1, SIDE, SIDE)
    except (KeyError, TypeError, ValueError):
        raise HTTPException(400, f"'instances' must be a list of pictures of {SIDE} x {SIDE} numbers") from None
    if not 0 < len(images) <= INSTANCES_MAX:
        raise HTTPException(400, f"send 1 to {INSTANCES_MAX} instances")
    return {"predictions": (await run_in_threadpool(scores_of, images)).tolist()}
