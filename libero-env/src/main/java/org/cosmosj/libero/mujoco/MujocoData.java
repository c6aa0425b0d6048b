package org.cosmosj.libero.mujoco;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import org.cosmosj.libero.mujoco.StructTable.Field;

/** The state of a simulation ({@code mjData}). Belongs to one thread at a time; close it before its model. */
@SuppressWarnings("restricted") // native memory and functions
public final class MujocoData implements AutoCloseable {

    /** Where the two geoms of a contact stand in {@code mjContact}, for this version. */
    private record ContactLayout(long size, long first, long second) {
        static ContactLayout of(StructTable table) {
            long first = table.find("mjContact", "geom1").orElseGet(() -> table.field("mjContact", "geom")).offset();
            long second = table.find("mjContact", "geom2").map(Field::offset).orElse(first + 4);
            return new ContactLayout(table.struct("mjContact").size(), first, second);
        }
    }

    private final MujocoModel model;
    private final MujocoLibrary library;
    private final Arena arena = Arena.ofShared();
    private final NativeStruct struct;
    private final ContactLayout contact;
    private final boolean fullMassTakesData;
    private final int nv;
    private final MemorySegment mass;
    private final MemorySegment jacobian;
    private long nativeNanos;

    /**
     * Creates the state at the model's reference pose.
     *
     * @param model the model
     * @throws MujocoException if there is not enough memory
     */
    public MujocoData(MujocoModel model) {
        this.model = model;
        this.library = model.library();
        MemorySegment data;
        try {
            data = (MemorySegment) library.makeData.invokeExact(model.pointer());
        } catch (Throwable e) {
            throw MujocoLibrary.unexpected("mj_makeData", e);
        }
        MujocoMessages.check("mj_makeData");
        if (data.address() == 0) {
            throw new MujocoException("mj_makeData: no memory for the state; close environments that are not used");
        }
        this.struct = new NativeStruct(library.layouts(), "mjData", data, arena, model::size);
        this.contact = ContactLayout.of(library.layouts());
        this.fullMassTakesData = library.fullMassTakesData();
        this.nv = Math.toIntExact(model.size("nv"));
        this.mass = arena.allocate(MujocoLibrary.doubles((long) nv * nv), 8);
        this.jacobian = arena.allocate(MujocoLibrary.doubles(6L * nv), 8);
    }

    /**
     * The model.
     *
     * @return whose state this is
     */
    public MujocoModel model() {
        return model;
    }

    MemorySegment pointer() {
        return struct.memory();
    }

    NativeStruct struct() {
        return struct;
    }

    /** The memory of an array of doubles. */
    MemorySegment array(String name) {
        return struct.array(name);
    }

    /**
     * A field's numbers.
     *
     * @param path for example {@code qpos} or {@code time}
     * @return all elements as float64; a copy
     * @throws MujocoException if this version has no such field or it holds no numbers
     */
    public double[] numbers(String path) {
        return struct.numbers(path);
    }

    /**
     * Copies from an array of doubles.
     *
     * @param name  its field, for example {@code site_xpos}
     * @param start first element
     * @param into  takes as many elements as it holds
     */
    public void read(String name, int start, double[] into) {
        MemorySegment.copy(array(name), JAVA_DOUBLE, MujocoLibrary.doubles(start), into, 0, into.length);
    }

    /**
     * Overwrites part of an array of doubles.
     *
     * @param name  its field, for example {@code qpos}
     * @param start first element
     * @param from  the new elements
     */
    public void write(String name, int start, double... from) {
        MemorySegment.copy(from, 0, array(name), JAVA_DOUBLE, MujocoLibrary.doubles(start), from.length);
    }

    /**
     * Simulated time.
     *
     * @return seconds
     */
    public double time() {
        return array("time").get(JAVA_DOUBLE, 0);
    }

    /**
     * Sets time, joint positions and joint velocities; poses follow with {@link #forward}.
     *
     * @param state (1 + nq + nv): time, qpos, qvel
     * @throws IllegalArgumentException if it has another length
     */
    public void setState(double[] state) {
        int nq = Math.toIntExact(model.size("nq"));
        if (state.length != 1 + nq + nv) {
            throw new IllegalArgumentException("state: " + state.length + " numbers, expected 1 + " + nq
                    + " joint positions + " + nv + " velocities = " + (1 + nq + nv)
                    + "; is it a start state of another task?");
        }
        MemorySegment.copy(state, 0, array("time"), JAVA_DOUBLE, 0, 1);
        MemorySegment.copy(state, 1, array("qpos"), JAVA_DOUBLE, 0, nq);
        MemorySegment.copy(state, 1 + nq, array("qvel"), JAVA_DOUBLE, 0, nv);
    }

