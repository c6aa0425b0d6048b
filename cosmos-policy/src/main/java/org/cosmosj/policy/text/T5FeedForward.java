package org.cosmosj.policy.text;

import java.util.function.UnaryOperator;
import org.cosmosj.nn.Linear;
import org.cosmosj.nn.Weights;
import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.ElementwiseKernels.Unary;

/**
 * {@code wo(f(wi(x)))}, or gated {@code wo(f(wi_0(x)) wi_1(x))}. Source: {@code huggingface/transformers,
 * modeling_t5.py#T5DenseActDense, #T5DenseGatedActDense}.
 */
public final class T5FeedForward {
    private static final double GELU_CUBIC = 0.044715;

    /** Functions that checkpoints name. */
    public enum Activation {
        /** {@code max(x, 0)}. */
        RELU(x -> x.map(Unary.RELU)),
        /** Exact {@code x Phi(x)}. */
        GELU(Functional::gelu),
        /** {@code x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2}. */
        GELU_NEW(T5FeedForward::geluNew),
        /** {@code x sigmoid(x)}. */
        SILU(Functional::silu);

        private final UnaryOperator<Tensor> function;

        Activation(UnaryOperator<Tensor> function) {
            this.function = function;
        }
    }

    /** How the hidden values are made. */
    public enum Gating {
        /** By one matrix {@code wi} and the activation. */
        NONE,
        /** By {@code wi_0} and the activation, times {@code wi_1}. */
        GATED
    }

    /**
     * A kind of layer.
     *
     * @param activation its function
     * @param gating whether a second matrix gates it
     */
    public record Kind(Activation activation, Gating gating) {
        /**
         * The kind that {@code feed_forward_proj} names.
         *
         * @param name such as {@code relu} (T5) or {@code gated-gelu} (T5 v1.1, which means the tanh form)
         * @return the kind
         * @throws IllegalArgumentException if the name is another
         */
        public static Kind parse(String name) {
            boolean gated = name.startsWith("gated-");
            Activation activation = switch (gated ? name.substring("gated-".length()) : name) {
                case "relu" -> Activation.RELU;
                case "gelu" -> gated ? Activation.GELU_NEW : Activation.GELU;
                case "gelu_new" -> Activation.GELU_NEW;
                case "silu", "swish" -> Activation.SILU;
                default -> throw new IllegalArgumentException("T5: feed_forward_proj '" + name
                        + "' is unknown; use relu, gelu, gelu_new or silu, or gated- and one of them");
            };
            return new Kind(activation, gated ? Gating.GATED : Gating.NONE);
        }
    }

    private final Activation activation;
    private final Linear wi;
    /** Null without a gate. */
    private final Linear gate;
    private final Linear wo;

    T5FeedForward(Weights weights, T5Config config) {
        boolean gated = config.feedForward().gating() == Gating.GATED;
        this.activation = config.feedForward().activation();
        this.wi = new Linear(weights.at(gated ? "wi_0" : "wi"), config.dModel(), config.dFf());
        this.gate = gated ? new Linear(weights.at("wi_1"), config.dModel(), config.dFf()) : null;
        this.wo = new Linear(weights.at("wo"), config.dFf(), config.dModel());
    }

    /**
     * Applies the layer.
     *
     * @param x (B, S, D)
     * @return same shape
     */
    public Tensor forward(Tensor x) {
        Tensor hidden = activation.function.apply(wi.forward(x));
        return wo.forward(gate == null ? hidden : hidden.mul(gate.forward(x)));
    }

    private static Tensor geluNew(Tensor x) {
        Tensor inner = x.add(x.map(Unary.SQUARE).mul(x).mul(GELU_CUBIC)).mul(Math.sqrt(2 / Math.PI));
        return x.mul(0.5).mul(inner.map(Unary.TANH).add(1));
    }
}
