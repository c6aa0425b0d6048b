package org.cosmosj.libero.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.cosmosj.libero.data.DemonstrationFile;
import org.cosmosj.libero.tabletop.TabletopTask;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Safetensors;
import org.cosmosj.tensor.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
    private static DemoSettings tiny(int policySteps) {
        DemoSettings quick = DemoSettings.quick(List.of(TabletopTask.BLOCK_IN_BASKET), 5).withSteps(3, policySteps);
        return new DemoSettings(quick.tasks(), quick.seed(), 2, 1, quick.tokenizer(), quick.policy(),
                new DemoSettings.Evaluation(2, 1, 2, 2));
    }

    private static Demo.Ending run(DemoSettings settings, Path out, StringWriter log) {
        return new Demo(settings, out, "1.2.3", "./cosmosj demo",
                new Progress(new PrintWriter(log), Progress.Style.LOG))
                .run(Device.cpu());
    }

    private static float[] policy(Path out) throws Exception {
        try (Scope scope = Scope.open(Device.cpu(), "test");
                Safetensors file = Safetensors.open(out.resolve("policy.safetensors"))) {
            assertThat(scope.live()).isZero();
            return file.tensor("average.blocks.0.mlp.layer1.weight").toFloatArray();
        }
    }

    @Test
    void runsEveryStageAndWritesWhatAReaderNeeds(@TempDir Path folder) throws Exception {
        Path out = folder.resolve("new/out");
        StringWriter log = new StringWriter();

        Demo.Ending ending = run(tiny(3), out, log);

        assertThat(ending.finished()).isTrue();
        assertThat(Files.readString(ending.report())).contains("Success on held-out starts", "scripted expert",
                "random actions", "nearest-demonstration replay", "blind policy", "best of 2", "data:image/gif",
                "data:image/png", "copy of the present", "rank correlation", "./cosmosj demo", "CosmosJ 1.2.3, Java ",
                "not LIBERO");
        assertThat(DemonstrationFile.read(out.resolve("put_the_block_in_the_basket_demo.hdf5"))).hasSize(3);
        assertThat(out.resolve("put_the_block_in_the_basket.gif")).isNotEmptyFile();
        assertThat(log.toString()).contains("finished after");
    }

    @Test
    void goesOnWhereItStoppedWithTheSameBits(@TempDir Path folder) throws Exception {
        Path whole = folder.resolve("whole");
        Path stopped = folder.resolve("stopped");
        run(tiny(4), whole, new StringWriter());
        run(tiny(4), stopped, new StringWriter());
        Files.delete(stopped.resolve("policy.safetensors"));
        StringWriter log = new StringWriter();

        run(tiny(4), stopped, log);

        assertThat(log.toString()).contains("resumed at step 3").contains("resumed at step 4");
        assertThat(policy(stopped)).isEqualTo(policy(whole));
        assertThat(stopped.resolve("policy_loss.csv")).hasSameTextualContentAs(whole.resolve("policy_loss.csv"));
    }

    @Test
    void goesOnWithoutALogThatWasRemoved(@TempDir Path folder) throws Exception {
        run(tiny(3), folder, new StringWriter());
        Files.delete(folder.resolve("policy_loss.csv"));
        StringWriter log = new StringWriter();

        assertThat(run(tiny(3), folder, log).finished()).isTrue();
        assertThat(log.toString()).contains("no step is on record");
    }

    @Test
    void findsEveryFileThatCannotBeReadAgain(@TempDir Path folder) throws Exception {
        DemoSettings settings = tiny(2);
        run(settings, folder, new StringWriter());

        for (String name : List.of("put_the_block_in_the_basket_demo.hdf5", "put_the_block_in_the_basket.gif",
                "tokenizer.safetensors", "policy.safetensors", "blind_policy.safetensors", "policy_loss.csv",
                "report.html")) {
            Path file = folder.resolve(name);
            byte[] whole = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(whole, 13));
            assertThatThrownBy(() -> new Artefacts(folder).check(settings)).as(name)
                    .hasMessageContaining(name.replace("_loss.csv", ""));
            Files.write(file, whole);
        }
        new Artefacts(folder).check(settings);
    }

    @Test
    void refusesToMixRunsOfDifferentSettings(@TempDir Path folder) {
        run(tiny(2), folder, new StringWriter());

        assertThatThrownBy(() -> run(tiny(3), folder, new StringWriter())).hasMessageContaining("safetensors")
                .hasMessageContaining("remove the file");
    }

    @Test
    void saysWhenTheFolderCannotBeWritten(@TempDir Path folder) throws Exception {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> run(tiny(1), file.resolve("out"), new StringWriter()))
                .hasMessageContaining("cannot write to").hasMessageContaining("--out");
    }
}
