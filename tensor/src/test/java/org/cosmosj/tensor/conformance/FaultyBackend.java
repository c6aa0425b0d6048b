package org.cosmosj.tensor.conformance;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.spi.Backend;
import org.cosmosj.tensor.spi.Operand;

/** A backend with one deliberate bug in one kernel, to see whether the suite finds it. */
final class FaultyBackend extends InterceptingBackend {
    private final Set<String> called = new HashSet<>();
    private String kernel = "";
    private int destination;
    private Fault fault = Fault.ZEROS;
    private boolean changed;

    /** What is wrong with a result. */
    enum Fault {
        /** Nothing was computed. */
        ZEROS {
            @Override
            void spoil(double[] values) {
                Arrays.fill(values, 0);
            }
        },
        /** One number is not a number. */
        ONE_NAN {
            @Override
            void spoil(double[] values) {
                values[values.length / 2] = Double.NaN;
            }
        },
        /** All numbers are right but stand in reverse order. */
        REVERSED {
            @Override
            void spoil(double[] values) {
                for (int i = 0, j = values.length - 1; i < j; i++, j--) {
                    double value = values[i];
                    values[i] = values[j];
                    values[j] = value;
                }
            }
        },
        /** The loop stopped one element early. */
        LAST_MISSING {
            @Override
            void spoil(double[] values) {
                values[values.length - 1] = 0;
            }
        },
        /** A term of one part in a thousand was dropped. */
        SLIGHTLY_SMALL {
            @Override
            void spoil(double[] values) {
                for (int i = 0; i < values.length; i++) {
                    values[i] *= 0.999;
                }
            }
        };

        abstract void spoil(double[] values);
    }

    FaultyBackend(Device device, Backend delegate) {
        super(device, delegate);
    }

    /** From now on the given destination of the given kernel is spoilt. */
    void spoil(String kernelName, int argument, Fault how) {
        kernel = kernelName;
        destination = argument;
        fault = how;
        changed = false;
    }

    /** Whether the fault made any difference: a constant in reverse order is the same constant. */
    boolean changedAnything() {
        return changed;
    }

    /** No kernel is spoilt. */
    void heal() {
        kernel = "";
    }

    /** The kernels called since the last time. */
    Set<String> takeCalled() {
        Set<String> names = new HashSet<>(called);
        called.clear();
        return names;
    }

    @Override
    void call(String name, Object[] arguments, Kernel behind) {
        called.add(name);
        behind.run(arguments);
        if (name.equals(kernel) && arguments[destination] instanceof Operand operand && operand.numel() > 0) {
            spoil(operand);
        }
    }

    private void spoil(Operand operand) {
        int count = Math.toIntExact(operand.numel());
        boolean wide = operand.dtype() == DType.F64;
        if (!operand.dtype().isCompute() || !operand.layout().isContiguous()) {
            return;
        }
        double[] doubles = new double[count];
        float[] floats = new float[count];
        MemorySegment host = wide ? MemorySegment.ofArray(doubles) : MemorySegment.ofArray(floats);
        delegate.download(operand.buffer(), operand.byteOffset(), host);
        for (int i = 0; i < count && !wide; i++) {
            doubles[i] = floats[i];
        }
        double[] right = doubles.clone();
        fault.spoil(doubles);
        changed |= !Arrays.equals(right, doubles);
        for (int i = 0; i < count; i++) {
            floats[i] = (float) doubles[i];
        }
        delegate.upload(host, operand.buffer(), operand.byteOffset());
    }
}
