package dev.sallyport.gateway.limit;

import dev.sallyport.gateway.call.AnswerControl;
import dev.sallyport.gateway.call.AnswerHandling;
import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.Headers;
import dev.sallyport.gateway.call.ResponseHead;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The answer control that reads from an answer what was used, as the model gave it. Settling itself happens when the call ends. */
final class Settle implements AnswerControl {
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final String EVENTS = "text/event-stream";

    @Override
    public String name() {
        return "settle";
    }

    @Override
    public boolean readsBody(Call call) {
        return call.reservation() instanceof Holding held && held.readsAnswer();
    }

    @Override
    public AnswerHandling open(Call call, ResponseHead head) {
        if (!(call.reservation() instanceof Holding held)) {
            return AnswerHandling.PASS;
        }
        held.answered(head.status());
        readHeaders(held, head.headers());
        if (!held.readsAnswer() || head.status() == SWITCHING_PROTOCOLS
                || head.headers().contains("content-encoding")) {
            return AnswerHandling.PASS;
        }
        String type = essence(head.headers().first("content-type"));
        if (type.equals(EVENTS)) {
            return new AnswerHandling.Stream(new UsageFilter.OfEvents(held, new UsageReader(held, true)), false);
        }
        return type.equals("application/json") || type.endsWith("+json")
                ? new AnswerHandling.Stream(new UsageFilter.OfJson(new UsageReader(held, false)), true)
                : AnswerHandling.PASS;
    }

    private static void readHeaders(Holding held, Headers headers) {
        List<Price> prices = held.rule().prices();
        for (int i = 0; i < prices.size(); i++) {
            if (prices.get(i) instanceof Price.Metered(_, Usage usage, _, _) && usage.header() != null) {
                String value = headers.first(usage.header());
                long units = value == null ? NumberAtPointer.NONE : number(value);
                if (units != NumberAtPointer.NONE) {
                    held.used(i, units);
                }
            }
        }
    }

    /** A field's value is read as JSON reads it. */
    private static long number(String text) {
        if (text.startsWith(".")) {
            return NumberAtPointer.NONE;
        }
        NumberAtPointer number = new NumberAtPointer("/0");
        number.process((byte) '[');
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (character != '.' && (character < '0' || character > '9')) {
                return NumberAtPointer.NONE;
            }
            number.process((byte) character);
        }
        number.process((byte) ']');
        return number.found();
    }

    private static String essence(@Nullable String type) {
        if (type == null) {
            return "";
        }
        int semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    }
}
