package org.cosmosj.tensor.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void readsEveryKindOfValue() {
        Object value = Json.parse(" {\"a\": [1, -2.5e1, true, false, null, \"x\"], \"b\": {}, \"c\": []}\n");

        assertThat(value).isEqualTo(Map.of("a", Arrays.asList(1L, -25.0, true, false, null, "x"), "b", Map.of(), "c",
                List.of()));
    }

    @Test
    void readsEscapesAndQuotesThemBack() {
        String text = "tab\t quote\" slash\\ bell\u0007 \u00e9 \uD83D\uDE00";

        assertThat(Json.parse("\"\\u00e9\\n\\/\\uD83D\\uDE00\"")).isEqualTo("\u00e9\n/\uD83D\uDE00");
        assertThat(Json.parse(Json.quote(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "[1,]", "{\"a\":1,}", "{a:1}", "{\"a\" 1}", "01", "-", "1.", ".5", "1e", "+1",
        "tru", "\"", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\n\"", "\"\\ud800\"", "\"\\udc00a\"", "1 2", "[1 2]",
        "nul", "{\"a\":1,\"a\":2}", "NaN", "// c\n1", "9223372036854775808", "[", "[1", "{\"a\":1"})
    void refusesEverythingElse(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Json.parse(text))
                .withMessageStartingWith("at character ");
    }

    @Test
    void givesBytesInTheFile() {
        byte[] text = "{\"\u00e9\": tru}".getBytes(StandardCharsets.UTF_8);

        assertThatIllegalArgumentException().isThrownBy(() -> Json.parse(text, 100))
                .withMessage("at byte 107: expected a value, found 't'");
        assertThatIllegalArgumentException().isThrownBy(() -> Json.parse(new byte[] {'"', 'a', (byte) 0xFF, '"'}, 8))
                .withMessage("at byte 10: is not UTF-8");
        assertThat(Json.parse("\"\uFFFD\"".getBytes(StandardCharsets.UTF_8), 0)).isEqualTo("\uFFFD");
    }

    @Test
    void refusesTextsOfNothingButContainers() {
        assertThatIllegalArgumentException().isThrownBy(() -> Json.parse("[" + "[],".repeat(5000) + "1]"))
                .withMessageContaining("more objects and lists than");
        assertThat((List<?>) Json.parse("[" + "[],".repeat(500) + "1]")).hasSize(501);
    }
}
