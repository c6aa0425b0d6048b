package org.cosmosj.libero.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.CRC32;
import org.cosmosj.libero.scene.InitStates;

/** Start states as the reference reads them: {@code pruned_init.json}. */
public final class InitFileCheck implements GoldenCheck {

    /** Sums are rounded in another order than NumPy's. */
    private static final double SUM_LIMIT = 1e-12;

    @Override
    public boolean covers(Path file) {
        return file.getFileName().toString().equals("pruned_init.json");
    }

    @Override
    public void run(Path file, GoldenContext context, GoldenResults results) throws Exception {
        for (Map.Entry<String, JsonNode> each : new JsonMapper().readTree(file.toFile()).properties()) {
            JsonNode golden = each.getValue();
            double[][] states = InitStates.read(context.libero().resolve("init_files").resolve(each.getKey()));
            String shape = "[" + states.length + ", " + states[0].length + "]";
            String expected = Arrays.toString(ints(golden.get("shape")));
            boolean rows = startsWith(states[0], golden.get("row0"))
                    && (!golden.has("row49_first12") || startsWith(states[49], golden.get("row49_first12")));
            double sum = Arrays.stream(states).flatMapToDouble(Arrays::stream).sum();
            boolean total = Math.abs(sum - golden.get("sum").asDouble())
                    <= SUM_LIMIT * golden.get("abs_sum").asDouble();
            long crc = crc(states);
            results.check(each.getKey(),
                    shape.equals(expected) && rows && total && crc == golden.get("crc32_le_f64").asLong(),
                    "shape " + shape + " of " + expected + ", rows " + (rows ? "equal" : "differ") + ", CRC-32 " + crc
                            + " of " + golden.get("crc32_le_f64").asLong());
        }
    }

    private static int[] ints(JsonNode list) {
        int[] values = new int[list.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = list.get(i).asInt();
        }
        return values;
    }

    private static boolean startsWith(double[] row, JsonNode golden) {
        if (golden.size() > row.length) {
            return false;
        }
        for (int i = 0; i < golden.size(); i++) {
            if (row[i] != golden.get(i).asDouble()) {
                return false;
            }
        }
        return true;
    }

    private static long crc(double[][] states) {
        ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * states.length * states[0].length)
                .order(ByteOrder.LITTLE_ENDIAN);
        for (double[] row : states) {
            for (double number : row) {
                bytes.putDouble(number);
            }
        }
        CRC32 crc = new CRC32();
        crc.update(bytes.flip());
        return crc.getValue();
    }
}
