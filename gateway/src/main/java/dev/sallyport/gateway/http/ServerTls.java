package dev.sallyport.gateway.http;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.IllegalReferenceCountException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * TLS 1.2 and 1.3 on the server side, by BoringSSL where it is there, from PEM files that may change while connections are open.
 *
 * <p>Handshakes happen on all event loops; {@link #reload} and {@link #close} may be called from any other thread.
 */
public final class ServerTls implements AutoCloseable {
    private final List<CertificateFiles> files;
    private volatile TlsContexts contexts;
    private byte[] digest;
    private boolean closed;

    private ServerTls(List<CertificateFiles> files, TlsContexts contexts, byte[] digest) {
        this.files = files;
        this.contexts = contexts;
        this.digest = digest;
    }

    /**
     * Reads the files. Blocks.
     *
     * @param files one pair per certificate; which one a client sees is chosen by the name it asks for (SNI, RFC 6066), and the first where none matches
     * @throws IOException with a message that names the file and what is wrong with it
     */
    public static ServerTls load(List<CertificateFiles> files) throws IOException {
        if (files.isEmpty()) {
            throw new IllegalArgumentException("no certificate files");
        }
        Contents contents = Contents.read(files);
        return new ServerTls(List.copyOf(files), contents.contexts(files), contents.digest());
    }

    /**
     * Reads the files again, and uses what they hold for new handshakes. Blocks. Files that cannot be used change nothing;
     * so a certificate and its key that are replaced one after the other are taken once both are there.
     */
    public synchronized TlsReload reload() {
        if (closed) {
            return new TlsReload.Unchanged();
        }
        TlsContexts loaded;
        try {
            Contents contents = Contents.read(files);
            byte[] changed = contents.digest();
            if (MessageDigest.isEqual(digest, changed)) {
                return new TlsReload.Unchanged();
            }
            loaded = contents.contexts(files);
            digest = changed;
        } catch (IOException e) {
            return new TlsReload.Kept(String.valueOf(e.getMessage()));
        }
        TlsContexts replaced = contexts;
        contexts = loaded;
        replaced.release();
        return new TlsReload.Loaded(loaded.names());
    }

    /**
     * Reads the files again every {@code interval}, and reports what changed; the same complaint only once.
     *
     * @param executor may be blocked; never an event loop
     */
    public ScheduledFuture<?> watch(ScheduledExecutorService executor, Duration interval, Consumer<TlsReload> report) {
        Runnable check = new Runnable() {
            private TlsReload last = new TlsReload.Unchanged();

            @Override
            public void run() {
                TlsReload outcome = reload();
                if (!outcome.equals(last) && !(outcome instanceof TlsReload.Unchanged)) {
                    report.accept(outcome);
                }
                last = outcome;
            }
        };
        return executor.scheduleWithFixedDelay(check, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** A handler for one connection, with the certificate for the server name {@code asked} (lower case). */
    SslHandler handler(@Nullable String asked, ByteBufAllocator allocator) {
        while (true) {
            TlsContexts tried = contexts;
            try {
                return tried.find(asked).newHandler(allocator);
            } catch (IllegalReferenceCountException e) {
                if (tried == contexts) {
                    throw e;
                }
                // Replaced between the two: the new ones are there already.
            }
        }
    }

    /** When the certificates in use expire, in the order of their files. */
    public List<CertificateExpiry> expiries() {
        return List.copyOf(contexts.expiries());
    }

    TlsContexts contexts() {
        return contexts;
    }

    /** No handshake can begin any more; open connections keep what they need. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            contexts.release();
        }
    }

    /** What the files held when they were read: the certificate and the key of each pair in turn. */
    private record Contents(List<byte[]> pieces) {
        static Contents read(List<CertificateFiles> files) throws IOException {
            List<byte[]> pieces = new ArrayList<>();
            for (CertificateFiles pair : files) {
                pieces.add(bytes(pair.certificate()));
                pieces.add(bytes(pair.key()));
            }
            return new Contents(pieces);
        }

        private static byte[] bytes(Path file) throws IOException {
            try {
                return Files.readAllBytes(file);
            } catch (NoSuchFileException e) {
                throw new IOException(file + ": there is no such file", e);
            } catch (IOException e) {
                throw new IOException(file + ": cannot be read: " + e, e);
            }
        }

        byte[] digest() {
            try {
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                for (byte[] piece : pieces) {
                    digest.update(MessageDigest.getInstance("SHA-256").digest(piece));
                }
                return digest.digest();
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has SHA-256", e);
            }
        }

        TlsContexts contexts(List<CertificateFiles> files) throws IOException {
            List<ServerCertificate> certificates = new ArrayList<>();
            for (int i = 0; i < files.size(); i++) {
                certificates.add(ServerCertificate.of(files.get(i), pieces.get(2 * i), pieces.get(2 * i + 1)));
            }
            return new TlsContexts(certificates);
        }
    }
}
