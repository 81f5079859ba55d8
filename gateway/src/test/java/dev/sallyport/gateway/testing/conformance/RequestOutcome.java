package dev.sallyport.gateway.testing.conformance;

import java.util.List;

/** What a client got: the statuses of final and of interim answers in order, and whether the connection was closed. */
public record RequestOutcome(List<Integer> statuses, List<Integer> interims, boolean closed) {}
