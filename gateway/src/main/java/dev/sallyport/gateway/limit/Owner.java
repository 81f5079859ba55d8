package dev.sallyport.gateway.limit;

/** Whose limit, quota or budget it is, the narrowest first. */
public enum Owner {
    CALLER_MODEL("caller-model"), CALLER("caller"), MODEL("model"), TENANT("tenant"), GATEWAY("gateway");

    private final String text;

    Owner(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }
}
