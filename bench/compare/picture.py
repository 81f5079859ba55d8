"""What guarding one picture costs: key, rate, quota, budget, image inspection and access log, beside a plain proxy of the same bytes."""

import pathlib
import re
import statistics
import subprocess

import callers
import machine
import servers
import table

SIDE = 288  # pixels of noise each way: about 50 KB of JPEG


def run(running, options, output):
    names = callers.write(running.room("callers"), 1)
    header = names.joinpath("keys-permitted.txt").read_text().splitlines()[0]
    picture = jpeg(running.folder / "picture.jpg")
    plain = write(running.room("plain"), servers.PLAIN, 'callers:\n  public: {anonymous: true, may: ["*"]}\n', "", "none")
    caller = names.joinpath("sallyport-callers.yaml").read_text().rstrip().removesuffix("}")
    guarded = write(running.room("guarded"), servers.GUARDED,
                    f"{caller}, quota: 100000000/month, budget: 100000 USD/day}}\n",
                    ", accepts: [image/jpeg, image/png], cost: 0.002 USD", running.folder / "access.jsonl")
    ports = {"plain": (servers.PLAIN, running.sallyport("sallyport-plain", plain, servers.PLAIN)),
             "guarded": (servers.GUARDED, running.sallyport("sallyport-guarded", guarded, servers.GUARDED))}
    rows = {"plain": [], "guarded": []}
    for number in range(-options.warm, options.rounds):
        for name, (port, pid) in ports.items():
            before = machine.cpu_seconds([pid])
            calls = send(port, header if name == "guarded" else "accept: */*", picture, 40_000 if number < 0 else 20_000)
            cost = (machine.cpu_seconds([pid]) - before) / calls * 1e6
            if number >= 0:
                rows[name].append(cost)
                output.add(round=number, picture=name, cpu_us=cost, bytes=picture.stat().st_size)
    added = [g - p for g, p in zip(rows["guarded"], rows["plain"])]
    figures = [[name, f"**{statistics.median(values):.1f}**", ", ".join(f"{v:.1f}" for v in values)]
               for name, values in [*rows.items(), ("added by the guard (target: 60)", added)]]
    print(f"POST of a JPEG of {picture.stat().st_size:,} bytes, HTTP/1.1, 16 connections\n")
    print(table.markdown(["", "CPU µs per call", "rounds"], figures))


def write(folder, port, names, guard, log):
    target = folder / "sallyport.yaml"
    target.write_text(f"listen: 127.0.0.1:{port}\nadmin: 127.0.0.1:{port + 100}\nloops: 1\nmodels:\n"
                      f"  m1: {{url: 'http://127.0.0.1:{servers.UPSTREAM}/m1'{guard}}}\n"
                      + re.sub(r"may: \[.*?\]", 'may: ["*"]', names) + f"telemetry: {{access-log: {log}}}\n")
    return target


def jpeg(target):
    """A picture of noise, made by the JDK so that nothing else is needed."""
    source = target.with_name("Noise.java")
    source.write_text("""
        public class Noise {
            public static void main(String[] arguments) throws Exception {
                var image = new java.awt.image.BufferedImage(%d, %d, 1);
                var random = new java.util.Random(1);
                for (int i = 0; i < %d * %d; i++) image.setRGB(i %% %d, i / %d, random.nextInt());
                javax.imageio.ImageIO.write(image, "jpg", new java.io.File(arguments[0]));
            }
        }""" % ((SIDE,) * 6))
    subprocess.run(["java", "-Djava.awt.headless=true", source, target], check=True)
    return pathlib.Path(target)


def send(port, header, picture, calls):
    done = subprocess.run(["h2load", "--h1", "-t1", "-c16", f"-n{calls}", f"http://127.0.0.1:{port}/m1/predict", "-H", header,
                           "-H", "content-type: image/jpeg", "-d", str(picture)], capture_output=True, text=True)
    ok = int(re.search(r"(\d+) 2xx", done.stdout)[1]) if done.returncode == 0 else 0
    if ok != calls:
        raise SystemExit(f"{calls - ok} of {calls} calls failed:\n{done.stdout}{done.stderr}")
    return calls
