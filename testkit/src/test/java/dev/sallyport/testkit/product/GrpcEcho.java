package dev.sallyport.testkit.product;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A real gRPC server with one method of each kind over strings, so that nothing has to be generated. It notes the metadata it got. */
final class GrpcEcho implements AutoCloseable {
    private static final String SERVICE = "test.Echo";
    private static final MethodDescriptor.Marshaller<String> TEXT = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(String value) {
            return new ByteArrayInputStream(value.getBytes(UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), UTF_8);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    };

    static final MethodDescriptor<String, String> UNARY = method(MethodType.UNARY, "Unary");
    static final MethodDescriptor<String, String> CLIENT_STREAMING = method(MethodType.CLIENT_STREAMING, "Join");
    static final MethodDescriptor<String, String> SERVER_STREAMING = method(MethodType.SERVER_STREAMING, "Split");
    static final MethodDescriptor<String, String> BIDIRECTIONAL = method(MethodType.BIDI_STREAMING, "Shout");
    static final MethodDescriptor<String, String> FAILING = method(MethodType.UNARY, "Fail");
    static final Metadata.Key<String> DETAIL = Metadata.Key.of("x-detail", Metadata.ASCII_STRING_MARSHALLER);

    private final BlockingQueue<Metadata> received = new LinkedBlockingQueue<>();
    private final Server server;

    GrpcEcho() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .addService(ServerInterceptors.intercept(service(), this::note))
                .build()
                .start();
    }

    int port() {
        return server.getPort();
    }

    /** What came with the next call that was not asked for yet. */
    Metadata received() throws InterruptedException {
        Metadata metadata = received.poll(20, TimeUnit.SECONDS);
        if (metadata == null) {
            throw new AssertionError("no call came");
        }
        return metadata;
    }

    boolean quiet() {
        return received.isEmpty();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private <Q, A> ServerCall.Listener<Q> note(ServerCall<Q, A> call, Metadata metadata, ServerCallHandler<Q, A> next) {
        received.add(metadata);
        return next.startCall(call, metadata);
    }

    private static ServerServiceDefinition service() {
        return ServerServiceDefinition.builder(SERVICE)
                .addMethod(UNARY, ServerCalls.asyncUnaryCall((request, answer) -> {
                    answer.onNext("echo " + request);
                    answer.onCompleted();
                }))
                .addMethod(CLIENT_STREAMING, ServerCalls.asyncClientStreamingCall(answer -> new Joining(answer)))
                .addMethod(SERVER_STREAMING, ServerCalls.asyncServerStreamingCall((request, answer) -> {
                    for (String word : request.split(" ")) {
                        answer.onNext(word);
                    }
                    answer.onCompleted();
                }))
                .addMethod(BIDIRECTIONAL, ServerCalls.asyncBidiStreamingCall(answer -> new Shouting(answer)))
                .addMethod(FAILING, ServerCalls.asyncUnaryCall((request, answer) -> {
                    Metadata trailers = new Metadata();
                    trailers.put(DETAIL, "shown");
                    answer.onError(Status.DATA_LOSS.withDescription(request).asRuntimeException(trailers));
                }))
                .build();
    }

    private static MethodDescriptor<String, String> method(MethodType type, String name) {
        return MethodDescriptor.<String, String>newBuilder()
                .setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
                .setRequestMarshaller(TEXT)
                .setResponseMarshaller(TEXT)
                .build();
    }

    private record Shouting(StreamObserver<String> answer) implements StreamObserver<String> {
        @Override
        public void onNext(String message) {
            answer.onNext(message.toUpperCase(Locale.ROOT));
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {
            answer.onCompleted();
        }
    }

    private static final class Joining implements StreamObserver<String> {
        private final StreamObserver<String> answer;
        private final StringBuilder joined = new StringBuilder();

        Joining(StreamObserver<String> answer) {
            this.answer = answer;
        }

        @Override
        public void onNext(String message) {
            joined.append(message);
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {
            answer.onNext(joined.toString());
            answer.onCompleted();
        }
    }
}
