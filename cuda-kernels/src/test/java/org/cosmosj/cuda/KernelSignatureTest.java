package org.cosmosj.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.cosmosj.tensor.Shape;
import org.junit.jupiter.api.Test;

class KernelSignatureTest {
    private final Map<String, KernelSignature> signatures = KernelSignature.all("""
            .visible .entry two(
                .param .u64 .ptr .global .align 4 two_param_0,
                .param .f32 two_param_1
            )
            .visible .entry struct(
                .param .align 8 .b8 struct_param_0[200],
                .param .u16 struct_param_1
            )
            """.replace(" .ptr .global .align 4", ""));

    @Test
    void sizesAreReadFromThePtx() {
        assertThat(signatures.get("two").sizes()).isEqualTo(List.of(8, 4));
        assertThat(signatures.get("struct").sizes()).isEqualTo(List.of(200, 2));
        assertThat(KernelSignature.all(KernelLibrary.ptx("optimizer")).get("adamw_f32").sizes())
                .isEqualTo(List.of(8, 8, 8, 8, 40, 8));
    }

    @Test
    void argumentsOfAnotherNumberOrSizeAreRefused() {
        KernelSignature two = signatures.get("two");
        two.check(new Object[] {1L, 2f});

        assertThatIllegalArgumentException().isThrownBy(() -> two.check(new Object[] {1L}))
                .withMessage("kernel two: 1 arguments, its PTX declares 2");
        assertThatIllegalArgumentException().isThrownBy(() -> two.check(new Object[] {1L, 2.0}))
                .withMessage("kernel two: argument 1 (Double) has 8 bytes, its PTX declares 4");
        assertThatIllegalArgumentException().isThrownBy(() -> two.check(new Object[] {1L, "x"}))
                .withMessage("a kernel takes no java.lang.String");
    }

    @Test
    void axesThatLieDenselyAreMerged() {
        long[] dense = {60, 20, 4, 1};
        assertThat(rank(StridedAxes.pack("copy", Shape.of(2, 3, 5, 4), dense, dense))).isEqualTo(1);
        assertThat(rank(StridedAxes.pack("copy", Shape.of(2, 3, 5, 4), dense, new long[] {60, 1, 3, 15})))
                .isEqualTo(4);
        assertThat(rank(StridedAxes.pack("copy", Shape.of(2, 3, 5, 4), dense, new long[] {1, 40, 8, 2})))
                .isEqualTo(2);
        assertThat(rank(StridedAxes.pack("copy", Shape.of(1, 1), new long[] {7, 9}, new long[] {1, 1}))).isEqualTo(1);
        long[] tangled = new long[9];
        long[] sizes = new long[9];
        for (int i = 0; i < 9; i++) {
            sizes[i] = 2;
            tangled[i] = 1L << i;
        }
        assertThatIllegalArgumentException().isThrownBy(() -> StridedAxes.pack("copy", Shape.of(sizes), tangled,
                tangled)).withMessageContaining("has more than 8 axes that cannot be merged");
    }

    private static int rank(byte[] axes) {
        return axes[24 * Long.BYTES];
    }
}
