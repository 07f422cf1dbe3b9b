package org.mxforge.tests.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mxforge.tests.tune.Samples.KEY;
import static org.mxforge.tests.tune.Samples.LEGAL;
import static org.mxforge.tests.tune.Samples.PLAN;
import static org.mxforge.tests.tune.Samples.SHAPE;
import static org.mxforge.tests.tune.Samples.SPEC;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.runtime.MxForgeException;
import org.mxforge.runtime.tune.Coverage;
import org.mxforge.runtime.tune.GemmShape;
import org.mxforge.runtime.tune.SearchOrder;
import org.mxforge.runtime.tune.TrialStatus;
import org.mxforge.runtime.tune.Tuner;
import org.mxforge.runtime.tune.TuningListener;
import org.mxforge.runtime.tune.TuningPlan;
import org.mxforge.runtime.tune.Wisdom;
import org.mxforge.runtime.tune.WisdomRecord;
import org.mxforge.tests.tune.FakeDevice.Behaviour;

class TunerTest {
    @TempDir
    Path folder;

    private Optional<WisdomRecord> tune(FakeDevice device, TuningPlan plan) {
        return new Tuner(open(), device, plan, SearchOrder.NEAR_DEFAULT, TuningListener.SILENT).tune(SPEC, SHAPE);
    }

    private Wisdom open() {
        return Wisdom.open(folder, FakeDevice.NAME);
    }

    /** All candidates take 2 ms, but for {@code other}, which behaves as told. */
    private static FakeDevice allEqualBut(Configuration other, Behaviour behaviour) {
        return new FakeDevice(c -> c.equals(other) ? behaviour : Behaviour.takes(2));
    }

    @Test
    void theFastestIsChosenAndEveryCandidateIsOnRecord() {
        Configuration fast = LEGAL.get(7);
        WisdomRecord winner = tune(allEqualBut(fast, Behaviour.takes(1)), PLAN).orElseThrow();
        assertThat(winner.configuration()).isEqualTo(fast);
        assertThat(winner.coverage().orElseThrow().complete()).isTrue();
        assertThat(open().winner(KEY)).contains(winner);
        assertThat(open().records(KEY)).hasSize(LEGAL.size() + 1);
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(TrialStatus.CONSTRAINTS, Behaviour.refuses(new IllegalArgumentException("K is odd"))),
                Arguments.of(TrialStatus.COMPILE, Behaviour.refuses(new MxForgeException("line 3: oops"))),
                Arguments.of(TrialStatus.CORRECTNESS, Behaviour.wrongIn(0.001)),
                Arguments.of(TrialStatus.RUNTIME, Behaviour.faults(new IllegalStateException("illegal address"))),
                Arguments.of(TrialStatus.TIMEOUT, Behaviour.takes(1e6)));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aCandidateThatFailsIsRecordedAndNeverChosen(TrialStatus status, Behaviour behaviour) {
        for (Configuration bad : List.of(LEGAL.get(0), LEGAL.get(5))) {
            WisdomRecord winner = tune(allEqualBut(bad, behaviour), PLAN).orElseThrow();
            assertThat(winner.configuration()).isNotEqualTo(bad);
            List<WisdomRecord> records = open().records(KEY);
            assertThat(records.subList(records.size() - LEGAL.size() - 1, records.size()))
                    .filteredOn(entry -> entry.configuration().equals(bad))
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.outcome().status()).isEqualTo(status))
                    .satisfies(entry -> assertThat(entry.outcome().detail()).isNotEmpty());
        }
    }

    @Test
    void whenAllFailThereIsNoWinner() {
        assertThat(tune(new FakeDevice(c -> Behaviour.wrongIn(1)), PLAN)).isEmpty();
        assertThat(open().winner(KEY)).isEmpty();
        assertThat(open().records(KEY)).hasSize(LEGAL.size());
    }

    @Test
    void aSlowCandidateIsAbandonedAfterOneLook() {
        Configuration slow = LEGAL.get(1);
        FakeDevice device = allEqualBut(slow, Behaviour.takes(4.1));
        tune(device, PLAN);
        assertThat(device.runs).isEqualTo((LEGAL.size() - 1) * (1 + PLAN.samples()) + 1);
        assertThat(samplesOf(slow)).isEqualTo(1);
        assertThat(samplesOf(LEGAL.get(2))).isEqualTo(PLAN.samples());
    }

    private int samplesOf(Configuration configuration) {
        Function<WisdomRecord, Integer> samples =
                entry -> entry.outcome().timing().orElseThrow().samples();
        return open().records(KEY).stream()
                .filter(entry -> entry.configuration().equals(configuration)
                        && entry.coverage().isEmpty())
                .map(samples)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void withoutBudgetTheDefaultAloneIsTriedAndTheSearchIsIncomplete() {
        FakeDevice device = new FakeDevice(c -> Behaviour.takes(1));
        WisdomRecord winner = tune(device, PLAN.within(Duration.ZERO)).orElseThrow();
        assertThat(device.prepared).containsExactly(LEGAL.get(0));
        assertThat(winner.coverage().orElseThrow().complete()).isFalse();
    }

    @Test
    void noMoreCandidatesThanPlannedAreTried() {
        FakeDevice device = new FakeDevice(c -> Behaviour.takes(1));
        TuningPlan plan = new TuningPlan(
                3,
                PLAN.budget(),
                PLAN.candidateLimit(),
                PLAN.warmUp(),
                PLAN.samples(),
                PLAN.samplingTime(),
                PLAN.abandonFactor());
        WisdomRecord winner = tune(device, plan).orElseThrow();
        assertThat(device.prepared).hasSize(3);
        assertThat(winner.coverage()).contains(new Coverage(3, LEGAL.size()));
    }

    @Test
    void theSearchMovesAwayFromTheDefaultOneParameterAtATime() {
        List<Configuration> order = SearchOrder.NEAR_DEFAULT.order(SPEC, KEY.target(), SHAPE);
        assertThat(order).containsExactlyInAnyOrderElementsOf(LEGAL);
        Configuration first = order.get(0);
        assertThat(first).isEqualTo(LEGAL.get(0));
        List<Long> distances = order.stream()
                .map(c -> c.values().keySet().stream()
                        .filter(name -> c.get(name) != first.get(name))
                        .count())
                .toList();
        assertThat(distances).isSorted();
    }

    @Test
    void anyMIsTunedAtItsBucket() {
        FakeDevice device = new FakeDevice(c -> Behaviour.takes(1));
        new Tuner(open(), device, PLAN, SearchOrder.NEAR_DEFAULT, TuningListener.SILENT)
                .tune(SPEC, new GemmShape(300, SHAPE.n(), SHAPE.k()));
        assertThat(open().winner(KEY)).isPresent();
    }
}
