package org.cosmosj.libero.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class DoctorCommandTest {
    @Test
    void saysWhatThereIsAndWhyTheRestIsNot() {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();

        int code = Main.run(List.of(new DoctorCommand()), new PrintWriter(out), new PrintWriter(err), "doctor");

        assertThat(code).isEqualTo(Main.OK);
        assertThat(err.toString()).isEmpty();
        List<String> lines = out.toString().lines().toList();
        assertThat(lines).anyMatch(line -> line.startsWith("java    " + Runtime.version()))
                .anyMatch(line -> line.matches("system  .* processors, .* of memory"))
                .anyMatch(line -> line.matches("cpu     (Vector API kernels of \\d+ bits|scalar kernels), \\d+ threads"
                        + "(; machine code: (on|off).*)?"))
                .anyMatch(line -> line.startsWith("cuda    "));
    }
}
