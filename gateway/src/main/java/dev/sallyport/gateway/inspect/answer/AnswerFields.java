package dev.sallyport.gateway.inspect.answer;

import dev.sallyport.gateway.call.Headers;
import java.util.function.Predicate;

/**
 * Which fields of an answer, and of its trailers, never reach a client. Everything else passes as it came.
 *
 * <p>Withheld is what only describes the inside: the software and its version, the machine, pod or process that
 * answered, what it did and how long that took (a side channel as well), and what it says when it fails. Likewise
 * withheld is what would let a model act for the gateway: its own fields, cookies unless they are allowed, and
 * {@code Alt-Svc}, which sends clients past the gateway (RFC 7838).
 */
final class AnswerFields {
    private static final String[] PREFIXES = {"x-aspnet", "x-amzn-", "x-b3-", "x-backend", "x-container", "x-debug",
        "x-django", "x-envoy-", "x-error", "x-exception", "x-forwarded-", "x-host", "x-instance", "x-istio", "x-k8s-",
        "x-kubernetes-", "x-node", "x-php", "x-pod", "x-process", "x-rack", "x-runtime", "x-server", "x-stack",
        "x-symfony", "x-trace", "x-upstream", "x-varnish", "x-worker"};
    private static final String OWN_PREFIX = "sallyport-";

    private static final Predicate<String> INSIDE = AnswerFields::speaksOfTheInside;
    private static final Predicate<String> INSIDE_OR_COOKIE =
            name -> name.equals("set-cookie") || name.equals("set-cookie2") || speaksOfTheInside(name);

    private AnswerFields() {}

    static void clean(Headers fields, boolean cookiesPass) {
        fields.removeIf(cookiesPass ? INSIDE : INSIDE_OR_COOKIE);
    }

    private static boolean speaksOfTheInside(String name) {
        return switch (name) {
            case "server", "via", "x-powered-by", "x-powered-cms", "x-generator", "x-served-by", "x-cache",
                    "x-cache-hits",
                    "x-timer", "x-response-time", "x-real-ip", "x-request-start", "x-version", "x-compute-time",
                    "x-compute-type", "x-inference-time", "x-queue-time", "x-time-per-token", "x-total-time",
                    "x-validation-time", "x-sourcemap", "sourcemap", "server-timing", "traceparent", "tracestate",
                    "traceresponse", "endpoint-load-metrics", "endpoint-load-metrics-bin", "alt-svc", "alt-used",
                    "refresh",
                    "proxy-status", "cdn-loop" -> true;
            default -> name.startsWith("x-") ? hasPrefix(name) : name.startsWith(OWN_PREFIX);
        };
    }

    private static boolean hasPrefix(String name) {
        for (String prefix : PREFIXES) {
            if (name.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }
}
