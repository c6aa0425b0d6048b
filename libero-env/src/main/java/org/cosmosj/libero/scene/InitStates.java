package org.cosmosj.libero.scene;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.tensor.pickle.NumpyArray;
import org.cosmosj.tensor.pickle.Pickle;
import org.cosmosj.tensor.pickle.PickleTypes;

/**
 * Reads LIBERO's {@code .pruned_init} files, which {@code torch.save} wrote: a zip archive with one pickled NumPy
 * array. Nothing in the pickle is executed; it may mention NumPy's arrays and no other name.
 */
public final class InitStates {

    private static final String ENTRY = "archive/data.pkl";
    /** The published files hold less than 100 kB. */
    private static final int LARGEST_BYTES = 1 << 28;
    private static final String CURE = "expected a .pruned_init file; " + LiberoFolders.LIBERO_CURE;

    private InitStates() {
    }

    /**
     * Reads a file.
     *
     * @param file a {@code .pruned_init} file
     * @return (starts, width): time, joint positions, joint velocities
     * @throws SceneException if it is missing, damaged, or holds something else; the message names file and cure
     */
    public static double[][] read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new SceneException(file + ": no such file; " + CURE);
        }
        try (ZipFile zip = new ZipFile(file.toFile())) {
            ZipEntry entry = zip.getEntry(ENTRY);
            if (entry == null) {
                throw new SceneException(file + ": is an archive without " + ENTRY + "; " + CURE);
            }
            return rows(file, Pickle.read(file + " (" + ENTRY + ")",
                    MemorySegment.ofArray(bytes(file, zip, entry)).asReadOnly(), PickleTypes.NUMPY));
        } catch (ZipException e) {
            throw new SceneException(file + ": is damaged or no archive (" + e.getMessage() + "); " + CURE, e);
        } catch (CheckpointException | IllegalStateException e) {
            throw new SceneException(e.getMessage() + "; " + CURE, e);
        } catch (IOException e) {
            throw new SceneException(file + ": cannot be read (" + e + "); " + CURE, e);
        }
    }

    private static byte[] bytes(Path file, ZipFile zip, ZipEntry entry) throws IOException {
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] bytes = in.readNBytes(LARGEST_BYTES);
            if (in.read() >= 0) {
                throw new SceneException(file + ": " + ENTRY + " is larger than " + LARGEST_BYTES + " bytes; " + CURE);
            }
            return bytes;
        }
    }

    private static double[][] rows(Path file, Object value) {
        if (!(value instanceof NumpyArray array) || array.shape().rank() != 2 || !array.dtype().equals("float64")
                || array.shape().numel() == 0) {
            throw new SceneException(file + ": holds " + (value instanceof NumpyArray array
                    ? array.dtype() + " " + array.shape()
                    : "no array") + ", expected float64 (starts, width); "
                    + CURE);
        }
        double[] all = array.toDoubleArray();
        int width = Math.toIntExact(array.shape().size(1));
        double[][] rows = new double[all.length / width][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(all, i * width, (i + 1) * width);
            for (int j = 0; j < width; j++) {
                if (!Double.isFinite(rows[i][j])) {
                    throw new SceneException(file + ": start " + i + " holds " + rows[i][j] + " at " + j
                            + ", expected finite numbers; " + CURE);
                }
            }
        }
        return rows;
    }
}
