package org.cosmosj.vae;

import java.util.List;
import org.cosmosj.nn.Initializer;
import org.cosmosj.nn.Weights;
import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.Parameter;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;

/** The shape that encoder and decoder share: a first convolution, stages, and a normalised last convolution. */
final class Stack {
    private final StreamingConv conv1;
    private final List<StreamingLayer> stages;
    private final Parameter headNorm;
    private final StreamingConv head;

    Stack(StreamingConv conv1, List<StreamingLayer> stages, Weights head, int width, int out) {
        this.conv1 = conv1;
        this.stages = List.copyOf(stages);
        this.headNorm = head.at(0).parameter("gamma", Shape.of(width, 1, 1, 1), Initializer.ONES);
        this.head = new StreamingConv(head.at(2), width, out);
    }

    /** One chunk (B, C, T, H, W) of a stream; only the result outlives the chunk. */
    Tensor forward(Tensor chunk, FeatureCache cache) {
        try (Scope scope = Scope.inner("vae chunk")) {
            Tensor x = Scope.fold(conv1.forward(chunk, cache), stages, (h, stage) -> stage.forward(h, cache));
            return scope.promote(head.forward(Functional.channelNormSilu(x, headNorm.value()), cache));
        }
    }

    /** The first convolution, then every stage in order. */
    List<StreamingLayer> layers() {
        List<StreamingLayer> layers = new java.util.ArrayList<>(stages);
        layers.add(0, conv1);
        return layers;
    }
}
