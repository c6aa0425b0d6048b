package org.cosmosj.libero.golden;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import org.cosmosj.libero.mujoco.MujocoModel;
import org.cosmosj.libero.mujoco.ObjectKind;

/**
 * The fingerprint of a compiled scene: {@code *_model.safetensors}. With the version of MuJoCo that made it, every
 * number is equal; others compute the frames and boxes of meshes, and what follows from them, a little differently.
 */
public final class ModelCheck implements GoldenCheck {

    private static final String MODEL = "model.";

    /** Largest differences of other versions, seen between 2.2.2 and 3.14.0. */
    private static final Map<String, Double> OTHER_VERSION = Map.of("geom_pos", 2e-6, "body_inertia", 2e-12,
            "body_iquat", 5e-7, "body_invweight0", 2e-6, "dof_invweight0", 2e-6, "dof_M0", 1e-12, "cam_quat", 1e-15,
            "stat.extent_center_meansize", 4e-6);

    /** What other versions compute in another way: frames and boxes of meshes for the eye, layouts, counts. */
    private static final Set<String> NOT_COMPARABLE = Set.of("geom_quat", "geom_size", "geom_rbound", "mesh_vertnum",
            "mat_texid", "mesh_pos", "mesh_quat");

    private static final Map<String, List<String>> JOINED = Map.of(
            "stat.extent_center_meansize",
            List.of("stat.extent", "stat.center", "stat.meansize", "stat.meanmass", "stat.meaninertia"),
            "vis.headlight", List.of("vis.headlight.ambient", "vis.headlight.diffuse", "vis.headlight.specular",
                    "vis.headlight.active"),
            "vis.map.znear_zfar", List.of("vis.map.znear", "vis.map.zfar"),
            "vis.quality.shadowsize_offsamples", List.of("vis.quality.shadowsize", "vis.quality.offsamples"));

    @Override
    public boolean covers(Path file) {
        return file.getFileName().toString().endsWith("_model.safetensors");
    }

    @Override
    public void run(Path file, GoldenContext context, GoldenResults results) throws Exception {
        GoldenFile golden = GoldenFile.read(file);
        String mjcf = context.scenes().scene(golden.meta("suite"), golden.meta("task_name")).mjcf();
        boolean same = context.mujoco().versionName().equals(golden.meta("mujoco_version"));
        try (MujocoModel model = MujocoModel.compile(context.mujoco(), mjcf)) {
            for (Map.Entry<String, JsonNode> size : golden.json("sizes").properties()) {
                compareSize(size.getKey(), size.getValue().asLong(), model, same, results);
            }
            for (Map.Entry<String, JsonNode> names : golden.json("names").properties()) {
                compareNames(names.getKey(), names.getValue(), model, results);
            }
            for (String name : golden.names()) {
                compare(name, golden.get(name), model, same, results);
            }
            for (Map.Entry<String, JsonNode> crc : golden.json("crc32").properties()) {
                compareBytes(crc.getKey(), crc.getValue().asLong(), model, same, results);
            }
        }
    }

    private static void compareSize(String name, long expected, MujocoModel model, boolean same,
            GoldenResults results) {
        if (!same && (!model.has(name) || name.startsWith("nmesh"))) {
            results.skip(name, "versions count it differently");
            return;
        }
        results.check(name, model.size(name) == expected, model.size(name) + ", expected " + expected);
    }

    private static void compareNames(String kind, JsonNode golden, MujocoModel model, GoldenResults results) {
        List<String> expected = new ArrayList<>();
        golden.forEach(name -> expected.add(name.asText()));
        List<String> actual = model.names(ObjectKind.valueOf(kind.toUpperCase(Locale.ROOT)));
        List<String> missing = new ArrayList<>(expected);
        missing.removeAll(actual);
        results.check("names of " + kind, actual.equals(expected), actual.equals(expected)
                ? actual.size() + " equal"
                : actual.size() + " of " + expected.size() + ", missing " + missing + ", or in another order");
    }

    private static void compare(String name, double[] expected, MujocoModel model, boolean same,
            GoldenResults results) {
        String field = name.startsWith(MODEL) ? name.substring(MODEL.length()) : name;
        List<String> fields = JOINED.getOrDefault(field, List.of(field));
        if (!same && (NOT_COMPARABLE.contains(field) || !fields.stream().allMatch(model::has))) {
            results.skip(name, "versions of MuJoCo compute it differently");
            return;
        }
        double[] actual = fields.stream().flatMapToDouble(each -> Arrays.stream(model.numbers(each))).toArray();
        results.within(name, GoldenFile.distance(expected, actual),
                same ? 0 : OTHER_VERSION.getOrDefault(field, 0.0));
    }

    private static void compareBytes(String name, long expected, MujocoModel model, boolean same,
            GoldenResults results) {
        if (!same) {
            results.skip("CRC-32 of " + name, "versions of MuJoCo store meshes differently");
            return;
        }
        CRC32 crc = new CRC32();
        crc.update(model.bytes(name));
        results.check("CRC-32 of " + name, crc.getValue() == expected, crc.getValue() + ", expected " + expected);
    }
}
