package org.cosmosj.policy.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cosmosj.policy.ActionChunks;
import org.cosmosj.policy.EpochStructure;
import org.cosmosj.policy.JsonFields;
import org.cosmosj.policy.Returns;
import org.cosmosj.policy.VideoBuilder;
import org.cosmosj.policy.image.ImageAugmentation;
import org.cosmosj.policy.image.ImagePreparation;
import org.cosmosj.policy.image.ImagePreparation.Crop;
import org.cosmosj.policy.image.ImageResize;
import org.cosmosj.policy.image.JpegCodec;
import org.cosmosj.policy.image.RgbImage;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.tensor.Tensor;

/**
 * Pictures on their way to the tokenizer, in training and at test time, and what else makes a training sample. What is
 * done to a picture follows from the tensor's name, sizes are those of the expected tensor.
 */
final class ImagePreprocessCheck implements FixtureCheck {
    private static final Pattern RETURNS = Pattern.compile("returns\\.(success|failure)_g(\\d+)(_.*)?");
    private static final Pattern TARGETS = Pattern.compile("value_target\\.num_steps(\\d+)_chunk(\\d+)");
    private static final Pattern AUGMENTED = Pattern.compile("aug\\.([1-6])_.*");
    private static final Pattern TRAINING_CROP = Pattern.compile("RandomResizedCrop\\.get_params\\((\\d+)\\)");
    private static final String EPOCHS = "epoch_structure";
    /** Discount of value targets, whose names give none: that of LIBERO and RoboCasa, spec 04 section 8. */
    private static final double DISCOUNT = 0.99;

    @Override
    public String kind() {
        return "image_preprocess";
    }

    @Override
    public void run(Fixture fixture, Results results) throws CheckpointException {
        Run run = new Run(fixture, results);
        for (String name : fixture.names()) {
            run.put(name);
        }
        for (String key : fixture.config().keys()) {
            run.compare(key);
        }
    }

    /** One fixture being checked. */
    private record Run(Fixture fixture, Results results) {
        void put(String name) throws CheckpointException {
            Matcher returns = RETURNS.matcher(name);
            Matcher targets = TARGETS.matcher(name);
            Matcher augmented = AUGMENTED.matcher(name);
            if (returns.matches()) {
                double reward = returns.group(1).equals("success") ? 1 : 0;
                int steps = (int) fixture.input(name).size(0);
                results.put(name, Returns.normalized(steps, reward, Double.parseDouble("0." + returns.group(2))));
            } else if (targets.matches()) {
                results.put(name, targets(Integer.parseInt(targets.group(1)), Integer.parseInt(targets.group(2))));
            } else if (augmented.matches()) {
                putAugmented(name, Integer.parseInt(augmented.group(1)) - 1);
            } else {
                putPictures(name);
            }
        }

        private static float[] targets(int steps, int chunk) {
            float[] returns = Returns.normalized(steps, 1, DISCOUNT);
            float[] targets = new float[steps];
            for (int t = 0; t < steps; t++) {
                targets[t] = returns[ActionChunks.future(steps, t, chunk)];
            }
            return targets;
        }

        private void putAugmented(String name, int step) throws CheckpointException {
            JsonFields config = fixture.config().object("aug_params");
            ImageAugmentation augmentation = new ImageAugmentation(config.integer("crop_i"),
                    config.integer("crop_j"), config.integer("crop_h"), config.number("angle"),
                    config.number("brightness"), config.number("contrast"), config.number("saturation"),
                    config.number("hue"));
            RgbImage raw = pictures("raw").getFirst();
            RgbImage resized = ImageResize.bicubic(raw, size(name, 0), size(name, 1));
            results.put(name, augmentation.steps(resized).get(step).toTensor().squeeze(0));
        }

        private void putPictures(String name) throws CheckpointException {
            ImagePreparation base = new ImagePreparation(size("resized_from_raw", 1), Crop.CENTRE);
            switch (name) {
                case "flipud" -> put(name, "raw", RgbImage::flippedVertically);
                case "center_crop_only" -> put(name, "raw", raw -> base.centre(resized(raw, base)));
                case "center_crop_resize_float_before_rounding" -> putUnrounded(name, base);
                case "normalized_video" -> results.put(name, VideoBuilder.normalized(stacked("raw", base::apply)));
                default -> putPrepared(name);
            }
        }

