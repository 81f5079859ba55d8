package dev.sallyport.gateway.http;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The TLS contexts made of one state of the certificate files, one per certificate, found by the name a client asks for.
 *
 * <p>Owns native memory: each connection holds a reference to its context, so what {@link #release} gives up is freed
 * when the last connection that began with it has closed.
 */
final class TlsContexts {
    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");
    /** Forward secret and authenticated only: RFC 9325 section 4.2, and none that RFC 9113 appendix A forbids. */
    private static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");
    private static final ApplicationProtocolConfig APPLICATION_PROTOCOLS = new ApplicationProtocolConfig(
            Protocol.ALPN, SelectorFailureBehavior.NO_ADVERTISE, SelectedListenerFailureBehavior.ACCEPT,
            ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1);

    private final List<SslContext> contexts = new ArrayList<>();
    private final Map<String, SslContext> exact = new HashMap<>();
    /** By what stands behind the first label: {@code example.org} for {@code *.example.org}. */
    private final Map<String, SslContext> wildcard = new HashMap<>();
    private final Set<String> names = new LinkedHashSet<>();
    private final List<CertificateExpiry> expiries = new ArrayList<>();

    /** @param certificates at least one; the first is used where no name matches, and the earlier where several do */
    TlsContexts(List<ServerCertificate> certificates) throws IOException {
        try {
            for (ServerCertificate certificate : certificates) {
                add(certificate);
            }
        } catch (IOException | RuntimeException e) {
            release();
            throw e;
        }
    }

    private void add(ServerCertificate certificate) throws IOException {
        SslContext context;
        try {
            context = SslContextBuilder.forServer(certificate.key(), certificate.chain())
                    .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
                    .protocols(PROTOCOLS)
                    .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                    .applicationProtocolConfig(APPLICATION_PROTOCOLS)
                    .build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new IOException(
                    certificate.origin() + ": TLS cannot use this certificate with its key: " + e.getMessage(), e);
        }
        contexts.add(context);
        expiries.add(new CertificateExpiry(certificate.origin(), certificate.expiryEpochSeconds()));
        for (String name : certificate.names()) {
            names.add(name);
            if (name.startsWith("*.")) {
                wildcard.putIfAbsent(name.substring(2), context);
            } else {
                exact.putIfAbsent(name, context);
            }
        }
    }

    /** The context for the server name {@code asked}, lower case; an exact name wins over a wildcard (RFC 6125 section 6.4). */
    SslContext find(@Nullable String asked) {
        if (asked == null) {
            return contexts.getFirst();
        }
        SslContext found = exact.get(asked);
        if (found == null) {
            int dot = asked.indexOf('.');
            found = dot < 1 ? null : wildcard.get(asked.substring(dot + 1));
        }
        return found == null ? contexts.getFirst() : found;
    }

    List<String> names() {
        return List.copyOf(names);
    }

    List<CertificateExpiry> expiries() {
        return expiries;
    }

    List<SslContext> contexts() {
        return contexts;
    }

    void release() {
        contexts.forEach(ReferenceCountUtil::release);
    }
}
