package org.cosmosj.libero.mujoco;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A loaded MuJoCo library: its functions through {@link java.lang.foreign}, its struct layouts from the headers beside
 * it, or from tables of known versions where headers are missing. Stays loaded until the process ends, since MuJoCo
 * keeps pointers to the handlers of its messages. Safe for threads; models and data belong to one thread at a time.
 */
@SuppressWarnings("restricted") // native memory and functions
public final class MujocoLibrary {

    /** The version whose numbers the paper reports. */
    public static final String PAPER_VERSION = "3.3.2";

    static final StructLayout RECT = MemoryLayout.structLayout(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Map<String, MujocoLibrary> LOADED = new HashMap<>();

    private final String origin;
    private final SymbolLookup symbols;
    private final StructTable layouts;
    private final boolean headersRead;

    final MethodHandle loadXml;
    final MethodHandle deleteModel;
    final MethodHandle makeData;
    final MethodHandle deleteData;
    final MethodHandle resetData;
    final MethodHandle forward;
    final MethodHandle step;
    final MethodHandle fullMass;
    final MethodHandle siteJacobian;
    final MethodHandle nameToId;
    final MethodHandle idToName;

    private MujocoLibrary(MujocoInstallation installation, SymbolLookup symbols) {
        this.origin = installation.toString();
        this.symbols = symbols;
        int version = version(symbols);
        this.headersRead = installation.headers().isPresent();
        this.layouts = layouts(installation, version);
        this.loadXml = function("mj_loadXML", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT));
        this.deleteModel = function("mj_deleteModel", FunctionDescriptor.ofVoid(ADDRESS));
        this.makeData = function("mj_makeData", FunctionDescriptor.of(ADDRESS, ADDRESS));
        this.deleteData = function("mj_deleteData", FunctionDescriptor.ofVoid(ADDRESS));
        FunctionDescriptor ofModelAndData = FunctionDescriptor.ofVoid(ADDRESS, ADDRESS);
        this.resetData = function("mj_resetData", ofModelAndData);
        this.forward = function("mj_forward", ofModelAndData);
        this.step = function("mj_step", ofModelAndData);
        this.fullMass = function("mj_fullM", FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, ADDRESS));
        this.siteJacobian = function("mj_jacSite",
                FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT));
        this.nameToId = function("mj_name2id", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS));
        this.idToName = function("mj_id2name", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT, JAVA_INT));
        checkDoubles();
    }

    /**
     * Loads a library and removes what had to be unpacked for it.
     *
     * @param where as {@link MujocoInstallation#find} takes it
     * @return the library, the same for the same place
     * @throws MujocoException if it is missing, lacks a function, or has an unknown version without headers
     */
    public static synchronized MujocoLibrary load(String where) {
        MujocoLibrary loaded = LOADED.get(where);
        if (loaded == null) {
            try (MujocoInstallation installation = MujocoInstallation.find(where)) {
                loaded = load(installation);
                LOADED.put(where, loaded);
            }
        }
        return loaded;
    }

    private static MujocoLibrary load(MujocoInstallation installation) {
        try {
            SymbolLookup symbols = SymbolLookup.libraryLookup(installation.library().toRealPath(), Arena.global());
            MujocoLibrary library = new MujocoLibrary(installation, symbols);
            MujocoMessages.install(symbols);
            return library;
        } catch (IllegalArgumentException | IOException | ReflectiveOperationException e) {
            throw new MujocoException("MuJoCo: " + installation + " cannot be loaded (" + e.getMessage()
                    + "); is it a library for this processor and operating system?", e);
        }
    }

    private static int version(SymbolLookup symbols) {
        return symbols.find("mj_version").map(symbol -> {
            try {
                return (int) LINKER.downcallHandle(symbol, FunctionDescriptor.of(JAVA_INT)).invokeExact();
            } catch (Throwable e) {
                throw unexpected("mj_version", e);
            }
        }).orElseThrow(() -> new MujocoException("MuJoCo: the library has no function mj_version: it is no MuJoCo"));
    }

    private static StructTable layouts(MujocoInstallation installation, int version) {
        if (installation.headers().isPresent()) {
            StructTable parsed = HeaderParser.parse(installation.headers().get());
            if (parsed.version() == version) {
                return parsed;
            }
            return LayoutFile.known(version).orElseThrow(() -> new MujocoException("MuJoCo: " + installation
                    + " is version " + name(version) + " but its headers " + installation.headers().get()
                    + " are of " + name(parsed.version())
                    + "; put the headers of the same release beside the library"));
        }
        return LayoutFile.known(version).orElseThrow(() -> new MujocoException("MuJoCo: " + installation
                + " is version " + name(version) + ", whose headers are missing and whose struct layouts are not known;"
                + " put the release's include/mujoco folder beside the library"));
    }

    private void checkDoubles() {
        if (layouts.field("mjModel", "qpos0").kind() != StructTable.Kind.F64) {
            throw new MujocoException("MuJoCo: " + origin + " computes in single precision, expected double; use a"
                    + " release build");
        }
    }

    /** A function of the library. */
    MethodHandle function(String name, FunctionDescriptor type) {
        return symbols.find(name).map(symbol -> LINKER.downcallHandle(symbol, type)).orElseThrow(
                () -> new MujocoException("MuJoCo: " + origin + " (version " + versionName() + ") has no function "
                        + name + "; use a complete release of MuJoCo 2.2.2 or newer"));
    }

    /** Where the fields of structs stand. */
    StructTable layouts() {
        return layouts;
    }

    /**
     * The version as MuJoCo counts it.
     *
     * @return 222 for 2.2.2, 332 for 3.3.2, 3014000 for 3.14.0
     */
    public int version() {
        return layouts.version();
    }

    /**
     * The version as it is written.
     *
     * @return for example {@code 3.14.0}
     */
    public String versionName() {
        return name(version());
    }

    /** Three digits up to 3.9, then major * 10^6 + minor * 10^3 + patch. */
    static String name(int version) {
        return version < 1000
                ? version / 100 + "." + version / 10 % 10 + "." + version % 10
                : version / 1_000_000 + "." + version / 1000 % 1000 + "." + version % 1000;
    }

    /**
     * Where it was found.
     *
     * @return a path
     */
    public String origin() {
        return origin;
    }

    /**
     * Where struct offsets come from.
     *
     * @return {@code headers} or {@code table}
     */
    public String layoutSource() {
        return headersRead ? "headers" : "table of known versions";
    }

    /** Whether mj_fullM takes mjData rather than its sparse matrix: from the version on that has no {@code qM}. */
    boolean fullMassTakesData() {
        return layouts.find("mjData", "qM").isEmpty();
    }

    /** Whether this version has a function. */
    Optional<MethodHandle> find(String name, FunctionDescriptor type) {
        return symbols.find(name).map(symbol -> LINKER.downcallHandle(symbol, type));
    }

    /** What a method handle threw that no native function throws. */
    static RuntimeException unexpected(String call, Throwable e) {
        if (e instanceof RuntimeException known) {
            return known;
        }
        if (e instanceof Error error) {
            throw error;
        }
        return new MujocoException(call + ": " + e, e);
    }

    /** Bytes of a number that functions take. */
    static long doubles(long count) {
        return count * JAVA_DOUBLE.byteSize();
    }
}
