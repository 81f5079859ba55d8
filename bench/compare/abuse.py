"""What is left of the service for well-behaved callers while others attack it, and what the attack costs."""

import statistics
import time

import attacks
import callers
import load
import machine
import servers
import table

RATE = 1_500
LEAD_SECONDS = 2


def run(running, options, output):
    names = callers.write(running.room("callers"), 100)
    keys = names / "keys-permitted.txt"
    attacker = keys.read_text().splitlines()[1].split()[-1]
    configuration = servers.configuration(running.room("abuse"), servers.GUARDED, names)
    add_pictures(configuration)
    pid = running.sallyport("sallyport-abuse", configuration, servers.GUARDED)
    load.http1(servers.GUARDED, "get 70 B", keys, 15)
    rows = []
    for name, (_, size) in attacks.ALL.items():
        if not name.startswith(options.only):
            continue
        quiet, under = [], []
        for number in range(options.rounds):
            quiet.append(measure(running, options, pid, keys))
            with attacks.Attack(name, servers.GUARDED, attacker) as attack:
                time.sleep(LEAD_SECONDS)
                sent = attack.done.value
                row = measure(running, options, pid, keys)
                row["attacks"] = attack.done.value - sent
            time.sleep(options.pause)
            under.append(row)
            output.add(round=number, attack=name, quiet=quiet[-1], under=row)
        rows.append(line(name, size, quiet, under, options.seconds))
    print(table.markdown(["attack", "size", "goodput kept", "p99 ms: before, under", "resident MiB: before, under",
                          "CPU for the attack, % of a core", "and per unit"], rows))


def add_pictures(configuration):
    """A model that takes pictures, and nobody is limited: what protects must be something else than the rates."""
    text = configuration.read_text().replace(
        "models:\n", f"models:\n  pictures: {{url: http://127.0.0.1:{servers.UPSTREAM}/m1, accepts: [image/png]}}\n")
    configuration.write_text(text.replace('may: ["m', 'may: ["pictures", "m').replace("may: [m", "may: [pictures, m"))


def measure(running, options, pid, keys):
    log = running.folder / "calls.log"
    before, began = machine.cpu_seconds([pid]), time.monotonic()
    row = load.fixed_rate(servers.GUARDED, RATE, log, keys, options.seconds)
    return {"good": row["calls"] - row["failed"], "p99_us": row["p99_us"], "rss_mib": machine.memory_mib([pid]),
            "cores": (machine.cpu_seconds([pid]) - before) / (time.monotonic() - began)}


def line(name, size, quiet, under, seconds):
    kept = statistics.median(u["good"] / q["good"] for q, u in zip(quiet, under))
    cost = statistics.median(u["cores"] - q["cores"] for q, u in zip(quiet, under))
    middle = lambda rows, key, factor=1.0: statistics.median(row[key] for row in rows) * factor
    count = middle(under, "attacks") / (seconds + 2)
    if "connections/s" in size or size.endswith(" connections"):
        unit = f"{max(0, cost) / attacks.CONNECTIONS * 1e6:.0f} µs per connection and second"
    else:
        unit = f"{max(0, cost) / max(1, count) * 1e6:.0f} µs per frame or request"
    return [name, size, f"**{kept:.1%}**", f"{middle(quiet, 'p99_us', 1e-3):.1f}, {middle(under, 'p99_us', 1e-3):.1f}",
            f"{middle(quiet, 'rss_mib'):.0f}, {middle(under, 'rss_mib'):.0f}", f"{cost:.1%}", unit]
