package org.cosmosj.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which views copy, and what a reshape of a strided tensor shows. */
class ViewsTest {
    private Scope scope;

    @BeforeEach
    void open() {
        scope = Scope.open(Device.cpu(), "test");
    }

    @AfterEach
    void close() {
        scope.close();
    }

    private static Tensor counting(long... sizes) {
        double[] values = new double[(int) Shape.of(sizes).numel()];
        java.util.Arrays.setAll(values, i -> i);
        return Tensor.of(values, sizes);
    }

    private boolean copies(Runnable op) {
        long before = scope.backend().memory().liveBuffers();
        op.run();
        return scope.backend().memory().liveBuffers() > before;
    }

    @Test
    void splittingTheHeadsOfASliceDoesNotCopy() {
        Tensor qkv = counting(2, 5, 3 * 8);
        Tensor k = qkv.chunk(3, -1)[1];

        assertThat(copies(() -> k.reshape(2, 5, 2, 4))).isFalse();
        assertThat(k.reshape(2, 5, 2, 4).toDoubleArray()).isEqualTo(k.toDoubleArray());
        assertThat(k.reshape(10, 8).toDoubleArray()).as("rows that lie 24 apart").isEqualTo(k.toDoubleArray());
        assertThat(copies(() -> k.reshape(10, 8))).isFalse();
        assertThat(copies(() -> k.reshape(80))).isTrue();
    }

    @Test
    void everyReshapeOfEveryLayoutKeepsTheOrderOfElements() {
        Tensor[] layouts = {counting(4, 6), counting(6, 4).transpose(0, 1),
            counting(6, 8).narrow(0, 1, 4).narrow(1, 1, 6),
            counting(4, 1, 12).narrow(2, 3, 6).squeeze(1), counting(6).expand(4, 6), counting(4, 1).expand(4, 6),
            counting(4, 2, 3, 2).select(3, 1).reshape(4, 6), counting(2, 2, 6).permute(1, 0, 2).reshape(4, 6)};
        long[][] shapes = {{24}, {4, 6}, {2, 2, 6}, {4, 3, 2}, {4, 1, 6}, {1, 4, 6, 1}, {8, 3}, {2, 12}, {2, 2, 2, 3},
            {24, 1}, {3, 8}};
        for (Tensor layout : layouts) {
            double[] expected = layout.toDoubleArray();
            for (long[] shape : shapes) {
                assertThat(layout.reshape(shape).toDoubleArray()).as(layout.layout() + " as " + Shape.of(shape))
                        .isEqualTo(expected);
                assertThat(layout.reshape(shape).reshape(4, 6).toDoubleArray()).isEqualTo(expected);
            }
        }
        assertThat(Tensor.full(3, DType.F32, Shape.SCALAR).reshape(1, 1).item()).isEqualTo(3);
        assertThat(counting(0, 3).transpose(0, 1).reshape(0).shape()).isEqualTo(Shape.of(0));
    }

    @Test
    void layoutsAreWhatTheyClaim() {
        Tensor x = counting(2, 3, 4);

        assertThat(x.permute(2, 0, 1).layout().strides()).containsExactly(1, 12, 4);
        assertThat(x.select(1, 2).layout().offset()).isEqualTo(8);
        assertThat(x.select(1, -1).toDoubleArray()).containsExactly(8, 9, 10, 11, 20, 21, 22, 23);
        assertThat(x.unsqueeze(-1).shape()).isEqualTo(Shape.of(2, 3, 4, 1));
        assertThat(x.expand(2, 3, 4)).satisfies(same -> assertThat(same.layout()).isEqualTo(x.layout()));
        assertThat(x.contiguous()).isSameAs(x);
        assertThat(x.to(DType.F64)).isSameAs(x);
    }

    @Test
    void copiesThatOpsMakeOfViewsAreCounted() {
        Tensor x = counting(6, 4);
        Tensor weight = counting(3, 4);
        long before = Tensor.denseCopies();
        Functional.linear(x, weight);
        x.matmul(weight.transpose(0, 1));
        x.contiguous();
        x.transpose(0, 1).reshape(4, 2, 3);
        assertThat(Tensor.denseCopies()).as("what kernels read as it lies").isEqualTo(before);

        Functional.linear(counting(4, 6).transpose(0, 1), weight);
        x.transpose(0, 1).contiguous();
        assertThat(Tensor.denseCopies()).isEqualTo(before + 2);
    }

    @Test
    void integersAndTruthValuesComeFromArrays() {
        Tensor counts = Tensor.of(new int[] {-3, 0, Integer.MAX_VALUE}, 3);
        Tensor mask = Tensor.of(new boolean[] {true, false, true, true}, 2, 2);

        assertThat(counts.dtype()).isEqualTo(DType.I32);
        assertThat(counts.toLongArray()).containsExactly(-3, 0, Integer.MAX_VALUE);
        assertThat(mask.dtype()).isEqualTo(DType.BOOL);
        assertThat(mask.transpose(0, 1).toLongArray()).containsExactly(1, 1, 0, 1);
        assertThat(mask.to(DType.F32).sum().item()).isEqualTo(3);
    }
}
