package org.mxforge.runtime.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.spec.GroupTransform;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.options.TuneMode;
import org.mxforge.tests.gpu.GpuTest;

/** Every benchmark gets through on a GPU; how fast it is, is not asked here. */
@Tag("gpu")
class BenchGpuTest {
    private static final List<Pace> SHORT = List.of(new Pace("short", 0, 1, 1), new Pace("shortest", 1, 0, 1));
    private static final List<FormatMix> MIXES =
            List.of(FormatMix.parse("e4m3xe2m1"), FormatMix.parse("e2m1xe2m1:70+e3m2xe3m2:20+e4m3xe4m3:10"));

    private BenchGpu gpu;

    @BeforeEach
    void open() {
        GpuTest.context();
        gpu = BenchGpu.open(TuneMode.OFF, Duration.ZERO, Progress.SILENT);
    }

    @AfterEach
    void close() {
        if (gpu != null) {
            gpu.close();
        }
    }

    private static void assertMeasured(List<BenchRow> rows, int count) {
        assertThat(rows).hasSize(count).allSatisfy(row -> {
            assertThat(row.failure()).isEmpty();
            assertThat(row.measured()).isPresent();
            assertThat(row.measured().orElseThrow().megahertz()).isPresent();
        });
    }

    private static Target target() {
        return GpuTest.context().device().target();
    }

    /** Ways to multiply on the GPU, those of each mix together. */
    private static int ways() {
        return MIXES.stream().mapToInt(mix -> GemmWay.of(target(), mix).size()).sum();
    }

    private static GemmSweep sweep(Integer... ms) {
        return new GemmSweep(
                MIXES, List.of(), List.of(ms), List.of(new WeightShape(1536, 1280), new WeightShape(200, 1280)), SHORT);
    }

    @Test
    void gemms() {
        List<BenchRow> rows = new ArrayList<>();
        sweep(100, 128).gemm(gpu, row -> rows.add(row.row()));
        assertMeasured(rows, 8 * ways());
        assertThat(rows).allSatisfy(row -> assertThat(
                        row.measured().orElseThrow().utilisation().orElseThrow())
                .isBetween(0.0, 1.0));
        assertThat(rows).extracting(BenchRow::peer).contains("mxforge_e4m3xe2m1_mma");
    }

    @Test
    void decoding() {
        List<BenchRow> rows = new ArrayList<>();
        Rate copy = gpu.copyRate();
        sweep(1).decode(gpu, copy, row -> rows.add(row.row()));
        assertMeasured(rows, 4 * ways());
        assertThat(rows)
                .allSatisfy(row ->
                        assertThat(row.measured().orElseThrow().fraction()).isPresent());
    }

    @Test
    void quantizers() {
        List<ElementFormat> formats = List.of(ElementFormat.E2M1, ElementFormat.E3M2, ElementFormat.E4M3);
        List<QuantizeCase> cases = new ArrayList<>();
        for (Prologue prologue : Prologue.values()) {
            for (GroupTransform transform : GroupTransform.values()) {
                cases.add(new QuantizeCase(
                        200, 1280, formats, Shares.parse("70:20:10"), ScaleRule.CLIP, transform, prologue));
            }
        }
        List<BenchRow> rows = new ArrayList<>();
        new QuantizeSweep(cases, SHORT).run(gpu, new Rate(1, 1e9, 0), rows::add);
        assertMeasured(
                rows,
                SHORT.size()
                        * cases.stream()
                                .mapToInt(one -> one.layouts(target()).size())
                                .sum());
        assertThat(rows).allSatisfy(row -> {
            Measurement measured = row.measured().orElseThrow();
            assertThat(measured.fraction()).hasValue(measured.rate().gigabytesPerSecond() / 1e3);
            assertThat(measured.rate().bytes()).isGreaterThan(200 * 1280 * 2);
        });
        assertThat(rows)
                .extracting(BenchRow::peer)
                .contains("mxforge_quantize_silumul_tile128x4", "mxforge_quantize_silumul_hadamard_tile128x4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mxfp4xmxfp4", "mxfp8xmxfp4", "mxfp6xmxfp6", "e5m2xe2m3"})
    void oneGemmIsTimedAndRight(String types) {
        GemmProbe probe = new GemmProbe(FormatMix.parse(types), 300, new WeightShape(512, 1024));
        assertThat(probe.fault(gpu)).isEmpty();
        assertThat(probe.rate(gpu, 10).flops()).isEqualTo(2.0 * 300 * 512 * 1024);
    }

    @Test
    void launches() {
        assertThat(LaunchCost.measure(gpu)).hasSize(2).allSatisfy(cost -> {
            assertThat(cost.hostMicros()).isPositive();
            assertThat(cost.graphMicros()).isPositive();
        });
    }
}
