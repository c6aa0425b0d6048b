package org.cosmosj.libero.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cosmosj.libero.render.Picture;

/** Solves even episodes. */
final class FakePolicy implements ChunkPolicy {

    final List<Question> asked = new ArrayList<>();
    int largestBatch;

    @Override
    public List<Answer> answer(List<Question> questions) {
        asked.addAll(questions);
        largestBatch = Math.max(largestBatch, questions.size());
        return questions.stream().map(FakePolicy::answer).toList();
    }

    private static Answer answer(Question question) {
        double[][] chunk = new double[16][7];
        for (double[] action : chunk) {
            action[0] = question.episode().episode() % 2 == 0 ? 1 : -1;
        }
        if (question.episode().task().equals("nan")) {
            chunk[3][0] = Double.NaN;
        }
        Optional<Picture> future = question.wanted() == Wanted.PICTURES
                ? Optional.of(new Picture(2, 3, new byte[18]))
                : Optional.empty();
        return new Answer(chunk, 0.5, future);
    }
}
