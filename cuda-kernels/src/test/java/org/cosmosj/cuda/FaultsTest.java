package org.cosmosj.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import jcuda.driver.CUresult;
import org.cosmosj.cuda.CudaException.Fault;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.OutOfDeviceMemoryException;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.ElementwiseKernels.Unary;
import org.cosmosj.testing.gpu.EmulatedGpu;
import org.cosmosj.testing.gpu.Mutant;
import org.cosmosj.testing.gpu.RunsOnGpu;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What fails on the device is a typed error that names op and kernel, and the process goes on. */
@RunsOnGpu(emulatedOnly = true)
class FaultsTest {
    private final EmulatedGpu gpu = EmulatedGpu.start();

    @AfterEach
    void restore() {
        gpu.switchOn(-1);
        gpu.set("memory_bytes", 1L << 32);
        gpu.set("lost", 0);
        gpu.set("driver_version", 12060);
        gpu.set("capability", 90);
        gpu.takeReport();
    }

    /** The bounds guard of {@code neg} in F32 switched off. */
    private int missingGuard() {
        return gpu.translation(KernelLibrary.ptx("elementwise")).mutants().stream()
                .filter(mutant -> mutant.kernel().equals("unary_neg_f32") && mutant.rule() == Mutant.Rule.NO_BRANCH)
                .findFirst().orElseThrow().number();
    }

    /** The binding has every function of the driver, the emulator only some; the process must survive the others. */
    @Test
    void whatIsNotEmulatedSaysSo() throws Throwable {
        MethodHandle pop = gpu.function("cuCtxPopCurrent_v2", FunctionDescriptor.of(JAVA_INT, ADDRESS));

        try (Arena arena = Arena.ofConfined()) {
            assertThat((int) pop.invokeExact(arena.allocate(ADDRESS))).isEqualTo(CUresult.CUDA_ERROR_NOT_SUPPORTED);
        }
        assertThat(gpu.takeReport()).isEqualTo("cuCtxPopCurrent_v2 is not emulated");
    }

    @Test
    void aFullDeviceSaysWhoAsked() {
        try (OwnBackend own = OwnBackend.with("cosmosj.cuda.pool", "arena")) {
            gpu.set("memory_bytes", 1 << 20);
            try (Scope _ = Scope.open(own.device(), "crowded")) {
                assertThatExceptionOfType(OutOfDeviceMemoryException.class)
                        .isThrownBy(() -> Tensor.empty(DType.F32, Shape.of(1 << 20)))
                        .withMessageContaining("no room for 4194304 bytes on the GPU")
                        .withMessageContaining("use a smaller batch").withMessageContaining("crowded");
                gpu.set("memory_bytes", 1L << 32);

                assertThat(Tensor.full(2, DType.F32, Shape.of(3)).toFloatArray()).containsExactly(2, 2, 2);
            }
        }
    }

    @Test
    void aFaultNamesOpAndKernelAndTheCpuGoesOn() {
        try (OwnBackend own = new OwnBackend(); Scope _ = Scope.open(own.device(), "fault")) {
            Tensor x = Tensor.of(new float[] {1, 2, 3}, 3);
            own.backend().synchronize();
            gpu.switchOn(missingGuard());
            Tensor y = x.map(Unary.NEG);

            CudaException fault = catchThrowableOfType(CudaException.class, y::toFloatArray);

            assertThat(fault.fault()).isEqualTo(Fault.KERNEL);
            assertThat(fault.op()).isEqualTo("neg");
            assertThat(fault.kernel()).isEqualTo("unary_neg_f32");
            assertThat(fault).hasMessageStartingWith("neg: a kernel failed on cuda:0 (CUDA_ERROR_ILLEGAL_ADDRESS: ")
                    .hasMessageContaining("illegal address in unary_neg_f32 block (0,0,0) thread (3,0,0) at"
                            + " elementwise.cu:")
                    .hasMessageContaining("the kernel was unary_neg_f32")
                    .hasMessageEndingWith("the device cannot be used again by this process, cpu:0 can");
            assertThatExceptionOfType(CudaException.class).isThrownBy(() -> x.map(Unary.ABS))
                    .withMessageContaining("cuda:0 cannot be used any more after an earlier failure (neg: ");
        }
        gpu.switchOn(-1);
        assertThat(negated(Device.cpu())).containsExactly(-1, -2);
        try (OwnBackend again = new OwnBackend()) {
            assertThat(negated(again.device())).containsExactly(-1, -2);
        }
    }