    /** Back to the reference pose, without velocities, forces and what the solver remembers. */
    public void reset() {
        call("mj_resetData", library.resetData);
    }

    /** Computes everything that follows from joint positions and velocities, contacts too. */
    public void forward() {
        call("mj_forward", library.forward);
    }

    /** Advances time by one timestep. */
    public void step() {
        call("mj_step", library.step);
    }

    private void call(String name, MethodHandle function) {
        long start = System.nanoTime();
        try {
            function.invokeExact(model.pointer(), pointer());
        } catch (Throwable e) {
            throw MujocoLibrary.unexpected(name, e);
        }
        nativeNanos += System.nanoTime() - start;
        MujocoMessages.check(name);
    }

    /**
     * Time spent in MuJoCo: forward computations, steps, resets, inertias and Jacobians.
     *
     * @return nanoseconds since this state was made
     */
    public long nativeNanos() {
        return nativeNanos;
    }

    /**
     * What MuJoCo warned of on this thread since the last call, such as an unstable simulation.
     *
     * @return messages
     */
    public static List<String> takeWarnings() {
        return MujocoMessages.takeWarnings();
    }

    /**
     * The joint-space inertia of some degrees of freedom.
     *
     * @param dofs which
     * @param into (n, n), row-major
     */
    public void massMatrix(int[] dofs, double[] into) {
        long start = System.nanoTime();
        try {
            if (fullMassTakesData) {
                library.fullMass.invokeExact(model.pointer(), pointer(), mass);
            } else {
                library.fullMass.invokeExact(model.pointer(), mass, array("qM"));
            }
        } catch (Throwable e) {
            throw MujocoLibrary.unexpected("mj_fullM", e);
        }
        nativeNanos += System.nanoTime() - start;
        for (int i = 0; i < dofs.length; i++) {
            for (int j = 0; j < dofs.length; j++) {
                into[i * dofs.length + j] = mass.getAtIndex(JAVA_DOUBLE, (long) dofs[i] * nv + dofs[j]);
            }
        }
    }

    /**
     * The Jacobian of a site's position and rotation.
     *
     * @param site id
     * @param into (6, nv), row-major: three rows of position, three of rotation
     */
    public void siteJacobian(int site, double[] into) {
        long start = System.nanoTime();
        try {
            library.siteJacobian.invokeExact(model.pointer(), pointer(), jacobian,
                    jacobian.asSlice(MujocoLibrary.doubles(3L * nv)), site);
        } catch (Throwable e) {
            throw MujocoLibrary.unexpected("mj_jacSite", e);
        }
        nativeNanos += System.nanoTime() - start;
        MemorySegment.copy(jacobian, JAVA_DOUBLE, 0, into, 0, 6 * nv);
    }

    /**
     * Contacts of the last step or forward computation.
     *
     * @return their number
     */
    public int contacts() {
        return Math.toIntExact(struct.integer("ncon"));
    }

    /**
     * The pairs of geoms in contact.
     *
     * @param into takes two ids per contact, as many as fit
     * @return contacts copied
     */
    public int contactGeoms(int[] into) {
        int count = Math.min(contacts(), into.length / 2);
        if (count > 0) {
            MemorySegment all = struct.memory().get(ADDRESS, struct.find("contact").orElseThrow().offset())
                    .reinterpret(count * contact.size());
            for (int i = 0; i < count; i++) {
                into[2 * i] = all.get(JAVA_INT_UNALIGNED, i * contact.size() + contact.first());
                into[2 * i + 1] = all.get(JAVA_INT_UNALIGNED, i * contact.size() + contact.second());
            }
        }
        return count;
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            MemorySegment data = MemorySegment.ofAddress(struct.memory().address());
            arena.close();
            try {
                library.deleteData.invokeExact(data);
            } catch (Throwable e) {
                throw MujocoLibrary.unexpected("mj_deleteData", e);
            }
        }
    }
}
