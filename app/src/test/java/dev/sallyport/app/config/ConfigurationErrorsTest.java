package dev.sallyport.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad files, and word by word what is said about them. */
class ConfigurationErrorsTest {
    private static final Path FILE = Path.of("/etc/sallyport/sallyport.yaml");
    static final String HASH = "sha256:" + "0123456789abcdef".repeat(4);
    static final String OTHER_HASH = "sha256:" + "fedcba9876543210".repeat(4);

    record Case(String name, String file, List<String> errors) {
        Case(String name, String file, String... errors) {
            this(name, file.replace("HASH2", OTHER_HASH).replace("HASH", HASH), List.of(errors));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @ParameterizedTest
    @MethodSource({"syntax", "keys", "models", "units", "callers", "spending", "telemetry", "listeners"})
    void saysWhereAndWhatIsWrong(Case bad) {
        assertThat(errors(bad.file())).containsExactlyElementsOf(bad.errors());
    }

    static Stream<Case> syntax() {
        return Stream.of(
                new Case("empty", "", "1:1: the file is empty; write at least `models:` and `callers:`"),
                new Case("comment only", "# nothing\n",
                        "1:1: the file is empty; write at least `models:` and `callers:`"),
                new Case("a list", "- a\n",
                        "1:1: the file is a list; a map is needed here, with keys such as `listen:`"),
                new Case("a tab", "models:\n\tresnet:\n",
                        "2:1: the YAML is broken while scanning for the next token: found character '\\t(TAB)' that cannot start any token. (Do not use \\t(TAB) for indentation); indent with spaces, and quote special characters"),
                new Case("a second document", "models: {}\n---\ncallers: {}\n",
                        "2:1: a second document begins; keep the configuration in one, without a `---` line"),
                new Case("an anchor and an alias", "models:\n  a: &here\n    url: http://h\n  b: *here\n",
                        "2:6: anchors (`&name`) are not allowed; remove it",
                        "4:6: aliases (`*name`) are not allowed; write the value out",
                        "4:6: models.b is a single value; a map is needed here, with keys such as `url:`"),
                new Case("a tag", "models: !!map {}\n", "1:9: tags (`!name`) are not allowed; remove it"),
                new Case("a merge key", "models:\n  a:\n    <<: {url: http://h}\n    url: http://h\n",
                        "3:5: unknown key `<<` in models.a; known here: url, urls, versions, default, digest, labels, accepts, body, images, json, multipart,"
                                + " inflate, timeouts, hosts, protocol, preserve-host, tls, connections, retries, retry-budget, health, limit, concurrency, answer, operations,"
                                + " credential, cost, quota, budget, instances"),
                new Case("a list as key", "? [a]\n: b\n", "1:3: a key must be a single word, not a list"),
                new Case("too deep", "models: " + "[".repeat(20) + "]".repeat(20),
                        "1:20: nested deeper than 12 levels; nothing in the configuration is that deep"));
    }

    static Stream<Case> keys() {
        return Stream.of(
                new Case("unknown, with one near", "models:\n  resnet:\n    ulr: http://h\n",
                        "2:3: models.resnet is not served anywhere; it needs `url`, `urls` or `versions`",
                        "3:5: unknown key `ulr` in models.resnet; did you mean `url`?"),
                new Case("unknown, with none near", "wormhole: 1\n",
                        "1:1: unknown key `wormhole`; known here: listen, admin, plain-text, tls, proxies, proxy-protocol, models, callers, telemetry, limits, spending, identification, loops, limit, concurrency, quota, budget, tenants, time-zone"),
                new Case("unknown here, known there", "may: [resnet]\n",
                        "1:1: unknown key `may`; it belongs into callers.NAME"),
                new Case("other case and underscore", "Models: {}\nproxy_protocol: true\n",
                        "1:1: unknown key `Models`; did you mean `models`?",
                        "2:1: unknown key `proxy_protocol`; did you mean `proxy-protocol`?"),
                new Case("twice", "models: {}\nadmin: 127.0.0.1:9\nmodels: {}\n",
                        "3:1: the key `models` is there twice, first in line 1; keep one of them"),
                new Case("the same name twice", "models:\n  a: {url: http://h}\n  a: {url: http://i}\n",
                        "3:3: the name `a` in models is there twice, first in line 2; keep one of them"),
                new Case("a key of a later version",
                        "ledger: {directory: x}\nmodels:\n  a: {url: http://h}\n",
                        "1:1: `ledger` is not supported by this version; remove it (the audit ledger comes with a later version)"),
                new Case("client certificates",
                        "tls: {certificate: /dev/null, key: /dev/null, clients: {trust: [ca.pem]}}\n",
                        "1:7: tls: there is no readable file `/dev/null`; correct the path, or let the user that runs the gateway read it",
                        "1:31: tls: there is no readable file `/dev/null`; correct the path, or let the user that runs the gateway read it",
                        "1:47: `clients` in tls is not supported by this version; remove it (client certificates come with a later version)"),
                new Case("a value where a map is needed", "models: resnet\n",
                        "1:9: models is a single value; write a map such as `NAME: …`"),
                new Case("nothing where a value is needed", "models:\n  a:\n    url:\n",
                        "3:9: models.a.url is nothing; write a URL such as `http://127.0.0.1:8000`"),
                new Case("a list where one value is needed", "models:\n  a:\n    url: [http://h, http://i]\n",
                        "3:10: models.a.url is a list; write a URL such as `http://127.0.0.1:8000`"));
    }

    static Stream<Case> models() {
        return Stream.of(
                new Case("url and urls", "models:\n  a: {url: http://h, urls: [http://i]}\n",
                        "2:22: models.a.urls: a model has either `url`, or `urls`, or `versions`; keep one of them"),
                new Case("a name that no path can have", "models:\n  a/b: {url: http://h}\n",
                        "2:3: models: `a/b` cannot be a name; write up to 64 letters, digits, `-`, `_` and `.`, beginning with a letter or digit"),
                new Case("no scheme", "models:\n  a: {url: 127.0.0.1:8000}\n",
                        "2:12: models.a.url: `127.0.0.1:8000` is not a URL; write for example `http://127.0.0.1:8000`"),
                new Case("another scheme", "models:\n  a: {url: ftp://h}\n",
                        "2:12: models.a.url: `ftp://h` does not begin with `http://` or `https://`; write for example `http://127.0.0.1:8000`"),
                new Case("a password in the URL", "models:\n  a: {url: http://root:hunter2@h}\n",
                        "2:12: models.a.url: a URL with a name or password in it is not allowed; remove everything up to the `@`"),
                new Case("a query in the URL", "models:\n  a: {url: http://h/?x=1}\n",
                        "2:12: models.a.url: `http://h/?x=1` has a query or a fragment; end the URL before it"),
                new Case("dots in the URL", "models:\n  a: {url: http://h/a/../b}\n",
                        "2:12: models.a.url: the path of `http://h/a/../b` is not plain; write letters, digits and single slashes, no `%`, no `..`"),
                new Case("port 0", "models:\n  a: {url: http://h:0}\n",
                        "2:12: models.a.url: `http://h:0` has no port from 1 to 65535 after its host"),
                new Case("the same place twice", "models:\n  a: {urls: [http://h, http://h:80/]}\n",
                        "2:24: models.a.urls: this place is in the list twice; keep one of them"),
                new Case("no such default",
                        "models:\n  a: {versions: {\"1\": {url: http://h}, \"2\": {url: http://i}}, default: \"3\"}\n",
                        "2:63: models.a.default: there is no version `3`; there are 1, 2"),
                new Case("no default among several",
                        "models:\n  a: {versions: {\"1\": {url: http://h}, \"2\": {url: http://i}}}\n",
                        "2:7: models.a.versions: say with `default` which of them answers when the path names none"),
                new Case("a default without versions", "models:\n  a: {url: http://h, default: \"1\"}\n",
                        "2:22: models.a.default: there are no `versions` to choose from; remove it"),
                new Case("a digest beside versions",
                        "models:\n  a: {versions: {\"1\": {url: http://h}}, digest: HASH}\n",
                        "2:41: models.a.digest: each version has its own; put it there"),
                new Case("TLS without https", "models:\n  a: {url: http://h, tls: {server-name: i}}\n",
                        "2:22: models.a.tls: no URL of the model begins with `https://`; change the URL, or remove `tls`"),
                new Case("a certificate without key",
                        "models:\n  a:\n    url: https://h\n    tls: {certificate: nowhere.pem}\n",
                        "4:5: models.a.tls: `certificate` and `key` go together; name both, or none",
                        "4:11: models.a.tls: there is no readable file `/etc/sallyport/nowhere.pem`; correct the path, or let the user that runs the gateway read it"),
                new Case("one host, two models",
                        "models:\n  a: {url: http://h, hosts: [x.org]}\n  b: {url: http://h, hosts: [X.org]}\n",
                        "3:30: models.b.hosts: `x.org` belongs to models.a already; a host has one model"),
                new Case("a host with port", "models:\n  a: {url: http://h, hosts: [\"x.org:80\"]}\n",
                        "2:30: models.a.hosts: `x.org:80` is more than a host name; leave scheme, port and path out"),
                new Case("a protocol that is none", "models:\n  a: {url: http://h, protocol: http2}\n",
                        "2:32: models.a.protocol: `http2` is not `automatic` or `h2` or `http/1.1`"),
                new Case("an answer that may be nothing",
                        "models:\n  a: {url: http://h, answer: {accepts: [], cookies: yes}}\n",
                        "2:31: models.a.answer.accepts: the list is empty, so nothing could be answered; remove it to accept any media type",
                        "2:53: models.a.answer.cookies: `yes` is not `allowed` or `dropped`"),
                new Case("contents without a bound", """
                        models:
                          a:
                            url: http://h
                            images: [off, {frames: 2}]
                            multipart: {parts: 0, names: []}
                            inflate: {ratio: many, size: 2 GiB}
                        """,
                        "4:13: models.a.images is a list; a map is needed here, with keys such as `inspect:`, or `off` or `on`",
                        "5:24: models.a.multipart.parts: `0` is not a whole number from 1 to 10000",
                        "5:27: models.a.multipart.names: the list is empty, so no form could be sent; remove it to allow any field",
                        "6:22: models.a.inflate.ratio: `many` is not a whole number from 1 to 100000",
                        "6:28: models.a.inflate.size: is more than `1 GiB`, the most that is allowed"),
                new Case("JSON without a bound", """
                        models:
                          a:
                            url: http://h
                            json: {depth: 1001, strings: 0 B}
                          b:
                            url: http://h
                            json: {inspect: off, schema: nowhere.json}
                          c:
                            url: http://h
                            json: {schema: []}
                          d:
                            url: http://h
                            json: {schema: {path: predict}}
                        """,
                        "4:19: models.a.json.depth: `1001` is not a whole number from 1 to 1000",
                        "4:25: models.a.json.strings: no string could be sent; write at least `1 B`",
                        "7:26: models.b.json.schema: JSON is not read, so nothing would be compared with it; remove one of them",
                        "7:34: models.b.json.schema: there is no readable file `/etc/sallyport/nowhere.json`; correct the path, or let the user that runs the gateway read it",
                        "10:12: models.c.json.schema: the list is empty; remove it to accept any sound JSON",
                        "13:12: models.d.json.schema names no `file`; write for example `schema: predict.json`",
                        "13:27: models.d.json.schema.path: `predict` is not an absolute path without query; write for example `/health`"),
                new Case("a cohort that is trusted less and sees more",
                        "models:\n  a:\n    url: http://h\n    answer:\n      reveal:\n        internal: {digits: 4}\n"
                                + "        partner: {top: 3, digits: 2, remove: /logits}\n        public: {top: 5, digits: 2, remove: /logits}\n",
                        "8:9: models.a.answer.reveal.public shows more than `partner` may see, which is trusted more than `public`: set `top` to 3 or less"),
                new Case("what is revealed",
                        "models:\n  a:\n    url: http://h\n    answer:\n      reveal:\n        internal: {}\n"
                                + "        partner: {label-only: true, top: 2}\n        public: {remove: logits, label-only: true}\n",
                        "6:9: models.a.answer.reveal.internal hides nothing; write for example `{top: 3, digits: 2}`, or remove it",
                        "7:37: models.a.answer.reveal.partner.top: `label-only` shows no scores at all; keep one of them",
                        "8:26: models.a.answer.reveal.public.remove: `logits`: a JSON Pointer begins with `/`"),
                new Case("nothing that is revealed", "models:\n  a: {url: http://h, answer: {reveal: {}}}\n",
                        "2:31: models.a.answer.reveal names no cohort, so everything is shown to everybody; write for example `public: {label-only: true}`, or remove it"),
                new Case("media types", "models:\n  a: {url: http://h, accepts: [image, image/png;q=1]}\n",
                        "2:32: models.a.accepts: `image` is not a media type; write for example `image/png` or `image/*`",
                        "2:39: models.a.accepts: `image/png;q=1` has parameters, which are not compared; write `image/png`"),
                new Case("a part longer than the whole",
                        "models:\n  a:\n    url: http://h\n    timeouts: {first-byte: 20 s, total: 10 s}\n",
                        "4:16: models.a.timeouts.first-byte: is longer than `total` (10000 ms), which would end the call before; shorten it, or lengthen `total`"),
                new Case("a check longer than its interval",
                        "models:\n  a:\n    url: http://h\n    health: {interval: 1 s, timeout: 2 s}\n",
                        "4:29: models.a.health.timeout: is longer than `interval` (1000 ms); shorten it, or lengthen `interval`"));
    }

    static Stream<Case> units() {
        return Stream.of(
                unit("body: 5", "11: models.a.body: `5` has no unit; write for example `5 MiB`"),
                unit("body: 5 mb",
                        "11: models.a.body: the unit `mb` is none of B, KiB, MiB, GiB, kB, MB or GB; did you mean `5 MB`?"),
                unit("body: 5 parsecs",
                        "11: models.a.body: the unit `parsecs` is none of B, KiB, MiB, GiB, kB, MB or GB"),
                unit("body: 1.5 MiB",
                        "11: models.a.body: `1.5 MiB` is not a whole number with a unit; write for example `10 MiB`"),
                unit("body: -1 B",
                        "11: models.a.body: `-1 B` is not a whole number with a unit; write for example `10 MiB`"),
                unit("body: 1025 GiB",
                        "11: models.a.body: `1025 GiB` is more than `1024 GiB`, the most that is allowed"),
                unit("timeouts: {total: 30}",
                        "23: models.a.timeouts.total: `30` has no unit; write for example `30 s`"),
                unit("timeouts: {total: 5 m}",
                        "23: models.a.timeouts.total: the unit `m` is none of ms, s, min, h or day; did you mean `5 min`?"),
                unit("timeouts: {total: 0 s}",
                        "23: models.a.timeouts.total: `0 s` is no time at all; write at least `1 ms`"),
                unit("limit: 60", "12: models.a.limit: `60` names no period; write for example `60/min`"),
                unit("limit: 60/minute",
                        "12: models.a.limit: the period `minute` is none of s, min, h or day; did you mean `60/min`?"),
                unit("limit: 0/s",
                        "12: models.a.limit: `0/s` does not count in whole numbers from 1 to 999999999; write for example `60/min`"),
                unit("limit: [60/min, 10/s bust 20]",
                        "21: models.a.limit: `bust` is not understood; after the rate come `burst N` and then `per address`, each if wanted"),
                unit("retry-budget: 0.2",
                        "19: models.a.retry-budget: `0.2` is not a share from `0%` to `100%`; write for example `20%`"),
                unit("retries: 11", "14: models.a.retries: `11` is not a whole number from 0 to 10"),
                unit("connections: many", "18: models.a.connections: `many` is not a whole number from 1 to 65535"),
                unit("preserve-host: yes", "20: models.a.preserve-host: `yes` is neither `true` nor `false`"));
    }

    private static Case unit(String line, String error) {
        return new Case(line, "models:\n  a:\n    url: http://h\n    " + line + "\n", "4:" + error);
    }

    static Stream<Case> callers() {
        String model = "models: {resnet: {url: http://h}, ocr: {versions: {\"1\": {url: http://i}}}}\n";
        return Stream.of(
                new Case("no way in", model + "callers:\n  app: {may: [resnet]}\n",
                        "3:3: callers.app has no way in; it needs `key`, `keys` or `anonymous: true`"),
                new Case("two ways in", model + "callers:\n  app: {key: HASH, anonymous: true}\n",
                        "3:87: callers.app.anonymous: a caller has either `key`, or `keys`, or `anonymous: true`; keep one of them"),
                new Case("a key in clear", model + "callers:\n  app: {key: sp_4f0c9a7b6d5e4f3a2b1c0d9e8f7a6b5c}\n",
                        "3:14: callers.app.key: a key in clear must not stand in a file; whoever read the file knows it,"
                                + " so make a new one with `./sallyport keys new NAME` and put the `sha256:…` line that it prints here"),
                new Case("another secret", model + "callers:\n  app: {key: hunter2}\n",
                        "3:14: callers.app.key: not the hash of a key (it is not shown, as it may be a secret);"
                                + " run `./sallyport keys new NAME` and put the `sha256:…` line that it prints here"),
                new Case("a short hash", model + "callers:\n  app: {key: \"sha256:4f0c\"}\n",
                        "3:14: callers.app.key: not the hash of a key: after `sha256:` come 64 hexadecimal digits, here are 4"),
                new Case("a key with two callers",
                        model + "callers:\n  a: {key: HASH}\n  b: {keys: [HASH2, {key: HASH}]}\n",
                        "4:88: callers.b.keys[1].key: callers.a holds this key already; a key has one caller, who holds it once"),
                new Case("no key among keys",
                        model + "callers:\n  a: {keys: []}\n  b: {keys: [{expires: 2027-03-01}]}\n",
                        "3:7: callers.a.keys: the list is empty; run `./sallyport keys new a`",
                        "4:14: callers.b.keys[0] needs `key`"),
                new Case("a date that is none", model + "callers:\n  a: {keys: [{key: HASH, expires: 2027-02-30}]}\n",
                        "3:102: callers.a.keys[0].expires: `2027-02-30` is neither a date such as `2027-03-01` nor an instant such as `2027-03-01T12:00:00Z`"),
                new Case("expiry in the wrong place", model + "callers:\n  a: {key: HASH, expires: 2027-03-01}\n",
                        "3:85: unknown key `expires` in callers.a; it belongs into callers.NAME.keys"),
                new Case("two anonymous callers", model + "callers:\n  a: {anonymous: true}\n  b: {anonymous: true}\n",
                        "4:7: callers.b.anonymous: callers.a is whoever calls without a credential already; keep one of them"),
                new Case("an anonymous partner", model + "callers:\n  a: {anonymous: true, cohort: partner}\n",
                        "3:24: callers.a.cohort: who shows no credential is `public`; remove it"),
                new Case("no such model", model + "callers:\n  a: {key: HASH, may: [resnett, \"x-*\"]}\n",
                        "3:91: callers.a.may: there is no model `resnett`; did you mean `resnet`?"),
                new Case("no such version", model + "callers:\n  a: {key: HASH, may: [ocr@2, resnet@1]}\n",
                        "3:91: callers.a.may: models.ocr has no version `2`; it has 1",
                        "3:98: callers.a.may: models.resnet has no version `1`; it has none, so write `resnet`"),
                new Case("budgets",
                        model + "callers:\n  a: {key: HASH, budget: 5 USD}\n  b: {key: HASH2, budget: 5 usd/day}\n",
                        "3:93: callers.a.budget: `5 USD` is not an amount, a currency and a period; write for example `5 USD/day`",
                        "4:93: callers.b.budget: `usd` is not the code of a currency; write three capital letters such as `USD`"));
    }

    static Stream<Case> spending() {
        String model = "models: {a: {url: \"http://h\", COST}}\n";
        String free = "models: {a: {url: \"http://h\"}}\n";
        return Stream.of(
                new Case("no amount", model.replace("COST", "cost: 0.002"),
                        "1:37: models.a.cost.amount: `0.002` is not an amount of up to six digits and twelve decimals with a currency; write for example `0.002 USD`"),
                new Case("a map without amount", model.replace("COST", "cost: {per: call}"),
                        "1:31: models.a.cost needs `amount`"),
                new Case("no reserve", model.replace("COST", "cost: {amount: 1 USD, usage: {pointer: /n}}"),
                        "1:31: models.a.cost needs `reserve`, the units to hold back until the answer states what was used; write for example `reserve: 4000`"),
                new Case("no usage", model.replace("COST", "cost: {amount: 1 USD, reserve: 5}"),
                        "1:53: models.a.cost.reserve: is for what an answer states; add `usage`, or remove it"),
                new Case("usage of nothing",
                        model.replace("COST", "cost: {amount: 1 USD, reserve: 5, usage: {per-event: 1}}"),
                        "1:65: models.a.cost.usage names no place; write `header`, `pointer` or `event`"),
                new Case("no pointer",
                        model.replace("COST", "cost: {amount: 1 USD, reserve: 5, usage: {pointer: usage}}"),
                        "1:82: models.a.cost.usage.pointer: `usage` is not a JSON Pointer of up to 16 names; write for example `/usage/total_tokens`"),
                new Case("per and usage",
                        model.replace("COST", "cost: {amount: 1 USD, per: call, reserve: 5, usage: {pointer: /n}}"),
                        "1:53: models.a.cost.per: goes against `usage`, whose units the answer states; remove one of them"),
                new Case("two currencies", model.replace("COST", "cost: 1 USD") + "budget: 5 EUR/day\n",
                        "2:9: budget: is in EUR, and line 1 in USD; one file has one currency"),
                new Case("quota", free + "quota: 100 pictures/month\n",
                        "2:8: quota: `100 pictures/month` is not a number of calls or instances and a period; write for example `100000/month` or `500 instances/day`"),
                new Case("period", free + "quota: 100/min\nbudget: 5 USD/rolling year\n",
                        "2:8: quota: the period `min` is none of h, day, week or month",
                        "3:9: budget: the period `year` is none of h, day, week or month"),
                new Case("instances of bodies that nobody looks into",
                        "models: {a: {url: \"http://h\", limit: 9 instances/s}}\n",
                        "1:31: models.a.limit: is counted in bodies of listed media types only; list what the model reads in `accepts`"),
                new Case("twice the same window", free + "quota: [100/day, 10/rolling day, 50/day]\n",
                        "2:34: quota: there is one for `calls/day` in line 2 already; keep the smaller one"),
                new Case("no such tenant",
                        free + "tenants: {acme: {quota: 1/day}}\ncallers: {c: {anonymous: true, may: a, tenant: acne}}\n",
                        "3:40: callers.c.tenant: there is no tenant `acne`; did you mean `acme`?"),
                new Case("no such model of a caller",
                        free + "callers: {c: {anonymous: true, may: a, models: {b: {quota: 1/day}}}}\n",
                        "2:49: callers.c.models.b: there is no model `b`"),
                new Case("no such time zone", free + "time-zone: Europe/Berlinn\n",
                        "2:12: time-zone: `Europe/Berlinn` is not a time zone; did you mean `Europe/Berlin`?"));
    }

    static Stream<Case> telemetry() {
        return Stream.of(
                new Case("samples that go nowhere", "telemetry: {sample: 5%, sample-failures: 1/s}\n",
                        "1:13: telemetry.sample: traces go nowhere; name a collector in `otlp`, or remove this",
                        "1:25: telemetry.sample-failures: traces go nowhere; name a collector in `otlp`, or remove this"),
                new Case("no share", "telemetry: {otlp: http://h, sample: 0.01}\n",
                        "1:37: telemetry.sample: `0.01` is not a share from `0%` to `100%`; write for example `1%`"),
                new Case("more than all", "telemetry: {otlp: http://h, sample: 100.1%}\n",
                        "1:37: telemetry.sample: `100.1%` is not a share from `0%` to `100%`; write for example `1%`"),
                new Case("no allowance", "telemetry: {otlp: http://h, sample-requested: 0/s}\n",
                        "1:47: telemetry.sample-requested: `0/s` is not a number of calls per `s` or `min`; write for example `10/s`"),
                new Case("no collector", "telemetry: {otlp: {trust: a.pem}}\n",
                        "1:13: telemetry.otlp needs `url`",
                        "1:20: telemetry.otlp: there is no readable file `/etc/sallyport/a.pem`; correct the path, or let the user that runs the gateway read it"),
                new Case("another protocol", "telemetry: {otlp: grpc://h:4317}\n",
                        "1:19: telemetry.otlp.url: `grpc://h:4317` does not begin with `http://` or `https://`; write for example `http://127.0.0.1:8000`"));
    }

    static Stream<Case> listeners() {
        return Stream.of(
                new Case("a port alone", "listen: 8080\n",
                        "1:9: listen.address: `8080` is not an address and a port from 0 to 65535; write for example `127.0.0.1:8080`"),
                new Case("no address", "listen: \":8080\"\n",
                        "1:9: listen.address: say on which address; `0.0.0.0:8080` is all of IPv4, `[::]:8080` all of IPv6"),
                new Case("a name", "listen: example.org:80\n",
                        "1:9: listen.address: `example.org` is not an IP address; write IPv6 in brackets, and numbers instead of a name"),
                new Case("plain text off loopback", "listen: 0.0.0.0:8080\n",
                        "1:9: listen.address: credentials would pass in plain text where others can listen;"
                                + " configure `tls`, listen on 127.0.0.1, or say `plain-text: allowed`"),
                new Case("plain text misspelt", "listen: 0.0.0.0:8080\nplain-text: allow\n",
                        "1:9: listen.address: credentials would pass in plain text where others can listen;"
                                + " configure `tls`, listen on 127.0.0.1, or say `plain-text: allowed`",
                        "2:13: plain-text: `allow` is not `allowed`; did you mean `allowed`?"),
                new Case("the same address twice", "listen: [127.0.0.1:80, 127.0.0.1:80]\n",
                        "1:24: listen[1].address: this address is in the list twice; keep one of them"),
                new Case("no address in the list", "listen: []\n",
                        "1:1: listen: the list is empty; name an address such as `127.0.0.1:8080`"),
                new Case("two admin listeners", "admin: [127.0.0.1:1, 127.0.0.1:2]\n",
                        "1:8: admin is a list; a map is needed here, with keys such as `address:`, or an address such as `127.0.0.1:8080` (port 0 picks a free one)"),
                new Case("admin on the address of calls", "admin: 127.0.0.1:8080\n",
                        "1:1: admin: `listen` takes this address already; choose another port"),
                new Case("admin off loopback", "admin: 10.0.0.1:8081\n",
                        "1:1: admin: whoever reaches 10.0.0.1 could read health and metrics; listen on 127.0.0.1, or write `admin: {address: …, plain-text: allowed}`"),
                new Case("half a certificate", "tls: {certificate: nowhere.pem}\n",
                        "1:1: tls needs both `certificate` and `key`",
                        "1:7: tls: there is no readable file `/etc/sallyport/nowhere.pem`; correct the path, or let the user that runs the gateway read it"),
                new Case("a PROXY protocol that nobody may speak", "proxy-protocol: true\n",
                        "1:1: proxy-protocol: nobody's header would be believed; list the load balancer's network in `proxies`"),
                new Case("networks", "proxies: [10.0.0.1/8, 10.0.0.0/33, x]\n",
                        "1:11: proxies: `10.0.0.1/8` has bits set behind its prefix; write for example `10.0.0.0/8` or `fd00::/8`",
                        "1:23: proxies: `10.0.0.0/33` has no prefix of 0 to 32 bits; write for example `10.0.0.0/8` or `fd00::/8`",
                        "1:36: proxies: `x` is not an IP address or network, such as 10.0.0.0/8; write for example `10.0.0.0/8` or `fd00::/8`"),
                new Case("the limit of failed identifications",
                        "identification: {failures: 10/min per address, delay-max: 10 ms, burst: 1}\n",
                        "1:28: identification.failures: `10/min per address` is more than a count and a period; write for example `10/min`",
                        "1:48: identification.delay-max: is below `1 s`, the first delay",
                        "1:66: unknown key `burst` in identification; known here: failures, delay-max"),
                new Case("the journal of spending", "spending: {journl: x}\n",
                        "1:12: unknown key `journl` in spending; did you mean `journal`?"),
                new Case("limits", "limits: {headr-bytes: 1, streams: 0}\n",
                        "1:10: unknown key `headr-bytes` in limits; did you mean `header-bytes`?",
                        "1:35: limits.streams: `0` is not a whole number from 1 to 2147483647"));
    }

    @Test
    void neverRepeatsWhatMayBeASecret() {
        String secret = "sp_aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5z";
        List<String> places = List.of(
                "X: 1", "models: X", "models: {a: {url: X}}", "models: {a: {X: 1}}", "callers: {a: {key: X}}",
                "callers: {a: {keys: [X]}}",
                "callers: {X y: {}}", "callers: {a: {may: [X]}}", "callers: {a: {limit: X}}", "listen: X",
                "tls: {certificate: X, key: X}",
                "models: {a: {versions: {\"1\": {url: http://h}}, default: X}}",
                "models: {a: {url: http://h, labels: {X z: 1}}}",
                "models: {a: {url: http://h, body: X}}", "models: {a: {url: 'http://h', preserve-host: X}}",
                "a: 'X\nmodels: \"", "*X", "X: {X: [",
                "models: {a: {url: http://X@h}}", "callers: {a: {keys: [{key: X, expires: X}]}}", "? [X]\n: X");
        for (String place : places) {
            List<String> errors = errors(place.replace("X", secret));
            assertThat(errors).as(place).isNotEmpty();
            assertThat(String.join("\n", errors)).as(place).doesNotContain(secret.substring(3));
            assertThat(findings(place.replace("X", secret))).extracting(Finding::path)
                    .allSatisfy(path -> assertThat(path).doesNotContain(secret.substring(3)));
        }
    }

    @Test
    void refusesWhatIsNotUtf8() {
        LoadResult result = ConfigurationLoader.parse(Path.of("x.yaml"), new byte[]{(byte) 0xC3, 0x28});
        assertThat(result).hasToString("x.yaml:1:1: the file is not UTF-8; save it as such");
    }

    @Test
    void saysThatThereIsNoFile() {
        assertThat(ConfigurationLoader.load(Path.of("/nowhere/sallyport.yaml")))
                .hasToString(
                        "/nowhere/sallyport.yaml:1:1: there is no such file; name the configuration, or write one with `models:` and `callers:`");
    }

    @Test
    void stopsCountingAtAHundredErrors() {
        assertThat(errors("x: 1\n".repeat(300))).hasSize(Problems.MAX);
    }

    private static List<String> errors(String text) {
        return findings(text).stream().map(error -> error.toString().substring(FILE.toString().length() + 1)).toList();
    }

    private static List<Finding> findings(String text) {
        return switch (ConfigurationLoader.parse(FILE, text.getBytes(UTF_8))) {
            case Configuration _ -> List.of();
            case ConfigurationErrors(List<Finding> errors) -> errors;
        };
    }
}
