#!/usr/bin/env bash
# Puts the image classifier behind Sallyport over TLS, sends real pictures through, and shows what is refused.
# Everything it makes is in .venv (Python packages) and in a temporary folder; all it starts has ended when it ends.
#
# Environment:
#   SALLYPORT   the command that runs Sallyport (../../sallyport)
#   PYTHON      the Python that makes the virtual environment (python3)
#   VENV        the virtual environment (.venv beside this script)
#   PORT, MODEL_PORT, ADMIN_PORT   where gateway, model and admin listen on 127.0.0.1 (8443, 8000, 8081)
#
# Exit code: 0 when every call was answered as expected, 3 when something that it needs cannot be had, else 1.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
sallyport=${SALLYPORT:-$here/../../sallyport}
venv=${VENV:-$here/.venv}
port=${PORT:-8443} model_port=${MODEL_PORT:-8000} admin_port=${ADMIN_PORT:-8081}
work=$(mktemp -d)
failures=0 processes=()

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

say() { printf '\n== %s\n' "$*"; }

fail() {
    printf 'j1: %s\n' "$1" >&2
    [[ -z ${2:-} ]] || tail -n 20 "$2" >&2
    exit 1
}

lack() {
    printf 'j1: skipped: %s\n' "$1" >&2
    exit 3
}

# start NAME COMMAND...: in the background, its output in NAME.log
start() {
    local name=$1
    shift
    "$@" >"$work/$name.log" 2>&1 </dev/null &
    processes+=($!)
}

# await NAME CONDITION...: until the condition holds, while the process started last is alive
await() {
    local name=$1 i
    shift
    for ((i = 0; i < 600; i++)); do
        kill -0 "${processes[-1]}" 2>/dev/null || fail "$name ended before it was ready" "$work/$name.log"
        ! "$@" >/dev/null 2>&1 || return 0
        sleep 0.1
    done
    fail "$name was not ready after a minute" "$work/$name.log"
}

# expect STATUS TEXT WHAT CURL-ARGUMENTS...: sends one call over TLS, verified with our own authority
expect() {
    local status=$1 text=$2 what=$3 got
    shift 3
    : >"$work/body"
    got=$(curl -s --cacert "$work/ca.pem" -o "$work/body" -w '%{http_code}' "$@") || got="no answer"
    printf '%-44s %s  %s\n' "$what" "$got" "$(head -c 110 "$work/body" | tr '\n' ' ')"
    if [[ $got != "$status" ]] || ! grep -qF -- "$text" "$work/body"; then
        printf '    expected %s with %s\n' "$status" "$text"
        failures=$((failures + 1))
    fi
}

python=${PYTHON:-python3}
for command in curl openssl "$python"; do
    command -v "$command" >/dev/null || lack "$command is not installed"
done

say "the model's Python packages, in $venv"
if ! cmp -s "$here/requirements.txt" "$venv/installed.txt"; then
    "$python" -m venv "$venv" >"$work/venv.log" 2>&1 || lack "$python makes no virtual environment (apt-get install python3-venv)"
    "$venv/bin/pip" install -q --disable-pip-version-check --retries 1 --timeout 20 -r "$here/requirements.txt" ||
        lack "the Python packages cannot be installed"
    cp "$here/requirements.txt" "$venv/installed.txt"
fi
"$venv/bin/python" -c 'import onnxruntime; print(onnxruntime.InferenceSession("'"$here"'/resnet-digits.onnx").get_modelmeta().description)'

say "a certificate for 127.0.0.1, signed by an authority made for this run"
cd "$work"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=J1 authority" \
    -keyout ca.key -out ca.pem 2>openssl.log || fail "openssl failed" openssl.log
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=127.0.0.1" \
    -keyout server.key -out server.csr 2>openssl.log || fail "openssl failed" openssl.log
printf 'subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth\n' >server.ext
openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile server.ext \
    -out server.pem 2>openssl.log || fail "openssl failed" openssl.log
openssl x509 -in server.pem -noout -subject -issuer -ext subjectAltName

