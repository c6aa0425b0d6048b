package org.cosmosj.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.cosmosj.bench.peer.PeerComparison;
import org.cosmosj.bench.peer.PeerReport;
import org.cosmosj.bench.peer.PeerRow;
import org.cosmosj.bench.peer.PeerTable;
import org.cosmosj.bench.peer.Regressions;
import org.cosmosj.bench.peer.Run;
import org.cosmosj.bench.peer.Verdict;
import org.cosmosj.tensor.Backends;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.spi.Command;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./cosmosj bench}: runs the JMH benchmarks and prints their rates beside the machine's peaks. */
@CommandLine.Command(
        name = "bench",
        description = {
            "Runs the JMH benchmarks of the kernels at the models' shapes and prints each rate beside the peak that"
                    + " was measured with it: arithmetic beside chains of multiply-adds, memory beside plain copies.",
            "Each takes about 40 seconds; stop everything else that needs the processor.",
            "With --peer-python it compares this library with PyTorch instead, row by row, and judges the goals;"
                    + " exit code 1 if one is missed."
        })
public final class BenchCommand implements Command {
    private static final TimeValue SHORT = TimeValue.milliseconds(500);

    @Spec
    private CommandSpec spec;

    @Option(names = "--filter", paramLabel = "REGEX", defaultValue = "",
            description = "Only those whose line in --list matches, for example 'Matmul.* cube' (default: all).")
    private String filter;

    @Option(names = "--list", description = "Name the benchmarks and their shapes and run none.")
    private boolean list;

    @Option(names = "--quick", description = "One fork and one short iteration each: to see that they run.")
    private boolean quick;

    @Option(names = "--threads", paramLabel = "N",
            description = "Threads of the kernels (default: the number of processors).")
    private Integer threads;

    @Option(names = "--kernels", paramLabel = "NAME",
            description = "machine, vector or scalar (default: the fastest there is).")
    private String kernels;

    @Option(names = "--param", paramLabel = "NAME=VALUE[,VALUE]",
            description = "Another parameter of the benchmarks, such as the tiles of Matmul's machine code: rows,"
                    + " vectors, unroll, prefetch, packedRows, packedColumns, and its precision (F32 or BF16).")
    private Map<String, String> parameters = Map.of();

    @Option(names = "--json", paramLabel = "FILE",
            description = "Also write JMH's own results, or those of the comparison.")
    private Path json;

    @Option(names = "--peer-python", paramLabel = "COMMAND",
            description = "Compare with PyTorch, which this command starts: a Python with torch 2.13 and numpy.")
    private String peerPython;

    @Option(names = "--peer-timeout", paramLabel = "SECONDS", defaultValue = "900",
            description = "How long the peer may take for one answer (default: ${DEFAULT-VALUE}).")
    private long peerTimeout;

    @Option(names = "--pairs", paramLabel = "N",
            description = "Pairs of windows in a comparison (default: 20, fewer where a run takes half a minute).")
    private Integer pairs;

    @Option(names = "--update", description = "Keep the rows of --json FILE that are not compared this time.")
    private boolean update;

    @Option(names = "--render", paramLabel = "FILE",
            description = "Write the table of goals from --json FILE into this Markdown file, and run nothing.")
    private Path render;

    @Option(names = "--compare", arity = "2", paramLabel = "FILE",
            description = "Two results of comparisons, older and newer: print what became slower, exit 1 if anything"
                    + " did.")
    private List<Path> compare;

    /** Does nothing; the command line fills the fields. */
    public BenchCommand() {}

    @Override
    public Integer call() {
        if (render != null) {
            return rendered();
        }
        if (compare != null) {
            List<String> slower = Regressions.between(Run.read(compare.getFirst()), Run.read(compare.getLast()));
            slower.forEach(spec.commandLine().getOut()::println);
            spec.commandLine().getOut().println(slower.size() + " rows became slower");
            return slower.isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        }
        return peerPython == null ? benchmarks() : compared();
    }

    private Integer rendered() {
        if (json == null) {
            throw wrongUsage("--render needs --json FILE, results of a comparison");
        }
        try {
            Files.writeString(render, PeerReport.rendered(Files.readString(render), Run.read(json)));
            return CommandLine.ExitCode.OK;
        } catch (IOException e) {
            throw new IllegalArgumentException("--render " + render + ": " + e + "; give a Markdown file", e);
        }
    }

