"""Runs wrk and h2load against one gateway on 127.0.0.1 and reads what they print."""

import pathlib
import re
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1, "m": 60}

# name: method, path, bytes of request body
CASES = {
    "get 70 B": ("GET", "/m1/predict", 0),
    "post 1 KiB": ("POST", "/m1/predict", 1024),
    "get 64 KiB": ("GET", "/m1/big", 0),
}


def http1(port, case, keys=None, seconds=6, connections=64):
    """Keep-alive HTTP/1.1 as fast as it goes; calls rotate over the lines of `keys`."""
    method, path, size = CASES[case]
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", str(HERE / "config/calls.lua"),
               f"http://127.0.0.1:{port}{path}", "--", method, str(size), str(keys or "")]
    text = _run(command)
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
    return {
        "calls": int(re.search(r"(\d+) requests in", text)[1]),
        "per_second": float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]),
        "failed": (int(refused[1]) if refused else 0) + (sum(map(int, broken.groups())) if broken else 0),
        "p50_us": _percentile(text, 50), "p99_us": _percentile(text, 99),
    }


def http2(port, case, keys=None, calls=40_000, connections=8, streams=8, body=None):
    """HTTP/2 with prior knowledge as fast as it goes, with the first of `keys`."""
    text = _run(["h2load", "-t1", f"-c{connections}", f"-m{streams}", f"-n{calls}", *_h2load_call(port, case, keys, body)])
    done, ok = re.search(r"(\d+) done, (\d+) succeeded", text).groups()
    return {"calls": int(done), "failed": calls - int(ok), "per_second": float(re.search(r"([\d.]+) req/s", text)[1])}


def fixed_rate(port, rate, log, keys=None, seconds=8, connections=16):
    """HTTP/1.1 at `rate` calls a second, evenly spread over the connections; each call timed from when it is sent."""
    log.unlink(missing_ok=True)
    _run(["h2load", "--h1", "-t1", f"-c{connections}", f"--rps={rate / connections:g}", f"-D{seconds}",
          "--warm-up-time=2", f"--log-file={log}", *_h2load_call(port, "get 70 B", keys, None)])
    rows = [line.split("\t") for line in log.read_text().splitlines()]
    took = sorted(int(row[2]) for row in rows)
    at = lambda share: took[min(len(took) - 1, int(len(took) * share))]
    return {"calls": len(took), "per_second": len(took) / seconds, "failed": sum(row[1] != "200" for row in rows),
            "p50_us": at(0.5), "p90_us": at(0.9), "p99_us": at(0.99), "p999_us": at(0.999)}


def _h2load_call(port, case, keys, body):
    method, path, size = CASES[case]
    call = [f"http://127.0.0.1:{port}{path}"]
    if keys:
        with open(keys) as lines:
            call += ["-H", lines.readline().strip()]
    if size:
        pathlib.Path(body).write_text("x" * size)
        call += ["-d", str(body), "-H", "content-type: application/json", "-H", f":method: {method}"]
    return call


def _percentile(text, share):
    value, unit = re.search(rf"(?m)^\s+{share}%\s+([\d.]+)(us|ms|s|m)", text).groups()
    return float(value) * UNITS[unit] * 1e6


def _run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout
