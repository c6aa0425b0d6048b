package org.cosmosj.libero.data;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.api.dataset.ContiguousDataset;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cosmosj.libero.bddl.BddlProblem;
import org.cosmosj.tensor.AtomicFile;

/**
 * Joins files of one demonstration each, as {@link DemonstrationFile#write(Path, BddlProblem, String,
 * SimulatedDemonstration)} writes them, to the file of a task. Pictures go from file to file, a step at a time.
 */
public final class DemonstrationParts {

    private DemonstrationParts() {
    }

    /**
     * Joins.
     *
     * @param parts   files of one demonstration each, in the order of their numbers
     * @param file    where to; an older one stays intact until the new one is complete
     * @param problem the task
     * @param bddl    the task's BDDL text
     * @throws UncheckedIOException if a part is damaged or the file cannot be written
     */
    public static void join(List<Path> parts, Path file, BddlProblem problem, String bddl) {
        List<HdfFile> open = new ArrayList<>();
        try {
            Hdf5Node.Group root = new Hdf5Node.Group();
            Hdf5Node.Group data = root.group("data");
            long total = 0;
            for (int i = 0; i < parts.size(); i++) {
                Path part = parts.get(i);
                try {
                    open.add(new HdfFile(part));
                    Group demo = (Group) open.getLast().getByPath("/data/demo_0");
                    Hdf5Node.Group copy = data.group("demo_" + i);
                    copy(demo, copy);
                    total += (Long) copy.attributes.get("num_samples");
                } catch (RuntimeException e) { // the library reports damage by many kinds of exceptions
                    throw new UncheckedIOException(new IOException(part + ": is damaged (" + e
                            + "); delete it and collect again", e));
                }
            }
            DemonstrationFile.describe(data, file.getFileName().toString(), problem, bddl, parts.size(), total);
            AtomicFile.write(file, channel -> Hdf5Writer.write(channel, root));
        } finally {
            open.forEach(HdfFile::close);
        }
    }

    private static void copy(Group from, Hdf5Node.Group to) {
        from.getAttributes().forEach((name, attribute) -> to.attribute(name, attribute(attribute.getData())));
        for (Map.Entry<String, Node> child : from.getChildren().entrySet()) {
            if (child.getValue() instanceof Group group) {
                copy(group, to.group(child.getKey()));
            } else {
                to.children.put(child.getKey(), dataset((Dataset) child.getValue()));
            }
        }
    }

    /** Of what this project writes: text, whole numbers, vectors; truth values are an enumeration. */
    private static Object attribute(Object value) {
        return switch (value) {
            case String text when text.equals("TRUE") || text.equals("FALSE") -> text.equals("TRUE");
            case Byte flag -> flag != 0;
            case Integer number -> (long) number;
            default -> value;
        };
    }

    private static Hdf5Node.Dataset dataset(Dataset dataset) {
        int[] dimensions = dataset.getDimensions();
        long[] shape = new long[dimensions.length];
        int piece = dataset.getDataType().getSize();
        for (int i = 0; i < shape.length; i++) {
            shape[i] = dimensions[i];
            piece *= i == 0 ? 1 : dimensions[i];
        }
        int bytes = piece;
        ByteBuffer all = ((ContiguousDataset) dataset).getBuffer();
        return new Hdf5Node.Dataset(dataset.getDataType().getSize() == 1 ? Hdf5Type.U8 : Hdf5Type.F64, shape, i -> {
            byte[] copy = new byte[bytes];
            all.get(i * bytes, copy);
            return copy;
        });
    }
}
