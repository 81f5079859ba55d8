package dev.sallyport.gateway.http;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * How TLS 1.2 or 1.3 is spoken with an upstream: whom we trust, and the certificate that we show. The upstream's chain
 * and its name are always verified (RFC 9110 section 4.3.4). Holds native memory until {@link #release()}; connections
 * opened before that keep what they need. Safe for use by several threads.
 */
public final class ClientTls {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final List<Path> files;
    private final List<byte[]> contents;
    private final Map<ClientTarget.Version, SslContext> contexts = new EnumMap<>(ClientTarget.Version.class);
    private final AtomicBoolean released = new AtomicBoolean();

    private ClientTls(List<Path> files) throws IOException {
        this.files = files;
        contents = read(files);
    }

    /**
     * Reads the files and makes what handshakes need. Blocks.
     *
     * @param trust       PEM files of the accepted authorities; empty: those of the Java platform
     * @param certificate PEM chain to show; null: none
     * @param key         PEM private key of it, not encrypted; null exactly when {@code certificate} is
     * @throws IllegalArgumentException when a file cannot be read or used; the message names it
     */
    public static ClientTls load(List<Path> trust, @Nullable Path certificate, @Nullable Path key) {
        List<Path> files = new ArrayList<>(trust);
        if (certificate != null && key != null) {
            files.add(certificate);
            files.add(key);
        }
        try {
            ClientTls tls = new ClientTls(List.copyOf(files));
            tls.build(trust.size());
            return tls;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static List<byte[]> read(List<Path> files) throws IOException {
        List<byte[]> contents = new ArrayList<>();
        for (Path file : files) {
            try {
                contents.add(Files.readAllBytes(file));
            } catch (NoSuchFileException e) {
                throw new IOException(file + ": there is no such file", e);
            } catch (IOException e) {
                throw new IOException(file + ": cannot be read: " + e, e);
            }
        }
        return contents;
    }

    /** Whether the files still hold what they held. Blocks. */
    public boolean current() {
        try {
            List<byte[]> now = read(files);
            for (int i = 0; i < now.size(); i++) {
                if (!Arrays.equals(now.get(i), contents.get(i))) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** @param trusted how many of the files, from the first, hold authorities; a certificate and its key follow, or nothing */
    private void build(int trusted) throws IOException, GeneralSecurityException {
        TrustManagerFactory authorities = authorities(trusted);
        ServerCertificate shown = trusted == files.size()
                ? null
                : ServerCertificate.of(new CertificateFiles(files.get(trusted), files.get(trusted + 1)),
                        contents.get(trusted), contents.get(trusted + 1));
        try {
            for (ClientTarget.Version version : ClientTarget.Version.values()) {
                contexts.put(version, context(authorities, shown, version));
            }
        } catch (IOException | RuntimeException e) {
            release();
            throw new IOException("TLS cannot use " + files + ": " + e.getMessage(), e);
        }
    }

    private TrustManagerFactory authorities(int trusted) throws IOException, GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        if (trusted == 0) {
            factory.init((KeyStore) null);
            return factory;
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (int i = 0; i < trusted; i++) {
            try {
                for (X509Certificate authority : Pem.certificates(contents.get(i))) {
                    store.setCertificateEntry("authority-" + store.size(), authority);
                }
            } catch (IOException e) {
                throw new IOException(files.get(i) + ": " + e.getMessage(), e);
            }
        }
        factory.init(store);
        return factory;
    }

    private static SslContext context(TrustManagerFactory authorities, @Nullable ServerCertificate shown,
            ClientTarget.Version version) throws IOException {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
                .protocols(PROTOCOLS)
                .trustManager(authorities)
                .endpointIdentificationAlgorithm("HTTPS")
                .applicationProtocolConfig(
                        new ApplicationProtocolConfig(
                                Protocol.ALPN, SelectorFailureBehavior.NO_ADVERTISE,
                                SelectedListenerFailureBehavior.ACCEPT, names(version)));
        if (shown != null) {
            builder.keyManager(shown.key(), shown.chain());
        }
        return builder.build();
    }

    private static String[] names(ClientTarget.Version version) {
        return switch (version) {
            case HTTP_1 -> new String[]{ApplicationProtocolNames.HTTP_1_1};
            case HTTP_2 -> new String[]{ApplicationProtocolNames.HTTP_2};
            case NEGOTIATED -> new String[]{ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1};
        };
    }

    /** The handler for one new connection; null once this is released. */
    @Nullable
    SslHandler handler(ByteBufAllocator allocator, ClientTarget.Version version, String serverName, int port) {
        SslContext context = contexts.get(version);
        if (context == null) {
            return null;
        }
        try {
            SslHandler handler = context.newHandler(allocator, serverName, port);
            handler.setHandshakeTimeoutMillis(0); // whoever opens the connection bounds it as a whole
            return handler;
        } catch (IllegalReferenceCountException e) {
            return null;
        }
    }

    /** Gives the native memory back; may be called again. */
    public void release() {
        if (released.compareAndSet(false, true)) {
            contexts.values().forEach(ReferenceCountUtil::release);
        }
    }
}
