package org.cosmosj.tensor.pickle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PickleTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5})
    void readsWhatPythonWroteInEveryProtocol(int protocol) throws IOException {
        Map<?, ?> values = (Map<?, ?>) Pickle.read(resource("observation_" + protocol + ".pkl"), PickleTypes.NUMPY);

        assertThat(values.get("task_description")).isEqualTo("put the bowl on the plate");
        assertThat(values.get("step")).isEqualTo(12L);
        assertThat(values.get("done")).isEqualTo(false);
        assertThat(values.containsKey("nothing")).isTrue();
        assertThat(values.get("nothing")).isNull();
        assertThat(values.get("huge")).isEqualTo(BigInteger.TWO.pow(70));
        assertThat(values.get("tags")).isEqualTo(List.of("a", List.of("b", 1.5)));
        assertThat(values.get("names")).isEqualTo(Set.of("x"));
        assertThat(values.get("frozen")).isEqualTo(Set.of(3L));
        assertThat(((PickleBytes) values.get("raw")).toArray()).containsExactly(0, -1);
        assertThat(((PickleBytes) values.get("array")).toArray()).containsExactly('a', 'b');
        assertThat(values.get("reward")).isEqualTo(0.25);
        assertThat(values.get("count")).isEqualTo(-5L);
        assertThat(values.get("success")).isEqualTo(true);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5})
    void readsNumpyArraysOfEveryOrder(int protocol) throws IOException {
        Map<?, ?> values = (Map<?, ?>) Pickle.read(resource("observation_" + protocol + ".pkl"), PickleTypes.NUMPY);

        byte[] ascending = new byte[18];
        for (int i = 0; i < ascending.length; i++) {
            ascending[i] = (byte) i;
        }
        assertThat(array(values, "primary_image").shape()).isEqualTo(Shape.of(2, 3, 3));
        assertThat(array(values, "primary_image").toByteArray()).isEqualTo(ascending);
        assertThat(array(values, "wrist_image").toByteArray()).isEqualTo(ascending);
        assertThat(array(values, "proprio").toDoubleArray()).containsExactly(-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5,
                0.75, 1);
        assertThat(array(values, "proprio32").dtype()).isEqualTo("float32");
        assertThat(array(values, "proprio32").toFloatArray()).containsExactly(-1, -0.75f, -0.5f, -0.25f, 0, 0.25f,
                0.5f, 0.75f, 1);
        assertThat(array(values, "big_endian").toLongArray()).containsExactly(1, -2, 3);
        assertThat(array(values, "half").toDoubleArray()).containsExactly(0.5, -3);
        assertThat(array(values, "flags").toLongArray()).containsExactly(1, 0);
        assertThat(array(values, "unsigned").toLongArray()).containsExactly(4294967295L);
        assertThatIllegalStateException().isThrownBy(() -> array(values, "proprio").toLongArray())
                .withMessageContaining("float64 is a float");
        try (Scope _ = Scope.open(Device.cpu(), "arrays")) {
            assertThat(array(values, "primary_image").toTensor().dtype()).isEqualTo(DType.U8);
            assertThat(array(values, "proprio").toTensor().toDoubleArray()).hasSize(9);
            assertThat(array(values, "half").toTensor().toFloatArray()).containsExactly(0.5f, -3);
            assertThat(array(values, "flags").toTensor().toLongArray()).containsExactly(1, 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, at byte 1: opcode DICT", "2, at byte 13: opcode GLOBAL", "4, at byte 34: opcode STACK_GLOBAL"})
    void refusesCodeAndNamesOpcodeClassFileAndOffset(int protocol, String where) throws Exception {
        Path evil = resource("evil_" + protocol + ".pkl");

        String rest = protocol == 0 ? "" : "class posix.system is not allowed";
        assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> Pickle.read(evil, PickleTypes.NUMPY))
                .withMessageStartingWith("pickle " + evil + ": ").withMessageContaining(rest)
                .withMessageContaining(protocol == 0 ? "is not supported" : where);
        assertThat(Path.of("executed")).doesNotExist();
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', textBlock = """
            a. | opcode APPEND: takes 1 values, but fewer are on the stack
            ]a. | opcode APPEND: finds no value on the stack
            NN. | opcode STOP: 1 values are left over
            N | at byte 1: needs 1 bytes but 0 are left; the file is truncated
            . | opcode STOP: finds no value on the stack
            ( . | opcode 0x20: is not supported
            (. | opcode STOP: finds no value on the stack
            t. | opcode TUPLE: finds no mark on the stack
            NNa. | opcode APPEND: appends to None, expected a list
            }NNs. | opcode SETITEM: a key of a dict or an element of a set is None
            }])s. | opcode SETITEM: a key of a dict or an element of a set is a list or tuple
            }(NNNu. | opcode SETITEMS: a key has no value
            h7. | opcode BINGET: memo index 55, but 0 values were memorised
            Nq7. | opcode BINPUT: memo index 55, but 0 values were memorised
            NNR. | opcode REDUCE: arguments are None, expected a tuple
            N)R. | opcode REDUCE: calls None, which makes no values
            NQ. | opcode BINPERSID: persistent identifiers are not allowed here
            NNb. | opcode BUILD: restores the state of None
            V7. | opcode UNICODE: is not supported; write the file with pickle protocol 2 or later
            cno;thing; | opcode GLOBAL: class no.thing is not allowed
            X7777N | opcode BINUNICODE: needs 926365495 bytes but 1 are left
            """)
    void refusesDamage(String pickle, String message) {
        byte[] bytes = pickle.replace(';', '\n').getBytes(StandardCharsets.ISO_8859_1);

        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> Pickle.read("it", MemorySegment.ofArray(bytes), PickleTypes.NUMPY))
                .withMessageStartingWith("pickle it: at byte ").withMessageContaining(message);
    }

    @Test
    void refusesNewerProtocolsHugeIntegersAndTrailingBytes() {
        refused(new byte[] {(byte) 0x80, 6, 'N', '.'}, "protocol 6 is newer than 5");
        refused(new byte[] {(byte) 0x8A, 65, 0}, "an integer of 65 bytes");
        refused(new byte[] {'N', '.', 'N'}, "at byte 2: 1 bytes follow the end");
        refused(new byte[] {(byte) 0x8D, 1, 0, 0, 0, 0, 0, 0, (byte) 0x80}, "needs 9223372036854775809 bytes");
    }

    @Test
    void endlessNestingOverflowsNoStackAndTakesNoMoreMemoryThanAllowed() throws IOException {
        byte[] lists = new byte[8_000_001];
        Arrays.fill(lists, 0, 4_000_000, (byte) ']');
        Arrays.fill(lists, 4_000_000, 7_999_999, (byte) 'a');
        lists[7_999_999] = '.';
        refused(lists, "far more than a file of this size holds");

        refused(tuples(new byte[] {(byte) 0x85}), "far more than a file of this size holds");
        byte[] slower = {'K', 0, '0', (byte) 0x85}; // a number that is dropped justifies the memory of a tuple
        assertThat(Pickle.read("tuples", MemorySegment.ofArray(tuples(slower)), PickleTypes.NUMPY))
                .isInstanceOf(List.class);
    }

    private static byte[] tuples(byte[] level) {
        ByteArrayOutputStream nested = new ByteArrayOutputStream();
        nested.write(')');
        for (int i = 0; i < 100_000; i++) {
            nested.writeBytes(level);
        }
        nested.write('.');
        return nested.toByteArray();
    }

    /** Tables of many small tensors are denser than any constant allows. */
    @Test
    void rowsOfSmallValuesAreReadWhateverTheirNumber() throws IOException {
        ByteArrayOutputStream rows = new ByteArrayOutputStream();
        rows.writeBytes("}(".getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < 100_000; i++) {
            byte[] key = String.format("layer.%06d", i).getBytes(StandardCharsets.US_ASCII);
            rows.writeBytes(new byte[] {'X', (byte) key.length, 0, 0, 0});
            rows.writeBytes(key);
            rows.writeBytes(
                    new byte[] {'r', (byte) i, (byte) (i >> 8), (byte) (i >> 16), 0, 'K', 1, 'K', 2, (byte) 0x86});
        }
        rows.writeBytes("u.".getBytes(StandardCharsets.US_ASCII));

        assertThat((Map<?, ?>) Pickle.read("rows", MemorySegment.ofArray(rows.toByteArray()), PickleTypes.NUMPY))
                .hasSize(100_000);
    }

    @Test
    void repeatedCopiesOfOneLargeListAreCounted() {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        bomb.writeBytes("](".getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < 50_000; i++) {
            bomb.write('N');
        }
        bomb.writeBytes("eq\0cbuiltins\nlist\nq\1".getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < 50_000; i++) {
            bomb.writeBytes("h\1h\0\205R".getBytes(StandardCharsets.ISO_8859_1));
        }
        refused(bomb.toByteArray(), "far more than a file of this size holds");
    }

    @Test
    void allowsWhatItIsTold() throws IOException {
        byte[] point =
                "cgeometry\nPoint\n(K\1K\2t\201}X\4\0\0\0nameX\1\0\0\0psb.".getBytes(StandardCharsets.ISO_8859_1);
        PickleTypes types = PickleTypes.BUILTIN.withData("geometry", "Point");

        PickleObject read = (PickleObject) Pickle.read("point", MemorySegment.ofArray(point), types);

        assertThat(read.className()).isEqualTo("geometry.Point");
        assertThat(read.arguments()).containsExactly(1L, 2L);
        assertThat(read.field("name")).isEqualTo("p");
        refused(point, "class geometry.Point is not allowed");
    }

    @Test
    void namesMissingFiles() throws IOException {
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> Pickle.read(folder.resolve("no.pkl"), PickleTypes.BUILTIN))
                .withMessageContaining("no such file");
        Path empty = Files.createFile(folder.resolve("empty.pkl"));
        assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> Pickle.read(empty, PickleTypes.BUILTIN))
                .withMessageContaining("at byte 0: needs 1 bytes but 0 are left");
    }

    private static void refused(byte[] pickle, String message) {
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> Pickle.read("it", MemorySegment.ofArray(pickle), PickleTypes.NUMPY))
                .withMessageStartingWith("pickle it: at byte ").withMessageContaining(message);
    }

    private static NumpyArray array(Map<?, ?> values, String key) {
        return (NumpyArray) values.get(key);
    }

    private static Path resource(String name) {
        try {
            return Path.of(PickleTest.class.getResource("/checkpoints/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
