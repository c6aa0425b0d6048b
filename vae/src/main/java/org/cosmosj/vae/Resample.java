package org.cosmosj.vae;

import org.cosmosj.nn.CausalConv3d;
import org.cosmosj.nn.Weights;
import org.cosmosj.tensor.ConvGeometry;
import org.cosmosj.tensor.Functional;
import org.cosmosj.tensor.Tensor;

/**
 * Halves or doubles height and width, and time where {@code temporal}. The first frame of a stream is never resampled
 * in time. Source: spec 02 sections 2.5, 5.2 and 5.3.
 */
final class Resample implements StreamingLayer {
    /** The four modes of the reference. */
    enum Mode {
        /** Spatial halving. */
        DOWNSAMPLE_2D,
        /** Spatial halving, then temporal. */
        DOWNSAMPLE_3D,
        /** Spatial doubling, channels halved. */
        UPSAMPLE_2D,
        /** Temporal doubling, then spatial. */
        UPSAMPLE_3D
    }

    private static final ConvGeometry HALVE = new ConvGeometry(1, 3, 3, 1, 2, 2, 0, 0, 0, 1, 0, 1);
    private static final ConvGeometry SAME = ConvGeometry.causal(1, 3, 3);
    private static final ConvGeometry HALVE_TIME = new ConvGeometry(3, 1, 1, 2, 1, 1, 0, 0, 0, 0, 0, 0);

    private final Mode mode;
    private final SpatialConv spatial;
    private final CausalConv3d timeDown;
    private final StreamingConv timeUp;

    Resample(Weights weights, int channels, Mode mode) {
        this.mode = mode;
        boolean down = mode == Mode.DOWNSAMPLE_2D || mode == Mode.DOWNSAMPLE_3D;
        this.spatial = new SpatialConv(weights.at("resample").at(1), channels, down ? channels : channels / 2,
                down ? HALVE : SAME);
        this.timeDown = mode == Mode.DOWNSAMPLE_3D
                ? new CausalConv3d(weights.at("time_conv"), channels, channels, HALVE_TIME)
                : null;
        this.timeUp = mode == Mode.UPSAMPLE_3D
                ? new StreamingConv(weights.at("time_conv"), channels, 2 * channels, ConvGeometry.causal(3, 1, 1))
                : null;
    }

    @Override
    public Tensor forward(Tensor x, FeatureCache cache) {
        return switch (mode) {
            case DOWNSAMPLE_2D -> spatial.forward(x);
            case DOWNSAMPLE_3D -> halveTime(spatial.forward(x), cache);
            case UPSAMPLE_2D -> spatial.forward(Functional.upsampleNearest2x(x));
            case UPSAMPLE_3D -> spatial.forward(Functional.upsampleNearest2x(doubleTime(x, cache)));
        };
    }

    /** First chunk: unchanged. Later: output j reads frames 2j-2, 2j-1, 2j, so one frame is remembered. */
    private Tensor halveTime(Tensor x, FeatureCache cache) {
        Tensor history = cache.get(this);
        Tensor y = history == null ? x : timeDown.forward(Tensor.cat(2, history, x));
        cache.remember(this, history, x, 1);
        return y;
    }

    /**
     * First chunk: unchanged, and its features stay invisible to the second chunk, whose history is therefore empty.
     * Later: 2C channels become two frames, the first C channels the earlier one.
     */
    private Tensor doubleTime(Tensor x, FeatureCache cache) {
        if (cache.get(timeUp) == null) {
            cache.remember(timeUp, null, x, 0);
            return x;
        }
        Tensor y = timeUp.forward(x, cache);
        long channels = x.size(1);
        return y.reshape(y.size(0), 2, channels, y.size(2), y.size(3), y.size(4)).permute(0, 2, 3, 1, 4, 5)
                .reshape(y.size(0), channels, 2 * y.size(2), y.size(3), y.size(4));
    }
}
