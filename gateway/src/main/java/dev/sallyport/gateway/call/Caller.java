package dev.sallyport.gateway.call;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The verified subject of a call.
 *
 * @param id     unique within the tenant; for key holders the name in the configuration
 * @param claims what the credential itself stated; empty for API keys
 * @param chain  on whose behalf the caller acts, nearest first; empty when it acts for itself
 */
public record Caller(
        String id, String tenant, Cohort cohort, Set<String> scopes, Map<String, Object> claims, Proof proof,
        List<String> chain) {

    /** How close to us the caller is. */
    public enum Cohort {
        INTERNAL("internal"), PARTNER("partner"), PUBLIC("public");

        private final String text;

        Cohort(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    /** What binds the credential to its holder. */
    public enum Proof {
        NONE("none"), BEARER("bearer"), MTLS("mtls"), DPOP("dpop");

        private final String text;

        Proof(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    public static final String DEFAULT_TENANT = "default";

    public Caller {
        requireNonNull(id, "id is null");
        requireNonNull(tenant, "tenant is null");
        requireNonNull(cohort, "cohort is null");
        requireNonNull(proof, "proof is null");
        scopes = Set.copyOf(scopes);
        claims = Map.copyOf(claims);
        chain = List.copyOf(chain);
    }

    /** A caller known by nothing but a bearer credential. */
    public static Caller bearer(String id, Cohort cohort) {
        return bearer(id, DEFAULT_TENANT, cohort);
    }

    public static Caller bearer(String id, String tenant, Cohort cohort) {
        return new Caller(id, tenant, cohort, Set.of(), Map.of(), Proof.BEARER, List.of());
    }

    /** A caller that showed no credential and is let in under this name. */
    public static Caller anonymous(String id) {
        return anonymous(id, DEFAULT_TENANT);
    }

    public static Caller anonymous(String id, String tenant) {
        return new Caller(id, tenant, Cohort.PUBLIC, Set.of(), Map.of(), Proof.NONE, List.of());
    }
}
