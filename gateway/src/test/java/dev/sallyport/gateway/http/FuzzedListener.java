package dev.sallyport.gateway.http;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** A real listener that echoes, to which a fuzzer sends bytes: it answers and closes, in time and without an unexpected exception. */
final class FuzzedListener {
    private static final int ANSWER_TIMEOUT_MILLIS = 5_000;

    private final TestingGateway gateway;
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();

    private FuzzedListener(TestingGateway gateway) {
        this.gateway = gateway;
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                IThrowableProxy thrown = event.getThrowableProxy();
                boolean network = thrown != null && thrown.getClassName().contains("IOException");
                if (event.getLevel().isGreaterOrEqual(Level.WARN) && !network) {
                    failures.add(event.getFormattedMessage()
                            + (thrown == null ? "" : ": " + thrown.getClassName() + ": " + thrown.getMessage() + " at "
                                    + thrown.getStackTraceElementProxyArray()[0]));
                }
            }
        };
        appender.setContext(context);
        appender.start();
        Logger root = context.getLogger("dev.sallyport");
        root.setLevel(Level.WARN);
        root.setAdditive(false);
        root.addAppender(appender);
    }

    static FuzzedListener open() {
        try {
            TestingHandler echo = TestingHandler.echo();
            Consumer<TestingHandler.RecordedExchange> answering = echo.onExchange;
            echo.onExchange = recorded -> {
                recorded.onFailed = () -> recorded.answer(400, "");
                answering.accept(recorded);
            };
            // The notes of the handler are not needed, and would grow with every input.
            return new FuzzedListener(TestingGateway.plain(new ExchangeHandler() {
                @Override
                public void handle(Exchange exchange) {
                    echo.handle(exchange);
                    echo.exchanges.clear();
                }

                @Override
                public void refused(dev.sallyport.gateway.call.Peer peer, String callId,
                        dev.sallyport.gateway.call.Refusal reason) {}
            }));
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Sends {@code parts} one after another on one connection, half-closes it, and reads all that comes back. */
    byte[] send(byte[]... parts) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.connect(gateway.address());
            socket.setSoTimeout(ANSWER_TIMEOUT_MILLIS);
            try {
                OutputStream out = socket.getOutputStream();
                for (byte[] part : parts) {
                    out.write(part);
                }
                socket.shutdownOutput();
                InputStream in = socket.getInputStream();
                in.transferTo(answer);
            } catch (SocketTimeoutException hanging) {
                throw new AssertionError("the connection was not closed", hanging);
            } catch (SocketException reset) {
                // A listener may close before it has read everything.
            }
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
        @Nullable String failure = failures.poll();
        if (failure != null) {
            throw new AssertionError(failure);
        }
        return answer.toByteArray();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
