package dev.sallyport.app.check;

import dev.sallyport.app.config.AccessLogTarget;
import dev.sallyport.app.config.CallerConfiguration;
import dev.sallyport.app.config.Configuration;
import dev.sallyport.app.config.FindingCode;
import dev.sallyport.app.config.ListenerConfiguration;
import dev.sallyport.app.config.ModelConfiguration;
import dev.sallyport.app.config.Places.Place;
import dev.sallyport.gateway.http.Network;
import dev.sallyport.gateway.policy.Operation;
import dev.sallyport.gateway.upstream.EndpointSpec;
import dev.sallyport.gateway.upstream.UpstreamSpec.ClientProtocol;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;

/**
 * Every way in which a call can pass a control, or part of one, in a configuration. Most are meant; who reads the list
 * should be able to say why. A key that switches a control off, or whose absence does, belongs here.
 */
final class SkippedControls {
    private final Subject subject;
    private final Findings findings;

    private SkippedControls(Subject subject, Findings findings) {
        this.subject = subject;
        this.findings = findings;
    }

    static void examine(Subject subject, Findings findings) {
        SkippedControls skipped = new SkippedControls(subject, findings);
        skipped.listeners();
        skipped.proxies();
        skipped.accessLog();
        subject.configuration().callers().forEach((name, caller) -> {
            skipped.identify(name, caller);
            skipped.authorize(name, caller);
        });
        subject.configuration().models().forEach((name, model) -> {
            UnreadContents.examine(subject, name, model, findings);
            skipped.operations(name, model);
            skipped.upstream(name, model);
        });
        skipped.tunnels();
        UncheckedAnswers.examine(subject, findings);
        UnlimitedUse.examine(subject, findings);
    }

    private Configuration configuration() {
        return subject.configuration();
    }

    private Place place(Object... keys) {
        return subject.places().of(keys);
    }

    private void listeners() {
        List<ListenerConfiguration> listeners = configuration().listeners();
        for (int i = 0; i < listeners.size(); i++) {
            ListenerConfiguration listener = listeners.get(i);
            if (!listener.secure() && !listener.address().getAddress().isLoopbackAddress()
                    && (subject.places().has("plain-text") || subject.places().has("listen"))) {
                findings.add(FindingCode.UNENCRYPTED_CLIENTS, place("listen", i),
                        "credentials pass in plain text where others can listen",
                        "configure `tls`, or leave this address to a proxy on the same machine");
            }
        }
        if (!configuration().admin().address().getAddress().isLoopbackAddress()) {
            findings.add(FindingCode.ADMIN_EXPOSED, place("admin"),
                    "whoever reaches this address reads health and metrics, without a credential",
                    "listen on 127.0.0.1, or let a firewall see to who reaches it");
        }
    }

    private void proxies() {
        List<Network> networks = configuration().proxies();
        for (int i = 0; i < networks.size(); i++) {
            if (networks.get(i).toString().endsWith("/0")) {
                findings.add(FindingCode.FORGED_ADDRESSES, place("proxies", i),
                        "every client can say what its address is, and so pass every limit per address",
                        "name the networks of your load balancers only");
            }
        }
    }

    private void accessLog() {
        if (configuration().accessLog() instanceof AccessLogTarget.None) {
            findings.add(FindingCode.NO_ACCESS_LOG, place("telemetry", "access-log"), "calls leave no line in a log",
                    "log to `stdout` or a file");
        }
    }

    private void identify(String name, CallerConfiguration caller) {
        if (caller.anonymous()) {
            findings.add(FindingCode.ANONYMOUS_CALLER, place("callers", name, "anonymous"),
                    "whoever shows no credential passes as this caller",
                    "give callers keys, or grant this one little and limit it per address");
        }
    }

    private void authorize(String name, CallerConfiguration caller) {
        if (Grants.everything(caller)) {
            findings.add(FindingCode.GRANTS_EVERYTHING, place("callers", name, "may"),
                    "may call every model, also those that will be added", "list the models that it needs");
        }
    }

    private void operations(String name, ModelConfiguration model) {
        if (model.operations().isEmpty()) {
            findings.add(FindingCode.ANY_OPERATION, place("models", name, "operations"),
                    "every method and path can be called, also those that nobody thought of",
                    "list what is offered in `operations`, such as `POST /predict`");
        }
    }

    private void upstream(String name, ModelConfiguration model) {
        List<String> exposed = model.versions().values().stream()
                .flatMap(version -> version.endpoints().stream())
                .filter(endpoint -> !endpoint.secure() && !loopback(endpoint))
                .map(EndpointSpec::hostAndPort)
                .distinct().toList();
        if (!exposed.isEmpty()) {
            findings.add(FindingCode.UNENCRYPTED_MODEL, place("models", name),
                    "calls pass to " + String.join(", ", exposed) + " in plain text",
                    "serve the model with TLS, or on this machine");
        }
    }

    private static boolean loopback(EndpointSpec endpoint) {
        String host = endpoint.host();
        boolean literal = host.indexOf(':') >= 0 || host.chars().noneMatch(Character::isLetter);
        return host.equals("localhost") || literal && literalIsLoopback(host);
    }

    private static boolean literalIsLoopback(String host) {
        try {
            return InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException name) {
            return false;
        }
    }

    /** A tunnel needs HTTP/1.1 to the model, and begins with GET (RFC 6455 section 4.1). */
    private static boolean opensTunnels(ModelConfiguration model) {
        boolean offered = model.operations().isEmpty()
                || model.operations().stream().map(Operation::method).anyMatch(Set.of("GET", "*")::contains);
        return offered && model.protocol() != ClientProtocol.HTTP_2;
    }

    private void tunnels() {
        List<String> open = configuration().models().entrySet().stream()
                .filter(model -> opensTunnels(model.getValue()))
                .map(model -> "models." + model.getKey())
                .toList();
        if (!open.isEmpty()) {
            findings.add(FindingCode.TUNNELS, place("models"),
                    "what passes through a WebSocket after its handshake is not looked at (%s)".formatted(
                            open.size() > 5 ? open.size() + " models" : String.join(", ", open)),
                    "`operations` without GET, or `protocol: h2`, leave no tunnel; else let the model check what it is sent");
        }
    }
}
