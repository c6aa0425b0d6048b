package org.cosmosj.tensor.conformance;

import static org.cosmosj.tensor.conformance.OpCase.named;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cosmosj.tensor.ConvGeometry;
import org.cosmosj.tensor.Functional;

/** The convolutions of the video tokenizer at awkward channels and sizes, and pixel replication. */
final class ConvolutionCases {
    private static final ConvGeometry CAUSAL = ConvGeometry.causal(3, 3, 3);
    private static final ConvGeometry POINTWISE = ConvGeometry.causal(1, 1, 1);
    private static final ConvGeometry FRAMES = ConvGeometry.causal(3, 1, 1);
    private static final ConvGeometry PICTURE = ConvGeometry.causal(1, 3, 3);
    private static final ConvGeometry HALVING = new ConvGeometry(1, 3, 3, 1, 2, 2, 0, 0, 0, 1, 0, 1);
    private static final ConvGeometry HALVING_TIME = new ConvGeometry(3, 1, 1, 2, 1, 1, 0, 0, 0, 0, 0, 0);
    private static final ConvGeometry ODD = new ConvGeometry(2, 3, 5, 2, 1, 3, 1, 2, 2, 0, 3, 1);

    private ConvolutionCases() {}

    static List<OpCase> all() {
        List<OpCase> cases = new ArrayList<>();
        cases.add(conv(CAUSAL, 4, 1, 3, 3, 5, 7));
        cases.add(conv(CAUSAL, 17, 2, 8, 1, 4, 4));
        cases.add(conv(CAUSAL, 1, 1, 1, 2, 3, 3));
        cases.add(conv(CAUSAL, 13, 1, 9, 2, 3, 17));
        cases.add(conv(CAUSAL.withFront(0), 5, 1, 3, 4, 3, 3));
        cases.add(conv(POINTWISE, 33, 1, 13, 2, 3, 5));
        cases.add(conv(FRAMES, 8, 1, 16, 4, 3, 3));
        cases.add(conv(PICTURE, 3, 2, 7, 2, 9, 18));
        cases.add(conv(PICTURE, 20, 1, 8, 1, 1, 1));
        cases.add(conv(HALVING, 9, 1, 6, 2, 8, 34));
        cases.add(conv(HALVING, 4, 2, 4, 1, 7, 9));
        cases.add(conv(HALVING_TIME, 5, 1, 6, 5, 2, 3));
        cases.add(conv(ODD, 3, 2, 4, 3, 4, 11));
        cases.add(conv(CAUSAL, 4, 0, 3, 3, 5, 7));
        cases.add(named("conv3d without bias").input(1, 5, 2, 4, 6).input(7, 5, 3, 3, 3).summing(135)
                .computes(in -> Functional.conv3d("test", in[0], in[1], null, CAUSAL)));
        for (long[] x : new long[][] {{1, 1}, {3, 5}, {2, 3, 7, 13}, {2, 1, 64}, {0, 3, 3}, {2, 0, 3}}) {
            cases.add(named("upsampleNearest2x of " + Arrays.toString(x)).input(x).summing(4)
                    .computes(in -> Functional.upsampleNearest2x(in[0])));
        }
        return cases;
    }

    private static OpCase conv(ConvGeometry g, long out, long... x) {
        long taps = (long) g.kernelT() * g.kernelH() * g.kernelW();
        return named("conv3d of " + Arrays.toString(x) + " to " + out + " by " + g).input(x)
                .input(out, x[1], g.kernelT(), g.kernelH(), g.kernelW()).input(out)
                .summing(Math.max(Math.max(x[1], out) * taps, x[0] * x[2] * x[3] * x[4]))
                .computes(in -> Functional.conv3d("test", in[0], in[1], in[2], g));
    }
}