    private static float[] negated(Device device) {
        try (Scope _ = Scope.open(device, "negated")) {
            return Tensor.of(new float[] {1, 2}, 2).map(Unary.NEG).toFloatArray();
        }
    }

    @Test
    void amongSeveralLaunchesTheSynchronousModeNamesTheOne() {
        gpu.switchOn(missingGuard());
        CudaException late = fault(new OwnBackend());
        CudaException early = fault(OwnBackend.with("cosmosj.cuda.synchronous", "true"));

        assertThat(late.kernel()).isEqualTo("unary_exp_f32");
        assertThat(late).hasMessageContaining("it was one of the last 2 launched, newest last: .. neg unary_neg_f32,"
                + " exp unary_exp_f32; -Dcosmosj.cuda.synchronous=true names the one");
        assertThat(early.kernel()).isEqualTo("unary_neg_f32");
        assertThat(early.op()).isEqualTo("neg");
    }

    private static CudaException fault(OwnBackend own) {
        try (own; Scope _ = Scope.open(own.device(), "late")) {
            Tensor x = Tensor.of(new float[] {1, 2, 3}, 3);
            own.backend().synchronize();
            return catchThrowableOfType(CudaException.class, () -> x.map(Unary.NEG).map(Unary.EXP).toFloatArray());
        }
    }

    @Test
    void aLostDeviceIsTold() {
        try (OwnBackend own = new OwnBackend(); Scope _ = Scope.open(own.device(), "lost")) {
            Tensor x = Tensor.of(new float[] {1, 2, 3}, 3);
            gpu.set("lost", 1);

            CudaException lost = catchThrowableOfType(CudaException.class, () -> x.map(Unary.NEG).toFloatArray());

            assertThat(lost.fault()).isEqualTo(Fault.DEVICE_LOST);
            assertThat(lost).hasMessageContaining("CUDA_ERROR_DEVICE_UNAVAILABLE")
                    .hasMessageContaining("the device does not answer").hasMessageContaining("cpu:0 can be used");
            gpu.set("lost", 0);
        }
    }

    @Test
    void aDriverThatReadsOlderPtxOnlyIsTold() {
        gpu.set("driver_version", 11080);
        try (OwnBackend own = new OwnBackend(); Scope _ = Scope.open(own.device(), "old")) {
            CudaException version = catchThrowableOfType(CudaException.class,
                    () -> Tensor.full(1, DType.F32, Shape.of(3)));

            assertThat(version.fault()).isEqualTo(Fault.VERSION);
            assertThat(version).hasMessageStartingWith("fill: CUDA_ERROR_UNSUPPORTED_PTX_VERSION")
                    .hasMessageContaining("PTX 8.0 is newer than the driver reads (7.8)")
                    .hasMessageContaining("update the NVIDIA driver to one for CUDA 12.0 or newer");
        }
    }

    @Test
    void anOlderGenerationIsRefusedWhenOpened() {
        gpu.set("capability", 75);

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new CudaBackendProvider().open(Device.cuda(0)))
                .withMessageContaining("device cuda:0 cannot be used: emulated GPU has compute capability 7.5");
        assertThat(new CudaBackendProvider().unavailableReason()).hasValueSatisfying(
                reason -> assertThat(reason).contains("compute capability 7.5"));
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new CudaBackendProvider().open(Device.cuda(1)))
                .withMessage("device cuda:1 does not exist; the driver finds 1 CUDA device");
    }

    @Test
    void opsWithoutKernelsNameTheCure() {
        try (Scope _ = Scope.open(Device.cuda(0), "missing")) {
            Tensor x = Tensor.full(1, DType.F32, Shape.of(2, 2));

            assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> x.matmul(x))
                    .withMessageStartingWith("matmul in F32 of ").withMessageContaining("the CUDA backend has no kernel"
                            + " for it; compute it on the CPU by moving the operands with to(Device.cpu())");
            Tensor heads = Tensor.full(1, DType.F32, Shape.of(1, 2, 1, 4));
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> Functional.attention(heads, heads, heads, 1))
                    .withMessageStartingWith("attention in F32");
        }
    }
}
