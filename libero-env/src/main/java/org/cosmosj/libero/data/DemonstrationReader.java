package org.cosmosj.libero.data;

import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.exceptions.UnsupportedHdfException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.cosmosj.libero.EpisodeId;
import org.cosmosj.libero.bddl.BddlProblem;
import org.cosmosj.libero.render.Picture;
import org.cosmosj.libero.render.PictureFiles;

/** Reads one demonstration file; every failure becomes one error that names file, place and cure. */
final class DemonstrationReader {

    private static final String CURE =
            "; expected a LIBERO demonstration file (HDF5); copy it again or collect the demonstrations anew";
    private static final long SIGNATURE = 0x894844460D0A1A0AL;

    private final Path file;
    private boolean bottomUp;

    private DemonstrationReader(Path file) {
        this.file = file;
    }

    static List<Demonstration> read(Path file) {
        return new DemonstrationReader(file).read();
    }

    private List<Demonstration> read() {
        checkCompleteness();
        try (HdfFile hdf = new HdfFile(file)) {
            Group data = group(hdf, "data");
            Attribute convention = data.getAttribute("macros_image_convention");
            bottomUp = convention != null && "opengl".equals(convention.getData());
            List<Group> demos = new ArrayList<>();
            for (Node node : data) {
                if (node instanceof Group demo && demo.getName().matches("demo_\\d+")) {
                    demos.add(demo);
                }
            }
            demos.sort(Comparator.comparingInt(DemonstrationReader::number));
            return demos.stream().map(this::demonstration).toList();
        } catch (UncheckedIOException e) {
            throw e;
        } catch (RuntimeException e) {  // the library reports damage by many kinds of exceptions
            throw refusal(e);
        } catch (OutOfMemoryError | StackOverflowError e) {     // a damaged size or address makes it ask for too much
            throw error("is damaged, or larger than the Java heap (" + e + "); if it is known to be good, raise -Xmx",
                    e);
        }
    }

    private UncheckedIOException refusal(RuntimeException e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root instanceof UnsupportedHdfException
                ? error("uses an HDF5 feature that cannot be read here (" + root.getMessage()
                        + "); if it is known to be good, write it in the earliest format (h5py: libver earliest)", e)
                : error("is damaged (" + root + ")", e);
    }

