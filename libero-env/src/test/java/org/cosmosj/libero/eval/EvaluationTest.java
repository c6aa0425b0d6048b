package org.cosmosj.libero.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.cosmosj.libero.eval.EpisodeRecord.Outcome;
import org.cosmosj.libero.render.PictureFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Evaluations whose workers are processes of their own, with environments that fail on cue. */
@Timeout(240)
class EvaluationTest {

    private static final double PATIENT = 120;

    @TempDir
    private Path folder;
    private final FakePolicy policy = new FakePolicy();
    private List<EpisodeRecord> records = List.of();

    private static EvaluationPlan plan(int episodes, int workers, double timeout, int films, String... tasks) {
        return new EvaluationPlan("fake", List.of(tasks), episodes, List.of(195L),
                EvaluationProtocol.cosmosPolicy(FakeEnvironment.MAX_STEPS), "", workers, timeout, films);
    }

    private EvaluationFolder open(EvaluationFolder.Start start) {
        return EvaluationFolder.open(folder.resolve("out"), Map.of("suite", "fake"), start);
    }

    private void run(EvaluationPlan plan) throws InterruptedException {
        run(plan, EvaluationFolder.Start.NEW, _ -> {}, FakeWorker.command(folder));
    }

    private void run(EvaluationPlan plan, EvaluationFolder.Start start, Consumer<Evaluation.Status> listener,
            List<String> command) throws InterruptedException {
        EvaluationFolder out = open(start);
        try (EpisodeLog log = EpisodeLog.open(out.records())) {
            try {
                new Evaluation(plan, plan.agent().isEmpty() ? Optional.of(policy) : Optional.empty(), command,
                        Map.of("cosmosj", "test"), out, log, listener).run();
            } finally {
                records = log.records();
            }
        }
    }

    private List<Outcome> outcomes(String task, int episode) {
        return records.stream().filter(record -> record.episode().task().equals(task)
                && record.episode().episode() == episode).map(EpisodeRecord::outcome).toList();
    }

    @Test
    void runsEveryEpisodeOnceAndAsksForSeveralAtATime() throws Exception {
        run(plan(4, 2, PATIENT, 1, "plain", "prints"));

        assertThat(records).hasSize(8).allSatisfy(record -> {
            int episode = record.episode().episode();
            assertThat(record.outcome()).isEqualTo(episode % 2 == 0 ? Outcome.SUCCESS : Outcome.FAILURE);
            assertThat(record.steps()).isEqualTo(episode % 2 == 0 ? 7 + episode : FakeEnvironment.MAX_STEPS);
            assertThat(record.queries()).isEqualTo(episode % 2 == 0 ? 1 : 3);
            assertThat(record.versions()).containsEntry("engine", "fake 1").containsEntry("cosmosj", "test");
            assertThat(record.firstFrame()).hasSize(16);
        });
        assertThat(records.stream().map(EpisodeRecord::episode).distinct()).hasSize(8);
        assertThat(records.stream().map(EpisodeRecord::firstFrame).distinct()).hasSize(1); // they look alike
        assertThat(records.stream().map(EpisodeRecord::firstState).distinct()).hasSize(4); // those of an episode
        assertThat(policy.asked).hasSize(2 * (2 + 2 * 3)).allSatisfy(question -> {
            assertThat(question.agentview().height()).isEqualTo(4);
            assertThat(question.agentview().width()).isEqualTo(6);
            assertThat(question.proprio()).hasSize(9);
            assertThat(question.proprio()[2]).isEqualTo(question.episode().episode());
            assertThat(question.instruction()).isEqualTo(question.episode().task());
        });
        Path film = folder.resolve("out/films/plain-195-0.gif");
        assertThat(PictureFiles.decode(Files.readAllBytes(film), "film").width()).isEqualTo(6 + 4 + 6);
        assertThat(folder.resolve("out/films/plain-195-1.gif")).doesNotExist();
        assertThat(workerLogs()).contains("native text on the standard output");
    }

    private String workerLogs() throws IOException {
        StringBuilder all = new StringBuilder();
        try (var files = Files.list(folder.resolve("out/workers"))) {
            for (Path file : files.toList()) {
                all.append(Files.readString(file));
            }
        }
        return all.toString();
    }

