package org.cosmosj.diffusion;

import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.ElementwiseKernels.Unary;

/**
 * How a network {@code F} becomes a denoiser: {@code D(x) = cSkip x + cOut F(cIn x, cNoise)}. All functions are
 * elementwise over {@code sigma} and keep its shape and dtype. Source: Karras et al. 2022, eq. 7; spec 03 section 2.
 */
public sealed interface Preconditioning {
    /**
     * Weight of the noisy input in the estimate.
     *
     * @param sigma noise levels, each above 0
     * @return {@code cSkip(sigma)}
     */
    Tensor cSkip(Tensor sigma);

    /**
     * Weight of the network's output in the estimate.
     *
     * @param sigma noise levels, each above 0
     * @return {@code cOut(sigma)}
     */
    Tensor cOut(Tensor sigma);

    /**
     * Scale of the network's input.
     *
     * @param sigma noise levels, each above 0
     * @return {@code cIn(sigma)}
     */
    Tensor cIn(Tensor sigma);

    /**
     * The time the network is told.
     *
     * @param sigma noise levels, each above 0
     * @return {@code cNoise(sigma)}
     */
    Tensor cNoise(Tensor sigma);

    /**
     * Weight of the squared error at a noise level: {@code 1 / cOut^2}, so that the network's own error counts evenly.
     *
     * @param sigma noise levels, each above 0
     * @return {@code lambda(sigma)}
     */
    Tensor lossWeight(Tensor sigma);

    /**
     * Rectified flow in the notation of noise levels: with {@code t = sigma / (1 + sigma)} the network sees
     * {@code (1-t) x0 + t eps} and predicts the velocity {@code eps - x0}. Signals have unit variance.
     *
     * @param timeScale factor of the time the network is told; 1 in all released models
     */
    record RectifiedFlow(double timeScale) implements Preconditioning {
        /** Checks the factor. */
        public RectifiedFlow {
            if (!(timeScale > 0)) {
                throw new IllegalArgumentException("rectified flow: time scale " + timeScale + " must be above 0");
            }
        }

        private static Tensor time(Tensor sigma) {
            return sigma.div(sigma.add(1));
        }

        @Override
        public Tensor cSkip(Tensor sigma) {
            return time(sigma).mul(-1).add(1);
        }

        @Override
        public Tensor cOut(Tensor sigma) {
            return time(sigma).mul(-1);
        }

        @Override
        public Tensor cIn(Tensor sigma) {
            return cSkip(sigma);
        }

        @Override
        public Tensor cNoise(Tensor sigma) {
            return time(sigma).mul(timeScale);
        }

        @Override
        public Tensor lossWeight(Tensor sigma) {
            return sigma.add(1).map(Unary.SQUARE).div(sigma.map(Unary.SQUARE));
        }
    }

    /**
     * The preconditioning of Karras et al. 2022, table 1.
     *
     * @param sigmaData standard deviation of the clean signal, above 0
     */
    record Edm(double sigmaData) implements Preconditioning {
        /** Checks the standard deviation. */
        public Edm {
            if (!(sigmaData > 0)) {
                throw new IllegalArgumentException("EDM: sigma_data " + sigmaData + " must be above 0");
            }
        }

        /** {@code sigma^2 + sigmaData^2}. */
        private Tensor variance(Tensor sigma) {
            return sigma.map(Unary.SQUARE).add(sigmaData * sigmaData);
        }

        @Override
        public Tensor cSkip(Tensor sigma) {
            return variance(sigma).map(Unary.RECIPROCAL).mul(sigmaData * sigmaData);
        }

        @Override
        public Tensor cOut(Tensor sigma) {
            return sigma.mul(sigmaData).div(variance(sigma).map(Unary.SQRT));
        }

        @Override
        public Tensor cIn(Tensor sigma) {
            return variance(sigma).map(Unary.SQRT).map(Unary.RECIPROCAL);
        }

        @Override
        public Tensor cNoise(Tensor sigma) {
            return sigma.map(Unary.LOG).mul(0.25);
        }

        @Override
        public Tensor lossWeight(Tensor sigma) {
            return variance(sigma).div(sigma.mul(sigmaData).map(Unary.SQUARE));
        }
    }
}
