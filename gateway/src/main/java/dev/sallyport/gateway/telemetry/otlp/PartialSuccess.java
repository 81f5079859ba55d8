package dev.sallyport.gateway.telemetry.otlp;

/**
 * Reads of a collector's answer (ExportTraceServiceResponse) how many spans it did not take. What is no such message
 * counts as none: the answer's status has said that the rest was taken.
 */
final class PartialSuccess {
    private static final int PARTIAL_SUCCESS = 1 << 3 | 2;
    private static final int REJECTED_SPANS = 1 << 3;

    private PartialSuccess() {}

    static long rejectedSpans(byte[] answer) {
        // Both fields have the lowest numbers, so that every encoder writes them first.
        int at = 0;
        if (at >= answer.length || answer[at++] != PARTIAL_SUCCESS) {
            return 0;
        }
        while (at < answer.length && answer[at] < 0) {
            at++;
        }
        at++;
        if (at >= answer.length || answer[at++] != REJECTED_SPANS) {
            return 0;
        }
        long rejected = 0;
        for (int shift = 0; at < answer.length && shift < Long.SIZE; shift += 7) {
            byte each = answer[at++];
            rejected |= (each & 0x7fL) << shift;
            if (each >= 0) {
                return Math.max(0, rejected);
            }
        }
        return 0;
    }
}
