"""A machine-learning API with one hole for each entry of the OWASP API Security Top 10 (2023).

DELIBERATELY WEAK, for loopback only: it exists to be attacked, with Sallyport in front of it and without.
Needs nothing but Python.    python3 server.py [PORT]     (8100)

  API1   GET    /v1/tenants/T/datasets/ID   looks the dataset up by its id and never at whose it is
  API2   POST   /v1/login                   no lock-out; its tokens are the user's name
  API3   PATCH  /v1/me                      takes every field, and answers with all of them
  API4   POST   /v1/predict                 no bound on pixels or on what a compressed body becomes
  API5   DELETE /v1/admin/models/NAME       for everybody who has a token
  API6   POST   /v1/credits/redeem          the same gift code, as often as one asks
  API7   POST   /v1/models/import           fetches any URL
  API8   GET    /v1/debug, and any error    environment, stack traces, headers that tell too much
  API9   GET    /v0/datasets/ID             forgotten; needs no token
  API10  POST   /v1/enrich                  believes what a partner's service answers
         GET    /partner                    that partner, which has been taken over
"""

import gzip
import http.server
import json
import os
import struct
import sys
import traceback
import urllib.request

USERS = {
    "alice": {"password": "alice1", "tenant": "acme", "role": "user", "credits": 0},
    "bob": {"password": "1234", "tenant": "globex", "role": "user", "credits": 0},
}
DATASETS = {"1": {"tenant": "acme", "name": "acme-x-rays"}, "2": {"tenant": "globex", "name": "globex-payroll"}}
MODELS = {"resnet": "acme", "victim": "globex"}
PARTNER = os.environ.get("WEAK_PARTNER", "http://127.0.0.1:8100/partner")
PARTNER_KEY = os.environ.get("WEAK_PARTNER_KEY", "")


class Weak(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "weak-api/1.0"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        try:
            status, value = self.route(self.command, self.path.split("?")[0], body)
        except Exception as error:
            status, value = 500, {"error": repr(error), "trace": traceback.format_exc(), "directory": os.getcwd()}
        text = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.send_header("X-Powered-By", "weak; debug")
        self.send_header("X-Debug", "on")
        self.send_header("Set-Cookie", "session=1")
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PATCH = do_DELETE = answer

    def route(self, method, path, body):
        parts = path.strip("/").split("/")
        if (method, path) == ("GET", "/health"):
            return 200, {"status": "ok"}
        if (method, path) == ("GET", "/partner"):
            return 200, {"profile": {"company": "Acme", "role": "admin"}, "next": "http://127.0.0.1:8100/v1/debug"}
        if (method, path) == ("POST", "/v1/login"):
            given = json.loads(body)
            user = USERS.get(given.get("user"))
            if not user or user["password"] != given.get("password"):
                return 401, {"error": "wrong password" if user else "no such user"}
            return 200, {"token": "token-" + given["user"]}
        if (method, path) == ("GET", "/v1/debug"):
            return 200, {"environment": dict(os.environ), "users": USERS}
        if method == "GET" and parts[0] == "v0":
            return 200, DATASETS[parts[2]]
        name = self.headers.get("Authorization", "").removeprefix("Bearer token-")
        if name not in USERS:
            return 401, {"error": "who are you?"}
        return self.known(USERS[name], method, path, parts, body)

    def known(self, user, method, path, parts, body):
        if method == "GET" and parts[:2] == ["v1", "tenants"]:
            return 200, DATASETS[parts[4]]
        if method == "DELETE" and parts[:3] == ["v1", "admin", "models"]:
            return 200, {"deleted": parts[3], "of": MODELS[parts[3]]}
        if (method, path) == ("PATCH", "/v1/me"):
            user.update(json.loads(body))
            return 200, user
        if (method, path) == ("POST", "/v1/credits/redeem"):
            user["credits"] += 10 if json.loads(body).get("code") == "WELCOME10" else 0
            return 200, {"credits": user["credits"]}
        if (method, path) == ("POST", "/v1/models/import"):
            with urllib.request.urlopen(json.loads(body)["url"], timeout=5) as source:
                return 200, {"preview": source.read(200).decode("latin-1")}
        if (method, path) == ("POST", "/v1/predict"):
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            if self.headers.get("Content-Type", "").startswith("image/"):
                width, height = struct.unpack(">II", body[16:24])
                return 200, {"label": "cat", "score": 0.91234567, "pixels": width * height}
            return 200, {"label": "none", "score": 0.5, "bytes": len(body)}
        if (method, path) == ("POST", "/v1/enrich"):
            headers = {"X-Api-Key": PARTNER_KEY} if PARTNER_KEY else {}
            with urllib.request.urlopen(urllib.request.Request(PARTNER, headers=headers), timeout=5) as answer:
                found = json.load(answer)
            user.update(found.get("profile", {}))
            return 200, {"user": user, **found}
        return 404, {"error": "not found"}

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8100
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Weak)
    print(f"weak-api on 127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