    @Test
    void survivesDeathAndCrashOfAWorkerAndTriesAgainOnce() throws Exception {
        run(plan(3, 2, PATIENT, 0, "killed_once", "crashes_once", "killed_always"));

        for (String task : List.of("killed_once", "crashes_once")) {
            assertThat(outcomes(task, 0)).containsExactly(Outcome.SUCCESS);
            assertThat(outcomes(task, 1)).containsExactly(Outcome.FAILED_TO_RUN, Outcome.FAILURE);
            assertThat(outcomes(task, 2)).containsExactly(Outcome.SUCCESS);
        }
        assertThat(outcomes("killed_always", 1)).containsExactly(Outcome.FAILED_TO_RUN, Outcome.FAILED_TO_RUN);
        assertThat(outcomes("killed_always", 2)).containsExactly(Outcome.SUCCESS);
        assertThat(records.stream().filter(record -> record.outcome() == Outcome.FAILED_TO_RUN)
                .filter(record -> !record.episode().task().equals("crashes_once")))
                .allSatisfy(record -> assertThat(record.error()).contains("signal 9"));
        EvaluationSummary summary =
                new EvaluationSummary(plan(3, 2, 1, 0, "killed_once", "crashes_once", "killed_always"), records);
        assertThat(summary.failedToRun()).isOne();
        assertThat(summary.total().toString()).startsWith("6/8 ");
    }

    @Test
    void endsAWorkerThatSaysNothing() throws Exception {
        run(plan(2, 1, 20, 0, "hangs_once"));

        assertThat(outcomes("hangs_once", 0)).containsExactly(Outcome.SUCCESS);
        assertThat(outcomes("hangs_once", 1)).containsExactly(Outcome.FAILED_TO_RUN, Outcome.FAILURE);
        assertThat(records.get(1).error()).contains("said nothing for 20.0 s");
    }

    @Test
    void goesOnAfterAKillAndRunsNothingTwice() throws Exception {
        EvaluationPlan plan = plan(4, 2, PATIENT, 0, "plain");
        assertThatThrownBy(() -> run(plan, EvaluationFolder.Start.NEW, status -> {
            if (status.left() <= 1) {
                throw new IllegalStateException("killed");
            }
        }, FakeWorker.command(folder))).hasMessage("killed");
        int before = records.size();
        assertThat(before).isBetween(1, 3);
        Path file = folder.resolve("out/episodes.jsonl");
        Files.writeString(file, "{\"suite\":\"fa", StandardOpenOption.APPEND);

        run(plan, EvaluationFolder.Start.RESUME, _ -> {}, FakeWorker.command(folder));

        assertThat(records).hasSize(4);
        assertThat(records.stream().map(EpisodeRecord::episode).collect(Collectors.toSet())).hasSize(4);
        assertThat(Files.readAllLines(file)).hasSize(4)
                .allSatisfy(line -> assertThat(EpisodeRecord.parse(line)).isNotNull());

        run(plan, EvaluationFolder.Start.RESUME, _ -> {}, List.of("no such program")); // nothing is left to run
        assertThat(records).hasSize(4);
    }

    @Test
    void recordsActionsThatAreNotFiniteAsFailedToRun() throws Exception {
        run(plan(1, 1, PATIENT, 0, "nan"));
        assertThat(outcomes("nan", 0)).containsExactly(Outcome.FAILED_TO_RUN, Outcome.FAILED_TO_RUN);
        assertThat(records).allSatisfy(record -> assertThat(record.error()).contains("action[0] is NaN"));
    }

    @Test
    void letsAgentsActInTheWorkersWithoutPictures() throws Exception {
        EvaluationPlan plan = new EvaluationPlan("fake", List.of("plain"), 2, List.of(195L, 196L),
                EvaluationProtocol.cosmosPolicy(FakeEnvironment.MAX_STEPS), "random", 2, PATIENT, 0);
        run(plan);
        assertThat(records).hasSize(4).allSatisfy(record -> {
            assertThat(record.firstFrame()).isEmpty();
            assertThat(record.queries()).isZero();
            assertThat(record.drawing()).isZero();
        });
        assertThat(records.stream().map(record -> record.episode().seed()).collect(Collectors.toSet()))
                .isEqualTo(Set.of(195L, 196L));
    }

    @Test
    void endsWhereNoEpisodeCanRun() {
        assertThatThrownBy(() -> run(plan(2, 1, PATIENT, 0, "missing_mesh"))).isInstanceOf(IllegalStateException.class)
                .hasMessage("bowl.msh: no such file; get LIBERO");
        assertThat(outcomes("missing_mesh", 0)).containsExactly(Outcome.FAILED_TO_RUN);
    }

    @Test
    void endsWhereWorkersDoNotStart() {
        assertThatThrownBy(() -> run(plan(2, 1, PATIENT, 0, "plain"), EvaluationFolder.Start.NEW, _ -> {},
                FakeWorker.command(folder, "no library"))).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("2 attempts failed").hasMessageContaining("ended with code 3")
                .hasMessageContaining("cannot start: no library");
        assertThat(records).isEmpty();
    }
}
