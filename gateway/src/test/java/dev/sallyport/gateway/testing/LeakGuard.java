package dev.sallyport.gateway.testing;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails every test class after which some buffer was collected before it was released. Found by JUnit on its own. */
public final class LeakGuard implements AfterAllCallback {
    private static final long COLLECTION_TIMEOUT_MS = 10_000;

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        List<String> leaks = leaksFound();
        if (!leaks.isEmpty()) {
            throw new AssertionError(
                    leaks.size() + " leaked in " + context.getDisplayName() + ":\n" + String.join("\n", leaks));
        }
    }

    /** The reports of all that became unreachable without being released. */
    static List<String> leaksFound() throws InterruptedException {
        // Once to clear the references, once more to be sure that the first collection's were all handed over.
        collect();
        collect();
        return RecordingLeakDetector.drainReports();
    }

    private static void collect() throws InterruptedException {
        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        WeakReference<Object> sentinel = new WeakReference<>(new Object(), queue);
        System.gc();
        if (queue.remove(COLLECTION_TIMEOUT_MS) != sentinel) {
            throw new AssertionError("the collector did not run");
        }
    }
}
