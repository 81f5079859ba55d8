"""What Sallyport takes to start, to hold and to answer: seconds, MiB, bytes allocated per call."""

import pathlib
import re
import socket
import statistics
import subprocess
import time

import callers
import load
import machine
import servers
import table

CALLERS, CONNECTIONS = 10_000, 256


def run(running, options, output):
    few = callers.write(running.room("callers"), 100)
    many = callers.write(running.room("callers-many"), CALLERS)
    rows = start(running, options, few, output)
    rows += memory(running, options, many, output)
    print(table.markdown(["figure", "median", "all"], rows))


def start(running, options, names, output):
    """From exec of the launcher to the first answered call, with a guarded configuration."""
    configuration = servers.configuration(running.room("start"), servers.GUARDED, names)
    key = (names / "keys-permitted.txt").read_text().splitlines()[0]
    took, used = [], []
    for number in range(options.rounds + 1):
        began = time.monotonic()
        pid = running.sallyport("sallyport-start", configuration, servers.GUARDED, poll_seconds=0.002)
        answer(servers.GUARDED, key)
        seconds, cpu_seconds = time.monotonic() - began, machine.cpu_seconds([pid])
        running.stop("sallyport-start")
        if number:  # the first may have to build, or to make its class cache
            took.append(seconds)
            used.append(cpu_seconds)
            output.add(round=number, figure="start", seconds=seconds, cpu_seconds=cpu_seconds)
    return [["start to first answered call, s", f"**{statistics.median(took):.2f}**", ", ".join(f"{s:.2f}" for s in took)],
            ["processor time that this took, all threads, s", f"{statistics.median(used):.2f}", ", ".join(f"{s:.2f}" for s in used)]]


def answer(port, key):
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(f"GET /m1/predict HTTP/1.1\r\nhost: 127.0.0.1\r\n{key}\r\nconnection: close\r\n\r\n".encode())
        head = client.recv(65_536)
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"the first call was answered {head[:200]}")


def memory(running, options, names, output):
    """Resident memory with many callers and connections under load; and bytes allocated per call once warm."""
    configuration = servers.configuration(running.room("memory"), servers.GUARDED, names)
    pid = running.sallyport("sallyport-memory", configuration, servers.GUARDED)
    keys = names / "keys-permitted.txt"
    warm = load.http1(servers.GUARDED, "get 70 B", keys, 30, CONNECTIONS)
    for case in load.CASES:
        load.http1(servers.GUARDED, case, keys, 10, CONNECTIONS)
    rows, allocated = [], []
    for number in range(options.rounds):
        before = allocated_bytes(pid)
        result = load.http1(servers.GUARDED, "get 70 B", keys, options.seconds, CONNECTIONS)
        bytes_per_call = (allocated_bytes(pid) - before) / result["calls"]
        allocated.append(bytes_per_call)
        output.add(round=number, figure="memory", rss_mib=machine.memory_mib([pid]), peak_mib=machine.memory_mib([pid], "VmHWM"),
                   bytes_per_call=bytes_per_call, failed=result["failed"] + warm["failed"])
    seen = [row for row in output.rows if row["figure"] == "memory"]
    for name, key in (("resident", "rss_mib"), ("resident at its peak", "peak_mib")):
        rows.append([f"{name}, {CALLERS:,} callers, {CONNECTIONS} connections under load, MiB",
                     f"**{table.median(seen, key):.0f}**", ", ".join(f"{row[key]:.0f}" for row in seen)])
    rows.append(["bytes allocated per guarded call (heap, all threads)", f"**{statistics.median(allocated):.0f}**",
                 ", ".join(f"{b:.0f}" for b in allocated)])
    running.stop("sallyport-memory")
    return rows


def allocated_bytes(pid):
    """What all live threads have allocated on the heap so far, by the JVM's own count."""
    text = subprocess.run([jcmd(pid), str(pid), "Thread.print", "-e"], capture_output=True, text=True, check=True).stdout
    units = {"B": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
    return sum(float(amount) * units[unit or "B"] for amount, unit in re.findall(r"allocated=([\d.]+)([BKMG]?)", text))


def jcmd(pid):
    """The tool of the JDK that the process runs on."""
    return str(pathlib.Path(f"/proc/{pid}/exe").resolve().with_name("jcmd"))
