package org.cosmosj.libero.demo;

import java.util.List;
import java.util.function.Function;
import org.cosmosj.libero.Observation;

/**
 * How well predicted pictures agree with what happened after a whole chunk, beside a copy of the present.
 *
 * @param predictedScene PSNR of the predicted scene picture, decibels
 * @param copiedScene PSNR of the present scene picture taken as the future
 * @param predictedWrist likewise of the wrist camera
 * @param copiedWrist likewise
 * @param queries compared
 */
record FutureAccuracy(double predictedScene, double copiedScene, double predictedWrist, double copiedWrist,
        int queries) {
    static FutureAccuracy of(List<BatchedRollouts.Rollout> rollouts, PictureCodec codec) {
        List<BatchedRollouts.Query> whole = rollouts.stream().flatMap(rollout -> rollout.queries().stream())
                .filter(query -> query.after() != null).toList();
        double[] scene = psnr(whole, codec, query -> query.answer().futureScene(), Observation::agentviewImage);
        double[] wrist = psnr(whole, codec, query -> query.answer().futureWrist(), Observation::wristImage);
        return new FutureAccuracy(scene[0], scene[1], wrist[0], wrist[1], whole.size());
    }

    private static double[] psnr(List<BatchedRollouts.Query> queries, PictureCodec codec,
            Function<BatchedRollouts.Query, float[]> latent, Function<Observation, byte[]> picture) {
        byte[][] decoded = codec.decode(queries.stream().map(latent).toArray(float[][]::new));
        TokenizerStage.SquaredError predicted = new TokenizerStage.SquaredError();
        TokenizerStage.SquaredError copied = new TokenizerStage.SquaredError();
        for (int i = 0; i < decoded.length; i++) {
            byte[] happened = picture.apply(queries.get(i).after());
            predicted.add(happened, decoded[i]);
            copied.add(happened, picture.apply(queries.get(i).before()));
        }
        return new double[] {predicted.psnr(), copied.psnr()};
    }
}
