#!/usr/bin/env bash
# Attacks a deliberately weak API twice, for each entry of the OWASP API Security Top 10 (2023): directly, where the hole
# is open, and through Sallyport, where it is closed. Everything it makes is in a temporary folder; all it starts has ended
# when it ends.
#
# Environment:
#   SALLYPORT   the command that runs Sallyport (../../sallyport)
#   PORT, API_PORT, ADMIN_PORT   where gateway, API and admin listen on 127.0.0.1 (8080, 8100, 8081)
#
# Exit code: 0 when every hole was open before and closed behind the gateway, 3 when something that it needs is missing, else 1.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
sallyport=${SALLYPORT:-$here/../../sallyport}
port=${PORT:-8080} api_port=${API_PORT:-8100} admin_port=${ADMIN_PORT:-8081}
work=$(mktemp -d)
failures=0 processes=()
declare -A key

finish() {
    local status=$? pid
    trap - EXIT
    for pid in "${processes[@]}"; do kill "$pid" 2>/dev/null || true; done
    for pid in "${processes[@]}"; do wait "$pid" 2>/dev/null || true; done
    rm -rf "$work"
    exit $status
}
trap finish EXIT
trap 'exit 130' INT TERM

for command in curl python3 gzip; do
    command -v "$command" >/dev/null || { echo "owasp-api: skipped: $command is not installed" >&2; exit 3; }
done

fail() {
    printf 'owasp-api: %s\n' "$1" >&2
    [[ -z ${2:-} ]] || tail -n 20 "$2" >&2
    exit 1
}

# start NAME READY COMMAND...: in the background, its output in NAME.log, until the log holds READY
start() {
    local name=$1 ready=$2 i
    shift 2
    "$@" >"$work/$name.log" 2>&1 </dev/null &
    processes+=($!)
    for ((i = 0; i < 600; i++)); do
        kill -0 "${processes[-1]}" 2>/dev/null || fail "$name ended before it was ready" "$work/$name.log"
        ! grep -q "$ready" "$work/$name.log" || return 0
        sleep 0.1
    done
    fail "$name was not ready after a minute" "$work/$name.log"
}

# call LINE STATUS TEXT CURL-ARGUMENTS...: one call, and whether it was answered so; TEXT beginning with ! must not occur
call() {
    local line=$1 status=$2 text=$3 got met=yes
    shift 3
    got=$(curl -s -D "$work/head" -o "$work/body" -w '%{http_code}' "$@") || got=none
    cat "$work/head" "$work/body" >"$work/answer" 2>/dev/null || true
    [[ $got == "$status" ]] || met=no
    if [[ $text == !* ]]; then
        ! grep -qiF -- "${text:1}" "$work/answer" || met=no
    else
        grep -qiF -- "$text" "$work/answer" || met=no
    fi
    printf '%-6s %-62s %s  %s\n' "$line" "$what" "$got" "$(tr -d '\n' <"$work/body" | head -c 90)"
    if [[ $met == no ]]; then
        printf '       expected %s with %s\n' "$status" "$text"
        failures=$((failures + 1))
    fi
}

open() { call "open" "$@"; }
closed() { call "closed" "$@"; }
as() { printf '%s' "X-Api-Key: ${key[$1]}"; }

cd "$work"
cp "$here"/*.token "$here"/*.json "$here/sallyport.yaml" .
chmod 0600 ./*.token
number=0
for caller in acme-app globex-app operator weak-api; do
    number=$((number + 1))
    "$sallyport" keys new "$caller" --json >key.json
    key[$caller]=$(python3 -c 'import json; print(json.load(open("key.json"))["key"])')
    hash=$(python3 -c 'import json; print(json.load(open("key.json"))["hash"])')
    sed -i "s/sha256:$number\{64\} .*/$hash/" sallyport.yaml
done
sed -i "s/:8080/:$port/; s/:8100/:$api_port/; s/:8081/:$admin_port/" sallyport.yaml
"$sallyport" check --offline sallyport.yaml >check.log 2>&1 || fail "the configuration is not valid" check.log

start gateway "listening on" "$sallyport" run sallyport.yaml
start api "weak-api on" env WEAK_PARTNER="http://127.0.0.1:$port/partner/partner" WEAK_PARTNER_KEY="${key[weak-api]}" \
    python3 "$here/server.py" "$api_port"

api=http://127.0.0.1:$api_port gateway=http://127.0.0.1:$port
alice="Authorization: Bearer token-alice"
json="Content-Type: application/json"

what="API1  another tenant's dataset, under one's own path"
open 200 globex-payroll -H "$alice" "$api/v1/tenants/acme/datasets/2"
closed 403 operation-not-offered -H "$(as acme-app)" "$gateway/acme/v1/tenants/acme/datasets/2"
what="API1  one's own"
closed 200 acme-x-rays -H "$(as acme-app)" "$gateway/acme/v1/tenants/acme/datasets/1"