    /** A truncated file may read well up to the missing part, so the length the file claims is compared first. */
    private void checkCompleteness() {
        if (!Files.isRegularFile(file)) {
            throw error(Files.exists(file) ? "is not a regular file" : "does not exist", null);
        }
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer head = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
            while (head.hasRemaining() && channel.read(head) >= 0) {
                continue;
            }
            head.flip();
            if (head.limit() < 48 || head.duplicate().order(ByteOrder.BIG_ENDIAN).getLong(0) != SIGNATURE) {
                throw error("is not an HDF5 file", null);
            }
            int version = head.get(8);
            long claimed = head.getLong(version < 2 ? 40 : 28);
            if (claimed > channel.size()) {
                throw error("is truncated: " + channel.size() + " bytes of " + claimed, null);
            }
        } catch (IOException e) {
            throw error("cannot be read (" + e + ")", e);
        }
    }

    private Demonstration demonstration(Group demo) {
        double[][] actions = rows(dataset(demo, "actions"));
        double[][] proprio = rows(dataset(demo, "robot_states"));
        Group obs = group(demo, "obs");
        Picture[] scene = pictures(obs, "agentview_rgb");
        Picture[] wrist = pictures(obs, "eye_in_hand_rgb");
        if (actions.length == 0 || scene.length != actions.length || wrist.length != actions.length) {
            throw error(demo.getPath() + " has " + actions.length + " actions, " + scene.length + " and "
                    + wrist.length + " pictures, expected equal counts above 0", null);
        }
        String task = task();
        long seed = demo.getAttribute("seed") == null ? 0 : ((Number) demo.getAttribute("seed").getData()).longValue();
        int episode = demo.getAttribute("episode") == null
                ? number(demo)
                : ((Number) demo.getAttribute("episode").getData()).intValue();
        double[][] dones = rows(dataset(demo, "dones"));
        return new Demonstration(new EpisodeId(suite(), task, episode, seed), BddlProblem.instruction(task),
                scene[0].height(), scene[0].width(), bytes(scene), bytes(wrist), proprio,
                rows(dataset(obs, "joint_states")), actions, dones[dones.length - 1][0] != 0);
    }

    private String task() {
        String name = file.getFileName().toString();
        return name.endsWith(DemonstrationFile.SUFFIX)
                ? name.substring(0, name.length() - DemonstrationFile.SUFFIX.length())
                : name;
    }

    private String suite() {
        Path folder = file.toAbsolutePath().getParent().getFileName();
        return folder == null ? "" : folder.toString();
    }

    private static int number(Group demo) {
        return Integer.parseInt(demo.getName().substring("demo_".length()));
    }

    private static byte[][] bytes(Picture[] pictures) {
        byte[][] all = new byte[pictures.length][];
        for (int i = 0; i < all.length; i++) {
            all[i] = pictures[i].rgb();
        }
        return all;
    }

    /** Raw pictures, or JPEG files under the same name with {@code _jpeg}. */
    private Picture[] pictures(Group obs, String name) {
        boolean jpeg = obs.getChildren().containsKey(name + "_jpeg");
        Dataset dataset = dataset(obs, jpeg ? name + "_jpeg" : name);
        int[] shape = dataset.getDimensions();
        if (jpeg) {
            return jpegs(dataset);
        }
        if (shape.length != 4 || shape[3] != 3) {
            throw error(dataset.getPath() + " has shape " + java.util.Arrays.toString(shape)
                    + ", expected (N, H, W, 3)", null);
        }
        ByteBuffer all = ByteBuffer.wrap(unsignedBytes(dataset));
        Picture[] pictures = new Picture[shape[0]];
        for (int i = 0; i < pictures.length; i++) {
            byte[] rgb = new byte[shape[1] * shape[2] * 3];
            all.get(rgb);
            pictures[i] = upright(new Picture(shape[1], shape[2], rgb));
        }
        return pictures;
    }

    private Picture[] jpegs(Dataset dataset) {
        Object[] elements = (Object[]) dataset.getData();
        Picture[] pictures = new Picture[elements.length];
        for (int i = 0; i < pictures.length; i++) {
            pictures[i] = upright(PictureFiles.decode(narrowed(elements[i], dataset),
                    file + " " + dataset.getPath() + "[" + i + "]"));
        }
        return pictures;
    }

    private Picture upright(Picture picture) {
        return bottomUp ? picture.flippedVertically() : picture;
    }

    private byte[] unsignedBytes(Dataset dataset) {
        if (dataset instanceof ContiguousDataset contiguous && dataset.getDataType().getSize() == 1) {
            byte[] bytes = new byte[Math.toIntExact(dataset.getSizeInBytes())];
            contiguous.getBuffer().get(bytes);
            return bytes;
        }
        return narrowed(dataset.getDataFlat(), dataset);
    }

    /** The library widens unsigned bytes to int. */
    private byte[] narrowed(Object data, Dataset dataset) {
        return switch (data) {
            case byte[] bytes -> bytes;
            case int[] wide -> {
                byte[] bytes = new byte[wide.length];
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = (byte) wide[i];
                }
                yield bytes;
            }
            default -> throw error(dataset.getPath() + " holds " + data.getClass().getSimpleName()
                    + ", expected unsigned bytes", null);
        };
    }

    /** A numeric dataset of one or two axes as rows of doubles. */
    private double[][] rows(Dataset dataset) {
        int[] shape = dataset.getDimensions();
        if (shape.length < 1 || shape.length > 2) {
            throw error(dataset.getPath() + " has " + shape.length + " axes, expected 1 or 2", null);
        }
        Object flat = dataset.getDataFlat();
        int columns = shape.length == 1 ? 1 : shape[1];
        double[][] rows = new double[shape[0]][columns];
        for (int i = 0; i < rows.length * columns; i++) {
            rows[i / columns][i % columns] = ((Number) java.lang.reflect.Array.get(flat, i)).doubleValue();
        }
        return rows;
    }

    private Group group(Group parent, String name) {
        if (parent.getChildren().get(name) instanceof Group group) {
            return group;
        }
        throw error("has no group " + name + " in " + parent.getPath(), null);
    }

    private Dataset dataset(Group parent, String name) {
        if (parent.getChildren().get(name) instanceof Dataset dataset) {
            return dataset;
        }
        throw error("has no dataset " + name + " in " + parent.getPath(), null);
    }

    private UncheckedIOException error(String what, Throwable cause) {
        return new UncheckedIOException(new IOException("read " + file + ": " + what + CURE, cause));
    }
}
