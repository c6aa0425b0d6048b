package org.cosmosj.policy.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.cosmosj.tensor.CheckpointException;
import org.cosmosj.tensor.Device;
import org.cosmosj.tensor.Safetensors;
import org.cosmosj.tensor.Scope;
import org.cosmosj.tensor.Tensor;
import org.cosmosj.tensor.TensorSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a fixture's configuration says is followed, or refused; nothing of it is silently left aside. */
class ConfigTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            train_step | "demo", "world_model" | "demo", "value" | sample_kinds is ["demo","value","value"]
            train_step | "text_tokens": 6 | "text_tokens": 7 | text_tokens is 7
            train_step | "flags": {} | "flags": {"a": true} | no option of the objective is called a
            train_step       | "video": "none            | "video": "film          | video 'film
            train_step | "num_wrist_images": 1 | "num_wrist_images": 2 | num_wrist_images is 2
            train_step | "high_sigma_strategy": "n | "high_sigma_strategy": "m | high_sigma_strategy is "mone"
            optimizer | "force_finite": true | "force_finite": false | force_finite is false
            inference | "text_tokens": 6 | "text_tokens": 7 | text_tokens is 7
            inference | "solver": "2ab" | "solver": "9ab" | solver: '9ab' is unknown
            inference        | "dropout": 0.0            | "dropout": 0.5          | dropout is 0.5
            sde_sampling | "edm_default": [ | "edm": [ | edm_default is missing
            latent_injection | "episodes": [23, 17] | "episodes": [23, 16] | do not add up to the 40 rows
            latent_injection | "proprio_dim": 9 | "proprio_dim": 8 | proprio_dim is 8
            latent_injection | "action_dim": 7           | "action_dim": 6         | action_dim is 6
            dit | "timestep_scale": 1.0 | "pos_emb_cls": "sine" | pos_emb_cls is "sine"
            wan_vae | "attn_scales": [] | "attn_scales": [1.0] | attn_scales is [1.0]
            """)
    void refusesWhatItCannotFollow(String name, String part, String replacement, String message) throws IOException {
        assertThatThrownBy(() -> verify(name, part, replacement)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            dit | "rope_w_extrapolation_ratio": 3.0 | "rope_w_extrapolation_ratio": 2.5 | out
            dit | "timestep_scale": 1.0 | "timestep_scale": 1.5 | out
            dit | "rope_exponents": "float32" | "time_rounding": "bfloat16" | out
            wan_vae | "latent_statistics": "bfloat16" | "latent_statistics": "float32" | scale.mean
            sde_sampling | "p_std": 1.2 | "p_std": 1.1 | hybrid.sigma
            sde_sampling | "uniform_upper": 85.0 | "uniform_upper": 86.0 | hybrid.sigma
            sde_sampling | "rho": 7 | "rho": 6 | schedule.infer.num_steps5
            sde_sampling | "dit_traj_sigma": [80 | "dit_traj_sigma": [90 | dit_traj.num_steps5.out
            train_step | "loss_scale": 10.0 | "loss_scale": 9.0 | loss
            train_step | "loss_reduce": "mean" | "loss_reduce": "sum" | loss
            train_step | "adjust_video_noise": true | "adjust_video_noise": false | sigma
            train_step | "sigma_conditional": 0.0 | "sigma_conditional": 0.5 | net.timesteps
            train_step | "flags": {} | "flags": {"action_loss_multiplier": 2} | kendall_per_frame
            optimizer | "weight_decay": 0.1 | "weight_decay": 0.4 | const_lr1e-3.step2.param
            optimizer | "betas": [0.9 | "betas": [0.8 | const_lr1e-3.final.exp_avg
            optimizer | "clip_norm": 1.0 | "clip_norm": 0.5 | const_lr1e-3.final.exp_avg
            optimizer | "warm_up_steps": [1000 | "warm_up_steps": [900 | lr.multiplier
            inference | "sigma_max": 80 | "sigma_max": 70 | action5.sigmas
            inference | "base_seed": 7 | "base_seed": 8 | action5.noise
            inference | "jpeg": false | "jpeg": true | action5.processed_images
            inference | "trained_with_image_aug": true | "trained_with_image_aug": false | action5.processed_images
            """)
    void followsEverySetting(String name, String part, String replacement, String changed) throws IOException {
        List<String> failures = verify(name, part, replacement).failures();

        assertThat(failures).anyMatch(line -> line.startsWith(changed));
    }

    /** One future query is the start of value queries; the others are computed as well. */
    @Test
    void asksEveryFutureQueryThatIsNamed() throws IOException {
        Path file = GoldenFiles.copy(folder, "inference");
        try (Safetensors open = Safetensors.open(file); Scope _ = Scope.open(Device.cpu(), "futures")) {
            Fixture fixture = new Fixture(new WithFuture(open), open.metadata(), new Neighbours(folder));

            Results results = FixtureChecks.run(fixture);

            assertThat(results.get("future5.sigmas").shape().size(0)).isEqualTo(5);
            assertThat(results.get("future3.sigmas").shape().size(0)).isEqualTo(3);
        }
    }

    private Report verify(String name, String part, String replacement) throws IOException {
        Path file = GoldenFiles.copy(folder, name);
        try (Safetensors open = Safetensors.open(file); Scope _ = Scope.open(Device.cpu(), name)) {
            Map<String, String> metadata = new HashMap<>(open.metadata());
            assertThat(metadata.get("config")).contains(part);
            metadata.compute("config", (_, config) -> config.replaceFirst(Pattern.quote(part), replacement));
            return FixtureChecks.verify(new Fixture(open, metadata, new Neighbours(folder)));
        }
    }

    /** A fixture that asks for one more future query. */
    private record WithFuture(TensorSource source) implements TensorSource {
        private static final String MORE = "future5.sigmas";

        @Override
        public Set<String> keys() {
            Set<String> keys = new HashSet<>(source.keys());
            keys.add(MORE);
            return keys;
        }

        @Override
        public boolean contains(String key) {
            return key.equals(MORE) || source.contains(key);
        }

        @Override
        public Tensor tensor(String key) {
            return source.tensor(key.equals(MORE) ? "action5.sigmas" : key);
        }

        @Override
        public String describe() {
            return source.describe();
        }
    }

    /** The files of a folder; each stays open until the test ends. */
    private record Neighbours(Path folder) implements Fixture.Siblings {
        @Override
        public TensorSource open(String name) throws CheckpointException {
            return Safetensors.open(path(name));
        }

        @Override
        public Path path(String name) {
            return folder.resolve(name);
        }

        @Override
        public void close() {}
    }
}
