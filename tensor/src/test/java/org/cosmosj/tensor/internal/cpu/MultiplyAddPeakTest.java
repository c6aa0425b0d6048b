package org.cosmosj.tensor.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.cosmosj.tensor.Device;
import org.junit.jupiter.api.Test;

class MultiplyAddPeakTest {
    @Test
    void vectorKernelsHaveAPeakToCompareWith() {
        // One multiply-add per cycle of the slowest processor there is to expect, and more than any has.
        assertThat(CpuBackend.vector(Device.cpu()).multiplyAddPeak(2).orElseThrow()).isBetween(1e9, 1e15);
    }

    @Test
    void scalarKernelsAreComparedWithNothing() {
        assertThat(CpuBackend.scalar(Device.cpu()).multiplyAddPeak(2)).isEmpty();
    }
}
