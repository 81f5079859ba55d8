package dev.sallyport.gateway.http;

/** Who keeps a connection to an endpoint, and is told of its life. All methods are called on the connection's loop. */
public interface ClientConnectionListener {
    /** The connection is ready for attempts. */
    void opened(ClientConnection connection);

    /** The connection could not be opened. The last callback. */
    void openingFailed(AttemptFailure failure);

    /** An attempt has ended, or the peer allows more of them: {@link ClientConnection#capacity()} may have grown. */
    void available(ClientConnection connection);

    /** The connection is closed. The last callback. */
    void closed(ClientConnection connection);
}