        private void putPrepared(String name) throws CheckpointException {
            int quality = fixture.config().has("jpeg_quality")
                    ? fixture.config().integer("jpeg_quality")
                    : ImagePreparation.REFERENCE_QUALITY;
            boolean compressed = name.endsWith("_jpeg");
            boolean cropped = name.startsWith("center_crop_resize_of_") || name.contains("prepared");
            if (name.startsWith("jpeg")) {
                put(name, "raw", raw -> JpegCodec.compress(raw, quality));
            } else if (cropped || name.startsWith("resized_")) {
                ImagePreparation plain =
                        new ImagePreparation(size(name, 1), cropped ? Crop.CENTRE : Crop.NONE);
                put(name, source(name), (compressed ? plain.compressed(quality) : plain)::apply);
            }
        }

        /** Where {@code full.prepared224_nojpeg} comes from {@code full.raw256}, others from {@code raw}. */
        private String source(String name) {
            String group = name.substring(0, name.indexOf('.') + 1);
            return fixture.names().stream().filter(other -> other.startsWith(group + "raw")).findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(fixture + ": no pictures called " + group
                            + "raw..., which " + name + " is made of"));
        }

        private void putUnrounded(String name, ImagePreparation base) throws CheckpointException {
            List<Tensor> unrounded = new ArrayList<>();
            for (RgbImage raw : pictures("raw")) {
                int size = base.size();
                float[] values = ImageResize.bilinearUnrounded(base.centre(resized(raw, base)), size, size);
                unrounded.add(Tensor.of(values, 1, size, size, RgbImage.CHANNELS));
            }
            results.put(name, Tensor.cat(0, unrounded.toArray(Tensor[]::new)));
        }

        private static RgbImage resized(RgbImage raw, ImagePreparation base) {
            return ImageResize.bicubic(raw, base.size(), base.size());
        }

        private void put(String name, String source, Function<RgbImage, RgbImage> prepare) throws CheckpointException {
            results.put(name, stacked(source, prepare));
        }

        private Tensor stacked(String source, Function<RgbImage, RgbImage> prepare) throws CheckpointException {
            return Tensor.cat(0, pictures(source).stream().map(prepare).map(RgbImage::toTensor)
                    .toArray(Tensor[]::new));
        }

        private List<RgbImage> pictures(String name) throws CheckpointException {
            Tensor pictures = fixture.input(name);
            List<RgbImage> images = new ArrayList<>();
            for (int i = 0; i < pictures.size(0); i++) {
                images.add(RgbImage.of(pictures.select(0, i)));
            }
            return images;
        }

        private int size(String name, int axis) throws CheckpointException {
            return Math.toIntExact(fixture.input(name).size(axis));
        }

        /** What the configuration holds of the reference's own results. */
        void compare(String key) {
            Matcher crop = TRAINING_CROP.matcher(key);
            if (crop.matches()) {
                int size = Integer.parseInt(crop.group(1));
                fixture.config().integerRows(key).forEach(drawn -> compareCrop(key, drawn, size));
            } else if (key.equals(EPOCHS)) {
                fixture.config().objects(key).forEach(this::compareEpoch);
            }
        }

        /** Top, left, height and width, drawn for pictures of a size. */
        private void compareCrop(String key, long[] drawn, int size) {
            int side = ImageAugmentation.cropSide(size);
            int last = size - side;
            if (drawn.length != 4 || drawn[0] > last || drawn[1] > last || drawn[2] != side || drawn[3] != side) {
                results.fail(key + ": the reference drew " + Arrays.toString(drawn) + ", expected a square of " + side
                        + " from row and column 0 to " + last);
            }
        }

        private void compareEpoch(JsonFields example) {
            double[] args = example.numbers("args");
            EpochStructure actual =
                    EpochStructure.of((int) args[0], (int) args[1], (int) args[2], args[3], args[4]);
            JsonFields out = example.object("out");
            EpochStructure expected = new EpochStructure(out.integer("adjusted_demo_count"),
                    out.integer("adjusted_success_rollout_count"), out.integer("adjusted_failure_rollout_count"));
            if (!actual.equals(expected) || actual.length() != out.integer("epoch_length")) {
                results.fail(EPOCHS + ": actual " + actual + ", expected " + out + " of " + Arrays.toString(args));
            }
        }
    }
}
