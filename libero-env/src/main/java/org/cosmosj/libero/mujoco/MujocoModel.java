package org.cosmosj.libero.mujoco;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A compiled model ({@code mjModel}). Belongs to one thread at a time; its native memory ends with {@link #close}. */
@SuppressWarnings("restricted") // native memory and functions
public final class MujocoModel implements AutoCloseable {

    private static final int ERROR_SIZE = 1000;
    private static final int REPEATABLE_VERSION = 3014000;

    private final MujocoLibrary library;
    private final Arena arena = Arena.ofShared();
    private final NativeStruct struct;
    private final Map<ObjectKind, Map<String, Integer>> ids = new EnumMap<>(ObjectKind.class);

    private MujocoModel(MujocoLibrary library, MemorySegment model) {
        this.library = library;
        this.struct = new NativeStruct(library.layouts(), "mjModel", model, arena, this::size);
    }

    /**
     * Compiles a model.
     *
     * @param library which MuJoCo
     * @param mjcf    the scene; files are named by absolute paths
     * @return the model
     * @throws MujocoException with MuJoCo's reason if the scene or a file in it cannot be compiled
     */
    public static MujocoModel compile(MujocoLibrary library, String mjcf) {
        Path file = null;
        try {
            file = Files.createTempFile("cosmosj-scene", ".xml");
            Files.writeString(file, mjcf);
            return load(library, file, "the scene");
        } catch (IOException e) {
            throw new MujocoException("MuJoCo: cannot write the scene to " + file + " (" + e.getMessage()
                    + "); is there space in the folder for temporary files?", e);
        } finally {
            delete(file);
        }
    }

    private static void delete(Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new MujocoException("MuJoCo: cannot remove " + file + " (" + e.getMessage() + ")", e);
        }
    }

    /**
     * Compiles a model from a file.
     *
     * @param library which MuJoCo
     * @param file    the scene; files in it may be named relative to its folder
     * @return the model
     * @throws MujocoException with MuJoCo's reason if the scene or a file in it cannot be compiled
     */
    public static MujocoModel load(MujocoLibrary library, Path file) {
        return load(library, file, file.toString());
    }

    private static MujocoModel load(MujocoLibrary library, Path file, String what) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment error = call.allocate(ERROR_SIZE);
            MemorySegment model;
            try {
                model = (MemorySegment) library.loadXml.invokeExact(call.allocateFrom(file.toString()),
                        MemorySegment.NULL, error, ERROR_SIZE);
            } catch (Throwable e) {
                throw MujocoLibrary.unexpected("mj_loadXML", e);
            }
            MujocoMessages.check("mj_loadXML " + what);
            if (model.address() == 0) {
                throw new MujocoException("MuJoCo " + library.versionName() + " cannot compile " + what + ": "
                        + error.getString(0).strip());
            }
            return new MujocoModel(library, model);
        }
    }

    MujocoLibrary library() {
        return library;
    }

    MemorySegment pointer() {
        return struct.memory();
    }

    NativeStruct struct() {
        return struct;
    }

    /**
     * Whether a second forward computation of a state gives the bits of the first: the solver starts from what it found
     * last, and in older versions the result depends on where it starts.
     *
     * @return true for versions in which this was seen over whole episodes
     */
    public boolean forwardIsRepeatable() {
        return library.version() == REPEATABLE_VERSION;
    }

    /**
     * A size of the model.
     *
     * @param name its field, such as {@code nq}; constants of MuJoCo's headers as well
     * @return the number
     * @throws MujocoException if this version has no such size
     */
    public long size(String name) {
        Long constant = library.layouts().constants().get(name);
        return constant != null ? constant : struct.integer(name);
    }

    /**
     * Whether this version of MuJoCo has a field.
     *
     * @param path for example {@code geom_rgba} or {@code opt.timestep}
     * @return true if {@link #numbers} can read it
     */
    public boolean has(String path) {
        return struct.find(path).isPresent();
    }

    /**
     * A field's numbers.
     *
     * @param path for example {@code geom_rgba} (all rows) or {@code opt.timestep} (one number)
     * @return all elements as float64, bytes as 0..255; a copy
     * @throws MujocoException if this version has no such field or it holds no numbers
     */
    public double[] numbers(String path) {
        return struct.numbers(path);
    }

    /**
     * The raw bytes of an array, for checksums.
     *
     * @param path for example {@code mesh_vert}
     * @return a copy
     */
    public byte[] bytes(String path) {
        return struct.array(path).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
    }

    /**
     * Names in the order of ids.
     *
     * @param kind of what
     * @return a name for each, empty for the unnamed
     */
    public List<String> names(ObjectKind kind) {
        int type = library.layouts().constant(kind.constant);
        int count = Math.toIntExact(size(kind.size));
        List<String> names = new ArrayList<>(count);
        for (int id = 0; id < count; id++) {
            try {
                MemorySegment name = (MemorySegment) library.idToName.invokeExact(pointer(), type, id);
                names.add(name.address() == 0 ? "" : name.reinterpret(Integer.MAX_VALUE).getString(0));
            } catch (Throwable e) {
                throw MujocoLibrary.unexpected("mj_id2name", e);
            }
        }
        return names;
    }

    /**
     * Whether something is in the model.
     *
     * @param kind of what
     * @param name its name
     * @return true if it is
     */
    public boolean contains(ObjectKind kind, String name) {
        return idsOf(kind).containsKey(name);
    }

    /**
     * An id.
     *
     * @param kind of what
     * @param name its name
     * @return from 0
     * @throws IllegalArgumentException if the model has none of that name
     */
    public int id(ObjectKind kind, String name) {
        Integer id = idsOf(kind).get(name);
        if (id == null) {
            throw new IllegalArgumentException("model: no " + kind.name().toLowerCase(java.util.Locale.ROOT) + " '"
                    + name + "' among " + idsOf(kind).keySet().stream().sorted().toList());
        }
        return id;
    }

    private Map<String, Integer> idsOf(ObjectKind kind) {
        return ids.computeIfAbsent(kind, k -> {
            Map<String, Integer> byName = new HashMap<>();
            List<String> names = names(k);
            for (int id = 0; id < names.size(); id++) {
                byName.put(names.get(id), id);
            }
            byName.remove("");
            return byName;
        });
    }

    /** One integer of an array field. */
    int integer(String path, int index) {
        return struct.array(path).getAtIndex(JAVA_INT, index);
    }

    /** One row of an array of doubles. */
    double[] row(String path, int index, int width) {
        double[] row = new double[width];
        MemorySegment.copy(struct.array(path), JAVA_DOUBLE, MujocoLibrary.doubles((long) index * width), row, 0, width);
        return row;
    }

    /** Writes one row of an array of doubles. */
    void setRow(String path, int index, double[] row) {
        MemorySegment.copy(row, 0, struct.array(path), JAVA_DOUBLE,
                MujocoLibrary.doubles((long) index * row.length), row.length);
    }

    /**
     * How opaque a site is drawn.
     *
     * @param site id
     * @return 0 (not drawn) to 1
     */
    public float siteAlpha(int site) {
        return struct.array("site_rgba").getAtIndex(JAVA_FLOAT, 4L * site + 3);
    }

    /**
     * Sets how opaque a site is drawn.
     *
     * @param site  id
     * @param alpha 0 (not drawn) to 1
     */
    public void setSiteAlpha(int site, float alpha) {
        struct.array("site_rgba").setAtIndex(JAVA_FLOAT, 4L * site + 3, alpha);
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            MemorySegment model = MemorySegment.ofAddress(struct.memory().address());
            arena.close();
            try {
                library.deleteModel.invokeExact(model);
            } catch (Throwable e) {
                throw MujocoLibrary.unexpected("mj_deleteModel", e);
            }
        }
    }
}
