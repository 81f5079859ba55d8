package dev.sallyport.app.config;

import static java.util.Objects.requireNonNull;

import dev.sallyport.gateway.inspect.BodyRule;
import dev.sallyport.gateway.limit.LimitRule;
import dev.sallyport.gateway.policy.Operation;
import dev.sallyport.gateway.upstream.HealthSpec;
import dev.sallyport.gateway.upstream.Timeouts;
import dev.sallyport.gateway.upstream.TlsSpec;
import dev.sallyport.gateway.upstream.UpstreamCredential;
import dev.sallyport.gateway.upstream.UpstreamSpec.ClientProtocol;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One model.
 *
 * @param versions       by name; a model without versions has one under the empty name
 * @param defaultVersion the key in {@code versions} that answers when the path names none
 * @param hosts          lower-case host names all of whose paths belong to this model
 * @param connections    HTTP/1.1 connections per endpoint at most
 * @param retries        further attempts at most
 * @param retryBudget    share of the calls in flight that may be retries, 0 to 1
 * @param health         active health check; null: none
 * @param limit          rates and concurrency of each version by itself, quotas and budgets of all together
 * @param answer         what of its answers reaches clients
 * @param operations     all that may be asked of it; empty: everything
 * @param credential     what the gateway shows the model; null: nothing
 * @param cost           what its calls cost
 */
public record ModelConfiguration(
        Map<String, VersionConfiguration> versions,
        String defaultVersion,
        Map<String, String> labels,
        BodyRule body,
        Timeouts timeouts,
        List<String> hosts,
        ClientProtocol protocol,
        TlsSpec tls,
        int connections,
        int retries,
        double retryBudget,
        @Nullable HealthSpec health,
        LimitRule limit,
        boolean preserveHost,
        AnswerConfiguration answer,
        List<Operation> operations,
        @Nullable UpstreamCredential credential,
        CostConfiguration cost) {

    public ModelConfiguration {
        versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
        labels = Map.copyOf(labels);
        requireNonNull(body, "body is null");
        requireNonNull(timeouts, "timeouts is null");
        hosts = List.copyOf(hosts);
        requireNonNull(protocol, "protocol is null");
        requireNonNull(tls, "tls is null");
        requireNonNull(limit, "limit is null");
        requireNonNull(answer, "answer is null");
        operations = List.copyOf(operations);
        requireNonNull(cost, "cost is null");
        if (!versions.containsKey(defaultVersion)) {
            throw new IllegalArgumentException("there is no version '" + defaultVersion + "'");
        }
    }
}
