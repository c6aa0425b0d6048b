package org.cosmosj.libero.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.cosmosj.libero.EpisodeId;
import org.cosmosj.libero.render.Picture;
import org.junit.jupiter.api.Test;

class WireTest {

    private static final Picture PICTURE = new Picture(1, 2, new byte[] {1, 2, 3, -1, -2, -3});

    private static final List<Message> ALL = List.of(
            new Message.Begin(new EpisodeId("libero_10", "a_b", 49, -195L), new EvaluationProtocol(10, 520, 16),
                    "replay:a ü.hdf5", 4),
            new Message.Act(new double[][] {{1, Double.NEGATIVE_INFINITY, -0.0}, {Double.MIN_VALUE}}),
            new Message.Ready("MuJoCo 2.2.2"), new Message.Look("do it", PICTURE, PICTURE, new double[] {0.1, 1e300}),
            new Message.Progress(17), new Message.Frame(4, PICTURE),
            new Message.Ended(true, 131, "00ff", "", 1.5, 0.25),
            new Message.Failed(Message.Failed.Scope.EVERYTHING, "no mesh"));

    private static byte[] written(Message message) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Wire.write(out, message);
        return out.toByteArray();
    }

    @Test
    void bringsEveryKindAcross() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Message message : ALL) {
            Wire.write(out, message);
        }
        ByteArrayInputStream in = new ByteArrayInputStream(out.toByteArray());
        for (Message message : ALL) {
            assertThat(Wire.read(in)).usingRecursiveComparison().isEqualTo(message);
        }
        assertThat(Wire.read(in)).isNull();
        assertThat(ALL.stream().map(Object::getClass).distinct().count())
                .isEqualTo(Message.class.getPermittedSubclasses().length);
    }

    @Test
    void refusesTextAmongMessages() {
        byte[] text = "Loading scene\n".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> Wire.read(new ByteArrayInputStream(text))).isInstanceOf(IOException.class)
                .hasMessageContaining("not a message but \"Loading");
    }

    @Test
    void refusesEveryTruncationAndDamage() throws IOException {
        for (Message message : ALL) {
            byte[] bytes = written(message);
            for (int length = 1; length < bytes.length; length++) {
                byte[] part = Arrays.copyOf(bytes, length);
                assertThatThrownBy(() -> Wire.read(new ByteArrayInputStream(part))).isInstanceOf(IOException.class);
            }
        }
        byte[] counts = written(ALL.get(1));
        counts[9] = 127; // as many actions as fit into an int
        assertThatThrownBy(() -> Wire.read(new ByteArrayInputStream(counts))).isInstanceOf(IOException.class)
                .hasMessageContaining("count");
        byte[] kind = written(ALL.get(2));
        kind[8] = 'Z';
        assertThatThrownBy(() -> Wire.read(new ByteArrayInputStream(kind))).hasMessageContaining("unknown kind 90");
    }
}
