package dev.sallyport.gateway.testing.conformance;

import static java.util.Objects.requireNonNull;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** Sends the bytes of conformance cases to a gateway and judges what comes of them. */
public final class CaseRunner {
    private static final int READ_TIMEOUT_MS = 15_000;

    /** Where the upstream behind the gateway keeps what it saw. */
    public interface Upstream {
        /** What arrived since the last call, in order; waits until what is under way has arrived or was broken off. */
        List<SeenRequest> take();
    }

    private final InetSocketAddress gateway;
    private final Upstream upstream;
    private final UnaryOperator<String> credentials;

    /** @param credentials puts real credentials in the place of those that the cases carry */
    public CaseRunner(InetSocketAddress gateway, Upstream upstream, UnaryOperator<String> credentials) {
        this.gateway = requireNonNull(gateway, "gateway is null");
        this.upstream = requireNonNull(upstream, "upstream is null");
        this.credentials = requireNonNull(credentials, "credentials is null");
    }

    /** @return what is wrong; empty when the case passes */
    public List<String> run(RequestCase requestCase) throws IOException {
        RequestOutcome outcome = exchange(requestCase);
        return requestCase.problems(outcome, upstream.take());
    }

    private RequestOutcome exchange(RequestCase requestCase) throws IOException {
        List<Integer> statuses = new ArrayList<>();
        List<Integer> interims = new ArrayList<>();
        boolean closed = false;
        try (Socket socket = new Socket()) {
            socket.connect(gateway);
            socket.setSoTimeout(READ_TIMEOUT_MS);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            send(socket, credentials.apply(requestCase.raw()));
            boolean toHead = requestCase.raw().startsWith("HEAD ");
            if (requestCase.halfClose() && requestCase.then() == null) {
                socket.shutdownOutput();
            }
            while (!closed && (statuses.size() < requestCase.answersExpected() || requestCase.closeExpected())) {
                int status = answer(in, toHead);
                closed = status < 0;
                if (status >= 200) {
                    statuses.add(status);
                } else if (!closed) {
                    interims.add(status);
                    proceed(socket, requestCase, status);
                }
                if (!closed && status >= 300 && !requestCase.closeExpected()) {
                    break;
                }
            }
        } catch (SocketTimeoutException e) {
            // whoever judges sees what has come
        } catch (IOException e) {
            closed = true;
        }
        return new RequestOutcome(statuses, interims, closed);
    }

    private static void proceed(Socket socket, RequestCase requestCase, int status) throws IOException {
        String then = requestCase.then();
        if (status == 100 && then != null) {
            send(socket, then);
            if (requestCase.halfClose()) {
                socket.shutdownOutput();
            }
        }
    }

    private static void send(Socket socket, String raw) throws IOException {
        try {
            socket.getOutputStream().write(raw.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            // the gateway may have answered and closed before it had read everything
        }
    }

    /** @return the status; -1 when the connection closed instead */
    private static int answer(InputStream in, boolean toHead) throws IOException {
        String statusLine = line(in);
        if (statusLine.isEmpty()) {
            return -1;
        }
        int status = Integer.parseInt(statusLine.substring(9, 12));
        long length = -1;
        boolean chunked = false;
        for (String field = line(in); !field.isEmpty(); field = line(in)) {
            String lower = field.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Long.parseLong(lower.substring(15).strip());
            }
            chunked |= lower.startsWith("transfer-encoding:");
        }
        if (status >= 200 && status != 204 && status != 304 && !toHead) {
            body(in, length, chunked);
        }
        return status;
    }

    private static void body(InputStream in, long length, boolean chunked) throws IOException {
        if (!chunked) {
            if (length < 0) {
                in.readAllBytes();
            } else {
                in.skipNBytes(length);
            }
            return;
        }
        for (int size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
            in.skipNBytes(size + 2L);
        }
        String trailer = line(in);
        while (!trailer.isEmpty()) {
            trailer = line(in);
        }
    }

    /** A line without its end; empty also at the end of the stream before any byte. */
    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                if (line.isEmpty()) {
                    return "";
                }
                throw new EOFException("within a line");
            }
            line.append((char) c);
        }
        int end = line.length() - 1;
        if (end < 0 || line.charAt(end) != '\r') {
            throw new IOException("a line without CR LF");
        }
        return line.substring(0, end);
    }
}
