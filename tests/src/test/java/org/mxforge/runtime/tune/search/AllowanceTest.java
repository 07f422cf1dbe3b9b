package org.mxforge.runtime.tune.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.dsl.shape.AttentionShape;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.options.TuneMode;
import org.mxforge.runtime.tune.search.FakeDevice.Behaviour;
import org.mxforge.runtime.tune.search.Tuning.Choice.Origin;
import org.mxforge.runtime.tune.wisdom.Samples;
import org.mxforge.runtime.tune.wisdom.Wisdom;

/** Who gets how much of the time for searches, by a clock that goes on when a search says so. */
class AllowanceTest {
    private static final KernelShape PROMPT = new GemmShape(4096, 96, List.of(64));
    private static final KernelShape STEP = new GemmShape(8, 96, List.of(64));

    @TempDir
    Path folder;

    private long now;

    private Allowance seconds(int whole, int forPrompts) {
        return new Allowance(Duration.ofSeconds(whole), Duration.ofSeconds(forPrompts), () -> now);
    }

    private void search(Allowance allowance, KernelShape shape, int seconds) {
        allowance.spend(shape, () -> now += 1_000_000_000L * seconds);
    }

    private static long left(Allowance allowance, KernelShape shape) {
        return allowance.left(shape).toSeconds();
    }

    @Test
    void promptsLeaveStepsTheirPart() {
        Allowance allowance = seconds(20, 10);
        assertThat(left(allowance, PROMPT)).isEqualTo(10);
        search(allowance, PROMPT, 7);
        search(allowance, PROMPT, 4);
        assertThat(left(allowance, PROMPT)).isNegative();
        assertThat(left(allowance, STEP)).isEqualTo(9);
    }

    @Test
    void stepsMayTakeWhatPromptsLeave() {
        Allowance allowance = seconds(20, 10);
        search(allowance, STEP, 13);
        assertThat(left(allowance, STEP)).isEqualTo(7);
        assertThat(left(allowance, PROMPT)).isEqualTo(7);
        search(allowance, PROMPT, 7);
        assertThat(left(allowance, STEP)).isZero();
    }

    @Test
    void attentionIsAStepsByItsQueries() {
        Allowance allowance = seconds(20, 10);
        assertThat(left(allowance, new AttentionShape(8, 1, 4096, 32, 8, 4096))).isEqualTo(20);
        assertThat(left(allowance, new AttentionShape(1, 2048, 4096, 32, 8, 4096)))
                .isEqualTo(10);
    }

    @Test
    void aSearchThatFailsIsPaidFor() {
        Allowance allowance = seconds(20, 10);
        assertThatIllegalStateException()
                .isThrownBy(() -> allowance.spend(STEP, () -> {
                    now += 5_000_000_000L;
                    throw new IllegalStateException();
                }));
        assertThat(left(allowance, STEP)).isEqualTo(15);
    }

    @Test
    void wholeSearchesGoByTheirOrder() {
        assertThat(left(Allowance.of(TuneMode.FULL, Duration.ofSeconds(20)), PROMPT))
                .isEqualTo(20);
        assertThat(left(Allowance.of(TuneMode.QUICK, Duration.ofSeconds(20)), PROMPT))
                .isEqualTo(10);
    }

    /** Searches of 6 s each in 20 s: two of three prompts' sizes, then those of steps for as long as there is time. */
    @Test
    void choosersKeepToIt() {
        FakeDevice device = new FakeDevice(variant -> {
            now += 6_000_000_000L;
            return Behaviour.takes(1);
        });
        Wisdom wisdom = Wisdom.open(folder, Samples.DEVICE);
        Tuner tuner = new Tuner(wisdom, device, Plans.NO_TIME, SearchOrder.NEAR_DEFAULT, Progress.SILENT);
        TunedChooser chooser =
                new TunedChooser(TuneMode.QUICK, device, wisdom, tuner, seconds(20, 10), Optional.empty());
        List<Integer> searched = Stream.of(16384, 4096, 512, 1, 8, 64)
                .filter(m -> {
                    KernelShape shape = new GemmShape(m, Samples.SHAPE.n(), Samples.SHAPE.k());
                    chooser.choose(Samples.PROBLEM, device.target(), shape);
                    return chooser.choices()
                                    .get(tuner.key(Samples.PROBLEM, shape))
                                    .origin()
                            == Origin.SEARCH;
                })
                .toList();
        assertThat(searched).containsExactly(16384, 4096, 1, 8);
    }
}
