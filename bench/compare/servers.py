"""Starts and ends the upstream, the peers and Sallyport, each on a port of 127.0.0.1 and with one worker."""

import os
import pathlib
import shutil
import socket
import subprocess
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
UPSTREAM, NGINX_1, NGINX_2, NGINX_GUARDED, NGINX_BUFFERED, ENVOY, PLAIN, GUARDED = range(19180, 19188)
BIG_BYTES = 65_536


class Servers:
    """What is running; ends all of it on exit."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.processes = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for name in reversed(list(self.processes)):
            self.stop(name)

    def pid(self, name):
        return self.processes[name].pid

    def stop(self, name):
        process = self.processes.pop(name)
        process.terminate()
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def launch(self, name, command, port, poll_seconds=0.05):
        """Starts a process and waits until something listens on the port."""
        log = open(self.folder / f"{name}.log", "w")
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder)
        self.processes[name] = process
        for _ in range(int(60 / poll_seconds)):
            if process.poll() is not None:
                raise SystemExit(f"{name} ended: {(self.folder / f'{name}.log').read_text()[-2000:]}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return process.pid
            time.sleep(poll_seconds)
        raise SystemExit(f"{name} does not listen on port {port}")

    def upstream(self):
        folder = self.room("upstream")
        (folder / "big").write_bytes(b"x" * BIG_BYTES)
        return self.nginx("upstream", render("upstream.conf", folder, folder=folder, port=UPSTREAM), UPSTREAM)

    def nginx(self, name, configuration, port):
        return self.launch(name, [need("nginx"), "-c", configuration, "-g", "daemon off; user root;" if os.getuid() == 0 else "daemon off;"], port)

    def nginx_proxy(self, callers):
        folder = self.room("nginx")
        render("guard.conf", folder)
        configuration = render("nginx.conf", folder, folder=folder, callers=callers, upstream=UPSTREAM, http1=NGINX_1,
                               http2=NGINX_2, guarded=NGINX_GUARDED, buffered=NGINX_BUFFERED)
        return self.nginx("nginx", configuration, NGINX_1)

    def envoy(self):
        configuration = render("envoy.yaml", self.room("envoy"), port=ENVOY, upstream=UPSTREAM)
        return self.launch("envoy", [need("envoy"), "--config-path", configuration, "--concurrency", "1",
                                     "--disable-hot-restart", "--log-level", "warning"], ENVOY)

    def sallyport(self, name, configuration, port, poll_seconds=0.05):
        return self.launch(name, [ROOT / "sallyport", "run", configuration], port, poll_seconds)

    def room(self, name):
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        return folder


def configuration(folder, port, callers=None):
    """Writes sallyport.yaml: plain (everybody may call, nothing is logged), or guarded by the callers' keys, limits and grants."""
    models = "".join(f"  m{number}: {{url: http://127.0.0.1:{UPSTREAM}/m{number}}}\n" for number in range(1, 21))
    anonymous = 'callers:\n  public: {anonymous: true, may: ["*"]}\n'
    names = (callers / "sallyport-callers.yaml").read_text() if callers else anonymous
    log = folder / "access.log" if callers else "none"
    target = folder / "sallyport.yaml"
    target.write_text(f"listen: 127.0.0.1:{port}\nadmin: 127.0.0.1:{port + 100}\nloops: 1\nmodels:\n{models}{names}telemetry: {{access-log: {log}}}\n")
    return target


def render(template, target_folder, **values):
    """Writes a template of config/ with its @names@ filled in; returns where."""
    text = (HERE / "config" / template).read_text()
    for name, value in values.items():
        text = text.replace(f"@{name}@", str(value))
    target = target_folder / template
    target.write_text(text)
    return str(target)


def need(command):
    """Where a command is: in PATH or in $PEERS_DIR/bin."""
    peers = os.environ.get("PEERS_DIR", pathlib.Path.home() / ".cache/sallyport-peers")
    found = shutil.which(command, path=f"{os.environ['PATH']}:/usr/sbin:{peers}/bin")
    if not found:
        raise SystemExit(f"{command} is not installed; bench/README.md says how to get it")
    return found
