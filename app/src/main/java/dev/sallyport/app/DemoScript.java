package dev.sallyport.app;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.identity.ApiKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;

/**
 * What the demo shows: a configuration for its model, and calls with what is to be expected of them.
 *
 * @param directory  where its files are
 * @param keyVisitor the key of a caller that may call the model
 * @param keyHasty   the key of a caller that has little left
 */
record DemoScript(Path directory, String keyVisitor, String keyHasty) {
    /** One call: a line for the shell, and the status that it leads to. */
    record Step(int status, String why, String line) {}

    /** Past the model's limit of 4 KiB. */
    private static final int LARGE_BYTES = 8 << 10;

    /** A four, from the pictures on which the model was not trained. */
    static final String PICTURE =
            "{\"pixels\": [0,0,0,12,7,0,0,0,0,0,6,15,1,1,0,0,0,1,14,8,10,8,0,0,0,6,15,0,13,12,6,0,"
                    + "0,14,15,12,16,16,9,0,0,10,16,15,16,8,1,0,0,0,0,10,16,1,0,0,0,0,0,12,9,0,0,0]}";

    DemoScript {
        requireNonNull(directory, "directory is null");
        requireNonNull(keyVisitor, "keyVisitor is null");
        requireNonNull(keyHasty, "keyHasty is null");
    }

    /** Writes the files of a demo into {@code directory}. */
    static DemoScript write(Path directory, String modelUrl, int port, int adminPort) throws IOException {
        SecureRandom random = new SecureRandom();
        DemoScript script = new DemoScript(directory, ApiKey.make(random), ApiKey.make(random));
        Files.writeString(script.configuration(), script.configuration(modelUrl, port, adminPort));
        Files.writeString(script.large(), "{\"pixels\": [" + "0,".repeat(LARGE_BYTES / 2) + "0]}");
        return script;
    }

    Path configuration() {
        return directory.resolve("sallyport.yaml");
    }

    Path accessLog() {
        return directory.resolve("access.jsonl");
    }

    private Path large() {
        return directory.resolve("large.json");
    }

    private String configuration(String modelUrl, int port, int adminPort) {
        return """
                # Edit this while the demo runs: changes apply at once.
                listen: 127.0.0.1:%d
                admin: 127.0.0.1:%d
                telemetry: {access-log: access.jsonl}
                models:
                  digits:
                    url: %s
                    accepts: [application/json]
                    body: 4 KiB
                  vault:
                    url: %s
                callers:
                  visitor:
                    key: sha256:%s
                    may: [digits]
                    limit: 600/min
                  hasty:
                    key: sha256:%s
                    may: [digits]
                    limit: 1/day
                """.formatted(port, adminPort, modelUrl, modelUrl, ApiKey.sha256(keyVisitor), ApiKey.sha256(keyHasty));
    }

    /** The calls. All but the first are refused; each can be repeated, and comes to the same. */
    List<Step> steps(String url) {
        String visitor = "-H 'X-Api-Key: " + keyVisitor + "'";
        String json = "-H 'Content-Type: application/json'";
        String picture = "-d '" + PICTURE + "'";
        String digits = url + "/digits/predict";
        return List.of(
                step(200, "the key is valid and may call the model, which says that the picture shows a four", digits,
                        visitor, json, picture),
                step(401, "there is no key", digits, json, picture),
                step(403, "the key is valid, but may not call this model", url + "/vault/predict", visitor, json,
                        picture),
                step(413, "the body is larger than the 4 KiB that the model takes", digits, visitor, json,
                        "--data-binary '@" + large() + "'"),
                step(415, "the model takes application/json only", digits, visitor, "-H 'Content-Type: text/plain'",
                        picture),
                step(429, "this key is good for one call a day, and the demo itself has made it at the start", digits,
                        "-H 'X-Api-Key: " + keyHasty + "'", json, picture));
    }

    private static Step step(int status, String why, String url, String... options) {
        return new Step(status, why,
                "curl -si " + withoutProxy(System.getenv()) + url + " " + String.join(" ", options));
    }

    /** A proxy for the internet would not find what listens here. */
    private static String withoutProxy(Map<String, String> environment) {
        boolean proxied = List.of("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY").stream()
                .anyMatch(environment::containsKey);
        return proxied ? "--noproxy '*' " : "";
    }
}
