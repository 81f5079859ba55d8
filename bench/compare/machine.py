"""What processes cost, read from /proc: CPU seconds, memory, threads."""

import collections
import os
import pathlib
import re
import resource

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def _stat(pid):
    """The fields of /proc/PID/stat after the command name: state, parent, ..."""
    return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def family(pids):
    """The processes and all that descend from them."""
    children = collections.defaultdict(list)
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                children[int(_stat(entry)[1])].append(int(entry))
            except OSError:
                continue  # it ended meanwhile
    found, todo = [], list(pids)
    while todo:
        found.append(todo.pop())
        todo += children[found[-1]]
    return found


def cpu_seconds(pids):
    """User and system time that the processes and their descendants have used."""
    ticks = 0
    for pid in family(pids):
        fields = _stat(pid)
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS_PER_SECOND


def machine_cpu_seconds():
    """Time in which any processor was not idle."""
    with open("/proc/stat") as stat:
        user, nice, system, _, _, irq, softirq, steal = map(int, stat.readline().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / TICKS_PER_SECOND


def own_cpu_seconds():
    """Time that this script and the load generators it has waited for have used."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def memory_mib(pids, field="VmRSS"):
    """Resident memory (VmRSS), or its high-water mark (VmHWM), of the processes and their descendants."""
    kib = 0
    for pid in family(pids):
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
        kib += int(re.search(rf"{field}:\s+(\d+)", status)[1])
    return kib / 1024


def description():
    """Processor, cores and kernel, for the head of a table."""
    model = re.search(r"model name\s*:\s*(.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return f"{model[1] if model else 'unknown processor'}, {os.cpu_count()} cores, Linux {os.uname().release}"
