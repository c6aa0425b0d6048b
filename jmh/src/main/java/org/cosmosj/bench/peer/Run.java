package org.cosmosj.bench.peer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.cosmosj.policy.JsonFields;

/**
 * All results of one run of the command and what they were measured with.
 *
 * @param versions of the JVM, the peer and the processor
 * @param results in the order of the run
 */
public record Run(String versions, List<RowResult> results) {
    /** Copies the list. */
    public Run {
        results = List.copyOf(results);
    }

    /**
     * Writes one JSON object, a result per line.
     *
     * @param file replaced if it exists
     * @throws IOException if it cannot be written
     */
    public void write(Path file) throws IOException {
        String rows = results.stream().map(Run::line).collect(Collectors.joining(",\n", "[\n", "\n]"));
        String versionsField = Json.object("versions", versions);
        Files.writeString(file, versionsField.substring(0, versionsField.length() - 1) + ",\n\"rows\": " + rows + "}\n",
                StandardCharsets.UTF_8);
    }

    private static String line(RowResult r) {
        return Json.object("row", r.row(), "threads", r.threads(), "pairs", r.pairs(), "ours", r.ours(), "ours_median",
                r.oursMedian(), "theirs", r.theirs(), "theirs_median", r.theirsMedian(), "value", r.value(), "fma_peak",
                r.fmaPeak(), "copy_peak", r.copyPeak(), "difference", r.difference(), "failure", r.failure());
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param file the file
     * @return the run
     * @throws IllegalArgumentException if the file cannot be read or holds something else
     */
    public static Run read(Path file) {
        try {
            JsonFields json = JsonFields.parse(file.toString(), Files.readString(file));
            return new Run(json.text("versions"), json.objects("rows").stream().map(Run::result).toList());
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(file + ": no such file; write one with bench --peer-python --json", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + ": cannot be read (" + e + ")", e);
        }
    }

    private static RowResult result(JsonFields json) {
        return new RowResult(json.text("row"), json.integer("threads"), json.integer("pairs"), number(json, "ours"),
                number(json, "ours_median"), number(json, "theirs"), number(json, "theirs_median"),
                number(json, "value"), number(json, "fma_peak"), number(json, "copy_peak"), number(json, "difference"),
                json.text("failure"));
    }

    private static double number(JsonFields json, String key) {
        return json.number(key, Double.NaN);
    }

    /**
     * This run with results of a later one put in place of those of the same row and threads, or behind.
     *
     * @param later the other run; its versions are taken
     * @return the union
     */
    public Run updatedBy(Run later) {
        List<RowResult> kept = results.stream().filter(old -> later.find(old.row(), old.threads()) == null).toList();
        List<RowResult> all = new java.util.ArrayList<>(kept);
        all.addAll(later.results);
        List<String> order = PeerTable.rows().stream().map(PeerRow::name).toList();
        all.sort(java.util.Comparator.comparingInt(RowResult::threads)
                .thenComparingInt(r -> order.indexOf(r.row())));
        return new Run(later.versions, all);
    }

    /** The result of a row, or null. */
    RowResult find(String row, int threads) {
        return results.stream().filter(r -> r.row().equals(row) && r.threads() == threads).findFirst().orElse(null);
    }
}
