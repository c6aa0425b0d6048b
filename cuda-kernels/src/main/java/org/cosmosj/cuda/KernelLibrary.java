package org.cosmosj.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;

/** The shipped kernels on one device. A module is compiled by the driver when its first kernel is asked for. */
final class KernelLibrary {
    /** The modules, each made from the source of its name. */
    static final List<String> MODULES = List.of("copy", "elementwise", "norm", "optimizer", "reduce");

    private static final Map<String, String> PTX = new ConcurrentHashMap<>();

    private final CudaContext context;
    private final Map<String, CUmodule> modules = new ConcurrentHashMap<>();
    private final Map<String, Kernel> kernels = new ConcurrentHashMap<>();

    /** Which module each kernel is in, and what it takes. */
    private static final class Index {
        private record Place(String module, KernelSignature signature) {}

        static final Map<String, Place> PLACES = new ConcurrentHashMap<>();

        static {
            for (String module : MODULES) {
                KernelSignature.all(ptx(module)).forEach((name, signature) -> PLACES.put(name,
                        new Place(module, signature)));
            }
        }
    }

    KernelLibrary(CudaContext context) {
        this.context = context;
    }

    /** The text of a module. */
    static String ptx(String module) {
        return PTX.computeIfAbsent(module, _ -> {
            try (InputStream in = KernelLibrary.class.getResourceAsStream("ptx/" + module + ".ptx")) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Launches a kernel by name; {@code op} is named if it fails. */
    void launch(String op, String kernel, LaunchSize size, Object... arguments) {
        Kernel loaded = kernels.computeIfAbsent(kernel, name -> load(op, name));
        context.launch(op, loaded, size, loaded.pack(arguments));
    }

    /** Unloads all modules. */
    void close() {
        kernels.clear();
        modules.values().forEach(JCudaDriver::cuModuleUnload);
        modules.clear();
    }

    private Kernel load(String op, String name) {
        Index.Place place = Index.PLACES.get(name);
        if (place == null) {
            throw new IllegalArgumentException(op + ": there is no kernel " + name + " in " + MODULES);
        }
        context.activate(op);
        CUmodule module = modules.computeIfAbsent(place.module(), text -> {
            CUmodule loaded = new CUmodule();
            context.check(JCudaDriver.cuModuleLoadData(loaded, ptx(text)), op);
            return loaded;
        });
        CUfunction function = new CUfunction();
        context.check(JCudaDriver.cuModuleGetFunction(function, module, name), op);
        return new Kernel(place.signature(), function);
    }
}
