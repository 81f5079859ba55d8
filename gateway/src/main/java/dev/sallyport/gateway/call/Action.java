package dev.sallyport.gateway.call;

/** What a caller does to a resource. */
public enum Action {
    INVOKE("invoke"), LIST("list"), READ("read"), WRITE("write"), TRAIN("train"), AGGREGATE("aggregate"),
    ADMINISTER("administer");

    private final String text;

    Action(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }
}
