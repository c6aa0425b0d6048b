package org.cosmosj.bench;

import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * One benchmark at one shape.
 *
 * @param method qualified name of its class, dot, name of its method
 * @param shape a value of its parameter {@code shape}
 */
record BenchmarkCase(String method, String shape) {
    static final String SHAPE = "shape";

    /** All that JMH's annotation processor found on the class path, in its order. */
    static List<BenchmarkCase> all() {
        List<BenchmarkCase> cases = new ArrayList<>();
        for (BenchmarkListEntry entry : BenchmarkList.defaultList()
                .getAll(OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT), List.of())) {
            for (String shape : entry.getParams().get().get(SHAPE)) {
                cases.add(new BenchmarkCase(entry.getUsername(), shape));
            }
        }
        return cases;
    }

    /** Class without its package and without what all end in, and method. */
    String name() {
        String[] words = method.split("\\.");
        return words[words.length - 2].replaceAll("Benchmark$", "") + "." + words[words.length - 1];
    }

    @Override
    public String toString() {
        return name() + " " + shape;
    }
}
