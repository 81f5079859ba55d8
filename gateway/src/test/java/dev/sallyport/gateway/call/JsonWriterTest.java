package dev.sallyport.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class JsonWriterTest {
    private final JsonWriter json = new JsonWriter(16);

    @Test
    void separatesMembersAndElements() {
        json.beginObject().name("a").number(1).name("b").beginArray().string("x").bool(true).nothing().endArray()
                .name("c").beginObject().endObject();

        assertThat(json.endObject().toString()).isEqualTo("{\"a\":1,\"b\":[\"x\",true,null],\"c\":{}}");
    }

    @Test
    void escapesWhatWouldBreakOutOfAString() {
        json.string("\"\\\n\r\t\u0000\u001f\u007f");

        assertThat(json.toString()).isEqualTo("\"\\\"\\\\\\n\\r\\t\\u0000\\u001f\\u007f\"");
    }

    @Test
    void writesEveryPlaneAsUtf8AndReplacesLoneSurrogates() {
        json.string("é€😀\ud800x\udc00");

        assertThat(json.toString()).isEqualTo("\"é€😀\uFFFDx\uFFFD\"");
    }

    @Test
    void writesEveryLong() {
        for (long value : new long[]{0, 9, 10, -1, 1_000_000, Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 1}) {
            assertThat(json.clear().number(value).toString()).isEqualTo(Long.toString(value));
        }
    }

    @Test
    void growsForLongStrings() {
        String text = "\u0001".repeat(10_000);

        assertThat(json.string(text).toString()).hasSize(60_002);
    }

    @Test
    void startsAnewAfterALine() {
        json.beginObject().endObject().newLine().beginObject().endObject();

        assertThat(json.toString()).isEqualTo("{}\n{}");
    }

    @Test
    void writesValuesByTheirType() {
        assertThat(json.value(List.of("a", 1, 2L, true)).toString()).isEqualTo("[\"a\",1,2,true]");
    }
}
