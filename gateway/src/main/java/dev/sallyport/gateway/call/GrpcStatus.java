package dev.sallyport.gateway.call;

/** The status codes of gRPC that refusals use (github.com/grpc/grpc, doc/statuscodes.md). */
public enum GrpcStatus {
    INVALID_ARGUMENT(3), DEADLINE_EXCEEDED(4), PERMISSION_DENIED(7), RESOURCE_EXHAUSTED(8), UNIMPLEMENTED(12),
    INTERNAL(13), UNAVAILABLE(14), UNAUTHENTICATED(
            16);

    private final int number;

    GrpcStatus(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
