package org.cosmosj.diffusion;

import java.util.function.DoubleSupplier;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Tensor;

/**
 * Where training takes its noise levels from. A draw is a function of uniform numbers in [0, 1), so a test can give
 * them; training gives a random stream. Source: spec 03 section 4.
 */
public sealed interface SigmaDistribution {
    /**
     * One noise level.
     *
     * @param uniforms yields numbers in [0, 1); how many are taken depends on the distribution
     * @return the level, above 0, rounded to F32 as the reference does
     */
    float draw(DoubleSupplier uniforms);

    /**
     * One noise level per sample.
     *
     * @param rng the stream the uniforms come from, advanced
     * @param count B
     * @return noise levels, (B), F32
     */
    default Tensor sample(Rng rng, int count) {
        float[] sigma = new float[count];
        for (int i = 0; i < count; i++) {
            sigma[i] = draw(rng::nextDouble);
        }
        return Tensor.of(sigma, count);
    }

    /**
     * {@code sigma = exp(z)} with {@code z} normal; takes one uniform, through the inverse distribution function. The
     * exponent is rounded to F32 before it is raised, as in the reference.
     *
     * @param mean mean of {@code ln sigma}
     * @param std standard deviation of {@code ln sigma}, above 0
     */
    record LogNormal(double mean, double std) implements SigmaDistribution {
        /** Checks the deviation. */
        public LogNormal {
            if (!(std > 0)) {
                throw new IllegalArgumentException("log-normal sigma: standard deviation " + std + " must be above 0");
            }
        }

        @Override
        public float draw(DoubleSupplier uniforms) {
            double p = uniforms.getAsDouble();
            while (p == 0) { // the quantile of 0 is minus infinity
                p = uniforms.getAsDouble();
            }
            float exponent = (float) (mean + std * NormalQuantile.of(p));
            return (float) StrictMath.exp(exponent);
        }
    }

    /**
     * A mixture: with probability {@code logNormalShare} log-normal, else uniform. Takes a uniform for the choice and
     * one for the chosen branch.
     *
     * @param logNormal the log-normal part
     * @param logNormalShare its probability, in [0, 1]; 0.7 in the released models
     * @param lower lower bound of the uniform part, above 0
     * @param upper its upper bound, above {@code lower}
     */
    record Hybrid(LogNormal logNormal, double logNormalShare, double lower, double upper)
            implements
                SigmaDistribution {
        /** Checks the share and the bounds. */
        public Hybrid {
            if (!(logNormalShare >= 0 && logNormalShare <= 1 && lower > 0 && upper > lower)) {
                throw new IllegalArgumentException("hybrid sigma: share " + logNormalShare + " and bounds [" + lower
                        + ", " + upper + ") must satisfy 0 <= share <= 1 and 0 < lower < upper");
            }
        }

        @Override
        public float draw(DoubleSupplier uniforms) {
            if (uniforms.getAsDouble() < logNormalShare) {
                return logNormal.draw(uniforms);
            }
            return (float) (lower + (upper - lower) * uniforms.getAsDouble());
        }
    }
}
