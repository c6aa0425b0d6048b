package org.cosmosj.libero.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cosmosj.libero.mujoco.MujocoModel;
import org.cosmosj.libero.mujoco.MujocoSimulation;
import org.cosmosj.libero.mujoco.ObjectKind;
import org.cosmosj.libero.scene.LiberoScene;
import org.cosmosj.libero.scene.ResetDraw;
import org.cosmosj.tensor.NumpyRandom;

/**
 * Where things stand after resets, and every number drawn for it: {@code placements.json}. The resets of a task are
 * those of one environment, in order; a reset with {@code reset_no} 1 was seeded before.
 */
public final class PlacementCheck implements GoldenCheck {

    @Override
    public boolean covers(Path file) {
        return file.getFileName().toString().equals("placements.json");
    }

    @Override
    public void run(Path file, GoldenContext context, GoldenResults results) throws Exception {
        JsonNode suites = new JsonMapper().readTree(file.toFile()).get("suites");
        for (Map.Entry<String, JsonNode> suite : suites.properties()) {
            for (Map.Entry<String, JsonNode> task : suite.getValue().properties()) {
                LiberoScene scene = context.scenes().scene(suite.getKey(), task.getKey());
                try (MujocoSimulation simulation = new MujocoSimulation(context.mujoco(), scene.mjcf())) {
                    resets(task.getValue().get("resets"), scene, simulation, results);
                }
            }
        }
    }

    private static void resets(JsonNode resets, LiberoScene scene, MujocoSimulation simulation, GoldenResults results) {
        NumpyRandom random = null;
        int number = 0;
        for (JsonNode golden : resets) {
            number++;
            if (golden.get("reset_no").asInt() == 1 || random == null) {
                random = NumpyRandom.seeded(golden.get("seed").asLong());
            }
            simulation.data().reset();
            List<ResetDraw> draws = new ArrayList<>();
            scene.place(random, simulation, number, draws::add);
            List<String> wrong = new ArrayList<>();
            compareDraws(golden.get("rng_calls"), draws, wrong);
            compare("index in the generator", golden.get("rng_pos_after").asDouble(), random.position(), wrong);
            compare("waiting normal number", golden.get("rng_has_gauss_after").asDouble(),
                    random.hasGaussian() ? 1 : 0, wrong);
            comparePoses(golden, simulation, wrong);
            results.check(scene.suite() + "/" + scene.task() + " reset " + number + " (seed "
                    + golden.get("seed").asLong() + ")", wrong.isEmpty(),
                    wrong.isEmpty()
                            ? draws.size() + " draws and all poses equal"
                            : String.join("; ", wrong));
        }
    }

    private static void compareDraws(JsonNode golden, List<ResetDraw> draws, List<String> wrong) {
        for (int i = 0; i < Math.min(golden.size(), draws.size()); i++) {
            ResetDraw draw = draws.get(i);
            String kind = draw.kind().name().toLowerCase(Locale.ROOT);
            double[] numbers = numbers(golden.get(i), 1);
            if (!kind.equals(golden.get(i).get(0).asText()) || !Arrays.equals(numbers, draw.numbers())) {
                wrong.add("draw " + i + " is " + kind + " " + Arrays.toString(draw.numbers()) + ", expected "
                        + golden.get(i));
                return; // the draws after it follow from it
            }
        }
        compare("number of draws", golden.size(), draws.size(), wrong);
    }

    private static double[] numbers(JsonNode list, int from) {
        List<Double> numbers = new ArrayList<>();
        for (int i = from; i < list.size(); i++) {
            if (list.get(i).isArray()) {
                list.get(i).forEach(each -> numbers.add(each.asDouble()));
            } else {
                numbers.add(list.get(i).asDouble());
            }
        }
        return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static void comparePoses(JsonNode golden, MujocoSimulation simulation, List<String> wrong) {
        MujocoModel model = simulation.model();
        double[] positions = model.numbers("body_pos");
        double[] quaternions = model.numbers("body_quat");
        double[] qpos = simulation.data().numbers("qpos");
        double[] addresses = model.numbers("jnt_qposadr");
        for (Map.Entry<String, JsonNode> each : golden.get("fixtures").properties()) {
            int body = model.id(ObjectKind.BODY, each.getKey());
            compare(each.getKey() + " position", each.getValue().get("pos"),
                    Arrays.copyOfRange(positions, 3 * body, 3 * body + 3), wrong);
            compare(each.getKey() + " quaternion", each.getValue().get("quat"),
                    Arrays.copyOfRange(quaternions, 4 * body, 4 * body + 4), wrong);
        }
        for (Map.Entry<String, JsonNode> each : golden.get("objects").properties()) {
            int address = (int) addresses[model.id(ObjectKind.JOINT, each.getKey() + "_joint0")];
            compare(each.getKey(), each.getValue(), Arrays.copyOfRange(qpos, address, address + 7), wrong);
        }
        for (Map.Entry<String, JsonNode> each : golden.get("fixture_joints").properties()) {
            compare(each.getKey(), each.getValue().asDouble(),
                    qpos[(int) addresses[model.id(ObjectKind.JOINT, each.getKey())]], wrong);
        }
    }

    private static void compare(String what, JsonNode expected, double[] actual, List<String> wrong) {
        if (!Arrays.equals(numbers(expected, 0), actual)) {
            wrong.add(what + " is " + Arrays.toString(actual) + ", expected " + expected);
        }
    }

    private static void compare(String what, double expected, double actual, List<String> wrong) {
        if (!(expected == actual)) {
            wrong.add(what + " is " + actual + ", expected " + expected);
        }
    }
}
