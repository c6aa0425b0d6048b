package org.cosmosj.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class JsonFieldsTest {
    private static final JsonFields FIELDS = JsonFields.parse("config of x", """
            {"blocks": 2, "ratio": 3.0, "large": 100000000000000, "flag": true, "name": "rope", "none": null,
             "list": [1, 2], "mixed": [1, "a"], "net": {"heads": 4}}""");

    @Test
    void readsEveryType() {
        assertThat(FIELDS.integer("blocks")).isEqualTo(2);
        assertThat(FIELDS.longInteger("large")).isEqualTo(100_000_000_000_000L);
        assertThat(FIELDS.number("ratio")).isEqualTo(3.0);
        assertThat(FIELDS.number("absent", 0.5)).isEqualTo(0.5);
        assertThat(FIELDS.flag("flag")).isTrue();
        assertThat(FIELDS.text("name")).isEqualTo("rope");
        assertThat(FIELDS.text("none", "default")).isEqualTo("default");
        assertThat(FIELDS.integers("list")).containsExactly(1, 2);
        assertThat(FIELDS.object("net").integer("heads")).isEqualTo(4);
        assertThat(FIELDS.has("none")).isFalse();
    }

    @Test
    void refusesASettingThatThisVersionDoesNotHave() {
        FIELDS.expect("ratio", 3);
        FIELDS.expect("list", List.of(1.0, 2L));
        FIELDS.expect("absent", true);
        FIELDS.expect("none", true);

        assertThatThrownBy(() -> FIELDS.expect("flag", false))
                .hasMessage("config of x: flag is true; this version has only false");
        assertThatThrownBy(() -> FIELDS.expect("list", List.of(1))).hasMessageContaining("list is [1,2]");
        assertThatThrownBy(() -> FIELDS.expect("name", "sine")).hasMessageContaining("name is \"rope\"");
        assertThatThrownBy(() -> FIELDS.expect("mixed", List.of(1, "b"))).hasMessageContaining("only [1, b]");
    }

    @Test
    void inheritsWhatStandsOnceOrTwiceTheSame() {
        JsonFields net = FIELDS.object("net");

        assertThat(net.inheriting(FIELDS, "ratio", "absent").number("ratio")).isEqualTo(3);
        assertThat(net.has("ratio")).isFalse();
        assertThat(net.inheriting(FIELDS, "name").integer("heads")).isEqualTo(4);
        JsonFields other = JsonFields.parse("config of y", "{\"ratio\": 2}");
        assertThatThrownBy(() -> other.inheriting(FIELDS, "ratio"))
                .hasMessage("config of y: ratio is 2, but 3.0 in config of x; give it once");
    }

    @Test
    void saysWhichFieldOfWhatIsWrong() {
        assertThatThrownBy(() -> FIELDS.integer("ratio"))
                .hasMessage("config of x: ratio is 3.0, expected an integer");
        assertThatThrownBy(() -> FIELDS.integer("large"))
                .hasMessage("config of x: large is 100000000000000, expected an integer");
        assertThatThrownBy(() -> FIELDS.object("net").text("tail"))
                .hasMessage("config of x, net: tail is missing, expected a text");
        assertThatThrownBy(() -> FIELDS.numbers("mixed"))
                .hasMessage("config of x: mixed holds \"a\", expected numbers");
        assertThatThrownBy(() -> JsonFields.parse("config of y", "[1]"))
                .hasMessage("config of y: expected a JSON object, got '[1]'");
    }
}
