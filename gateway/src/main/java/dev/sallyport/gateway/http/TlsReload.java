package dev.sallyport.gateway.http;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** What became of an attempt to load the certificate files anew. */
public sealed interface TlsReload {
    /** The files hold what they held. */
    record Unchanged() implements TlsReload {}

    /**
     * New handshakes use the new certificates; connections keep what they began with.
     *
     * @param names every name that the certificates are for, the first certificate's first
     */
    record Loaded(List<String> names) implements TlsReload {
        public Loaded {
            names = List.copyOf(names);
        }
    }

    /**
     * The files cannot be used, so the certificates of before stay in use.
     *
     * @param reason which file is wrong, and what is wrong with it; no secret
     */
    record Kept(String reason) implements TlsReload {
        public Kept {
            requireNonNull(reason, "reason is null");
        }
    }
}
