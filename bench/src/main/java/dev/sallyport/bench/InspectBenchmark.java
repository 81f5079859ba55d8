package dev.sallyport.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sallyport.gateway.call.Action;
import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Caller;
import dev.sallyport.gateway.call.Deadline;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.Peer;
import dev.sallyport.gateway.call.Protocol;
import dev.sallyport.gateway.call.RequestHead;
import dev.sallyport.gateway.call.Resource;
import dev.sallyport.gateway.call.Time;
import dev.sallyport.gateway.call.Timeline;
import dev.sallyport.gateway.call.Verdict;
import dev.sallyport.gateway.inspect.BodyRule;
import dev.sallyport.gateway.inspect.Inspect;
import dev.sallyport.gateway.inspect.InspectionThreads;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What looking into one body costs on an event loop: head and whole body, each body just short of what is looked at elsewhere. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // @Setup comes before all
public class InspectBenchmark {
    private static final Resource MODEL = Resource.model("m", "", null, Map.of());

    @Param({"jpeg of 50 kB", "form of 50 kB", "text of 250 kB", "numbers of 250 kB", "gzip of 1.6 kB"})
    String body;

    private final InspectionThreads threads = new InspectionThreads();
    private final Inspect inspect = new Inspect(Map.of(MODEL.id(), new BodyRule(
            10 << 20, List.of("image/jpeg", "application/json", "multipart/form-data"))), threads);
    private Headers headers;
    private ByteBuf content;
    private RequestHead head;
    private Peer peer;

    @Setup
    public void make() throws IOException {
        byte[] bytes = switch (body) {
            case "jpeg of 50 kB" -> made("image/jpeg", jpeg());
            case "form of 50 kB" -> made("multipart/form-data; boundary=0123456789abcdef", form(jpeg()));
            case "text of 250 kB" ->
                    made("application/json", ("{\"prompt\":\"" + "word ".repeat(50_000) + "\"}").getBytes(ISO_8859_1));
            case "numbers of 250 kB" -> made("application/json", numbers(35_000));
            default -> {
                byte[] encoded = gzip(numbers(500));
                byte[] made = made("application/json", encoded);
                headers.add("content-encoding", "gzip");
                yield made;
            }
        };
        content = PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(bytes);
        head = new RequestHead(Protocol.HTTP_1_1, "POST", "http", "gateway", "/m/predict", null, headers, bytes.length,
                null);
        InetSocketAddress here = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        peer = new Peer(here, here.getAddress(), here, false, null);
        if (!(whole() instanceof Verdict.Pass)) {
            throw new IllegalStateException(body + " does not pass on the loop");
        }
    }

    private byte[] made(String type, byte[] bytes) {
        headers = Headers.of("content-type", type);
        return bytes;
    }

    @TearDown
    public void close() {
        content.release();
        threads.close();
    }

    @Benchmark
    public Verdict whole() {
        Call call = new Call("call", head, peer, new Timeline(0), 0,
                Deadline.after(Time.SYSTEM.nanos(), Long.MAX_VALUE / 2));
        call.identified(Caller.anonymous("bench"));
        call.routed(MODEL, Action.INVOKE, "/predict");
        inspect.check(call);
        inspect.body(call);
        return inspect.whole(call, content);
    }

    private static byte[] jpeg() throws IOException {
        BufferedImage picture = new BufferedImage(360, 260, BufferedImage.TYPE_INT_RGB);
        SplittableRandom random = new SplittableRandom(1);
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                picture.setRGB(x, y, random.nextInt(0x404040));
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(picture, "jpeg", out);
        return out.toByteArray();
    }

    private static byte[] form(byte[] file) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(("--0123456789abcdef\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\n"
                + "Content-Type: image/jpeg\r\n\r\n").getBytes(ISO_8859_1));
        out.writeBytes(file);
        out.writeBytes("\r\n--0123456789abcdef--\r\n".getBytes(ISO_8859_1));
        return out.toByteArray();
    }

    private static byte[] numbers(int count) {
        SplittableRandom random = new SplittableRandom(1);
        StringBuilder text = new StringBuilder("{\"instances\":[[0");
        for (int i = 0; i < count; i++) {
            text.append(",0.").append(random.nextInt(10_000));
        }
        return text.append("]]}").toString().getBytes(ISO_8859_1);
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream encoding = new GZIPOutputStream(out)) {
            encoding.write(plain);
        }
        return out.toByteArray();
    }
}
