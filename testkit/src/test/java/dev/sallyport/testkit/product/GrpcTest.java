package dev.sallyport.testkit.product;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sallyport.testkit.TestCertificates;
import dev.sallyport.testkit.TestGateway;
import dev.sallyport.testkit.TestKey;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real gRPC client, the gateway, a real gRPC server. */
final class GrpcTest {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> CALL =
            Metadata.Key.of("sallyport-call", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> TIMEOUT =
            Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER);

    private final TestCertificates authority = new TestCertificates();
    private final TestKey key = TestKey.make();
    private final List<ManagedChannel> channels = new ArrayList<>();
    private GrpcEcho server;
    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        server = new GrpcEcho();
        gateway = TestGateway.startSecure(authority, """
                models:
                  echo: {url: "http://127.0.0.1:%d", protocol: h2, hosts: [grpc.example], limit: 1000/s}
                  closed: {url: "http://127.0.0.1:%d", protocol: h2, hosts: [closed.example]}
                callers:
                  app: {key: "%s", may: [echo]}
                """.formatted(server.port(), server.port(), key.hash()));
    }

    @AfterEach
    void stop() throws Exception {
        for (ManagedChannel channel : channels) {
            channel.shutdownNow().awaitTermination(20, TimeUnit.SECONDS);
        }
        gateway.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void passesUnaryCalls(boolean secure) throws Exception {
        Channel channel = channel(secure, "grpc.example", key.text());

        assertThat(ClientCalls.blockingUnaryCall(channel, GrpcEcho.UNARY, CallOptions.DEFAULT, "hello"))
                .isEqualTo("echo hello");
        assertThat(server.received().get(AUTHORIZATION)).isNull();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void passesStreamsOfTheClient(boolean secure) throws Exception {
        Answers answers = new Answers();

        StreamObserver<String> request = ClientCalls.asyncClientStreamingCall(
                channel(secure, "grpc.example", key.text()).newCall(GrpcEcho.CLIENT_STREAMING, CallOptions.DEFAULT),
                answers);
        for (String part : List.of("a", "b", "c")) {
            request.onNext(part);
        }
        request.onCompleted();

        assertThat(answers.next()).isEqualTo("abc");
        assertThat(answers.next()).isEqualTo("completed");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void passesStreamsOfTheServer(boolean secure) throws Exception {
        Iterator<String> words = ClientCalls.blockingServerStreamingCall(
                channel(secure, "grpc.example", key.text()), GrpcEcho.SERVER_STREAMING, CallOptions.DEFAULT,
                "one two three");

        assertThat(words).toIterable().containsExactly("one", "two", "three");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void passesMessagesBothWaysOneByOne(boolean secure) throws Exception {
        Answers answers = new Answers();

        StreamObserver<String> request = ClientCalls.asyncBidiStreamingCall(
                channel(secure, "grpc.example", key.text()).newCall(GrpcEcho.BIDIRECTIONAL, CallOptions.DEFAULT),
                answers);
        for (String message : List.of("ping", "pong")) {
            request.onNext(message);
            assertThat(answers.next()).isEqualTo(message.toUpperCase(Locale.ROOT));
        }
        request.onCompleted();

        assertThat(answers.next()).isEqualTo("completed");
    }

    @Test
    void passesTheStatusAndTrailersOfAFailedCall() throws Exception {
        StatusRuntimeException failure = failure(channel(false, "grpc.example", key.text()), GrpcEcho.FAILING, "löst");

        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.DATA_LOSS);
        assertThat(failure.getStatus().getDescription()).isEqualTo("löst");
        assertThat(trailer(failure, GrpcEcho.DETAIL)).isEqualTo("shown");
    }

    @Test
    void boundsWhatAFailedCallSaysAndKeepsStackTracesOutOfIt() throws Exception {
        Channel channel = channel(false, "grpc.example", key.text());

        assertThat(failure(channel, GrpcEcho.FAILING, "x".repeat(3_000)).getStatus().getDescription()).hasSize(1_024);
        StatusRuntimeException traced = failure(channel, GrpcEcho.FAILING,
                "Traceback (most recent call last):\n  File \"/srv/model/serve.py\", line 3");
        assertThat(traced.getStatus().getCode()).isEqualTo(Status.Code.DATA_LOSS);
        assertThat(traced.getStatus().getDescription()).contains("withheld").doesNotContain("serve.py");
    }

    @Test
    void messagesThatWouldHaveToBeMinimisedAreRefused() throws Exception {
        gateway.reload("""
                models:
                  echo: {url: "http://127.0.0.1:%d", protocol: h2, hosts: [grpc.example], answer: {reveal: {public: {top: 1}}}}
                callers:
                  app: {key: "%s", may: [echo]}
                """.formatted(server.port(), key.hash()));

        assertRefused(channel(false, "grpc.example", key.text()), Status.Code.INTERNAL, "answer-not-acceptable");
    }

    @Test
    void sendsWhatIsLeftOfTheDeadlineUpstream() throws Exception {
        Channel channel = channel(false, "grpc.example", key.text());

        ClientCalls.blockingUnaryCall(channel, GrpcEcho.UNARY,
                CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS), "hello");

        String timeout = String.valueOf(server.received().get(TIMEOUT));
        assertThat(timeout).matches("[0-9]{1,8}[HMSmun]");
        assertThat(nanos(timeout)).isBetween(TimeUnit.SECONDS.toNanos(1), TimeUnit.SECONDS.toNanos(30));
    }

    @Test
    void refusesWithAStatusThatTheClientUnderstands() throws Exception {
        assertRefused(channel(false, "grpc.example", null), Status.Code.UNAUTHENTICATED, "credential-missing");
        assertRefused(channel(true, "grpc.example", "sp_wrong"), Status.Code.UNAUTHENTICATED, "credential-invalid");
        assertRefused(channel(false, "closed.example", key.text()), Status.Code.PERMISSION_DENIED, "not-permitted");
        assertThat(server.quiet()).isTrue();
    }

    @Test
    void saysThatTheServerIsGone() throws Exception {
        server.close();

        assertRefused(channel(false, "grpc.example", key.text()), Status.Code.UNAVAILABLE, "upstream-connect-failed");
    }

    private static void assertRefused(Channel channel, Status.Code code, String refusal) {
        StatusRuntimeException failure = failure(channel, GrpcEcho.UNARY, "hello");
        assertThat(failure.getStatus().getCode()).isEqualTo(code);
        assertThat(failure.getStatus().getDescription()).startsWith(refusal + ": ");
        assertThat(trailer(failure, CALL)).hasSize(26);
    }

    private static String trailer(StatusRuntimeException failure, Metadata.Key<String> name) {
        return String.valueOf(requireNonNull(failure.getTrailers()).get(name));
    }

    private static StatusRuntimeException failure(Channel channel, MethodDescriptor<String, String> method,
            String message) {
        return catchThrowableOfType(
                StatusRuntimeException.class,
                () -> ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, message));
    }

    private Channel channel(boolean secure, String host, @Nullable String credential) throws Exception {
        NettyChannelBuilder builder =
                NettyChannelBuilder.forAddress("127.0.0.1", secure ? gateway.securePort() : gateway.port());
        if (secure) {
            builder.sslContext(GrpcSslContexts.forClient().trustManager(authority.root()).build())
                    .overrideAuthority(host);
        } else {
            builder.usePlaintext().overrideAuthority(host);
        }
        ManagedChannel channel = builder.build();
        channels.add(channel);
        if (credential == null) {
            return channel;
        }
        Metadata metadata = new Metadata();
        metadata.put(AUTHORIZATION, "Bearer " + credential);
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(metadata));
    }

    private static long nanos(String timeout) {
        long amount = Long.parseLong(timeout.substring(0, timeout.length() - 1));
        return switch (timeout.charAt(timeout.length() - 1)) {
            case 'H' -> TimeUnit.HOURS.toNanos(amount);
            case 'M' -> TimeUnit.MINUTES.toNanos(amount);
            case 'S' -> TimeUnit.SECONDS.toNanos(amount);
            case 'm' -> TimeUnit.MILLISECONDS.toNanos(amount);
            case 'u' -> TimeUnit.MICROSECONDS.toNanos(amount);
            default -> amount;
        };
    }

    private static final class Answers implements StreamObserver<String> {
        private final BlockingQueue<String> queue = new LinkedBlockingQueue<>();

        String next() throws InterruptedException {
            String next = queue.poll(20, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nothing came");
            }
            return next;
        }

        @Override
        public void onNext(String message) {
            queue.add(message);
        }

        @Override
        public void onError(Throwable failure) {
            queue.add(failure.toString());
        }

        @Override
        public void onCompleted() {
            queue.add("completed");
        }
    }
}
