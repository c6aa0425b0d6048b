package org.cosmosj.testing.gpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The emulated GPU of this JVM. {@link #start} builds and loads it; from then on whatever loads {@code libcuda.so.1},
 * such as JCuda, gets the emulator. It must therefore be started before the first class of a CUDA binding is used.
 */
@SuppressWarnings("restricted") // calls a library that was built for it
public final class EmulatedGpu {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final String CACHE = System.getProperty("cosmosj.gpu.cache", "target/emulated-gpu");
    private static EmulatedGpu instance;

    private final NativeBuild build;
    private final SymbolLookup driver;
    private final Map<String, Translation> translations = new ConcurrentHashMap<>();
    private final Map<String, MemorySegment> libraries = new ConcurrentHashMap<>();
    private final MethodHandle set;
    private final MethodHandle spoil;
    private final MethodHandle mutant;
    private final MethodHandle report;
    private final MethodHandle statistics;
    private final MethodHandle launches;
    private final MethodHandle live;

    private EmulatedGpu() throws IOException {
        build = new NativeBuild(Path.of(CACHE).toAbsolutePath());
        driver = SymbolLookup.libraryLookup(build.driver(bindings()), Arena.global());
        set = function("emu_set", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
        spoil = function("emu_spoil_launches_of", FunctionDescriptor.ofVoid(ADDRESS));
        mutant = function("emu_set_mutant", FunctionDescriptor.ofVoid(JAVA_INT));
        report = function("emu_take_report", FunctionDescriptor.of(ADDRESS));
        statistics = function("emu_take_statistics", FunctionDescriptor.of(ADDRESS));
        launches = function("emu_take_launches", FunctionDescriptor.of(ADDRESS));
        live = function("emu_live", FunctionDescriptor.ofVoid(ADDRESS, ADDRESS));
        installTranslator();
    }

    /**
     * Why there can be no emulated GPU here.
     *
     * @return one line, or empty
     */
    public static Optional<String> obstacle() {
        return NativeBuild.obstacle();
    }

    /**
     * Builds and loads the emulator on the first call; later calls return the same.
     *
     * @return the emulator, in checked mode
     */
    public static synchronized EmulatedGpu start() {
        if (instance == null) {
            try {
                instance = new EmulatedGpu();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            instance.set("checked", 1);
        }
        return instance;
    }

    /** Copies of the JNI libraries of CUDA bindings on the class path, of which only the symbols are read. */
    private static List<Path> bindings() throws IOException {
        List<Path> libraries = new ArrayList<>();
        Path folder = Files.createDirectories(Path.of(CACHE).toAbsolutePath());
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!entry.matches(".*jcuda-natives-[^/]*\\.jar")) {
                continue;
            }
            try (ZipFile jar = new ZipFile(entry)) {
                for (ZipEntry file : jar.stream().filter(f -> f.getName().contains("JCudaDriver")).toList()) {
                    Path copy = folder.resolve(Path.of(file.getName()).getFileName());
                    if (!Files.exists(copy)) {
                        Path partial = Files.createTempFile(folder, "binding", ".so");
                        try (InputStream in = jar.getInputStream(file)) {
                            Files.write(partial, in.readAllBytes());
                        }
                        Files.move(partial, copy, StandardCopyOption.ATOMIC_MOVE);
                    }
                    libraries.add(copy);
                }
            }
        }
        return libraries;
    }

    /**
     * A function of the emulated driver, for tests that need no binding.
     *
     * @param name C name
     * @param type its signature
     * @return a handle
     */
    public MethodHandle function(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(driver.find(name).orElseThrow(() -> new IllegalArgumentException("the emulated"
                + " driver has no function " + name)), type);
    }

    private void installTranslator() {
        try {
            MethodHandle translate = MethodHandles.lookup().findVirtual(EmulatedGpu.class, "library",
                    MethodType.methodType(MemorySegment.class, MemorySegment.class)).bindTo(this);
            MemorySegment callback = LINKER.upcallStub(translate, FunctionDescriptor.of(ADDRESS, ADDRESS),
                    Arena.global());
            function("emu_set_translator", FunctionDescriptor.ofVoid(ADDRESS)).invokeExact(callback);
        } catch (Throwable e) {
            throw new IllegalStateException("emulated GPU: the translator cannot be installed", e);
        }
    }

    /** Called by the driver for each module it loads: the path of its library, or "!" and what is wrong with it. */
    private MemorySegment library(MemorySegment text) {
        String ptx = text.reinterpret(Long.MAX_VALUE).getString(0, StandardCharsets.UTF_8);
        return libraries.computeIfAbsent(ptx, _ -> {
            String answer;
            try {
                answer = build.kernels(translation(ptx).cpp()).toString();
            } catch (IOException | RuntimeException e) { // an exception must not pass through the driver's frames
                answer = "!" + e.getMessage();
            }
            return Arena.global().allocateFrom(answer, StandardCharsets.UTF_8);
        });
    }

    /**
     * The translation of a module, made once.
     *
     * @param ptx its text
     * @return the translation
     */
    public Translation translation(String ptx) {
        return translations.computeIfAbsent(ptx, Translation::of);
    }

    /**
     * Compiles modules ahead, several at a time.
     *
     * @param modules PTX texts
     */
    public void prepare(List<String> modules) {
        modules.parallelStream().forEach(ptx -> library(Arena.ofAuto().allocateFrom(ptx, StandardCharsets.UTF_8)));
    }

    /**
     * Sets an option; {@code state.h} says what there is and what each means.
     *
     * @param option its name
     * @param value new value
     */
    public void set(String option, long value) {
        try (Arena arena = Arena.ofConfined()) {
            if ((int) set.invokeExact(arena.allocateFrom(option), value) != 0) {
                throw new IllegalArgumentException("emulated GPU: no option " + option);
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Spoils the launch size of one kernel as the options {@code grid_change} and {@code block_divisor} say.
     *
     * @param kernel its name, or empty for none
     */
    public void spoilLaunchesOf(String kernel) {
        try (Arena arena = Arena.ofConfined()) {
            spoil.invokeExact(arena.allocateFrom(kernel));
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Switches a deliberate bug on in all loaded modules that have one of this number.
     *
     * @param number of a {@link Mutant}, or -1 for none
     */
    public void switchOn(int number) {
        try {
            mutant.invokeExact(number);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * What went wrong since the last call, in the words of the emulator.
     *
     * @return the first report, or empty
     */
    public String takeReport() {
        return text(report);
    }

    /**
     * What the option {@code statistics} counted since the last call.
     *
     * @return one entry for each access in the source
     */
    public List<AccessCount> takeStatistics() {
        return Arrays.stream(text(statistics).split("\n")).filter(line -> !line.isBlank()).map(AccessCount::parse)
                .toList();
    }

    /**
     * The kernels launched since the last call.
     *
     * @return their names, each once
     */
    public List<String> takeLaunches() {
        return text(launches).lines().toList();
    }

    private static String text(MethodHandle function) {
        try {
            return ((MemorySegment) function.invokeExact()).reinterpret(Long.MAX_VALUE).getString(0,
                    StandardCharsets.UTF_8);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Device memory that was taken and not given back.
     *
     * @return number of allocations
     */
    public long liveAllocations() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(JAVA_LONG);
            live.invokeExact(count, arena.allocate(JAVA_LONG));
            return count.get(JAVA_LONG, 0);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
