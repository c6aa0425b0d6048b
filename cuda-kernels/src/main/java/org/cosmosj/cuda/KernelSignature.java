package org.cosmosj.cuda;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parameters of a kernel as its PTX declares them. The driver itself would read past a list of arguments that is
 * too short and past each argument that is too small.
 *
 * @param name of the kernel
 * @param sizes of its parameters in bytes
 */
record KernelSignature(String name, List<Integer> sizes) {
    private static final Pattern ENTRY = Pattern.compile("\\.entry\\s+(\\w+)\\s*\\(([^)]*)\\)");
    private static final Pattern PARAMETER =
            Pattern.compile("\\.param\\s+(?:\\.align\\s+\\d+\\s+)?\\.[a-z](\\d+)\\s+\\w+(?:\\[(\\d+)])?");

    /** The kernels of a module by name. */
    static Map<String, KernelSignature> all(String ptx) {
        Map<String, KernelSignature> signatures = new LinkedHashMap<>();
        Matcher entry = ENTRY.matcher(ptx);
        while (entry.find()) {
            List<Integer> sizes = new ArrayList<>();
            Matcher parameter = PARAMETER.matcher(entry.group(2));
            while (parameter.find()) {
                int count = parameter.group(2) == null ? 1 : Integer.parseInt(parameter.group(2));
                sizes.add(Integer.parseInt(parameter.group(1)) / Byte.SIZE * count);
            }
            signatures.put(entry.group(1), new KernelSignature(entry.group(1), sizes));
        }
        return signatures;
    }

    /** @throws IllegalArgumentException if the arguments are not those that the PTX declares */
    void check(Object[] arguments) {
        if (arguments.length != sizes.size()) {
            throw new IllegalArgumentException("kernel " + name + ": " + arguments.length + " arguments, its PTX"
                    + " declares " + sizes.size());
        }
        for (int i = 0; i < arguments.length; i++) {
            if (bytes(arguments[i]) != sizes.get(i)) {
                throw new IllegalArgumentException("kernel " + name + ": argument " + i + " ("
                        + arguments[i].getClass().getSimpleName() + ") has " + bytes(arguments[i])
                        + " bytes, its PTX declares " + sizes.get(i));
            }
        }
    }

    private static int bytes(Object argument) {
        return switch (argument) {
            case Long _ -> Long.BYTES;
            case Double _ -> Double.BYTES;
            case Integer _ -> Integer.BYTES;
            case Float _ -> Float.BYTES;
            case Short _ -> Short.BYTES;
            case Byte _ -> Byte.BYTES;
            case byte[] struct -> struct.length;
            default -> throw new IllegalArgumentException("a kernel takes no " + argument.getClass().getName());
        };
    }
}
