package org.cosmosj.libero.eval;

import java.util.ArrayList;
import java.util.List;
import org.cosmosj.libero.render.Picture;
import org.cosmosj.libero.render.PictureFiles;

/**
 * A filmed episode: the scene camera as it was, and beside it what the policy predicted for the end of the chunk that
 * is being carried out.
 */
final class Film {

    /** Steps from frame to frame. */
    static final int EVERY = 4;

    private static final int GAP = 4;
    /** Real time would be 200. */
    private static final int FRAME_MILLIS = 120;
    private static final int LAST_FRAME_COPIES = 8;

    private final List<Picture> real = new ArrayList<>();
    private final List<Picture> predicted = new ArrayList<>();
    private Picture prediction;

    void add(Picture frame) {
        real.add(frame);
        predicted.add(prediction);
    }

    /** From now on this was predicted. */
    void predict(Picture future) {
        prediction = future;
    }

    /** A GIF; the second half of a frame is black before the first prediction, and missing if there was none. */
    byte[] gif() {
        List<Picture> frames = new ArrayList<>();
        for (int i = 0; i < real.size(); i++) {
            Picture now = real.get(i);
            frames.add(prediction == null ? now : Picture.row(GAP, now, fitted(predicted.get(i), now)));
        }
        for (int i = 0; i < LAST_FRAME_COPIES; i++) {
            frames.add(frames.getLast());
        }
        return PictureFiles.gif(frames, FRAME_MILLIS);
    }

    boolean isEmpty() {
        return real.isEmpty();
    }

    /** The nearest pixels, at the height and width of another picture. */
    private static Picture fitted(Picture picture, Picture like) {
        byte[] rgb = new byte[like.rgb().length];
        if (picture != null) {
            for (int y = 0, at = 0; y < like.height(); y++) {
                for (int x = 0; x < like.width(); x++, at += 3) {
                    int from = y * picture.height() / like.height() * picture.width()
                            + x * picture.width() / like.width();
                    System.arraycopy(picture.rgb(), 3 * from, rgb, at, 3);
                }
            }
        }
        return new Picture(like.height(), like.width(), rgb);
    }
}
