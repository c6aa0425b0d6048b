package org.cosmosj.tensor;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every op refuses arguments that do not fit, naming op, role, got, expected and the cure. */
class OpErrorsTest {
    private Scope scope;

    @BeforeEach
    void open() {
        scope = Scope.open(Device.cpu(), "test");
    }

    @AfterEach
    void close() {
        scope.close();
    }

    private static Tensor t(long... sizes) {
        return Tensor.zeros(DType.F32, Shape.of(sizes));
    }

    private static void refuses(Supplier<Tensor> op, String message) {
        assertThatThrownBy(op::get).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    @Test
    void elementwise() {
        refuses(() -> t(2, 3).add(t(4)),
                "broadcast: (2, 3) and (4) differ at axis -1; sizes must be equal or 1");
        refuses(() -> t(2).mul(Tensor.of(new double[2], 2)),
                "mul: dtypes F32 (2) and F64 (2) differ; convert one with to(DType)");
        refuses(() -> t(2).to(DType.BF16).add(t(2)),
                "add: dtypes BF16 (2) and F32 (2) differ; convert one with to(DType)");
        refuses(() -> t(2).to(DType.F16).add(t(2).to(DType.F16)),
                "add: dtype F16 of (2) is storage only; call to(DType.F32) first");
        refuses(() -> Functional.gatedResidual(t(2, 3, 4), t(2, 5), t(2, 3, 4)),
                "gatedResidual: gate (2, 5) does not match the leading axes and last axis of (2, 3, 4); expected"
                        + " (leading axes, 4)");
        refuses(() -> Functional.gatedResidual(t(2, 3, 4), t(2, 4), t(2, 3, 5)),
                "gatedResidual: y has shape (2, 3, 5), expected (2, 3, 4)");
    }

    @Test
    void products() {
        refuses(() -> Functional.linear("blocks.3.mlp.layer1", t(2, 77, 1024), t(8, 2048)),
                "linear(blocks.3.mlp.layer1): input (2, 77, 1024) ends in 1024 but weight (8, 2048) takes 2048");
        refuses(() -> Functional.linear(t(2, 3), t(3)), "linear: weight has shape (3), expected rank 2 (out, in)");
        refuses(() -> t(2, 3).matmul(t(4, 5)), "matmul: (2, 3) times (4, 5): expected (.., M, K) times (.., K, N)");
        refuses(() -> t(2, 2, 3).matmul(t(3, 3, 5)),
                "broadcast: (2) and (3) differ at axis -1; sizes must be equal or 1");
    }

    @Test
    void norms() {
        refuses(() -> Functional.rmsNorm(t(2, 3), t(4), 1e-6), "rmsNorm: gain has shape (4), expected (3)");
        refuses(() -> Functional.modulatedLayerNorm(t(2, 5, 3), t(2, 3), t(3, 3), 1e-6),
                "layerNorm: scale (3, 3) does not match the leading axes and last axis of (2, 5, 3); expected (leading"
                        + " axes, 3)");
        refuses(() -> Functional.modulatedLayerNorm(t(2, 5, 3), t(3), t(2, 3), 1e-6),
                "layerNorm: shift has shape (3), expected (2, 3)");
        refuses(() -> Functional.channelNorm(t(2, 5, 3), t(4)),
                "channelNorm: gain (4) does not match channels of (2, 5, 3)");
        refuses(() -> Functional.rope(t(1, 2, 3, 5), t(2, 2), t(2, 2)),
                "rope: head width 5 is odd; it must be even");
        refuses(() -> Functional.rope(t(1, 2, 3, 4), t(3, 2), t(2, 2)), "rope: cos has shape (3, 2), expected (2, 2)");
        refuses(() -> Functional.softmax(t()), "axis -1 does not exist in shape () of rank 0");
    }

    @Test
    void attention() {
        refuses(() -> Functional.attention(t(2, 3, 4), t(1), t(1), 1),
                "attention: q has shape (2, 3, 4), expected rank 4 (B, L, h, d)");
        refuses(() -> Functional.attention(t(2, 3, 4, 5), t(2, 7, 4, 6), t(2, 7, 4, 6), 1),
                "attention: k has shape (2, 7, 4, 6), expected (2, 7, 4, 5)");
        refuses(() -> Functional.attention(t(2, 3, 4, 5), t(2, 7, 4, 5), t(2, 8, 4, 5), 1),
                "attention: v has shape (2, 8, 4, 5), expected (2, 7, 4, 5)");
        refuses(() -> Functional.attention(t(2, 3, 4, 5), t(2, 0, 4, 5), t(2, 0, 4, 5), 1),
                "attention: k (2, 0, 4, 5) has no tokens to attend to");
    }

    @Test
    void convolutions() {
        ConvGeometry causal = ConvGeometry.causal(3, 3, 3);
        refuses(() -> Functional.conv3d("encoder.conv1", t(1, 3, 4, 5), t(8, 3, 3, 3, 3), null, causal),
                "conv3d(encoder.conv1): input has shape (1, 3, 4, 5), expected rank 5 (B, C, T, H, W)");
        refuses(() -> Functional.conv3d("encoder.conv1", t(1, 3, 4, 5, 5), t(8, 4, 3, 3, 3), null, causal),
                "conv3d(encoder.conv1): weight has shape (8, 4, 3, 3, 3), expected (8, 3, 3, 3, 3)");
        refuses(() -> Functional.conv3d("encoder.conv1", t(1, 3, 4, 5, 5), t(8, 3, 3, 3, 3), t(7), causal),
                "conv3d(encoder.conv1): bias has shape (7), expected (8)");
        assertThatThrownBy(() -> Functional.conv3d("c", t(1, 3, 1, 5, 5), t(8, 3, 3, 3, 3), null, causal.withFront(0)))
                .isInstanceOf(ShapeException.class)
                .hasMessageStartingWith("conv3d: kernel (3, 3, 3) does not fit into input (1, 3, 1, 5, 5)");
        assertThatThrownBy(() -> ConvGeometry.causal(0, 3, 3)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be at least 1");
        refuses(() -> Functional.upsampleNearest2x(t(4)), "upsampleNearest2x: shape (4) has no H and W");
    }

    @Test
    void losses() {
        refuses(() -> Functional.weightedSquaredError(t(2, 3), t(2, 3), t(2, 3), 1),
                "weightedSquaredError: prediction (2, 3) has no axes (B, C, T, ..)");
        refuses(() -> Functional.weightedSquaredError(t(2, 3, 4), t(2, 3, 5), t(2, 4), 1),
                "weightedSquaredError: target has shape (2, 3, 5), expected (2, 3, 4)");
        refuses(() -> Functional.weightedSquaredError(t(2, 3, 4), t(2, 3, 4), t(2, 3), 1),
                "weightedSquaredError: weight has shape (2, 3), expected (2, 4)");
    }

    @Test
    void views() {
        refuses(() -> t(2, 3).reshape(4, 2), "reshape: (2, 3) has 6 elements, (4, 2) has 8");
        refuses(() -> t(2, 3).reshape(-1, 4), "reshape: (2, 3) does not divide by the known sizes (product 4)");
        refuses(() -> t(2, 3).reshape(-1, -1), "reshape: more than one size is -1");
        refuses(() -> t(2, 3).reshape(-2, 3), "shape: size -2 in (-2, 3) is negative; use 0 or more");
        refuses(() -> t(2, 3).permute(0, 0), "permute: axis 0 appears twice");
        refuses(() -> t(2, 3).permute(0), "permute: 1 axes for shape (2, 3)");
        refuses(() -> t(2, 3).transpose(0, 2), "axis 2 does not exist in shape (2, 3) of rank 2");
        refuses(() -> t(2, 3).narrow(1, 2, 2), "narrow: 2 indices from 2 exceed axis 1 of (2, 3)");
        refuses(() -> t(2, 3).narrow(1, Long.MAX_VALUE, 1),
                "narrow: 1 indices from 9223372036854775807 exceed axis 1 of (2, 3)");
        refuses(() -> t(2, 3).narrow(1, -1, 1), "narrow: 1 indices from -1 exceed axis 1 of (2, 3)");
        refuses(() -> t(2, 3).squeeze(0), "squeeze: axis 0 of (2, 3) is not 1");
        refuses(() -> t(2, 3).unsqueeze(4), "unsqueeze: axis 4 for shape (2, 3)");
        refuses(() -> t(2, 3).expand(2, 4), "broadcast: (2, 3) and (2, 4) differ at axis -1; sizes must be equal or 1");
        refuses(() -> t(2, 3).expand(3), "expand: (2, 3) does not expand to (3)");
        refuses(() -> t(2, 3).chunk(2, 1)[0], "chunk: axis 1 of (2, 3) does not split into 2 equal parts");
        refuses(() -> t(2, 3).indexSelect(1, 0, 3), "indexSelect: index 3 is outside axis 1 of (2, 3)");
        refuses(() -> Tensor.cat(0), "cat: no tensors given");
        refuses(() -> Tensor.cat(0, t(2, 3), t(2, 4)),
                "cat: F32 (2, 3) on cpu:0 and F32 (2, 4) on cpu:0 differ outside axis 0");
        refuses(() -> t(2, 3).copyFrom(t(3, 2)), "copyFrom: source has shape (3, 2), expected (2, 3)");
    }

    @Test
    void factories() {
        refuses(() -> Tensor.of(new float[5], 2, 3), "of: 5 values do not fill shape (2, 3) of 6");
        refuses(() -> Tensor.randn(Rng.seeded(1), DType.I64, Shape.of(2)),
                "randn: dtype I64 of (2) is storage only; call to(DType.F32) first");
        refuses(() -> Tensor.empty(DType.F32, Shape.of(1L << 62)), "empty: F32 (4611686018427387904) has more than 2^63"
                + " bytes");
        assertThatThrownBy(() -> Shape.of(1L << 32, 1L << 32)).isInstanceOf(ShapeException.class)
                .hasMessage("shape: (4294967296, 4294967296) has more than 2^63 elements");
        assertThatThrownBy(() -> t(2).item()).isInstanceOf(ShapeException.class)
                .hasMessage("item: shape (2) has not exactly one element");
        assertThatThrownBy(() -> t(2).toLongArray()).hasMessage(
                "toLongArray: dtype F32 is a float; use toFloatArray or toDoubleArray");
        assertThatThrownBy(() -> t(0, 2).reduce(org.cosmosj.tensor.spi.ReductionKernels.Reduce.MAX, 0))
                .hasMessage("max: axis 0 of (0, 2) is empty");
        assertThatThrownBy(() -> t(2).toByteArray())
                .hasMessage("toByteArray: dtype F32, expected U8");
    }

    @Test
    void closedTensors() {
        Tensor closed = t(2, 2);
        closed.close();
        String reason = ": F32 (2, 2) was closed with scope 'test (closed early)'; promote it or copy it out before the"
                + " scope ends";
        Map<String, Supplier<Tensor>> ops = Map.of("add", () -> t(2, 2).add(closed), "gelu",
                () -> Functional.gelu(closed), "linear(head)", () -> Functional.linear("head", t(3, 2), closed),
                "matmul", () -> closed.matmul(t(2, 2)), "cat", () -> Tensor.cat(0, t(2, 2), closed), "copyFrom",
                () -> t(2, 2).copyFrom(closed));

        ops.forEach((op, use) -> assertThatThrownBy(use::get).isInstanceOf(ClosedTensorException.class)
                .hasMessage(op + reason));
    }

    @Test
    void devices() {
        assertThatThrownBy(() -> Device.parse("gpu")).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("device: 'gpu' is not a device; use cpu, cuda or cuda:INDEX");
        assertThatThrownBy(() -> Device.parse("cuda:x")).hasMessageContaining("'cuda:x' is not a device");
        assertThatThrownBy(() -> Device.parse("cuda:-1")).hasMessageContaining("'cuda:-1' is not a device");
        assertThatThrownBy(() -> Scope.open(new Device(Device.Kind.CPU, 1), "x"))
                .hasMessage("device cpu:1 does not exist; the host's processor is cpu:0");
    }
}
