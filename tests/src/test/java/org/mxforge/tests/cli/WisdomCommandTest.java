package org.mxforge.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.trial.SourceHash;
import org.mxforge.runtime.tune.GemmShape;
import org.mxforge.runtime.tune.Measuring;
import org.mxforge.runtime.tune.SearchOrder;
import org.mxforge.runtime.tune.Toolchain;
import org.mxforge.runtime.tune.Trial;
import org.mxforge.runtime.tune.Tuner;
import org.mxforge.runtime.tune.TuningDevice;
import org.mxforge.runtime.tune.TuningListener;
import org.mxforge.runtime.tune.TuningPlan;
import org.mxforge.runtime.tune.Wisdom;

/** The commands that look at wisdom files and look after them, on a cache folder of the test. */
class WisdomCommandTest {
    private static final DenseGemmSpec SPEC = new DenseGemmSpec(Epilogue.NONE, ScalarType.FP32);
    private static final String DEVICE = "Test 1";

    @TempDir
    Path folder;

    private Path cache;
    private Path file;

    @BeforeEach
    void tune() {
        cache = folder.resolve("cache");
        file = tune(cache.resolve("wisdom"), new GemmShape(8, 16, List.of(32)), "");
    }

    /** Searches on a device whose sources are as emitted, or differ by {@code change}. */
    private static Path tune(Path wisdomFolder, GemmShape shape, String change) {
        TuningPlan plan = new TuningPlan(
                "full",
                3,
                3,
                Duration.ofMinutes(1),
                Duration.ofMinutes(1),
                new Measuring(Duration.ZERO, Duration.ZERO, 1, 1, 1),
                1);
        Wisdom wisdom = Wisdom.open(wisdomFolder, DEVICE);
        new Tuner(wisdom, new TestDevice(change), plan, SearchOrder.NEAR_DEFAULT, TuningListener.SILENT)
                .tune(SPEC, shape);
        return wisdom.path();
    }

    private CommandRun run(Object... arguments) throws IOException, InterruptedException {
        CommandRun run = CommandProcess.of(cache, arguments);
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        return run;
    }

    private void refused(int code, String message, Object... arguments) throws IOException, InterruptedException {
        byte[] before = Files.readAllBytes(file);
        CommandRun run = CommandProcess.of(cache, arguments);
        assertThat(run.err().lines()).as(run.err()).hasSize(1);
        assertThat(run.err()).startsWith("mxforge: ").contains(message);
        assertThat(run.code()).isEqualTo(code);
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void listAndShowTellWhatWasFound() throws IOException, InterruptedException {
        JsonNode list = run("wisdom", "list", "--json").json();
        assertThat(list).hasSize(1);
        assertThat(list.get(0).get("device").textValue()).isEqualTo(DEVICE);
        assertThat(list.get(0).get("trials").intValue()).isEqualTo(3);
        assertThat(list.get(0).get("search").textValue()).isEqualTo("partial");
        assertThat(run("wisdom", "list").out()).contains("densegemm_none_fp32", "m8,n16,k32", "bm=");
        JsonNode trials = run("wisdom", "show", "m7,n16,k32", "--json").json();
        assertThat(trials).hasSize(3);
        assertThat(trials.get(0).get("status").textValue()).isEqualTo("correct");
        assertThat(trials.get(0).get("driver").textValue()).isEqualTo("driver 1");
        assertThat(run("wisdom", "show", "m8,n16,k32", "--spec", SPEC.identifier())
                        .out()
                        .lines())
                .hasSize(4);
        refused(1, "no wisdom about m16,n16,k32", "wisdom", "show", "m16,n16,k32");
        refused(1, "and rope", "wisdom", "show", "m8,n16,k32", "--spec", "rope");
        refused(2, "bad GEMM shape 'big'", "wisdom", "show", "big");
    }

    @Test
    void mergeAddsWhatIsNewAndOverwritesNothing() throws IOException, InterruptedException {
        Path other = tune(folder.resolve("other"), new GemmShape(32, 16, List.of(32)), "");
        tune(folder.resolve("other"), new GemmShape(8, 16, List.of(32)), "");
        String before = Files.readString(file);
        JsonNode merged = run("wisdom", "merge", other, "--json").json().get(0);
        assertThat(merged.get("added").intValue())
                .as("trials of both, the winner of one")
                .isEqualTo(7);
        assertThat(merged.get("known").intValue()).as("the winner that is here").isEqualTo(1);
        assertThat(Files.readString(file)).startsWith(before);
        JsonNode again = run("wisdom", "merge", other, "--json").json().get(0);
        assertThat(again.get("added").intValue()).isZero();
        assertThat(run("wisdom", "list", "--json").json()).hasSize(2);
        refused(1, "no wisdom file", "wisdom", "merge", folder.resolve("nothing.jsonl"), other);
        Path nonsense = Files.writeString(folder.resolve("nonsense.txt"), "a\nb\n");
        refused(1, "none of the 2 lines", "wisdom", "merge", nonsense);
        refused(2, "FILE", "wisdom", "merge");
    }

    @Test
    void pruneDropsWhatNoKernelOfTodayCanUse() throws IOException, InterruptedException {
        String sound = Files.readString(file);
        tune(cache.resolve("wisdom"), new GemmShape(64, 16, List.of(32)), "changed");
        Files.writeString(file, "{\"v\":1}\nnonsense\n", StandardOpenOption.APPEND);
        JsonNode pruned = run("wisdom", "prune", "--json").json().get(0);
        assertThat(pruned.get("dropped").intValue())
                .as("3 trials, a winner, 2 lines")
                .isEqualTo(6);
        assertThat(file).hasContent(sound);
        assertThat(run("wisdom", "prune", "--json").json().get(0).get("dropped").intValue())
                .isZero();
        assertThat(file.getParent()).isDirectoryNotContaining(path -> !path.equals(file));
    }

    @Test
    void verifyNamesTheDamagedLines() throws IOException, InterruptedException {
        assertThat(run("wisdom", "verify", "--json").json().get(0).get("sound").intValue())
                .isEqualTo(4);
        Files.writeString(
                file,
                "{\"v\":1}\n" + Files.readString(file).replaceFirst("bk=\\d+", "bk=7"),
                StandardOpenOption.TRUNCATE_EXISTING);
        CommandRun run = CommandProcess.of(cache, "wisdom", "verify", file);
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).contains("line 2: bk=7 is not one of");
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).contains("1 damaged lines");
    }

    /** Everything is right and takes no time. */
    private record TestDevice(String change) implements TuningDevice {
        @Override
        public String name() {
            return DEVICE;
        }

        @Override
        public Target target() {
            return Target.CPU;
        }

        @Override
        public Toolchain toolchain() {
            return new Toolchain("0.1.0", "testc 1", "", "driver 1");
        }

        @Override
        public boolean tries(KernelSpec spec, GemmShape shape) {
            return true;
        }

        @Override
        public String fingerprint(KernelVariant variant) {
            return SourceHash.of(variant) + change;
        }

        @Override
        public Trial trial(KernelSpec spec, GemmShape shape, List<Configuration> candidates) {
            return new Trial() {
                @Override
                public Candidate prepare(Configuration configuration) {
                    return new InstantCandidate();
                }

                @Override
                public void close() {}
            };
        }
    }

    private record InstantCandidate() implements Trial.Candidate {
        @Override
        public Optional<String> fault() {
            return Optional.empty();
        }

        @Override
        public double run() {
            return 1;
        }

        @Override
        public void close() {}
    }
}
