package dev.sallyport.app;

import dev.sallyport.app.config.AccessLogTarget;
import dev.sallyport.app.config.Configuration;
import dev.sallyport.app.config.ListenerConfiguration;
import dev.sallyport.app.config.SpendingJournal;
import dev.sallyport.app.config.TraceConfiguration;
import dev.sallyport.gateway.http.CertificateFiles;
import dev.sallyport.gateway.http.Limits;
import dev.sallyport.gateway.http.Network;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a running gateway cannot change: an edit of it takes effect with the next start. */
record FixedSettings(
        ListenerConfiguration admin, List<CertificateFiles> certificates, List<Network> proxies, boolean proxyProtocol,
        @Nullable Integer loops,
        Limits limits, AccessLogTarget accessLog, @Nullable TraceConfiguration traces,
        SpendingJournal spendingJournal) {

    static FixedSettings of(Configuration configuration) {
        return new FixedSettings(
                configuration.admin(), configuration.certificates(), configuration.proxies(),
                configuration.proxyProtocol(), configuration.loops(),
                configuration.limits(), configuration.accessLog(), configuration.traces(),
                configuration.spendingJournal());
    }

    /** The keys under which {@code next} says something else. */
    List<String> changedBy(FixedSettings next) {
        Map<String, Boolean> same = new LinkedHashMap<>();
        same.put("admin", admin.equals(next.admin));
        same.put("tls", certificates.equals(next.certificates));
        same.put("proxies", proxies.equals(next.proxies));
        same.put("proxy-protocol", proxyProtocol == next.proxyProtocol);
        same.put("loops", Objects.equals(loops, next.loops));
        same.put("limits", limits.equals(next.limits));
        same.put("telemetry.access-log", accessLog.equals(next.accessLog));
        same.put("telemetry.otlp", Objects.equals(collector(traces), collector(next.traces)));
        same.put("telemetry.sample", traces == null || next.traces == null
                || traces.sampling().equals(next.traces.sampling()));
        same.put("spending.journal", spendingJournal.equals(next.spendingJournal));
        return same.entrySet().stream().filter(each -> !each.getValue()).map(Map.Entry::getKey).toList();
    }

    private static @Nullable List<@Nullable Object> collector(@Nullable TraceConfiguration traces) {
        return traces == null ? null : Arrays.asList(traces.collector(), traces.trust());
    }
}
