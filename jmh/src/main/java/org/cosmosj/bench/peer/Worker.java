package org.cosmosj.bench.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.cosmosj.bench.CopyPeak;
import org.cosmosj.bench.FmaPeak;
import org.cosmosj.tensor.Backends;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Safetensors;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.Backend;

/**
 * This library's side of a comparison, in a process of its own so that threads and flags are its own. Reads one request
 * per line and answers with one, words separated by tabs, as {@code peer.py} does; see {@link SideProcess}.
 */
public final class Worker {
    /** In place of a file: none. */
    static final String NONE = "-";
    /** Which of a row's works. */
    static final String WORK = "work";
    /** The other one. */
    static final String RIVAL = "rival";

    private final Backend backend = Backends.of(Device.cpu());
    private Scope scope;
    private Workload workload;

    private Worker() {}

    /**
     * Answers until the input ends.
     *
     * @param arguments none
     * @throws IOException if the other process is gone
     */
    public static void main(String[] arguments) throws IOException {
        PrintStream replies = System.out;
        System.setOut(System.err);
        Worker worker = new Worker();
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = requests.readLine(); line != null; line = requests.readLine()) {
            replies.println(worker.answer(line.split("\t")));
            replies.flush();
        }
    }

    private String answer(String[] words) {
        try {
            return SideProcess.OK + "\t" + switch (words[0]) {
                case "hello" -> "CosmosJ\t" + System.getProperty("java.vm.version") + "\t" + FmaPeak.threads();
                case "prepare" -> prepare(words[1], words[2], words[3], words[4]);
                case "time" -> time(Double.parseDouble(words[1]), Integer.parseInt(words[2]));
                case "memory" -> Long.toString(memory());
                case "peak" -> FmaPeak.gigaflops(FmaPeak.threads()) + "\t" + CopyPeak.gigabytes(FmaPeak.threads());
                default -> throw new IllegalArgumentException("worker: unknown request " + words[0]);
            };
        } catch (Exception | LinkageError | OutOfMemoryError e) {
            e.printStackTrace();
            return SideProcess.ERROR + "\t" + String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
        }
    }

    private String prepare(String name, String part, String inputs, String outputs) throws IOException {
        if (scope != null) {
            scope.close();
            backend.trim();
        }
        scope = Scope.open(Device.cpu(), name);
        PeerRow row = PeerTable.row(name);
        workload = (part.equals(RIVAL) ? row.rival() : row.work()).create();
        if (!inputs.equals(NONE)) {
            Safetensors.write(Path.of(inputs), workload.inputs(), Map.of());
        }
        try (Scope _ = Scope.inner("first run")) {
            Map<String, Tensor> results = workload.run();
            if (!outputs.equals(NONE)) {
                Safetensors.write(Path.of(outputs), results, Map.of());
            }
        }
        return name;
    }

    /** Runs for at least so many seconds and times; answers shortest, median and number of runs. */
    private String time(double seconds, int atLeast) {
        double[] times = new double[64];
        int count = 0;
        long start = System.nanoTime();
        while (count < atLeast || System.nanoTime() - start < seconds * 1e9) {
            long before = System.nanoTime();
            try (Scope _ = Scope.inner("timed run")) {
                workload.run();
                backend.synchronize();
            }
            times = count == times.length ? Arrays.copyOf(times, 2 * count) : times;
            times[count++] = (System.nanoTime() - before) * 1e-9;
        }
        Arrays.sort(times, 0, count);
        return times[0] + "\t" + times[count / 2] + "\t" + count;
    }

    /** Bytes that a run holds at most beside what it found. */
    private long memory() {
        long before = backend.memory().liveBytes();
        backend.resetPeak();
        try (Scope _ = Scope.inner("measured run")) {
            workload.run();
        }
        return backend.memory().peakBytes() - before;
    }
}
