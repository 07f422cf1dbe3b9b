package org.mxforge.runtime.tune.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mxforge.runtime.tune.wisdom.Samples.KEY;
import static org.mxforge.runtime.tune.wisdom.Samples.LEGAL;
import static org.mxforge.runtime.tune.wisdom.Samples.PROBLEM;
import static org.mxforge.runtime.tune.wisdom.Samples.SHAPE;

import java.io.IOException;
import java.nio.file.Files;
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
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.tune.search.FakeDevice.Behaviour;
import org.mxforge.runtime.tune.search.TuningDevice.Trial;
import org.mxforge.runtime.tune.wisdom.Samples;
import org.mxforge.runtime.tune.wisdom.Wisdom;
import org.mxforge.runtime.tune.wisdom.WisdomRecord;
import org.mxforge.runtime.tune.wisdom.WisdomRecord.Outcome;
import org.mxforge.runtime.tune.wisdom.WisdomRecord.Toolchain;

class TunerTest {
    @TempDir
    Path folder;

    private Optional<WisdomRecord> tune(FakeDevice device, TuningPlan plan) {
        return new Tuner(open(), device, plan, SearchOrder.NEAR_DEFAULT, Progress.SILENT).tune(PROBLEM, SHAPE);
    }

    private Wisdom open() {
        return Wisdom.open(folder, Samples.DEVICE);
    }

    /** All candidates take 2 ms, but for {@code other}, which behaves as told. */
    private static FakeDevice allEqualBut(KernelVariant other, Behaviour behaviour) {
        return new FakeDevice(c -> c.equals(other) ? behaviour : Behaviour.takes(2));
    }

