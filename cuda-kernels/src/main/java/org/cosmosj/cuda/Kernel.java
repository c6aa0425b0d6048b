package org.cosmosj.cuda;

import jcuda.Pointer;
import jcuda.driver.CUfunction;

/**
 * One loaded kernel.
 *
 * @param signature its name and parameters
 * @param function the driver's handle
 */
record Kernel(KernelSignature signature, CUfunction function) {
    String name() {
        return signature.name();
    }

    /**
     * The arguments as the driver takes them.
     *
     * @param arguments Long (also addresses), Double, Integer, Float, Short, Byte, or byte[] for a struct
     * @return a pointer to pointers to them
     * @throws IllegalArgumentException if number or sizes are not those of the PTX
     */
    Pointer pack(Object... arguments) {
        signature.check(arguments);
        Pointer[] pointers = new Pointer[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            pointers[i] = switch (arguments[i]) {
                case Long value -> Pointer.to(new long[] {value});
                case Double value -> Pointer.to(new double[] {value});
                case Integer value -> Pointer.to(new int[] {value});
                case Float value -> Pointer.to(new float[] {value});
                case Short value -> Pointer.to(new short[] {value});
                case Byte value -> Pointer.to(new byte[] {value});
                case byte[] struct -> Pointer.to(struct);
                default -> throw new IllegalArgumentException("a kernel takes no " + arguments[i]);
            };
        }
        return Pointer.to(pointers);
    }
}
