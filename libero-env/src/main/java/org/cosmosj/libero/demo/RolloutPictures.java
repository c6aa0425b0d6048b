package org.cosmosj.libero.demo;

import java.util.ArrayList;
import java.util.List;
import org.cosmosj.libero.EpisodeProtocol;
import org.cosmosj.libero.Observation;
import org.cosmosj.libero.render.Picture;
import org.cosmosj.libero.render.PictureFiles;
import org.cosmosj.libero.tabletop.TabletopEnvironment;
import org.cosmosj.libero.tabletop.TabletopSettings;
import org.cosmosj.libero.tabletop.TabletopTask;

/** Pictures of rollouts for the report. */
final class RolloutPictures {
    private static final int GAP = 4;
    private static final int FRAME_MILLIS = 90;
    private static final int SHOWN_SIZE = 240;
    private static final int LAST_FRAME_COPIES = 10;

    private RolloutPictures() {}

    /**
     * An animation of a rollout at any size: the episode is repeated with the same actions, which gives the same
     * states.
     *
     * @param size rows and columns of each camera's picture
     * @return a GIF of the scene camera beside the wrist camera
     */
    static byte[] animation(TabletopTask task, BatchedRollouts.Rollout rollout, int size) {
        TabletopEnvironment environment = new TabletopEnvironment(task, TabletopSettings.withImages(size));
        EpisodeProtocol protocol = EpisodeProtocol.libero(environment.spec());
        Observation observation = environment.reset(rollout.outcome().episode());
        for (int i = 0; i < protocol.settleSteps(); i++) {
            observation = environment.step(protocol.settleAction()).observation();
        }
        List<Picture> frames = new ArrayList<>(List.of(both(observation, size)));
        List<BatchedRollouts.Query> queries = rollout.queries();
        for (int q = 0; q < queries.size(); q++) {
            int end = q + 1 < queries.size() ? queries.get(q + 1).step() : rollout.outcome().steps();
            for (int k = 0; k < end - queries.get(q).step(); k++) {
                observation = environment.step(queries.get(q).answer().actions()[k]).observation();
                frames.add(both(observation, size));
            }
        }
        for (int i = 0; i < LAST_FRAME_COPIES; i++) {
            frames.add(frames.getLast());
        }
        return PictureFiles.gif(frames, FRAME_MILLIS);
    }

    /**
     * An animation to show: the first episode that succeeded, or the first of all.
     *
     * @return a GIF
     */
    static byte[] shown(TabletopTask task, List<BatchedRollouts.Rollout> rollouts) {
        BatchedRollouts.Rollout chosen = rollouts.stream().filter(rollout -> rollout.outcome().success()).findFirst()
                .orElse(rollouts.getFirst());
        return animation(task, chosen, SHOWN_SIZE);
    }

    private static Picture both(Observation observation, int size) {
        return Picture.row(GAP, new Picture(size, size, observation.agentviewImage()),
                new Picture(size, size, observation.wristImage()));
    }

    /**
     * Present, predicted future and what happened, side by side, for both cameras.
     *
     * @param factor how much pictures are enlarged
     * @return PNG files, one per query
     */
    static List<byte[]> futures(List<BatchedRollouts.Query> queries, PictureCodec codec, int size, int factor) {
        List<byte[]> files = new ArrayList<>();
        for (BatchedRollouts.Query query : queries) {
            byte[][] predicted =
                    codec.decode(new float[][] {query.answer().futureScene(), query.answer().futureWrist()});
            Picture[] parts = {picture(query.before().agentviewImage(), size), picture(predicted[0], size),
                picture(query.after().agentviewImage(), size), picture(query.before().wristImage(), size),
                picture(predicted[1], size), picture(query.after().wristImage(), size)};
            for (int i = 0; i < parts.length; i++) {
                parts[i] = parts[i].enlarged(factor);
            }
            files.add(PictureFiles.png(Picture.row(GAP, parts)));
        }
        return files;
    }

    /** Originals above their reconstructions would need columns; pairs side by side need none. */
    static List<byte[]> pairs(List<byte[]> originals, List<byte[]> decoded, int size, int factor) {
        List<byte[]> files = new ArrayList<>();
        for (int i = 0; i < originals.size(); i++) {
            files.add(PictureFiles.png(Picture.row(1, picture(originals.get(i), size).enlarged(factor),
                    picture(decoded.get(i), size).enlarged(factor))));
        }
        return files;
    }

    private static Picture picture(byte[] rgb, int size) {
        return new Picture(size, size, rgb);
    }
}
