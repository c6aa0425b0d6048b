package org.cosmosj.tensor.internal.cpu.vector;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.spi.Accumulation;
import org.cosmosj.tensor.spi.Operand;

/** Prints the vector width and a fingerprint of the bits of each matrix and attention kernel's result. */
final class VectorWidthMain {
    private VectorWidthMain() {}

    /**
     * Runs in a JVM of its own.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        System.out.println("lanes " + Species.LANES);
        fingerprints().forEach((name, bits) -> System.out.println(name + " " + bits));
    }

    /** Kernel and fingerprint, at this JVM's width. */
    static Map<String, Integer> fingerprints() {
        Map<String, Integer> prints = new LinkedHashMap<>();
        for (String transposes : new String[] {"NN", "NT", "TN"}) {
            Operand x = HostOperands.matrix(DType.F32, 1, 37, 300, transposes.charAt(0) == 'T');
            Operand y = HostOperands.matrix(DType.F32, 2, 300, 75, transposes.charAt(1) == 'T');
            Operand out = HostOperands.zeros(DType.F32, 1, 37, 75);
            new VectorMatmulKernels().matmul(x, y, out, Accumulation.ADD);
            prints.put("matmul" + transposes, hash(out));
        }
        Operand q = HostOperands.random(DType.F32, 1, 1, 45, 2, 13);
        Operand k = HostOperands.random(DType.F32, 2, 1, 210, 2, 13);
        Operand v = HostOperands.random(DType.F32, 3, 1, 210, 2, 20);
        Operand out = HostOperands.zeros(DType.F32, 1, 45, 2, 20);
        Operand logSumExp = HostOperands.zeros(DType.F32, 1, 2, 45);
        Operand dQ = HostOperands.zeros(DType.F32, 1, 45, 2, 13);
        Operand dK = HostOperands.zeros(DType.F32, 1, 210, 2, 13);
        Operand dV = HostOperands.zeros(DType.F32, 1, 210, 2, 20);
        VectorAttentionKernels attention = new VectorAttentionKernels();
        attention.attention(q, k, v, 0.3, out, logSumExp);
        attention.attentionBackward(out, q, k, v, out, logSumExp, 0.3, dQ, dK, dV);
        prints.put("attention", hash(out));
        prints.put("logSumExp", hash(logSumExp));
        prints.put("dQ", hash(dQ));
        prints.put("dK", hash(dK));
        prints.put("dV", hash(dV));
        return prints;
    }

    private static int hash(Operand operand) {
        return Arrays.hashCode(HostOperands.bits(operand));
    }
}