say "an API key for mobile-app"
"$sallyport" keys new mobile-app --json >key.json
field() { "$venv/bin/python" -c 'import json, sys; print(json.load(open("key.json"))[sys.argv[1]])' "$1"; }
key=$(field key) hash=$(field hash)
printf '%s… (only %s… stays with the gateway)\n' "${key:0:9}" "${hash:0:19}"
sed -e "s/sha256:0*0 .*/$hash/" -e "s/:8443/:$port/" -e "s/:8000/:$model_port/" -e "s/:8081/:$admin_port/" \
    "$here/sallyport.yaml" >sallyport.yaml
"$sallyport" check sallyport.yaml

say "the model and the gateway"
start model "$venv/bin/uvicorn" server:app --app-dir "$here" --host 127.0.0.1 --port "$model_port" --log-level warning
await model curl -sf "http://127.0.0.1:$model_port/healthz"
start gateway "$sallyport" run sallyport.yaml
await gateway grep -q "listening on .*:$port" gateway.log
cat gateway.log

url=https://127.0.0.1:$port
authorization="Authorization: Bearer $key"
samples=$here/samples

say "pictures that it never saw, over TLS"
for digit in 3 7; do
    expect 200 "\"digit\":$digit" "PNG of a $digit" -H "$authorization" -H 'Content-Type: image/png' \
        --data-binary "@$samples/digit-$digit.png" "$url/resnet/predict"
done
for digit in 0 4; do
    expect 200 "\"digit\":$digit" "JPEG of a $digit" -H "$authorization" -H 'Content-Type: image/jpeg' \
        --data-binary "@$samples/digit-$digit.jpg" "$url/resnet/predict"
done
expect 200 '"digit":7' "PNG of a 7 as a form, over HTTP/1.1" --http1.1 -H "$authorization" \
    -F "file=@$samples/digit-7.png;type=image/png" "$url/resnet/predict"
expect 200 '"digit":4' "JPEG of a 4 as a form, X-Api-Key" -H "X-Api-Key: $key" \
    -F "file=@$samples/digit-4.jpg;type=image/jpeg" "$url/resnet/predict"
expect 200 '"predictions"' "a 6 by KServe's v1 protocol" -H "$authorization" -H 'Content-Type: application/json' \
    -d "@$samples/digit-6.json" "$url/v1/models/resnet:predict"

say "what the answers keep to themselves"
expect 200 '"scores":[0.0,0.0,0.0,0.0,0.0,0.0,0.0,1.0,0.0,0.0]' "which digit it is, not how sure the model is" -H "$authorization" \
    -H 'Content-Type: image/png' --data-binary "@$samples/digit-7.png" "$url/resnet/predict"
curl -s -o direct -H 'Content-Type: image/png' --data-binary "@$samples/digit-7.png" "http://127.0.0.1:$model_port/predict"
printf 'the model itself says: %s\n' "$(head -c 110 direct)"
if grep -q '0\.0*[1-9]' body || ! grep -q '0\.0*[1-9]' direct; then
    printf '    expected scores from the model, and none from the gateway\n'
    failures=$((failures + 1))
fi

say "what is refused"
picture=(-H 'Content-Type: image/png' --data-binary "@$samples/digit-7.png")
expect 401 credential-missing "no key" "${picture[@]}" "$url/resnet/predict"
expect 401 credential-invalid "a wrong key" -H "Authorization: Bearer ${key%?}_" "${picture[@]}" "$url/resnet/predict"
expect 403 not-permitted "a model that mobile-app may not call" -H "$authorization" "${picture[@]}" "$url/other/predict"
head -c 100000 /dev/zero >large.png
expect 413 body-too-large "a body of 100 kB where 64 KiB are allowed" -H "$authorization" -H 'Content-Type: image/png' \
    --data-binary @large.png "$url/resnet/predict"
expect 415 media-type-not-accepted "a text where a picture is expected" -H "$authorization" -H 'Content-Type: text/plain' \
    -d 'seven' "$url/resnet/predict"
for ((i = 0; i < 40; i++)); do
    [[ $(curl -s --cacert ca.pem -o body -w '%{http_code}' -H "$authorization" "${picture[@]}" "$url/resnet/predict") == 200 ]] || break
done
expect 429 rate-limited "one call too many within the minute" -H "$authorization" "${picture[@]}" "$url/resnet/predict"

say "the end"
if ((failures > 0)); then fail "$failures calls were not answered as expected" gateway.log; fi
kill "${processes[1]}"
wait "${processes[1]}" || fail "the gateway did not end cleanly" gateway.log
printf 'all calls were answered as expected\n'
