"""Measures Sallyport beside nginx and Envoy on one machine; bench/README.md explains it.

usage: python3 bench/compare cpu|latency|footprint|abuse|picture [options]      (--help lists them)

Each answer is one JSON line in --out, and the tables are printed at the end as Markdown.
"""

import argparse
import json
import sys
import tempfile
import time

import abuse
import callers
import footprint
import load
import machine
import picture
import servers
import table

def targets(running, options, protocol):
    """(server, port, pid) of every plain proxy for a protocol."""
    nginx = servers.NGINX_2 if protocol == "h2" else servers.NGINX_1
    found = [("nginx", nginx, running.pid("nginx"))]
    if not options.without_envoy:
        found.append(("envoy", servers.ENVOY, running.pid("envoy")))
    if protocol == "h1":
        found += [(name, int(port), int(pid)) for name, port, pid in options.beside]
    return found + [("sallyport", servers.PLAIN, running.pid("sallyport-plain"))]


def measured(running, pids, run):
    """Runs one load and adds what it cost: CPU per call, and what the rest of the machine did meanwhile."""
    upstream = running.pid("upstream")
    before = time.monotonic(), machine.cpu_seconds(pids), machine.cpu_seconds([upstream]), machine.machine_cpu_seconds(), machine.own_cpu_seconds()
    result = run()
    after = time.monotonic(), machine.cpu_seconds(pids), machine.cpu_seconds([upstream]), machine.machine_cpu_seconds(), machine.own_cpu_seconds()
    wall, used, upstream_used, everything, own = (b - a for a, b in zip(before, after))
    return {**result, "cpu_us": used / result["calls"] * 1e6, "cores": used / wall,
            "others_cores": max(0.0, (everything - used - upstream_used - own) / wall)}


class Output:
    def __init__(self, path):
        self.file = open(path, "a")
        self.rows = []

    def add(self, **row):
        self.rows.append(row)
        self.file.write(json.dumps(row) + "\n")
        self.file.flush()
        words = [f"{key} {value:.1f}" if isinstance(value, float) else str(value) for key, value in row.items()]
        print("  ".join(words), file=sys.stderr)


def run_cpu(running, options, names, output):
    keys = names / "keys-permitted.txt"
    nginx = running.pid("nginx")
    guarded = [("nginx", servers.NGINX_GUARDED, nginx), ("nginx (log buffered)", servers.NGINX_BUFFERED, nginx),
               ("sallyport", servers.GUARDED, running.pid("sallyport-guarded"))]
    plan = []  # case, server, port, pid, how to load it
    for case in load.CASES:
        for protocol in ("h1", "h2"):
            for server, port, pid in targets(running, options, protocol):
                plan.append((f"plain {protocol} {case}", server, port, pid, loader(running, options, protocol, case, None)))
        for server, port, pid in guarded:
            plan.append((f"guarded h1 {case}", server, port, pid, loader(running, options, "h1", case, keys)))
    plan = [step for step in plan if step[0].startswith(options.only)]
    for number in range(-options.warm, options.rounds):  # rounds below zero warm the JVM and are not kept
        for case, server, port, pid, run in plan:
            if number < 0 and server != "sallyport":
                continue
            row = measured(running, [pid], lambda: run(port, 3 if number < 0 else 1))
            if number >= 0:
                output.add(round=number, case=case, server=server, **row)
            time.sleep(options.pause)
    print(table.cpu(output.rows))


def loader(running, options, protocol, case, keys):
    if protocol == "h1":
        return lambda port, times: load.http1(port, case, keys, times * options.seconds)
    calls = options.h2_calls // (4 if case == "get 64 KiB" else 1)
    return lambda port, times: load.http2(port, case, keys, times * calls, body=running.folder / "body")


def run_latency(running, options, names, output):
    keys, log = names / "keys-permitted.txt", running.folder / "calls.log"
    for port, of in ((servers.PLAIN, None), (servers.GUARDED, keys)):
        for _ in range(options.warm):
            top = load.http1(port, "get 70 B", of, 15, 16)["per_second"]
    rate = options.rate or round(top / 2, -2)  # half of what guarded calls reach on this machine, now
    plan = [("direct", "upstream", servers.UPSTREAM, None), ("nginx", "nginx", servers.NGINX_1, None),
            ("sallyport", "sallyport-plain", servers.PLAIN, None), ("sallyport guarded", "sallyport-guarded", servers.GUARDED, keys)]
    for number in range(options.rounds):
        for server, process, port, of in plan:
            run = lambda: load.fixed_rate(port, rate, log, of, options.seconds)
            output.add(round=number, server=server, rate=rate, **measured(running, [running.pid(process)], run))
            time.sleep(options.pause)
    print(table.latency(output.rows))


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("what", choices=["cpu", "latency", "footprint", "abuse", "picture"])
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds (5)")
    parser.add_argument("--warm", type=int, default=2, help="rounds of thrice the length against Sallyport before, not kept (2)")
    parser.add_argument("--seconds", type=int, default=6, help="of each HTTP/1.1 run (6)")
    parser.add_argument("--h2-calls", type=int, default=60_000, help="of each HTTP/2 run; a quarter of it for 64 KiB (60000)")
    parser.add_argument("--rate", type=int, default=0, help="calls a second for latency (half of the top rate)")
    parser.add_argument("--pause", type=float, default=0.5, help="seconds between runs (0.5)")
    parser.add_argument("--only", default="", help="cases that begin so, for example 'plain h2'")
    parser.add_argument("--without-envoy", action="store_true")
    parser.add_argument("--beside", nargs=3, action="append", default=[], metavar=("NAME", "PORT", "PID"),
                        help="another plain proxy that already runs, with its upstream on port %d" % servers.UPSTREAM)
    parser.add_argument("--out", default="bench-results.jsonl")
    options = parser.parse_args()

    output = Output(options.out)
    with tempfile.TemporaryDirectory(prefix="sallyport-bench-") as folder, servers.Servers(folder) as running:
        print(f"{machine.description()}; {time.strftime('%Y-%m-%d %H:%M')}\n")
        running.upstream()
        alone = {"footprint": footprint, "abuse": abuse, "picture": picture}
        if options.what in alone:
            alone[options.what].run(running, options, output)
            return
        names = callers.write(running.room("callers"), 100)
        running.nginx_proxy(names)
        if not options.without_envoy:
            running.envoy()
        running.sallyport("sallyport-plain", servers.configuration(running.room("plain"), servers.PLAIN), servers.PLAIN)
        running.sallyport("sallyport-guarded", servers.configuration(running.room("guarded"), servers.GUARDED, names), servers.GUARDED)
        {"cpu": run_cpu, "latency": run_latency}[options.what](running, options, names, output)


if __name__ == "__main__":
    main()
