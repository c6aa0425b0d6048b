package org.cosmosj.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.ElementwiseKernels.Unary;
import org.cosmosj.testing.gpu.AccessCount;
import org.cosmosj.testing.gpu.EmulatedGpu;
import org.cosmosj.testing.gpu.RunsOnGpu;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Kernels on the path of the model touch no sector twice and no bank at once, on sizes like the model's. */
@RunsOnGpu(emulatedOnly = true)
class AccessPatternTest {
    private static final Device GPU = Device.cuda(0);
    private final EmulatedGpu gpu = EmulatedGpu.start();

    @AfterEach
    void stop() {
        gpu.set("statistics", 0);
        gpu.takeStatistics();
    }

    private List<AccessCount> count(Runnable work) {
        gpu.takeStatistics();
        gpu.set("statistics", 1);
        try (Scope _ = Scope.open(GPU, "patterns")) {
            work.run();
        } finally {
            gpu.set("statistics", 0);
        }
        return gpu.takeStatistics();
    }

    private static Tensor ones(long... sizes) {
        return Tensor.full(1, DType.F32, Shape.of(sizes));
    }

    private static Set<String> assertTight(List<AccessCount> counts) {
        assertThat(counts).isNotEmpty().allMatch(count -> count.units() == count.ideal(), "as cheap as can be");
        Set<String> kernels = new TreeSet<>();
        counts.forEach(count -> kernels.add(count.kernel()));
        return kernels;
    }

    @Test
    void elementwiseKernelsTouchEachSectorOnce() {
        assertThat(assertTight(count(() -> {
            ones(2048).map(Unary.GELU).add(ones(2048)).mul(2).to(DType.BF16).to(DType.F32).toFloatArray();
            Functional.gatedResidual(ones(2, 4, 256), ones(2, 256), ones(2, 4, 256)).toFloatArray();
        }))).contains("unary_gelu_f32", "binary_add_f32", "affine_f32", "cast_f32_bf16", "cast_bf16_f32",
                "gated_residual_f32");
    }

    @Test
    void normsTouchEachSectorOnce() {
        assertThat(assertTight(count(() -> {
            Functional.modulatedLayerNorm(ones(2, 4, 512), ones(2, 512), ones(2, 512), 1e-6).toFloatArray();
            Functional.rmsNorm(ones(16, 128), ones(128), 1e-6).toFloatArray();
            Functional.softmax(ones(4, 512)).toFloatArray();
            Functional.rope(ones(1, 4, 4, 128), ones(4, 64), ones(4, 64)).toFloatArray();
            Functional.channelNormSilu(ones(1, 16, 256), ones(16)).toFloatArray();
        }))).contains("layer_norm_f32", "rms_norm_f32", "softmax_f32", "rope_f32", "channel_norm_f32");
    }

    @Test
    void reductionsTouchEachSectorOnceAndNoBankTwice() {
        assertThat(assertTight(count(() -> {
            ones(4, 4096).sum(1).toFloatArray();
            ones(512, 64).sum(0).toFloatArray();
        }))).contains("reduce_rows_sum_f32", "reduce_columns_sum_f32");
    }

    /** The check itself: a transposed copy reads one number from each sector. */
    @Test
    void aTransposedCopyIsSeenToWasteSectors() {
        List<AccessCount> counts = count(() -> ones(64, 64).transpose(0, 1).contiguous().toFloatArray());

        assertThat(counts).anySatisfy(count -> {
            assertThat(count.kernel()).isEqualTo("copy_4");
            assertThat(count.units()).isEqualTo(8 * count.ideal());
        });
    }
}
