package dev.sallyport.gateway.call;

/** The stretches into which the time of a call is divided, in the order in which they end. */
public enum Phase {
    ACCEPT("accept"),
    TLS("tls"),
    PARSE("parse"),
    IDENTIFY("identify"),
    LIMIT("limit"),
    AUTHORIZE("authorize"),
    INSPECT("inspect"),
    QUEUE("queue"),
    CONNECT("connect"),
    SEND("send"),
    FIRST_BYTE("first_byte"),
    LAST_BYTE("last_byte"),
    RECORD("record");

    private final String text;

    Phase(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }
}
