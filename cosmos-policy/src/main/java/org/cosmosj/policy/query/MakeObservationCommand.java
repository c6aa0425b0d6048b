package org.cosmosj.policy.query;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.cosmosj.policy.Camera;
import org.cosmosj.policy.CosmosPolicyConfig;
import org.cosmosj.policy.DimensionStatistics;
import org.cosmosj.policy.JsonFields;
import org.cosmosj.policy.NormalizationStatistics;
import org.cosmosj.policy.image.RgbImage;
import org.cosmosj.tensor.AtomicFile;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.tensor.DType;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Rng;
import org.cosmosj.tensor.Safetensors;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Shape;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.spi.Command;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code make-observation DIR}: everything a query needs beside weights, drawn from a seed. */
@CommandLine.Command(
        name = "make-observation",
        description = {
            "Writes what 'query' needs beside weights, drawn from a seed: pictures, observation.json,"
                    + " dataset_statistics.json and t5.safetensors.",
            "Together with 'make-checkpoint' it lets the full size be tried without released files; what the policy"
                    + " says then means nothing."
        })
public final class MakeObservationCommand implements Command {
    private static final int SIDE = 256;
    private static final int BLOCKS = 12;
    private static final int SMALLEST_BLOCK = 16;
    private static final int LARGEST_BLOCK = 80;
    private static final int COLOURS = 256;
    private static final int ROWS = 64;
    private static final int PROPRIO_STREAM = 1;
    private static final int TEXT_STREAM = 2;
    private static final int STATISTICS_STREAM = 3;
    private static final int CAMERA_STREAM = 10;

    @Parameters(paramLabel = "DIR", description = "Folder to write to; made if there is none.")
    private Path folder;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "1",
            description = "Seed of all that is drawn (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--suite", paramLabel = "SUITE", defaultValue = "libero",
            description = "libero, robocasa or aloha: which cameras and sizes (default: ${DEFAULT-VALUE}).")
    private String suite;

    @Option(names = "--config", paramLabel = "FILE",
            description = "JSON configuration of a policy that was not released, instead of the suite's.")
    private Path config;

    @Option(names = "--instruction", paramLabel = "TEXT", defaultValue = "put the bowl on the plate",
            description = "What the robot is told (default: ${DEFAULT-VALUE}).")
    private String instruction;

    /** Made by the command line. */
    public MakeObservationCommand() {}

    @Override
    public Integer call() throws IOException {
        CosmosPolicyConfig policy = config == null
                ? Suite.parse(suite).config()
                : CosmosPolicyConfig.of(JsonFields.parse(config.toString(), Files.readString(config)));
        writeObservation(policy);
        write("dataset_statistics.json", statistics(policy).toJson());
        writeText(policy);
        return CommandLine.ExitCode.OK;
    }

    private Rng rng(int stream) {
        return Rng.seeded(seed).stream(stream);
    }

    private void writeObservation(CosmosPolicyConfig policy) {
        JsonMapper mapper = JsonMapper.builder().build();
        ObjectNode json = mapper.createObjectNode();
        json.put("task_description", instruction);
        for (Camera camera : policy.layout().cameras()) {
            String name = camera.name().toLowerCase(Locale.ROOT);
            json.put(name, name + ".png");
            PictureFile.write(folder.resolve(name + ".png"), picture(rng(CAMERA_STREAM + camera.ordinal())));
        }
        Rng rng = rng(PROPRIO_STREAM);
        for (int i = 0; i < policy.sizes().proprio(); i++) {
            json.withArray("proprio").add(rng.nextInt(2 * ROWS) / (double) ROWS - 1);
        }
        write(SavedObservation.FILE, json.toPrettyString());
    }

    private void write(String name, String text) {
        AtomicFile.write(folder.resolve(name), text.getBytes(StandardCharsets.UTF_8));
    }

    /** Coloured blocks before a gradient. */
    private static RgbImage picture(Rng rng) {
        byte[] rgb = new byte[SIDE * SIDE * RgbImage.CHANNELS];
        for (int i = 0; i < rgb.length; i++) {
            int pixel = i / RgbImage.CHANNELS;
            rgb[i] = (byte) ((pixel / SIDE + (i % RgbImage.CHANNELS) * (pixel % SIDE)) / RgbImage.CHANNELS);
        }
        for (int block = 0; block < BLOCKS; block++) {
            int size = SMALLEST_BLOCK + rng.nextInt(LARGEST_BLOCK - SMALLEST_BLOCK);
            int top = rng.nextInt(SIDE - size);
            int left = rng.nextInt(SIDE - size);
            byte[] colour = {(byte) rng.nextInt(COLOURS), (byte) rng.nextInt(COLOURS), (byte) rng.nextInt(COLOURS)};
            for (int y = top; y < top + size; y++) {
                for (int x = left; x < left + size; x++) {
                    System.arraycopy(colour, 0, rgb, (y * SIDE + x) * RgbImage.CHANNELS, RgbImage.CHANNELS);
                }
            }
        }
        return new RgbImage(SIDE, SIDE, rgb);
    }

    private NormalizationStatistics statistics(CosmosPolicyConfig policy) {
        return new NormalizationStatistics(measured(rng(STATISTICS_STREAM), policy.sizes().action()),
                measured(rng(STATISTICS_STREAM).stream(1), policy.sizes().proprio()));
    }

    private static DimensionStatistics measured(Rng rng, int width) {
        double[][] rows = new double[ROWS][width];
        for (double[] row : rows) {
            for (int i = 0; i < width; i++) {
                row[i] = rng.nextInt(2 * ROWS) / (double) ROWS - 1;
            }
        }
        return DimensionStatistics.measure(rows);
    }

    private void writeText(CosmosPolicyConfig policy) throws CheckpointException {
        try (Scope _ = Scope.open(Device.cpu(), "make-observation")) {
            Shape shape = Shape.of(1, policy.sizes().text(), policy.net().crossattnEmbChannels());
            Tensor text = Tensor.randn(rng(TEXT_STREAM), DType.F32, shape).to(DType.BF16);
            Safetensors.write(folder.resolve("t5.safetensors"), Map.of(instruction, text), Map.of());
        }
    }
}
