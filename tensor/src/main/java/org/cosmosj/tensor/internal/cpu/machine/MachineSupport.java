package org.cosmosj.tensor.internal.cpu.machine;

import java.util.Locale;
import java.util.Optional;
import org.cosmosj.tensor.spi.MatmulKernels;

/**
 * Whether matrix products run as machine code here, and if not, why. Asked once per process; nothing that is missing
 * ever throws.
 */
public final class MachineSupport {
    private final MachineCode code;
    private final String status;

    private MachineSupport(MachineCode code, String status) {
        this.code = code;
        this.status = status;
    }

    private static final class Process {
        private static final MachineSupport SUPPORT = detect(new PresentHost());
    }

    /** What detection asks, so that tests can be another machine. */
    interface Host {
        String system();

        String architecture();

        boolean nativeAccess();

        CodeMemory memory();

        Processor processor(CodeMemory memory);
    }

    /**
     * This process's.
     *
     * @return the same object at every call
     */
    public static MachineSupport process() {
        return Process.SUPPORT;
    }

    static MachineSupport detect(Host host) {
        String platform = (host.system() + " " + host.architecture()).toLowerCase(Locale.ROOT);
        if (!platform.equals("linux amd64") && !platform.equals("linux x86_64")) {
            return off("there are kernels for Linux on x86-64 only, this is " + platform);
        }
        if (!host.nativeAccess()) {
            return off("start java with --enable-native-access=ALL-UNNAMED");
        }
        try {
            CodeMemory memory = host.memory();
            Processor processor = host.processor(memory);
            if (!processor.avx512()) {
                return off("the processor has no AVX-512 F, DQ, BW and VL, or the system does not save its registers");
            }
            MachineCode code = new MachineCode(memory, Tiling.fromProperties(), processor.bf16());
            Optional<String> wrong = new SelfTest(code).failure();
            return wrong.isPresent()
                    ? off("the self-test failed: " + wrong.get())
                    : new MachineSupport(code, processor.bf16()
                            ? "machine code: on, AVX-512 with BF16 products"
                            : "machine code: on, AVX-512; the processor has no BF16 products");
        } catch (RuntimeException | LinkageError e) {
            return off(e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    private static MachineSupport off(String reason) {
        return new MachineSupport(null, "machine code: off, " + reason);
    }

    /**
     * Whether there are kernels.
     *
     * @return false if {@link #status} says why not
     */
    public boolean isOn() {
        return code != null;
    }

    /**
     * One line for people.
     *
     * @return starts with {@code machine code: on} or {@code machine code: off}
     */
    public String status() {
        return status;
    }

    /**
     * Products by machine code.
     *
     * @param others kernels of what machine code does not do
     * @return the kernels
     * @throws IllegalStateException if there are none here
     */
    public MatmulKernels matmul(MatmulKernels others) {
        if (code == null) {
            throw new IllegalStateException(status);
        }
        return new MachineMatmulKernels(code, others);
    }

    private static final class PresentHost implements Host {
        @Override
        public String system() {
            return System.getProperty("os.name");
        }

        @Override
        public String architecture() {
            return System.getProperty("os.arch");
        }

        @Override
        public boolean nativeAccess() {
            return MachineSupport.class.getModule().isNativeAccessEnabled();
        }

        @Override
        public CodeMemory memory() {
            return new SystemCodeMemory();
        }

        @Override
        public Processor processor(CodeMemory memory) {
            return Processor.present(memory);
        }
    }
}