    private Integer compared() {
        List<PeerRow> rows = matching(PeerTable.rows(), "comparison").stream()
                .filter(row -> !quick || row.effort() == PeerRow.Effort.QUICK).toList();
        if (rows.isEmpty()) {
            throw wrongUsage("--filter '" + filter + "' matches no comparison that is quick; leave --quick out");
        }
        if (pairs != null && pairs < 1) {
            throw wrongUsage("--pairs " + pairs + " must be at least 1");
        }
        PrintWriter out = spec.commandLine().getOut();
        if (list) {
            rows.forEach(out::println);
            return CommandLine.ExitCode.OK;
        }
        List<Integer> counts = threads != null || FmaPeak.threads() == 1 || quick
                ? List.of(threads == null ? FmaPeak.threads() : threads)
                : List.of(1, FmaPeak.threads());
        Run run = new PeerComparison(peerPython, peerTimeout, counts,
                quick ? PeerComparison.Pace.QUICK : PeerComparison.Pace.FULL,
                pairs == null ? OptionalInt.empty() : OptionalInt.of(pairs)).run(rows, out);
        try {
            if (json != null) {
                (update && Files.exists(json) ? Run.read(json).updatedBy(run) : run).write(json);
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
        PeerReport.verdicts(run).forEach(out::println);
        return Verdict.of(run).stream().allMatch(Verdict::isMet)
                ? CommandLine.ExitCode.OK
                : CommandLine.ExitCode.SOFTWARE;
    }

    private IllegalArgumentException unwritable(IOException e) {
        return new IllegalArgumentException("--json " + json + " cannot be written (" + e + "); give a file in a"
                + " folder that exists", e);
    }

    private Integer benchmarks() {
        List<BenchmarkCase> cases = matching(BenchmarkCase.all(), "benchmark");
        PrintWriter out = spec.commandLine().getOut();
        if (list) {
            cases.forEach(out::println);
            return CommandLine.ExitCode.OK;
        }
        try (PrintStream results = json == null ? null : new PrintStream(Files.newOutputStream(json))) {
            Collection<RunResult> all = runAll(cases, out);
            if (results != null) {
                ResultFormatFactory.getInstance(ResultFormatType.JSON, results).writeOut(all);
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
        return CommandLine.ExitCode.OK;
    }

    private Collection<RunResult> runAll(List<BenchmarkCase> cases, PrintWriter out) {
        int workers = threads == null ? FmaPeak.threads() : threads;
        out.printf(Locale.ROOT, "%d thread(s), %.1f GFLOP/s of multiply-adds, %.1f GB/s of copies%n", workers,
                FmaPeak.gigaflops(workers), CopyPeak.gigabytes(workers));
        out.println(kernels == null ? Backends.of(Device.cpu()).description() : kernels + " kernels");
        out.println(RateTable.HEADING);
        Collection<RunResult> all = new ArrayList<>();
        for (BenchmarkCase benchmark : cases) {
            for (RunResult result : run(benchmark)) {
                out.println(RateTable.row(benchmark, result));
                all.add(result);
            }
        }
        return all;
    }

    private <T> List<T> matching(List<T> all, String what) {
        try {
            Pattern pattern = Pattern.compile(filter);
            List<T> some = all.stream().filter(c -> pattern.matcher(c.toString()).find()).toList();
            if (some.isEmpty()) {
                throw wrongUsage("--filter '" + filter + "' matches no " + what + "; --list names them");
            }
            return some;
        } catch (PatternSyntaxException e) {
            throw wrongUsage("--filter '" + filter + "' is no regular expression: " + e.getDescription());
        }
    }

    private ParameterException wrongUsage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private Collection<RunResult> run(BenchmarkCase benchmark) {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + Pattern.quote(benchmark.method()) + "$")
                .param(BenchmarkCase.SHAPE, benchmark.shape())
                .jvmArgsAppend(jvmFlags().toArray(String[]::new))
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true);
        parameters.forEach((name, values) -> options.param(name, values.split(",")));
        if (quick) {
            options.forks(1).warmupIterations(1).warmupTime(SHORT).measurementIterations(1).measurementTime(SHORT);
        }
        try {
            return new Runner(options.build()).run();
        } catch (RunnerException e) {
            throw new IllegalStateException(benchmark + ": " + reason(e), e);
        }
    }

    /** These take the place of the flags in the benchmarks' annotations. */
    private List<String> jvmFlags() {
        List<String> flags = new ArrayList<>(
                List.of("--add-modules", KernelBenchmark.MODULE, KernelBenchmark.NATIVE, KernelBenchmark.UNSAFE));
        if (threads != null) {
            flags.add("-Dcosmosj.threads=" + threads);
        }
        if (kernels != null) {
            flags.add("-Dcosmosj.cpu.kernels=" + kernels);
        }
        return flags;
    }

    /** JMH hides what a benchmark threw among the suppressed exceptions of the last cause. */
    private static String reason(Throwable e) {
        Throwable last = e;
        while (last.getCause() != null || last.getSuppressed().length > 0) {
            last = last.getCause() != null ? last.getCause() : last.getSuppressed()[0];
        }
        return last.getMessage();
    }
}
