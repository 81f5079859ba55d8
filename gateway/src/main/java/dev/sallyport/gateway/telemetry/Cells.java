package dev.sallyport.gateway.telemetry;

import io.netty.util.concurrent.FastThreadLocal;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Blocks of counters, one block per thread that counts, summed when somebody reads. An event loop is the only writer of
 * its block, so a call's two dozen additions need no atomic instruction.
 */
final class Cells {
    /** Gives each thread a stripe of its own; those that come when all are taken share one more, which costs time but no count. */
    static final class Stripes {
        private final int shared;
        private final AtomicInteger threads = new AtomicInteger();
        private final FastThreadLocal<Integer> stripe = new FastThreadLocal<>() {
            @Override
            protected Integer initialValue() {
                return Math.min(threads.getAndIncrement(), shared);
            }
        };

        /** @param owned how many threads get one of their own */
        Stripes(int owned) {
            shared = owned;
        }

        int mine() {
            return stripe.get();
        }
    }

    /** The counters of one stripe. */
    static final class Block {
        private final AtomicLongArray cells;
        private final boolean shared;

        private Block(int size, boolean shared) {
            cells = new AtomicLongArray(size);
            this.shared = shared;
        }

        void add(int cell, long amount) {
            if (shared) {
                cells.getAndAdd(cell, amount);
            } else {
                cells.setOpaque(cell, cells.getPlain(cell) + amount);
            }
        }
    }

    private final int size;
    private final int shared;
    private final AtomicReferenceArray<Block> blocks;

    /** @param size how many counters a block has */
    Cells(Stripes stripes, int size) {
        this.size = size;
        shared = stripes.shared;
        blocks = new AtomicReferenceArray<>(shared + 1);
    }

    Block block(int stripe) {
        Block block = blocks.get(stripe);
        return block != null ? block : make(stripe);
    }

    private Block make(int stripe) {
        Block made = new Block(size, stripe == shared);
        Block witness = blocks.compareAndExchange(stripe, null, made);
        return witness == null ? made : witness;
    }

    /** The counters over all threads; null when none has counted yet. */
    long @Nullable [] sums() {
        long[] sums = null;
        for (int stripe = 0; stripe < blocks.length(); stripe++) {
            Block block = blocks.get(stripe);
            if (block != null) {
                sums = sums == null ? new long[size] : sums;
                for (int cell = 0; cell < size; cell++) {
                    sums[cell] += block.cells.get(cell);
                }
            }
        }
        return sums;
    }
}
