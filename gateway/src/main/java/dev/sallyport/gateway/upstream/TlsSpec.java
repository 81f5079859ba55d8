package dev.sallyport.gateway.upstream;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How TLS is spoken with an upstream. Its certificate and name are always verified.
 *
 * @param trust       PEM files with the accepted authorities; empty: those of the Java platform
 * @param certificate PEM chain shown to the upstream; null: none
 * @param key         PEM private key that belongs to it; null exactly when {@code certificate} is
 * @param serverName  name to ask for and to verify; null: the endpoint's host
 */
public record TlsSpec(List<Path> trust, @Nullable Path certificate, @Nullable Path key, @Nullable String serverName) {
    public static final TlsSpec DEFAULTS = new TlsSpec(List.of(), null, null, null);

    public TlsSpec {
        trust = List.copyOf(trust);
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("certificate and key go together");
        }
    }
}
