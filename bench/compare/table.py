"""Markdown tables of what was measured."""

import collections
import statistics


def median(rows, key):
    return statistics.median(row[key] for row in rows)


def ratio(ours, theirs, key):
    """The median over the rounds of ours / theirs within one round, so that both met the same machine."""
    theirs_by_round = {row["round"]: row[key] for row in theirs}
    return statistics.median(row[key] / theirs_by_round[row["round"]] for row in ours if row["round"] in theirs_by_round)


def grouped(rows, *keys):
    groups = collections.defaultdict(list)
    for row in rows:
        groups[tuple(row[key] for key in keys)].append(row)
    return groups


def markdown(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def cpu(rows):
    """One line per case; CPU in µs per call, and Sallyport's share of each peer's."""
    groups = grouped(rows, "case", "server")
    cases = list(dict.fromkeys(row["case"] for row in rows))
    peers = list(dict.fromkeys(row["server"] for row in rows if row["server"] != "sallyport"))
    head = ["case", "sallyport µs/call", *[f"{peer} µs/call" for peer in peers], *[f"/ {peer}" for peer in peers],
            "sallyport calls/s", "failed", "busy elsewhere (cores)"]
    lines = []
    for case in cases:
        ours = groups[case, "sallyport"]
        theirs = [groups.get((case, peer)) for peer in peers]
        everyone = [row for group in [ours, *theirs] if group for row in group]
        lines.append([case, f"{median(ours, 'cpu_us'):.1f}",
                      *[f"{median(group, 'cpu_us'):.1f}" if group else "" for group in theirs],
                      *[f"**{ratio(ours, group, 'cpu_us'):.2f}**" if group else "" for group in theirs],
                      f"{median(ours, 'per_second'):.0f}", sum(row["failed"] for row in everyone),
                      f"{median(everyone, 'others_cores'):.2f}"])
    return markdown(head, lines)


def latency(rows):
    """One line per server; added is the median over the rounds of the difference to the direct calls of that round."""
    groups = grouped(rows, "server")
    direct = {row["round"]: row for row in groups["direct",]}
    head = ["server", "calls/s", "p50 µs", "p99 µs", "added p50 µs", "added p99 µs", "failed", "busy elsewhere (cores)"]
    lines = []
    for (server,), group in groups.items():
        added = lambda key: "" if server == "direct" else f"**{statistics.median(row[key] - direct[row['round']][key] for row in group):.0f}**"
        lines.append([server, f"{median(group, 'per_second'):.0f}", f"{median(group, 'p50_us'):.0f}", f"{median(group, 'p99_us'):.0f}",
                      added("p50_us"), added("p99_us"), sum(row["failed"] for row in group), f"{median(group, 'others_cores'):.2f}"])
    return markdown(head, lines)
