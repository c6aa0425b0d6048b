package org.cosmosj.testing.gpu;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Compiles C++ with g++, once for each content: libraries are kept in a folder by the hash of all that went in. */
final class NativeBuild {
    /** Read by the compiled kernels (the first two) and by the emulator. */
    private static final List<String> HEADERS = List.of("emulator.h", "ptx.h", "state.h", "streams.h");
    private static final List<String> SOURCES = List.of("memory.cpp", "execution.cpp", "checks.cpp", "streams.cpp",
            "options.cpp", "driver.cpp", "modules.cpp");
    private static final String DRIVER = "libcuda.so.1";
    /** No contraction, since PTX says itself what is fused. */
    private static final List<String> FLAGS = List.of("-std=c++17", "-O1", "-fPIC", "-shared", "-w",
            "-ffp-contract=off");

    private final Path cache;
    private final List<String> flags = new ArrayList<>(FLAGS);
    private final String compiler;
    private Path driver;

    NativeBuild(Path cache) {
        this.cache = cache;
        this.compiler = output(List.of("g++", "--version")).lines().findFirst().orElseThrow();
        if (hasFusedMultiplyAdd()) {
            flags.add("-mfma"); // otherwise the C library computes it, slowly
        }
    }

    /** Why nothing can be built here, or empty. */
    static Optional<String> obstacle() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        if (!os.contains("linux") || !System.getProperty("os.arch").equals("amd64")) {
            return Optional.of("the emulated GPU needs Linux on x86-64");
        }
        for (String tool : new String[] {"g++", "nm"}) {
            try {
                output(List.of(tool, "--version"));
            } catch (UncheckedIOException e) {
                return Optional.of("the emulated GPU needs " + tool + ": install g++");
            }
        }
        return Optional.empty();
    }

    private static boolean hasFusedMultiplyAdd() {
        try {
            return Files.readString(Path.of("/proc/cpuinfo")).contains(" fma ");
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * The driver library; stubs stand for the functions that a binding may call and the emulator does not have.
     *
     * @param binding libraries whose undefined {@code cu..} symbols get stubs
     */
    synchronized Path driver(List<Path> binding) throws IOException {
        Map<String, String> files = new TreeMap<>();
        for (String name : HEADERS) {
            files.put(name, resource(name));
        }
        for (String name : SOURCES) {
            files.put(name, resource(name));
        }
        files.put("stubs.cpp", stubs(binding, String.join("\n", files.values())));
        List<String> sources = files.keySet().stream().filter(name -> name.endsWith(".cpp")).toList();
        driver = build("driver", files, sources, DRIVER, List.of("-Wl,-soname," + DRIVER));
        return driver;
    }

    /** A library of translated kernels. */
    Path kernels(String cpp) throws IOException {
        Map<String, String> files = new TreeMap<>();
        files.put("emulator.h", resource("emulator.h"));
        files.put("ptx.h", resource("ptx.h"));
        files.put("kernels.cpp", cpp);
        return build("kernels", files, List.of("kernels.cpp"), "kernels.so",
                List.of("-L" + driver.getParent(), "-l:" + DRIVER));
    }

    private Path build(String kind, Map<String, String> files, List<String> sources, String name, List<String> more)
            throws IOException {
        Path folder = cache.resolve(kind + "-" + hash(files));
        Path library = folder.resolve(name);
        if (Files.exists(library)) {
            return library;
        }
        Files.createDirectories(cache);
        Path work = Files.createTempDirectory(cache, kind);
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(work.resolve(file.getKey()), file.getValue());
        }
        List<String> command = new ArrayList<>(List.of("g++"));
        command.addAll(flags);
        sources.forEach(source -> command.add(work.resolve(source).toString()));
        command.addAll(List.of("-o", work.resolve(name).toString()));
        command.addAll(more);
        output(command);
        try {
            Files.move(work, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw e;
        } catch (IOException e) {
            // Another process was faster; both built the same.
            if (!Files.exists(library)) {
                throw e;
            }
        }
        return library;
    }

    private String hash(Map<String, String> files) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((compiler + flags + files).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String stubs(List<Path> binding, String emulator) {
        StringBuilder cpp = new StringBuilder("extern \"C\" int emu_unsupported(const char* name);\n");
        for (Path library : binding) {
            output(List.of("nm", "-D", "--undefined-only", library.toString())).lines()
                    .map(line -> line.strip().replaceFirst("^[Uw] ", ""))
                    .filter(symbol -> symbol.matches("cu[A-Z]\\w*") && !emulator.contains(" " + symbol + "("))
                    .distinct().forEach(symbol -> cpp.append("extern \"C\" int ").append(symbol)
                            .append("() { return emu_unsupported(\"").append(symbol).append("\"); }\n"));
        }
        return cpp.toString();
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = NativeBuild.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** What a command prints. */
    private static String output(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " failed:\n"
                        + String.join("\n", Arrays.asList(output.split("\n")).stream().limit(20).toList()));
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(command.getFirst() + " was interrupted", e);
        }
    }
}
