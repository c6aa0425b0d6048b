package org.cosmosj.libero.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cosmosj.libero.EnvironmentSpec;
import org.cosmosj.libero.EpisodeId;
import org.cosmosj.libero.Observation;
import org.cosmosj.libero.RobotEnvironment;
import org.cosmosj.libero.StepResult;

/** Counts steps: episode n succeeds with its action number 7 + n if that one is positive. Pictures count too. */
class FakeEnvironment implements RobotEnvironment {

    static final int MAX_STEPS = 40;
    private static final int HEIGHT = 4;
    private static final int WIDTH = 6;

    final List<double[]> actions = new ArrayList<>();
    int pictures;
    private final String task;
    private EpisodeId episode;
    private int steps;

    FakeEnvironment(String task) {
        this.task = task;
    }

    @Override
    public EnvironmentSpec spec() {
        return new EnvironmentSpec("fake", task, HEIGHT, WIDTH, 7, Observation.PROPRIO_SIZE, MAX_STEPS, 0.05, 0.5, 20);
    }

    @Override
    public String instruction() {
        return task.replace('_', ' ');
    }

    @Override
    public Observation reset(EpisodeId id) {
        episode = id;
        steps = -EvaluationProtocol.SETTLE_STEPS;
        actions.clear();
        return observation();
    }

    @Override
    public StepResult step(double[] action) {
        if (action.length != 7 || !Double.isFinite(action[0])) {
            throw new IllegalArgumentException("step: action[0] is " + action[0] + ", expected a finite number");
        }
        actions.add(action.clone());
        steps++;
        boolean done = steps == 0 || steps == 7 + episode.episode() && action[0] > 0; // 0: after the settle steps
        return new StepResult(observation(), done ? 1 : 0, done);
    }

    private Observation observation() {
        int now = steps;
        return new Observation() {
            @Override
            public byte[] agentviewImage() {
                return picture(now);
            }

            @Override
            public byte[] wristImage() {
                return picture(-now);
            }

            @Override
            public Map<String, double[]> arrays() {
                return Map.of("robot0_gripper_qpos", new double[] {now, 0}, "robot0_eef_pos",
                        new double[] {episode.episode(), 0, 0}, "robot0_eef_quat", new double[4]);
            }
        };
    }

    private byte[] picture(int value) {
        pictures++;
        byte[] rgb = new byte[3 * HEIGHT * WIDTH];
        java.util.Arrays.fill(rgb, (byte) value);
        return rgb;
    }
}
