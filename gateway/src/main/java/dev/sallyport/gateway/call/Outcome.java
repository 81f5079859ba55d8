package dev.sallyport.gateway.call;

/** Who is answerable for how a call ended, independent of its status code. */
public enum Outcome {
    SUCCESS("success"), CLIENT("client"), POLICY("policy"), GATEWAY("gateway"), UPSTREAM("upstream");

    private final String text;

    Outcome(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }
}
