package org.cosmosj.bench.rules;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds uses of one class by another that the layers forbid. */
final class Dependencies {
    private static final String VECTOR_API = "jdk.incubator.vector";
    private static final String VECTOR_KERNELS = "org.cosmosj.tensor.internal.cpu.vector";

    private static final Set<String> JDK_PACKAGES = ModuleLayer.boot().modules().stream()
            .filter(m -> m.getName().startsWith("java.") || m.getName().startsWith("jdk."))
            .flatMap(m -> m.getPackages().stream())
            .collect(Collectors.toSet());

    private Dependencies() {}

    /** One line for each forbidden use in {@code classes}: who uses what, where, and the rule. */
    static List<String> violations(JavaClasses classes) {
        List<String> found = new ArrayList<>();
        for (JavaClass origin : classes) {
            Optional<Module> module = Module.ofPackage(origin.getPackageName());
            if (module.isEmpty()) {
                found.add(origin.getName() + " is in no module's package");
                continue;
            }
            for (Dependency use : origin.getDirectDependenciesFromSelf()) {
                JavaClass target = use.getTargetClass().getBaseComponentType();
                violation(module.get(), origin, target)
                        .ifPresent(rule -> found.add(use.getDescription() + ": " + rule));
            }
        }
        return found.stream().distinct().sorted().toList();
    }

    private static Optional<String> violation(Module from, JavaClass origin, JavaClass target) {
        String used = target.getPackageName();
        if (target.isPrimitive()) {
            return Optional.empty();
        }
        Optional<Module> to = Module.ofPackage(used);
        if (to.isPresent()) {
            return betweenModules(from, to.get(), used);
        }
        if (used.startsWith(VECTOR_API)) {
            boolean allowed = origin.getPackageName().startsWith(VECTOR_KERNELS);
            return allowed ? Optional.empty() : Optional.of("the Vector API is for " + VECTOR_KERNELS + " only");
        }
        boolean allowed = JDK_PACKAGES.contains(used) || from.libraries().stream().anyMatch((used + ".")::startsWith);
        return allowed ? Optional.empty() : Optional.of(from.folder() + " may use " + from.libraries() + " only");
    }

    private static Optional<String> betweenModules(Module from, Module to, String used) {
        if (from == to) {
            return Optional.empty();
        }
        if (!from.uses().contains(to)) {
            return Optional.of(from.folder() + " may not use " + to.folder());
        }
        return (used + ".").contains(".internal.")
                ? Optional.of("internal packages are for their own module")
                : Optional.empty();
    }
}
