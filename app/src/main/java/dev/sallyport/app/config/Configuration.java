package dev.sallyport.app.config;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.http.CertificateFiles;
import dev.sallyport.gateway.http.Limits;
import dev.sallyport.gateway.http.Network;
import dev.sallyport.gateway.identity.FailureLimit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One valid configuration: what the file says, with every default filled in.
 *
 * @param digest       {@code sha256:…} of the file's bytes
 * @param listeners    at least one
 * @param admin        where health and metrics are served, in plain text
 * @param certificates what secure listeners show, the first when no other fits the name asked for; empty exactly when no listener is secure
 * @param proxies      networks whose word on the client's address is believed
 * @param loops        event loops; null: one per processor
 * @param traces       null: nothing is traced
 * @param spendingJournal where it is written down what was spent
 * @param identification  how many wrong credentials one network may show
 * @param spending     what all calls may use together
 * @param models       by name, in the file's order
 * @param callers      by name, in the file's order
 * @param notices      what is allowed and yet probably not meant
 */
public record Configuration(
        String digest,
        List<ListenerConfiguration> listeners,
        ListenerConfiguration admin,
        List<CertificateFiles> certificates,
        List<Network> proxies,
        boolean proxyProtocol,
        @Nullable Integer loops,
        Limits limits,
        AccessLogTarget accessLog,
        @Nullable TraceConfiguration traces,
        SpendingJournal spendingJournal,
        FailureLimit identification,
        SpendingConfiguration spending,
        Map<String, ModelConfiguration> models,
        Map<String, CallerConfiguration> callers,
        List<Finding> notices)
        implements LoadResult {

    public Configuration {
        requireNonNull(digest, "digest is null");
        listeners = List.copyOf(listeners);
        requireNonNull(admin, "admin is null");
        certificates = List.copyOf(certificates);
        proxies = List.copyOf(proxies);
        requireNonNull(limits, "limits is null");
        requireNonNull(accessLog, "accessLog is null");
        requireNonNull(spendingJournal, "spendingJournal is null");
        requireNonNull(identification, "identification is null");
        requireNonNull(spending, "spending is null");
        models = Collections.unmodifiableMap(new LinkedHashMap<>(models));
        callers = Collections.unmodifiableMap(new LinkedHashMap<>(callers));
        notices = List.copyOf(notices);
        if (listeners.isEmpty()) {
            throw new IllegalArgumentException("listeners is empty");
        }
        if (certificates.isEmpty() == listeners.stream().anyMatch(ListenerConfiguration::secure)) {
            throw new IllegalArgumentException("secure listeners and certificates go together");
        }
        if (proxyProtocol && proxies.isEmpty()) {
            throw new IllegalArgumentException("the PROXY protocol needs proxies that are believed");
        }
    }

    @Override
    public Configuration orThrow() {
        return this;
    }
}
