package dev.sallyport.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;

/** An output that keeps what was written, for another thread to read in whole lines. */
final class CapturedLines extends OutputStream {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @Override
    public synchronized void write(int value) {
        written.write(value);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        written.write(bytes, offset, length);
    }

    synchronized String text() {
        String text = written.toString(UTF_8);
        return text.substring(0, text.lastIndexOf('\n') + 1);
    }
}