    @Test
    void theFastestIsChosenAndEveryCandidateIsOnRecord() {
        KernelVariant fast = LEGAL.get(7);
        WisdomRecord winner =
                tune(allEqualBut(fast, Behaviour.takes(1)), Plans.WHOLE).orElseThrow();
        assertThat(winner.variant()).isEqualTo(fast);
        assertThat(winner.coverage().orElseThrow().complete()).isTrue();
        assertThat(open().winner(KEY)).contains(winner);
        assertThat(open().records(KEY)).hasSize(LEGAL.size() + 1);
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(Outcome.Status.CONSTRAINTS, Behaviour.refuses(new IllegalArgumentException("K is odd"))),
                Arguments.of(Outcome.Status.COMPILE, Behaviour.refuses(new MxForgeException("line 3: oops"))),
                Arguments.of(Outcome.Status.CORRECTNESS, Behaviour.wrongIn(0.001)),
                Arguments.of(Outcome.Status.RUNTIME, Behaviour.faults(new IllegalStateException("illegal address"))),
                Arguments.of(Outcome.Status.TIMEOUT, Behaviour.takes(1e6)));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aCandidateThatFailsIsRecordedAndNeverChosen(Outcome.Status status, Behaviour behaviour) throws IOException {
        for (KernelVariant bad : List.of(LEGAL.get(0), LEGAL.get(5))) {
            Files.deleteIfExists(open().path());
            WisdomRecord winner = tune(allEqualBut(bad, behaviour), Plans.WHOLE).orElseThrow();
            assertThat(winner.variant()).isNotEqualTo(bad);
            List<WisdomRecord> records = open().records(KEY);
            assertThat(records.subList(records.size() - LEGAL.size() - 1, records.size()))
                    .filteredOn(entry -> entry.variant().equals(bad))
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.outcome().status()).isEqualTo(status))
                    .satisfies(entry -> assertThat(entry.outcome().detail()).isNotEmpty());
        }
    }

    @Test
    void whenAllFailThereIsNoWinner() {
        assertThat(tune(new FakeDevice(c -> Behaviour.wrongIn(1)), Plans.WHOLE)).isEmpty();
        assertThat(open().winner(KEY)).isEmpty();
        assertThat(open().records(KEY)).hasSize(LEGAL.size());
    }

    @Test
    void aSlowCandidateIsAbandonedAfterOneLook() {
        KernelVariant slow = LEGAL.get(1);
        tune(allEqualBut(slow, Behaviour.takes(4.1)), Plans.WHOLE);
        assertThat(samplesOf(slow)).isEqualTo(1);
        assertThat(samplesOf(LEGAL.get(2))).isEqualTo(Plans.WHOLE.measuring().samples());
    }

    @Test
    void whoIsSlowerAfterARoundLeavesTheRace() {
        TuningPlan plan = new TuningPlan(
                "full",
                LEGAL.size(),
                LEGAL.size(),
                Plans.WHOLE.budget(),
                Plans.WHOLE.candidateLimit(),
                new Trial.Measuring(Duration.ZERO, Duration.ofMinutes(1), 5, 4, 1.1),
                2);
        KernelVariant slower = LEGAL.get(3);
        KernelVariant close = LEGAL.get(4);
        FakeDevice device = new FakeDevice(c -> Behaviour.takes(c.equals(slower) ? 2.3 : c.equals(close) ? 2.1 : 2));
        tune(device, plan);
        assertThat(samplesOf(slower)).isEqualTo(5);
        assertThat(samplesOf(close)).isEqualTo(20);
    }

    @Test
    void theBestSoFarIsTimedAgainBesideEveryBatch() {
        KernelVariant fast = LEGAL.get(0);
        WisdomRecord winner =
                tune(allEqualBut(fast, Behaviour.takes(1.9)), Plans.WHOLE).orElseThrow();
        int batches = 1 + (LEGAL.size() - 1 + Plans.WHOLE.batch() - 1) / Plans.WHOLE.batch();
        assertThat(winner.variant()).isEqualTo(fast);
        assertThat(winner.outcome().timing().orElseThrow().samples())
                .isEqualTo(batches * Plans.WHOLE.measuring().samples());
    }

    /** Like nothing that a candidate does. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    @Test
    void aKilledSearchGoesOnWhereItWas() {
        List<KernelVariant> order = SearchOrder.NEAR_DEFAULT.order(PROBLEM, KEY.target(), SHAPE);
        FakeDevice killed = new FakeDevice(c -> {
            if (c.equals(order.get(6))) {
                throw new Killed();
            }
            return Behaviour.takes(c.equals(order.get(1)) ? 1 : 2);
        });
        assertThatExceptionOfType(Killed.class).isThrownBy(() -> tune(killed, Plans.WHOLE));
        int measured = open().records(KEY).size();
        assertThat(measured).isPositive().isLessThan(LEGAL.size());
        FakeDevice next = new FakeDevice(c -> Behaviour.takes(2));
        WisdomRecord winner = tune(next, Plans.WHOLE).orElseThrow();
        assertThat(next.prepared).hasSize(LEGAL.size() - measured).doesNotContain(order.get(0), order.get(1));
        assertThat(winner.variant()).as("measured before the kill").isEqualTo(order.get(1));
        assertThat(winner.coverage()).contains(new WisdomRecord.Coverage(LEGAL.size(), LEGAL.size()));
    }

    @Test
    void nothingIsMeasuredTwiceUnderTheSameFullKey() {
        tune(new FakeDevice(c -> Behaviour.takes(2)), Plans.WHOLE);
        FakeDevice again = new FakeDevice(c -> Behaviour.takes(2));
        assertThat(tune(again, Plans.WHOLE)).isPresent();
        assertThat(again.searches).isZero();
        for (Toolchain other : List.of(
                new Toolchain("0.1.1", "fakec 1", "-O9", "driver 7"),
                new Toolchain("0.1.0", "fakec 2", "-O9", "driver 7"),
                new Toolchain("0.1.0", "fakec 1", "-O8", "driver 7"),
                new Toolchain("0.1.0", "fakec 1", "-O9", "driver 8"))) {
            again.toolchain = other;
            again.prepared.clear();
            tune(again, Plans.WHOLE);
            assertThat(again.prepared).as(other.toString()).hasSize(LEGAL.size());
        }
    }

    @Test
    void aQuickLookDoesNotCountInAFullSearch() {
        TuningPlan quick = new TuningPlan(
                "quick", 3, 4, Plans.WHOLE.budget(), Plans.WHOLE.candidateLimit(), Plans.WHOLE.measuring(), 2);
        tune(new FakeDevice(c -> Behaviour.takes(2)), quick);
        FakeDevice device = new FakeDevice(c -> Behaviour.takes(2));
        tune(device, Plans.WHOLE);
        assertThat(device.prepared).hasSize(LEGAL.size());
        device.prepared.clear();
        tune(device, quick);
        assertThat(device.prepared).as("a full one counts in a quick one").isEmpty();
    }

    private int samplesOf(KernelVariant variant) {
        Function<WisdomRecord, Integer> samples =
                entry -> entry.outcome().timing().orElseThrow().samples();
        return open().records(KEY).stream()
                .filter(entry ->
                        entry.variant().equals(variant) && entry.coverage().isEmpty())
                .map(samples)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void withoutBudgetTheDefaultAloneIsTriedAndTheSearchIsIncomplete() {
        FakeDevice device = new FakeDevice(c -> Behaviour.takes(1));
        WisdomRecord winner = tune(device, Plans.NO_TIME).orElseThrow();
        assertThat(device.prepared).containsExactly(LEGAL.get(0));
        assertThat(winner.coverage().orElseThrow().complete()).isFalse();
    }

    @Test
    void theCallersLimitCountsWhatTheSetUpTook() {
        FakeDevice device = new FakeDevice(c -> Behaviour.takes(1));
        Tuner tuner = new Tuner(open(), device, Plans.WHOLE, SearchOrder.NEAR_DEFAULT, Progress.SILENT);
        WisdomRecord winner = tuner.tune(PROBLEM, SHAPE, Duration.ZERO).orElseThrow();
        assertThat(winner.coverage()).contains(new WisdomRecord.Coverage(1, LEGAL.size()));
    }

    @Test
    void noMoreCandidatesThanPlannedAreTried() {
        FakeDevice device = new FakeDevice(c -> Behaviour.takes(1));
        TuningPlan plan = new TuningPlan(
                "full",
                3,
                4,
                Plans.WHOLE.budget(),
                Plans.WHOLE.candidateLimit(),
                Plans.WHOLE.measuring(),
                Plans.WHOLE.abandonFactor());
        WisdomRecord winner = tune(device, plan).orElseThrow();
        assertThat(device.prepared).hasSize(3);
        assertThat(winner.coverage()).contains(new WisdomRecord.Coverage(3, LEGAL.size()));
    }

    @Test
    void theSearchMovesAwayFromTheDefaultOneParameterAtATime() {
        List<KernelVariant> order = SearchOrder.NEAR_DEFAULT.order(PROBLEM, KEY.target(), SHAPE);
        assertThat(order).containsExactlyInAnyOrderElementsOf(LEGAL);
        KernelVariant first = order.get(0);
        assertThat(first).isEqualTo(LEGAL.get(0));
        List<Long> distances = order.stream()
                .map(c -> c.configuration().values().entrySet().stream()
                        .filter(entry -> first.configuration().get(entry.getKey()) != entry.getValue())
                        .count())
                .toList();
        assertThat(distances).isSorted();
    }

    @Test
    void anyMIsTunedAtItsBucket() {
        FakeDevice device = new FakeDevice(c -> Behaviour.takes(1));
        new Tuner(open(), device, Plans.WHOLE, SearchOrder.NEAR_DEFAULT, Progress.SILENT)
                .tune(PROBLEM, new GemmShape(300, SHAPE.n(), SHAPE.k()));
        assertThat(open().winner(KEY)).isPresent();
    }
}
