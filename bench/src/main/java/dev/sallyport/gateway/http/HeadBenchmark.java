package dev.sallyport.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to read the head of an HTTP/1.1 message: that of a load generator, and that of a browser. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class HeadBenchmark {
    private final ByteBuf small = bytes("""
            POST /m1/predict HTTP/1.1
            Host: 127.0.0.1:8080
            Content-Type: application/json
            X-Api-Key: sp_0000000000000000000000000000000000000000000000000
            Content-Length: 1024
            """);
    private final ByteBuf browser = bytes("""
            GET /resnet/predict?top=5&labels=true HTTP/1.1
            Host: models.example.com
            User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0
            Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8
            Accept-Language: en-GB,en;q=0.7,de;q=0.3
            Accept-Encoding: gzip, deflate, br, zstd
            Referer: https://models.example.com/
            Authorization: Bearer sp_0000000000000000000000000000000000000000000000000
            Cookie: session=0123456789abcdef0123456789abcdef; theme=dark
            Sec-Fetch-Dest: document
            Sec-Fetch-Mode: navigate
            Sec-Fetch-Site: same-origin
            Upgrade-Insecure-Requests: 1
            Connection: keep-alive
            """);
    private final ByteBuf answer = bytes("""
            HTTP/1.1 200 OK
            Server: uvicorn
            Date: Sun, 01 Nov 2026 10:00:00 GMT
            Content-Type: application/json
            Content-Length: 70
            """);
    private final RequestParser requests = new RequestParser(Limits.DEFAULTS, new Scratch());
    private final ResponseParser responses = new ResponseParser(Limits.DEFAULTS, new Scratch());

    @Benchmark
    public boolean smallRequest() throws ProtocolViolation {
        return requests.parse(small.readerIndex(0));
    }

    @Benchmark
    public boolean browserRequest() throws ProtocolViolation {
        return requests.parse(browser.readerIndex(0));
    }

    @Benchmark
    public boolean response() throws ProtocolViolation {
        return responses.parse(answer.readerIndex(0));
    }

    private static ByteBuf bytes(String lines) {
        String text = lines.replace("\n", "\r\n") + "\r\n";
        ByteBuf direct = Unpooled.directBuffer(text.length());
        direct.writeCharSequence(text, StandardCharsets.US_ASCII);
        return direct;
    }
}
