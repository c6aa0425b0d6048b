package org.cosmosj.libero.app;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.ServiceLoader;
import org.cosmosj.tensor.Backends;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.spi.BackendProvider;
import org.cosmosj.tensor.spi.Command;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ./cosmosj doctor}: one line for each thing that decides where and how fast kernels run. */
@CommandLine.Command(
        name = "doctor",
        description = "Says what this machine and this JVM offer: processor, memory, kernels, GPUs, and why one is not"
                + " used.")
public final class DoctorCommand implements Command {
    private static final String LINE = "%-7s %s%n";

    @Spec
    private CommandSpec spec;

    /** Does nothing; the command line fills the fields. */
    public DoctorCommand() {}

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(LINE, "java", Runtime.version() + ", " + System.getProperty("java.vm.vendor"));
        out.printf(LINE, "system", System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", "
                + Runtime.getRuntime().availableProcessors() + " processors, " + memory());
        out.printf(LINE, "cpu", Backends.of(Device.cpu()).description());
        boolean cuda = false;
        for (BackendProvider provider : ServiceLoader.load(BackendProvider.class)) {
            String name = provider.kind().name().toLowerCase(Locale.ROOT);
            cuda |= provider.kind() == Device.Kind.CUDA;
            String facts = provider.unavailableReason().map(why -> "not available: " + why)
                    .orElseGet(provider::description);
            facts.lines().forEach(line -> out.printf(LINE, name, line));
        }
        if (!cuda) {
            out.printf(LINE, "cuda", "not available: cosmosj-cuda-kernels is not on the class path; add it");
        }
        return CommandLine.ExitCode.OK;
    }

    private static String memory() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? String.format(Locale.ROOT, "%.1f GiB of memory", system.getTotalMemorySize() / 0x1p30)
                : "memory unknown";
    }
}
