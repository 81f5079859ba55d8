package dev.sallyport.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.gateway.testing.TestAuthority;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.ReferenceCounted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServerTlsTest {
    private final TestAuthority authority = new TestAuthority("root");

    @TempDir
    private Path directory;

    @BeforeEach
    void writeFiles() throws IOException {
        authority.issue("a.example", "*.a.example").write(directory, "a");
        authority.issueWithKey("RSA", "b.example", "special.a.example").write(directory, "b");
    }

    @Test
    void findsTheCertificateByNameThenByWildcardAndElseTakesTheFirst() throws IOException {
        try (ServerTls tls = ServerTls.load(List.of(files("a"), files("b")))) {
            TlsContexts contexts = tls.contexts();
            SslContext a = contexts.contexts().getFirst();
            SslContext b = contexts.contexts().getLast();

            assertThat(contexts.find(null)).isSameAs(a);
            assertThat(contexts.find("a.example")).isSameAs(a);
            assertThat(contexts.find("x.a.example")).isSameAs(a);
            assertThat(contexts.find("b.example")).isSameAs(b);
            assertThat(contexts.find("special.a.example")).as("exact before wildcard").isSameAs(b);
            assertThat(contexts.find("x.b.example")).isSameAs(a);
            assertThat(contexts.find("y.x.b.example")).isSameAs(a);
            assertThat(contexts.find(".b.example")).isSameAs(a);
            assertThat(contexts.names()).containsExactly("a.example", "*.a.example", "b.example", "special.a.example");
        }
    }

    @Test
    void aWildcardStandsForOneLabelOnly() throws IOException {
        try (ServerTls tls = ServerTls.load(List.of(files("b"), files("a")))) {
            TlsContexts contexts = tls.contexts();

            assertThat(contexts.find("x.a.example")).isSameAs(contexts.contexts().getLast());
            assertThat(contexts.find("y.x.a.example")).isSameAs(contexts.contexts().getFirst());
        }
    }

    @Test
    void usesBoringSsl() throws IOException {
        try (ServerTls tls = ServerTls.load(List.of(files("a")))) {
            assertThat(tls.contexts().contexts().getFirst()).isInstanceOf(ReferenceCountedOpenSslContext.class);
        }
    }

    @Test
    void takesChangedFilesAndLeavesUnchangedOnes() throws IOException {
        try (ServerTls tls = ServerTls.load(List.of(files("a")))) {
            TlsContexts before = tls.contexts();

            assertThat(tls.reload()).isEqualTo(new TlsReload.Unchanged());
            assertThat(tls.contexts()).isSameAs(before);

            authority.issue("c.example").write(directory, "a");
            assertThat(tls.reload()).isEqualTo(new TlsReload.Loaded(List.of("c.example")));
            assertThat(tls.contexts()).isNotSameAs(before);
        }
    }

    @Test
    void keepsTheOldCertificatesWhileTheNewFilesAreBad() throws IOException {
        try (ServerTls tls = ServerTls.load(List.of(files("a"), files("b")))) {
            TlsContexts before = tls.contexts();

            Files.writeString(directory.resolve("a.pem"), authority.issue("c.example").certificatePem());
            assertThat(tls.reload()).isInstanceOfSatisfying(TlsReload.Kept.class,
                    kept -> assertThat(kept.reason()).contains("a.key", "is not the key of the certificate in"));
            Files.delete(directory.resolve("b.key"));
            assertThat(tls.reload()).isInstanceOfSatisfying(TlsReload.Kept.class,
                    kept -> assertThat(kept.reason()).contains("b.key", "no such file"));
            assertThat(tls.contexts()).isSameAs(before);
            assertThat(referencesOf(before)).isEqualTo(1);
        }
    }

    @Test
    void freesReplacedCertificatesAfterTheLastConnectionThatUsesThem() throws IOException {
        try (ServerTls tls = ServerTls.load(List.of(files("a")))) {
            TlsContexts before = tls.contexts();
            SslHandler first = tls.handler("a.example", ByteBufAllocator.DEFAULT);
            SslHandler second = tls.handler("a.example", ByteBufAllocator.DEFAULT);
            authority.issue("a.example").write(directory, "a");

            assertThat(tls.reload()).isInstanceOf(TlsReload.Loaded.class);

            assertThat(referencesOf(before)).isEqualTo(2);
            ReferenceCountUtil.release(first.engine());
            assertThat(referencesOf(before)).isEqualTo(1);
            ReferenceCountUtil.release(second.engine());
            assertThat(referencesOf(before)).isZero();
        }
    }

    @Test
    void freesItsCertificatesWhenItIsClosedOnceOrTwice() throws IOException {
        ServerTls tls = ServerTls.load(List.of(files("a")));

        tls.close();
        tls.close();

        assertThat(referencesOf(tls.contexts())).isZero();
    }

    @Test
    void reportsEachChangeAndEachComplaintOnce() throws IOException, InterruptedException {
        try (ServerTls tls = ServerTls.load(List.of(files("a")));
                ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor()) {
            BlockingQueue<TlsReload> reports = new LinkedBlockingQueue<>();
            tls.watch(executor, Duration.ofMillis(1), reports::add);

            TestAuthority.Issued issued = authority.issue("c.example");
            Files.writeString(directory.resolve("a.pem"), issued.certificatePem());
            assertThat(reports.take()).isInstanceOf(TlsReload.Kept.class);
            Files.move(Files.writeString(directory.resolve("new"), issued.keyPem()), directory.resolve("a.key"),
                    java.nio.file.StandardCopyOption.ATOMIC_MOVE);
            assertThat(reports.take()).isEqualTo(new TlsReload.Loaded(List.of("c.example")));
            assertThat(reports).isEmpty();
            executor.shutdownNow();
        }
    }

    @Test
    void refusesFilesThatCannotServe() {
        assertThatThrownBy(() -> ServerTls.load(List.of(files("absent")))).isInstanceOf(IOException.class)
                .hasMessageContaining("absent.pem: there is no such file");
        assertThatThrownBy(() -> ServerTls
                .load(List.of(new CertificateFiles(directory.resolve("a.pem"), directory.resolve("b.key")))))
                .hasMessageContaining("b.key: is not the key of the certificate in");
        assertThatThrownBy(() -> ServerTls
                .load(List.of(new CertificateFiles(directory.resolve("a.key"), directory.resolve("a.key")))))
                .hasMessageContaining("a.key: holds no certificate");
    }

    private CertificateFiles files(String name) {
        return new CertificateFiles(directory.resolve(name + ".pem"), directory.resolve(name + ".key"));
    }

    private static int referencesOf(TlsContexts contexts) {
        return ((ReferenceCounted) contexts.contexts().getFirst()).refCnt();
    }
}
