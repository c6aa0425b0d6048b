package org.cosmosj.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.ServiceLoader;
import org.cosmosj.tensor.spi.Command;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class BenchCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void theCommandLineFindsIt() {
        assertThat(ServiceLoader.load(Command.class)).anyMatch(BenchCommand.class::isInstance);
    }

    @Test
    void listsEveryKernelFamilyAtEveryShape() {
        assertThat(run("--list")).isZero();

        assertThat(out.toString().lines()).hasSizeGreaterThan(50)
                .contains("Matmul.matmul linear_M1764_N2048_K8192",
                        "Attention.backward selfAttention_B1_L1764_h16_d128",
                        "Convolution.forward causal333_B1_C96_O96_T4_112x112", "Norm.layerNorm tokens_G9_P196_D2048",
                        "ChannelNorm.normAndSilu pixels_B1_C96_T4_112x112", "Activation.gelu hidden_L1764_D8192",
                        "Residual.gatedResidual tokens_G9_P196_D2048", "Optimizer.adamW parameters_16777216");
    }

    @Test
    void aFilterChoosesByBenchmarkAndShape() {
        assertThat(run("--list", "--filter", "Matmul.* cube_(256|512)")).isZero();

        assertThat(out.toString().lines()).containsExactly("Matmul.matmul cube_256", "Matmul.matmul cube_512");
    }

    @Test
    void aFilterThatChoosesNothingIsWrongUsage() {
        assertThat(run("--filter", "nothing")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(run("--filter", "(")).isEqualTo(CommandLine.ExitCode.USAGE);

        assertThat(err.toString()).contains("--filter 'nothing' matches no benchmark; --list names them",
                "--filter '(' is no regular expression");
    }

    @Test
    void everyBenchmarkChecksItsResultsBeforeItIsTimed() {
        for (KernelBenchmark benchmark : smallOnes()) {
            benchmark.device = "cpu";
            benchmark.setUp();
            benchmark.tearDown();
        }
    }

    private static List<KernelBenchmark> smallOnes() {
        MatmulBenchmark matmul = new MatmulBenchmark();
        matmul.shape = MatmulShape.linear_M16_N64_K64;
        AttentionBenchmark attention = new AttentionBenchmark();
        attention.shape = AttentionShape.selfAttention_B16_L36_h4_d32;
        ConvolutionBenchmark convolution = new ConvolutionBenchmark();
        convolution.shape = ConvolutionShape.causal133_B32_C24_O48_T1_16x16;
        NormBenchmark norm = new NormBenchmark();
        norm.shape = TokenShape.tokens_G144_P4_D128;
        ChannelNormBenchmark channelNorm = new ChannelNormBenchmark();
        channelNorm.shape = PixelShape.pixels_B32_C24_T1_32x32;
        ActivationBenchmark activation = new ActivationBenchmark();
        activation.shape = ActivationShape.hidden_L576_D512;
        ResidualBenchmark residual = new ResidualBenchmark();
        residual.shape = TokenShape.tokens_G144_P4_D128;
        OptimizerBenchmark optimizer = new OptimizerBenchmark();
        optimizer.shape = ParameterCount.parameters_1500000;
        return List.of(matmul, attention, convolution, norm, channelNorm, activation, residual, optimizer);
    }

    @Test
    void theErrorFunctionOfTheChecksIsExact() {
        assertThat(Formulas.erf(0.5)).isCloseTo(0.5204998778130465, within(1e-15));
        assertThat(Formulas.erf(-2)).isCloseTo(-0.9953222650189527, within(1e-15));
        assertThat(Formulas.erf(7)).isEqualTo(1);
    }

    private int run(String... arguments) {
        return new CommandLine(new BenchCommand()).setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true)).execute(arguments);
    }
}
