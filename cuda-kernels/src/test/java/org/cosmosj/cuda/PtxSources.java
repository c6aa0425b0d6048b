package org.cosmosj.cuda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** The CUDA sources beside the PTX that was made from them; tests run in the module's folder. */
final class PtxSources {
    static final Path SCRIPT = Path.of("build-ptx.sh");
    private static final Path FOLDER = Path.of("src/main/cuda");

    private PtxSources() {}

    /** The modules by the names of their sources. */
    static List<String> modules() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".cu"))
                    .map(name -> name.substring(0, name.length() - 3)).sorted().toList();
        }
    }

    /** SHA-256 of a source, all headers in the order of their names, and the script: what the script writes as well. */
    static String hash(String module) throws IOException, NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(Files.readAllBytes(FOLDER.resolve(module + ".cu")));
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path header : files.filter(file -> file.toString().endsWith(".cuh")).sorted().toList()) {
                digest.update(Files.readAllBytes(header));
            }
        }
        digest.update(Files.readAllBytes(SCRIPT));
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The value of a line {@code // key: value} at the start of a module. */
    static String header(String module, String key) {
        return KernelLibrary.ptx(module).lines().filter(line -> line.startsWith("// " + key + ": ")).findFirst()
                .orElseThrow(() -> new AssertionError(module + ".ptx has no " + key)).substring(key.length() + 5);
    }
}
