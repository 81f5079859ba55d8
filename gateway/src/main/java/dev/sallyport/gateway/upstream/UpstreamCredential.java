package dev.sallyport.gateway.upstream;

import static java.util.Objects.requireNonNull;

/**
 * What the gateway shows an upstream so that it is let in. No text of it is ever written anywhere.
 *
 * @param field the request field that carries it, lower case, such as {@code authorization}
 * @param value the field's value, a secret
 */
public record UpstreamCredential(String field, String value) {
    public UpstreamCredential {
        requireNonNull(field, "field is null");
        requireNonNull(value, "value is null");
    }

    @Override
    public String toString() {
        return field + ": (secret)";
    }
}
