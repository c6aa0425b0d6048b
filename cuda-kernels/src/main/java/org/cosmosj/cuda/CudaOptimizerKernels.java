package org.cosmosj.cuda;

import static org.cosmosj.cuda.Launcher.address;
import static org.cosmosj.cuda.Launcher.number;
import static org.cosmosj.cuda.Launcher.suffix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.spi.Operand;
import org.cosmosj.tensor.spi.OptimizerKernels;

/** Launches optimizer.cu. */
final class CudaOptimizerKernels implements OptimizerKernels {
    private final Launcher launcher;

    CudaOptimizerKernels(Launcher launcher) {
        this.launcher = launcher;
    }

    @Override
    public void adamW(Operand gradient, Operand parameter, Operand firstMoment, Operand secondMoment,
            AdamWStep step) {
        launcher.overElements("adamW", "adamw" + suffix("adamW", parameter), parameter.numel(), address(gradient),
                address(parameter), address(firstMoment), address(secondMoment), pack(step, parameter.dtype()),
                parameter.numel());
    }

    /** {@code struct AdamStep} in optimizer.cu. */
    private static byte[] pack(AdamWStep step, DType dtype) {
        double[] coefficients = {step.learningRate(), step.beta1(), 1 - step.beta1(), step.beta2(), 1 - step.beta2(),
            step.eps(), step.weightDecay(), step.correction1(), step.correction2(), step.gradientScale()};
        ByteBuffer struct = ByteBuffer.allocate(coefficients.length * dtype.byteSize()).order(ByteOrder.LITTLE_ENDIAN);
        for (double coefficient : coefficients) {
            if (dtype == DType.F32) {
                struct.putFloat((float) coefficient);
            } else {
                struct.putDouble(coefficient);
            }
        }
        return struct.array();
    }

    @Override
    public void movingAverage(Operand value, double decay, Operand average) {
        launcher.overElements("movingAverage", "moving_average" + suffix("movingAverage", average), average.numel(),
                address(value), number(decay, average), number(1 - decay, average), address(average),
                average.numel());
    }

    @Override
    public void zeroNonFinite(Operand gradient) {
        launcher.overElements("zeroNonFinite", "zero_non_finite" + suffix("zeroNonFinite", gradient),
                gradient.numel(), address(gradient), gradient.numel());
    }
}
