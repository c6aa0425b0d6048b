package org.cosmosj.policy;

import java.util.Arrays;
import java.util.Map;
import org.cosmosj.policy.image.RgbImage;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.ShapeException;
import org.cosmosj.tensor.Tensor;

/**
 * Lays camera pictures out as the pixel sequence the tokenizer encodes: a latent frame without picture is black, every
 * latent frame but the first is repeated. Source: spec 04 sections 1 and 13, spec 05 section 3.
 *
 * @param layout the latent frames
 * @param duplicates pixel frames per latent frame after the first: the tokenizer's temporal factor
 */
public record VideoBuilder(LatentLayout layout, int duplicates) {
    /**
     * The sequence of a query or of a training sample.
     *
     * @param current what each camera sees now, (B, height, width, 3) each, values in [0, 255], U8 or F32
     * @param future what each camera sees after the chunk; for a query the current pictures stand in
     * @param frames how many leading latent frames are wanted, in [1, T]
     * @return (B, 3, 1 + duplicates (frames - 1), height, width), {@code v / 127.5 - 1}, F32
     * @throws IllegalArgumentException if a camera of the layout has no picture
     */
    public Tensor video(Map<Camera, Tensor> current, Map<Camera, Tensor> future, int frames) {
        return video(current, future, 0, frames);
    }

    /**
     * A part of the sequence.
     *
     * @param current what each camera sees now, (B, height, width, 3) each, values in [0, 255], U8 or F32
     * @param future what each camera sees after the chunk; for a query the current pictures stand in
     * @param start first latent frame, in [0, T)
     * @param end latent frame after the last, in (start, T]
     * @return (B, 3, n, height, width) with {@code duplicates} pixel frames for each latent frame but frame 0, F32
     * @throws IllegalArgumentException if a camera of the layout has no picture
     */
    public Tensor video(Map<Camera, Tensor> current, Map<Camera, Tensor> future, int start, int end) {
        try (Scope scope = Scope.inner("video")) {
            Tensor[] parts = new Tensor[end - start];
            Tensor any = pixels(picture(current, layout.cameras().getFirst()));
            Tensor black = Tensor.full(-1, DType.F32, any.shape());
            for (int t = start; t < end; t++) {
                FrameRole role = layout.roles().get(t);
                Map<Camera, Tensor> source = role.isFuture() ? future : current;
                Tensor frame = role.camera().map(camera -> pixels(picture(source, camera))).orElse(black);
                parts[t - start] = repeat(frame, t == 0 ? 1 : duplicates);
            }
            return scope.promote(Tensor.cat(2, parts));
        }
    }

    /**
     * The black frames that every sequence starts with, as {@link #video} makes them.
     *
     * @param frames leading latent frames, at least 1
     * @param side rows and columns of a picture
     * @return (1, 3, n, side, side), F32
     */
    public Tensor black(int frames, int side) {
        return Tensor.full(-1, DType.F32, Shape.of(1, RgbImage.CHANNELS, 1L + (long) duplicates * (frames - 1), side,
                side));
    }

    private Tensor picture(Map<Camera, Tensor> pictures, Camera camera) {
        Tensor picture = pictures.get(camera);
        if (picture == null) {
            throw new IllegalArgumentException("video: layout " + layout.name() + " needs a picture of camera " + camera
                    + ", got " + pictures.keySet());
        }
        if (picture.shape().rank() != 4 || picture.size(3) != RgbImage.CHANNELS) {
            throw new ShapeException("video: picture of camera " + camera + " has shape " + picture.shape()
                    + ", expected (B, height, width, 3)");
        }
        return picture;
    }

    /**
     * Pictures as the tokenizer takes their values; division and shift as the reference.
     *
     * @param pictures any shape, values in [0, 255], U8 or F32
     * @return {@code v / 127.5 - 1}, same shape, F32
     */
    public static Tensor normalized(Tensor pictures) {
        return pictures.to(DType.F32).div(Tensor.full(127.5, DType.F32, Shape.of(1))).add(-1);
    }

    /** (B, height, width, 3) in [0, 255] to (B, 3, 1, height, width) in [-1, 1]. */
    private static Tensor pixels(Tensor picture) {
        return normalized(picture.permute(0, 3, 1, 2).unsqueeze(2).contiguous());
    }

    private static Tensor repeat(Tensor frame, int times) {
        long[] sizes = frame.shape().toArray();
        sizes[2] = times;
        return frame.expand(Arrays.copyOf(sizes, sizes.length));
    }
}
