package dev.sallyport.gateway.inspect.image;

import java.util.Arrays;
import java.util.Random;

/** Changes that turn an honest body into one that nobody has seen. */
final class Mutation {
    private static final int CHANGES_MAX = 4;
    private static final int[] NOTABLE = {0, 1, 0x7f, 0x80, 0xff, 0xfe, 0xd9, 0xda, 0x3b, 0x2c, 0x21};

    private Mutation() {}

    static byte[] of(byte[] body, Random random) {
        byte[] mutated = body.clone();
        int changes = 1 + random.nextInt(CHANGES_MAX);
        for (int i = 0; i < changes && mutated.length > 0; i++) {
            mutated = changed(mutated, random);
        }
        return mutated;
    }

    private static byte[] changed(byte[] body, Random random) {
        int at = random.nextInt(body.length);
        int count = Math.min(1 + random.nextInt(8), body.length - at);
        return switch (random.nextInt(6)) {
            case 0 -> Fixtures.with(body, at, random.nextInt(256));
            case 1 -> Fixtures.with(body, at, body[at] ^ 1 << random.nextInt(8));
            case 2 -> Fixtures.with(body, at, NOTABLE[random.nextInt(NOTABLE.length)]);
            case 3 -> filled(body, at, count, random.nextBoolean() ? 0 : 0xff);
            case 4 -> Fixtures.inserted(body, at, Arrays.copyOfRange(body, at, at + count));
            case 5 -> Fixtures.joined(Arrays.copyOf(body, at), Arrays.copyOfRange(body, at + count, body.length));
            default -> throw new AssertionError("beyond the bound");
        };
    }

    private static byte[] filled(byte[] body, int at, int count, int octet) {
        byte[] changed = body.clone();
        Arrays.fill(changed, at, at + count, (byte) octet);
        return changed;
    }
}
