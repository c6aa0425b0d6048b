package org.cosmosj.bench.rules;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** The modules and the only arrows that are allowed between them: a module may use what its layer may know. */
enum Module {
    FIXTURES("src-test-fixtures", "testing", "org.junit.jupiter.", "org.assertj."), TENSOR("tensor", "tensor",
            "org.slf4j."), CUDA("cuda-kernels", "cuda", "org.slf4j.", "jcuda."), NN("nn", "nn"), DIFFUSION("diffusion",
                    "diffusion"), VAE("vae", "vae"), POLICY("cosmos-policy", "policy", "org.slf4j.", "picocli.",
                            "com.fasterxml.jackson."), LIBERO("libero-env", "libero", "org.slf4j.", "picocli.",
                                    "com.fasterxml.jackson.",
                                    "io.jhdf."), BENCH("jmh", "bench", "org.openjdk.jmh.", "picocli.");

    private final String folder;
    private final String root;
    private final Set<String> libraries;

    Module(String folder, String lastName, String... libraries) {
        this.folder = folder;
        this.root = "org.cosmosj." + lastName;
        this.libraries = Set.of(libraries);
    }

    /** The folder of the module, which is its artifact's name after {@code cosmosj-}. */
    String folder() {
        return folder;
    }

    /** The package that all of the module's packages are in. */
    String root() {
        return root;
    }

    /** Package prefixes of the libraries that the module's main code may use; the JDK is always allowed. */
    Set<String> libraries() {
        return libraries;
    }

    /** The modules that this one's main code may use. */
    Set<Module> uses() {
        return switch (this) {
            case FIXTURES, TENSOR -> EnumSet.noneOf(Module.class);
            case CUDA, NN, DIFFUSION -> EnumSet.of(TENSOR);
            case VAE -> EnumSet.of(TENSOR, NN);
            case POLICY -> EnumSet.of(TENSOR, NN, DIFFUSION, VAE);
            // What policy shows in its own signatures comes with it; the CUDA backend is found, never named.
            case LIBERO -> EnumSet.of(POLICY, TENSOR, NN, DIFFUSION, VAE);
            case BENCH -> EnumSet.complementOf(EnumSet.of(BENCH, FIXTURES));
        };
    }

    /** The module that a package of this project belongs to. */
    static Optional<Module> ofPackage(String name) {
        return Arrays.stream(values())
                .filter(m -> name.equals(m.root) || name.startsWith(m.root + "."))
                .findFirst();
    }
}
