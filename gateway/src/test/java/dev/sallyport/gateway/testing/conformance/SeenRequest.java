package dev.sallyport.gateway.testing.conformance;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One request as the upstream saw it.
 *
 * @param path          with query
 * @param fields        header fields, lower-case name to value
 * @param complete      whether the whole request arrived
 * @param policyPath    the path that the gateway's policy saw, without query; the upstream's when nobody knows
 * @param authority     the authority that the gateway routed by, in its normal form
 */
public record SeenRequest(
        String method, String path, List<Map.Entry<String, String>> fields, String body, boolean complete,
        String policyPath, String authority) {

    boolean has(String name) {
        return fields.stream().anyMatch(field -> field.getKey().equals(name.toLowerCase(Locale.ROOT)));
    }

    boolean has(String name, String value) {
        return fields.stream().anyMatch(
                field -> field.getKey().equals(name.toLowerCase(Locale.ROOT)) && field.getValue().equals(value));
    }

    String pathWithoutQuery() {
        int mark = path.indexOf('?');
        return mark < 0 ? path : path.substring(0, mark);
    }
}
