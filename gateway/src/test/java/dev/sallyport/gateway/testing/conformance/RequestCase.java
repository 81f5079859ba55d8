package dev.sallyport.gateway.testing.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One case of {@code requests.jsonl}: bytes of a client, and what may come of them. The README beside the file explains the
 * format; it holds for every gateway that serves the documented set-up.
 */
public record RequestCase(JsonNode json) {
    /** All cases. */
    public static List<RequestCase> all() {
        return Vectors.load("requests.jsonl").stream().map(RequestCase::new).toList();
    }

    public String name() {
        return json.get("name").asString();
    }

    public String category() {
        return json.get("category").asString();
    }

    /** One character per byte. */
    public String raw() {
        return json.get("raw").asString();
    }

    /** What is sent after a 100. */
    @Nullable
    String then() {
        return json.path("then").isString() ? json.get("then").asString() : null;
    }

    boolean halfClose() {
        return json.path("half_close").asBoolean(false);
    }

    private JsonNode expect() {
        return json.get("expect");
    }

    private String verdict() {
        return expect().get("verdict").asString();
    }

    /** How many final answers are due before the client may stop reading. */
    int answersExpected() {
        int requests = expect().path("upstream").path("requests").asInt(1);
        return Math.max(1, requests) + (json.has("second_status") ? 1 : 0);
    }

    boolean closeExpected() {
        return expect().path("connection").asString("any").equals("close");
    }

    /** What is wrong with what happened; empty when the case passes. */
    List<String> problems(RequestOutcome outcome, List<SeenRequest> seen) {
        List<String> problems = new ArrayList<>();
        if (outcome.statuses().isEmpty()) {
            problems.add("no answer" + (outcome.closed() ? "; the connection closed" : ""));
            return problems;
        }
        for (JsonNode status : json.path("not_status")) {
            if (outcome.statuses().contains(status.asInt()) || outcome.interims().contains(status.asInt())) {
                problems.add("answered " + status.asInt());
            }
        }
        int status = outcome.statuses().getFirst();
        boolean accepted = status >= 200 && status < 300;
        boolean listed = expect().path("status").valueStream().anyMatch(code -> code.asInt() == status);
        boolean mayAccept = !verdict().equals("reject");
        boolean mayReject = !verdict().equals("accept");
        if (accepted ? !mayAccept : !mayReject || !listed) {
            problems.add("answered " + status + ", expected to " + verdict() + " " + expect().path("status"));
        }
        if (closeExpected() && !outcome.closed()) {
            problems.add("the connection stays open");
        }
        for (JsonNode second : json.path("second_status")) {
            if (outcome.statuses().size() < 2 || outcome.statuses().get(1) != second.asInt()) {
                problems.add("the second answer is not " + second.asInt() + ": " + outcome.statuses());
            }
        }
        if (accepted) {
            upstream(seen, problems);
        } else {
            rejected(seen, problems);
        }
        return problems;
    }

    /** A rejected request never reaches the upstream; where the fault is in the body, never whole. */
    private void rejected(List<SeenRequest> seen, List<String> problems) {
        boolean bodyMayBegin = expect().path("upstream").has("complete_requests")
                || raw().contains("chunked") && raw().contains("\r\n\r\n");
        long reached = seen.stream().filter(request -> !bodyMayBegin || request.complete()).count();
        if (reached > 0) {
            problems.add("rejected, but " + reached + " reached the upstream");
        }
    }

    private void upstream(List<SeenRequest> seen, List<String> problems) {
        JsonNode upstream = expect().path("upstream");
        long complete = seen.stream().filter(SeenRequest::complete).count();
        atMost(upstream, "requests", seen.size(), problems);
        if (upstream.has("requests") && seen.size() < upstream.get("requests").asInt()) {
            problems.add("the upstream saw " + seen.size() + " requests");
        }
        atMost(upstream, "requests_at_most", seen.size(), problems);
        atMost(upstream, "complete_requests", complete, problems);
        for (JsonNode path : upstream.path("not_paths")) {
            if (seen.stream().anyMatch(request -> request.path().equals(path.asString()))) {
                problems.add("the upstream saw " + path.asString());
            }
        }
        if (upstream.has("paths")) {
            List<String> paths = upstream.get("paths").valueStream().map(JsonNode::asString).toList();
            equal("paths", paths, seen.stream().map(SeenRequest::path).toList(), problems);
        }
        if (!seen.isEmpty()) {
            first(upstream, seen.getFirst(), problems);
        }
    }

    private static void atMost(JsonNode upstream, String name, long count, List<String> problems) {
        if (upstream.has(name) && count > upstream.get(name).asInt()) {
            problems.add(name + ": the upstream saw " + count);
        }
    }

    private void first(JsonNode upstream, SeenRequest seen, List<String> problems) {
        if (upstream.has("path")) {
            equal("path", upstream.get("path").asString(), seen.path(), problems);
        }
        if (upstream.has("host")) {
            equal("host", upstream.get("host").asString(), seen.authority(), problems);
        }
        if (json.has("normalised_host")) {
            equal("normalised host", json.get("normalised_host").asString(), seen.authority(), problems);
        }
        if (upstream.has("body")) {
            equal("body", upstream.get("body").asString(), seen.body(), problems);
        }
        if (upstream.path("same_path_as_policy").asBoolean(false)) {
            equal("path as policy sees it", seen.policyPath(), seen.pathWithoutQuery(), problems);
        }
        for (Map.Entry<String, JsonNode> field : upstream.path("headers").properties()) {
            if (!seen.has(field.getKey(), field.getValue().asString())) {
                problems.add("no field " + field.getKey() + ": " + field.getValue().asString());
            }
        }
        for (JsonNode name : upstream.path("headers_absent")) {
            if (seen.has(name.asString())) {
                problems.add("field " + name.asString() + " reached the upstream");
            }
        }
        for (JsonNode line : upstream.path("headers_absent_values")) {
            String[] field = line.asString().split(": ", 2);
            if (seen.has(field[0], field[1])) {
                problems.add("field " + line.asString() + " reached the upstream");
            }
        }
        if (upstream.path("gateway_fields_present").asBoolean(false) && !seen.has("x-forwarded-for")) {
            problems.add("the gateway's own fields are absent");
        }
    }

    private static void equal(String what, Object expected, Object found, List<String> problems) {
        if (!expected.equals(found)) {
            problems.add(what + ": expected " + expected + ", found " + found);
        }
    }

    @Override
    public String toString() {
        return name();
    }
}
