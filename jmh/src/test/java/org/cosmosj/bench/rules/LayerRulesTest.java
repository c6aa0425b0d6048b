package org.cosmosj.bench.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.stream.Collectors;
import org.cosmosj.diffusion.trespass.Trespasser;
import org.junit.jupiter.api.Test;

class LayerRulesTest {
    @Test
    void onlyTheAllowedArrowsExist() {
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .withImportOption(location -> !location.contains("-tests.jar"))
                .withImportOption(location -> !location.contains("jmh_generated"))
                .importPackages("org.cosmosj");

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
