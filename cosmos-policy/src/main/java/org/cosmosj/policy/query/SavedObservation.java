package org.cosmosj.policy.query;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.cosmosj.policy.Camera;
import org.cosmosj.policy.FrameRole;
import org.cosmosj.policy.JsonFields;
import org.cosmosj.policy.PolicyObservation;
import org.cosmosj.policy.image.RgbImage;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.tensor.pickle.NumpyArray;
import org.cosmosj.tensor.pickle.Pickle;
import org.cosmosj.tensor.pickle.PickleTypes;

/**
 * An observation that was stored, and the instruction stored with it, if any.
 * <table>
 * <caption>Forms</caption>
 * <tr><th scope="col">Path</th><th scope="col">Holds</th></tr>
 * <tr><td>a folder</td><td>{@value #FILE}: {@code task_description}, {@code proprio} and for each camera the name of a
 * PNG or JPEG beside it, such as {@code "wrist_image": "wrist.png"}</td></tr>
 * <tr><td>a file</td><td>the reference's pickled dict of NumPy arrays under the same keys; only names on a list are
 * allowed in it, nothing is executed</td></tr>
 * </table>
 * Pictures are upright, as the reference's are after it has turned those of the simulator.
 *
 * @param observation pictures and joint state
 * @param instruction what the robot is told
 */
record SavedObservation(PolicyObservation observation, Optional<String> instruction) {
    /** Name of the text file in a folder. */
    static final String FILE = "observation.json";

    private static final String PROPRIO = "proprio";
    private static final String INSTRUCTION = "task_description";

    /**
     * Reads a folder or a pickle.
     *
     * @param path where it is
     * @return the observation
     * @throws IOException if it cannot be read; the message names the file and what was expected
     */
    static SavedObservation read(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return folder(path);
        }
        if (!Files.isRegularFile(path)) {
            throw new IOException("observation " + path + ": no such file or folder; give a folder with " + FILE
                    + ", or a pickle");
        }
        return pickle(path);
    }

    private static SavedObservation folder(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new IOException("observation " + folder + ": has no " + FILE + "; it names the pictures, for example"
                    + " {\"task_description\": \"..\", \"proprio\": [..], \"wrist_image\": \"wrist.png\"}");
        }
        JsonFields json = JsonFields.parse(file.toString(), Files.readString(file));
        Map<Camera, RgbImage> images = new EnumMap<>(Camera.class);
        for (String key : json.keys()) {
            if (!key.equals(PROPRIO) && !key.equals(INSTRUCTION)) {
                images.put(camera(file, key), PictureFile.read(folder.resolve(json.text(key))));
            }
        }
        return new SavedObservation(new PolicyObservation(images, json.numbers(PROPRIO)),
                json.has(INSTRUCTION) ? Optional.of(json.text(INSTRUCTION)) : Optional.empty());
    }

    private static Camera camera(Path file, String key) throws IOException {
        return known(key).orElseThrow(() -> new IOException("observation " + file + ": '" + key
                + "' is no camera's picture; expected " + PROPRIO + ", " + INSTRUCTION
                + " and names such as wrist_image, primary_image, left_wrist_image"));
    }

    private static Optional<Camera> known(String key) {
        try {
            return FrameRole.parse("current_" + key).camera();
        } catch (IllegalArgumentException _) { // the caller says what else there may be
            return Optional.empty();
        }
    }

    private static SavedObservation pickle(Path file) throws CheckpointException {
        if (!(Pickle.read(file, PickleTypes.NUMPY) instanceof Map<?, ?> raw)) {
            throw new CheckpointException("observation " + file + ": the pickle is no dict of arrays");
        }
        Map<String, Object> fields = new HashMap<>();
        raw.forEach((key, value) -> fields.put(String.valueOf(key), value));
        Map<Camera, RgbImage> images = new EnumMap<>(Camera.class);
        for (Map.Entry<String, Object> field : fields.entrySet()) {
            Optional<Camera> camera = known(field.getKey());
            if (camera.isPresent()) {
                images.put(camera.get(), image(file, field.getKey(), field.getValue()));
            }
        }
        if (!(fields.get(PROPRIO) instanceof NumpyArray proprio) || proprio.shape().rank() != 1) {
            throw new CheckpointException("observation " + file + ": '" + PROPRIO + "' is "
                    + describe(fields.get(PROPRIO)) + ", expected an array of one axis; the dict has "
                    + fields.keySet());
        }
        return new SavedObservation(new PolicyObservation(images, proprio.toDoubleArray()),
                fields.get(INSTRUCTION) instanceof String text ? Optional.of(text) : Optional.empty());
    }

    private static RgbImage image(Path file, String key, Object value) throws CheckpointException {
        boolean fits = value instanceof NumpyArray array && array.dtype().equals("uint8") && array.shape().rank() == 3
                && array.shape().size(2) == RgbImage.CHANNELS && array.shape().numel() > 0;
        if (!fits) {
            throw new CheckpointException("observation " + file + ": '" + key + "' is " + describe(value)
                    + ", expected uint8 (height, width, 3)");
        }
        NumpyArray pixels = (NumpyArray) value;
        return new RgbImage((int) pixels.shape().size(0), (int) pixels.shape().size(1), pixels.toByteArray());
    }

    private static String describe(Object value) {
        return switch (value) {
            case null -> "missing";
            case NumpyArray array -> array.dtype() + " " + array.shape();
            default -> "a " + value.getClass().getSimpleName();
        };
    }
}
