package org.cosmosj.bench.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.cosmosj.diffusion.trespass.Trespasser;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LayerRulesTest {
    @BeforeAll
    static void readOnlyTheProjectsOwnClasses() {
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
    }

    @Test
    void onlyTheAllowedArrowsExist() {
        List<Path> folders = Arrays.stream(Module.values())
                .map(module -> Repository.root().resolve(module.folder()).resolve("target/classes"))
                .toList();

        JavaClasses classes = new ClassFileImporter()
                .withImportOption(location -> !location.contains("jmh_generated"))
                .importPaths(folders);

        assertThat(modulesOf(classes)).contains(Module.TENSOR, Module.LIBERO);
        assertThat(Dependencies.violations(classes)).isEmpty();
    }

    @Test
    void aForbiddenUseIsFound() {
        JavaClasses classes = new ClassFileImporter().importClasses(Trespasser.class);

        assertThat(Dependencies.violations(classes))
                .anyMatch(v -> v.contains("diffusion may not use nn"))
                .anyMatch(v -> v.contains("internal packages are for their own module"))
                .anyMatch(v -> v.contains("the Vector API is for org.cosmosj.tensor.internal.cpu.vector only"))
                .anyMatch(v -> v.contains("diffusion may use [] only") && v.contains("picocli"));
    }

    private static Set<Module> modulesOf(JavaClasses classes) {
        return classes.stream()
                .map(JavaClass::getPackageName)
                .flatMap(name -> Module.ofPackage(name).stream())
                .collect(Collectors.toSet());
    }
}
