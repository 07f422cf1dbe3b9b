package org.mxforge.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.shape.GroupedShape;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.shape.QuantizeShape;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.tune.search.TestTuner;
import org.mxforge.runtime.tune.search.TuningDevice;
import org.mxforge.runtime.tune.search.TuningDevice.Trial;
import org.mxforge.runtime.tune.wisdom.Wisdom;
import org.mxforge.runtime.tune.wisdom.WisdomRecord.Toolchain;

/** The commands that look at wisdom files and look after them, on a cache folder of the test. */
class WisdomCommandTest {
    private static final DenseGemmSpec SPEC = new DenseGemmSpec(Epilogue.NONE, ScalarType.FP32);
    private static final KernelSpec QUANTIZER = KernelSpec.parse(
            "mxquantize/v2;side=activation;formats=e2m1;rule=ceil;groups=g32;prologue=none;in=fp32;tolerance=exact");
    private static final KernelSpec GROUPED =
            KernelSpec.parse("mxgroupedgemm/v2;pairs=e2m1xe2m1;groups=g32;epilogue=none;out=bf16;tolerance=exact");
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
        return tune(wisdomFolder, SPEC, shape, change);
    }

    private static Path tune(Path wisdomFolder, KernelSpec spec, KernelShape shape, String change) {
        Trial.Measuring measuring = new Trial.Measuring(Duration.ZERO, Duration.ZERO, 1, 1, 1);
        Wisdom wisdom = Wisdom.open(wisdomFolder, DEVICE);
        Target target = spec == GROUPED ? Target.SM_80 : Target.CPU;
        new TestTuner(wisdom, new TestDevice(target, change), 3, measuring, 1)
                .tune(KernelProblem.usual(spec, target), shape);
        return wisdom.path();
    }

    private CommandRun run(Object... arguments) throws IOException, InterruptedException {
        CommandRun run = CommandProcess.of(cache, arguments);
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        return run;
    }

    /** One after the other on one folder: each is a process, and processes are slow to start. */
    @Test
    void eachCommandDoesWhatItSays() throws IOException, InterruptedException {
        // What is shipped is listed as well.
        List<JsonNode> list = new ArrayList<>();
        run("wisdom", "list", "--json").json().forEach(list::add);
        list.removeIf(entry -> !entry.get("device").textValue().equals(DEVICE));
        assertThat(list).hasSize(1);
        assertThat(list.get(0).get("trials").intValue()).isEqualTo(3);
        assertThat(list.get(0).get("search").textValue()).isEqualTo("partial");

        assertThat(run("wisdom", "show", "m7,n16,k32", "--spec", SPEC.identifier())
                        .out()
                        .lines())
                .hasSize(7)
                .allMatch(line -> line.length() <= 80)
                .contains(SPEC.identifier(), " " + DEVICE + ", testc 1, driver 1")
                .anySatisfy(line -> assertThat(line).contains("correct", "1.0000"));

        tune(cache.resolve("wisdom"), QUANTIZER, new QuantizeShape(32, List.of(64)), "");
        assertThat(run("wisdom", "show", "m32,k64").out().lines()).hasSize(5).contains(QUANTIZER.identifier());
        tune(cache.resolve("wisdom"), GROUPED, new GroupedShape(8, 30, 16, List.of(64)), "");
        assertThat(run("wisdom", "show", "e8,m31,n16,k64").out().lines()).contains(GROUPED.identifier());
        assertThat(run("wisdom", "list").out()).contains("m32,k64", "m8,n16,k32", "e8,m32,n16,k64");
        assertThat(run("wisdom", "list").out().lines()).allMatch(line -> line.length() <= 80);
        assertThat(run("wisdom", "list", DEVICE, "k64").out())
                .contains("m32,k64", "e8,m32,n16,k64", QUANTIZER.identifier())
                .doesNotContain("m8,n16,k32", "H100");
        assertThat(run("wisdom", "verify", "--json").json()).isNotEmpty().allSatisfy(checked -> {
            assertThat(checked.get("sound").intValue()).isPositive();
            assertThat(checked.get("faults")).isEmpty();
        });

        String before = Files.readString(file);
        Path other = tune(folder.resolve("other"), new GemmShape(32, 16, List.of(32)), "changed");
        JsonNode merged = run("wisdom", "merge", other, "--json").json().get(0);
        assertThat(merged.get("added").intValue()).isEqualTo(4);

        JsonNode pruned = run("wisdom", "prune", "--json").json().get(0);
        assertThat(pruned.get("dropped").intValue()).as("of another source").isEqualTo(4);
        assertThat(file).hasContent(before);

        Files.writeString(file, "nonsense\n", StandardOpenOption.APPEND);
        CommandRun verified = CommandProcess.of(cache, "wisdom", "verify");
        assertThat(verified.code()).isEqualTo(1);
        assertThat(verified.out()).contains("line 11: not a JSON object");
        assertThat(verified.err())
                .isEqualToIgnoringNewLines(
                        "mxforge: 1 damaged lines are skipped when tuning: 'mxforge wisdom prune' drops them");
    }

    /** Everything is right and takes no time. */
    private record TestDevice(Target target, String change) implements TuningDevice {
        @Override
        public String name() {
            return DEVICE;
        }

        @Override
        public Toolchain toolchain() {
            return new Toolchain("0.1.0", "testc 1", "", "driver 1");
        }

        @Override
        public boolean tries(KernelProblem problem, KernelShape shape) {
            return true;
        }

        @Override
        public String fingerprint(KernelVariant variant) {
            return TuningDevice.super.fingerprint(variant) + change;
        }

        @Override
        public Trial trial(KernelProblem problem, KernelShape shape, List<KernelVariant> candidates) {
            return new Trial() {
                @Override
                public Candidate prepare(KernelVariant variant) {
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
