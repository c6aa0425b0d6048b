package org.cosmosj.tensor.pickle;

import java.util.List;

/** The names that pickled NumPy arrays, dtypes and scalars mention. */
final class NumpyTypes {
    private NumpyTypes() {}

    static PickleTypes allow(PickleTypes types) {
        PickleTypes longer = types.withConstructor("numpy", "dtype", arguments -> new NumpyDType(arguments.string(0)))
                .withConstructor("numpy", "ndarray", _ -> {
                    throw new IllegalArgumentException("numpy.ndarray is not called directly by NumPy");
                });
        for (String core : List.of("numpy.core", "numpy._core")) { // NumPy 1 and NumPy 2
            longer = longer.withConstructor(core + ".multiarray", "_reconstruct", NumpyTypes::reconstruct)
                    .withConstructor(core + ".multiarray", "scalar", NumpyTypes::scalar)
                    .withConstructor(core + ".numeric", "_frombuffer", NumpyTypes::fromBuffer);
        }
        return longer;
    }

    /** An array without data yet; protocols before 5 add them as its state. */
    private static NumpyArray reconstruct(PickleArguments arguments) {
        if (!(arguments.get(0) instanceof PickleTypes.Name type) || !type.toString().equals("numpy.ndarray")) {
            throw new IllegalArgumentException("_reconstruct of " + PickleArguments.typeOf(arguments.get(0))
                    + ", expected numpy.ndarray; subclasses are not allowed");
        }
        return new NumpyArray();
    }

    private static Object scalar(PickleArguments arguments) {
        NumpyDType dtype = arguments.as(0, NumpyDType.class, "a dtype");
        NumpyArray array = new NumpyArray();
        array.fill(dtype, new long[0], false, arguments.bytes(1));
        double value = array.toDoubleArray()[0];
        return switch (dtype.kind()) {
            case 'f' -> (Object) value;
            case 'b' -> value != 0;
            default -> array.toLongArray()[0];
        };
    }

    /** What protocol 5 writes where buffers stay inside the stream. */
    private static NumpyArray fromBuffer(PickleArguments arguments) {
        NumpyArray array = new NumpyArray();
        array.fill(arguments.as(1, NumpyDType.class, "a dtype"), arguments.integers(2),
                arguments.string(3).equals("F"), arguments.bytes(0));
        return array;
    }
}