what="API2  guessing a password, and a token that is a name"
open 401 "wrong password" -H "$json" -d '{"user": "alice", "password": "x"}' "$api/v1/login"
closed 401 credential-invalid -H "Authorization: Bearer token-alice" "$gateway/acme/v1/tenants/acme/datasets/1"
what="API2  the login behind the gateway"
closed 403 operation-not-offered -H "$(as acme-app)" -H "$json" -d '{"user": "alice"}' "$gateway/acme/v1/login"

what="API3  becoming an administrator, and reading the password"
open 200 '"password"' -X PATCH -H "$alice" -H "$json" -d '{"role": "admin"}' "$api/v1/me"
closed 400 schema-violated -X PATCH -H "$(as acme-app)" -H "$json" -d '{"role": "admin"}' "$gateway/acme/v1/me"
what="API3  a permitted change, and what comes back"
closed 200 '!password' -X PATCH -H "$(as acme-app)" -H "$json" -d '{"display_name": "Alice"}' "$gateway/acme/v1/me"

python3 - <<'PICTURES'
import gzip, struct, zlib
def picture(width, height, rows):
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(b"\0" * rows)) + chunk(b"IEND", b""))
open("good.png", "wb").write(picture(32, 32, 33 * 32))
open("bomb.png", "wb").write(picture(60_000, 60_000, 1_000_000))
open("bomb.gz", "wb").write(gzip.compress(b"\0" * 200_000_000, 9))
PICTURES
png="Content-Type: image/png"
what="API4  3,600 megapixels in a kilobyte"
open 200 3600000000 -H "$alice" -H "$png" --data-binary @bomb.png "$api/v1/predict"
closed 413 content-too-large -H "$(as acme-app)" -H "$png" --data-binary @bomb.png "$gateway/predict/v1/predict"
what="API4  200 MB in 200 kB"
open 200 200000000 -H "$alice" -H "Content-Encoding: gzip" --data-binary @bomb.gz "$api/v1/predict"
closed 413 content-too-large -H "$(as acme-app)" -H "$png" -H "Content-Encoding: gzip" --data-binary @bomb.gz "$gateway/predict/v1/predict"
what="API4  a picture as it should be"
closed 200 cat -H "$(as acme-app)" -H "$png" --data-binary @good.png "$gateway/predict/v1/predict"

what="API5  deleting somebody's model"
open 200 '"deleted"' -X DELETE -H "$alice" "$api/v1/admin/models/victim"
closed 403 not-permitted -X DELETE -H "$(as acme-app)" "$gateway/admin/v1/admin/models/victim"
what="API5  by an operator"
closed 200 '"deleted"' -X DELETE -H "$(as operator)" "$gateway/admin/v1/admin/models/victim"

what="API6  a gift code, for the second time"
curl -s -o body -H "$alice" -H "$json" -d '{"code": "WELCOME10"}' "$api/v1/credits/redeem"
open 200 20 -H "$alice" -H "$json" -d '{"code": "WELCOME10"}' "$api/v1/credits/redeem"
curl -s -o body -H "$(as acme-app)" -H "$json" -d '{"code": "WELCOME10"}' "$gateway/acme-credits/v1/credits/redeem"
closed 429 quota-exhausted -H "$(as acme-app)" -H "$json" -d '{"code": "WELCOME10"}' "$gateway/acme-credits/v1/credits/redeem"

what="API7  reading the API's own files, and its neighbours"
open 200 root: -H "$alice" -H "$json" -d '{"url": "file:///etc/passwd"}' "$api/v1/models/import"
closed 400 schema-violated -H "$(as acme-app)" -H "$json" -d '{"url": "file:///etc/passwd"}' "$gateway/acme-import/v1/models/import"

what="API8  a stack trace"
open 500 Traceback -H "$alice" "$api/v1/tenants/acme/datasets/9"
closed 502 '!Traceback' -X DELETE -H "$(as operator)" "$gateway/admin/v1/admin/models/none"
what="API8  headers that tell too much"
open 200 X-Powered-By "$api/health"
closed 200 '!X-Powered-By' -H "$(as acme-app)" "$gateway/acme/v1/tenants/acme/datasets/1"
what="API8  the environment"
open 200 '"environment"' "$api/v1/debug"
closed 403 operation-not-offered -H "$(as acme-app)" "$gateway/acme/v1/debug"

what="API9  the version that everybody forgot"
open 200 globex-payroll "$api/v0/datasets/2"
closed 401 credential-missing "$gateway/acme/v0/datasets/2"
what="API9  the same with a key"
closed 403 operation-not-offered -H "$(as acme-app)" "$gateway/acme/v0/datasets/2"

what="API10 what the partner says of a user"
open 200 '"role": "admin"' "$api/partner"
closed 200 '!"next"' -H "$alice" -X POST "$api/v1/enrich"

printf '\n'
((failures == 0)) || fail "$failures answers were not as expected" gateway.log
printf 'every hole was open, and is closed behind the gateway\n'
