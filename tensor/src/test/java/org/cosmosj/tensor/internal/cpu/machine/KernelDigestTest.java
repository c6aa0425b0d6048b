package org.cosmosj.tensor.internal.cpu.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kernels do not change unnoticed, on machines that cannot run them either; GnuAssemblerTest says they are right. */
class KernelDigestTest {
    @ParameterizedTest
    @CsvSource({
        "TileKernel, 87362e7291f14fd01c7852a7487e88e644288fc00bd842cc6c965e3dea8a5e45",
        "SlimKernel, 62d1cf6e0525369de894830bd298704ea887f227b7f59b6ea651d7b7a71c3f8c",
        "LinesAlongDepth, 10a003beb2c263f08a9aed47620c68bc2015198e9c5ff3d8eeb8a032570059d2",
        "LinesAcrossPanels, 4e98cf784e2fd2059dd5f3e11643df0fb143f5d9068500dcf38c48f65493f977"})
    void allFormsHaveTheBytesTheyHad(String kind, String digest) throws NoSuchAlgorithmException {
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        for (Kernel kernel : Kernels.all()) {
            if (kernel.getClass().getSimpleName().equals(kind)) {
                Assembler a = new Assembler();
                kernel.assemble(a);
                sha.update(a.code());
            }
        }

        assertThat(HexFormat.of().formatHex(sha.digest())).isEqualTo(digest);
    }
}
