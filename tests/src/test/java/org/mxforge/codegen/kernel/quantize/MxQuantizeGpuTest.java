package org.mxforge.codegen.kernel.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.mxforge.codegen.Variants;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.GroupTransform;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.runtime.cuda.launch.KernelStore;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.oracle.TestOracle;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;
import org.mxforge.tests.gpu.GpuTest;
import org.mxforge.tests.gpu.GpuWorkspace;

/** Quantizers on the GPU against the oracle: bit for bit, or within a step where a prologue's last bits differ. */
@Tag("gpu")
class MxQuantizeGpuTest {
    private static final List<ElementFormat> ALL = List.of(ElementFormat.values());
    /** Share of scales and of values that the last bits of a prologue may push over a rounding boundary. */
    private static final double FLIPPED = 0.001;

    /** All at once, on all cores: one after another they would take longer than the tests. */
    @BeforeAll
    static void compile() {
        KernelStore kernels = GpuTest.kernels();
        kernels.compileAll(specs().flatMap(
                        spec -> Stream.of(variant(spec, OperandLayout.ROWS), variant(spec, OperandLayout.TILED)))
                .toList());
    }

    static Stream<MxQuantizeSpec> specs() {
        List<MxQuantizeSpec> specs = new ArrayList<>();
        for (Prologue prologue : Prologue.values()) {
            for (ScalarType source : List.of(ScalarType.BF16, ScalarType.FP32)) {
                for (ScaleRule rule : ScaleRule.values()) {
                    specs.add(MxQuantizeSpec.activation(ALL, rule, prologue, source, Tolerance.EXACT));
                }
                specs.add(MxQuantizeSpec.activation(ALL, ScaleRule.CLIP, prologue, source, Tolerance.EXACT)
                        .with(GroupTransform.HADAMARD));
            }
        }
        return specs.stream();
    }

    @ParameterizedTest
    @MethodSource("specs")
    void equalsTheOracle(MxQuantizeSpec spec) {
        for (OperandLayout layout : List.of(OperandLayout.ROWS, OperandLayout.TILED)) {
            assertEqual(new PackedQuantizeCase(spec, layout, 3, 32, 160, 64, 0, 96), variant(spec, layout));
            assertEqual(new PackedQuantizeCase(spec, layout, 130, 640, 128, 32, 288, 960), variant(spec, layout));
        }
    }

    @Test
    void everyBlockSizeGivesTheSame() {
        MxQuantizeSpec spec = spec(Side.ACTIVATION, ALL, Prologue.NONE);
        PackedQuantizeCase example = new PackedQuantizeCase(spec, OperandLayout.TILED, 5, 64, 32, 128, 32, 512);
        Variants.all(spec, MxQuantizeKind.TILED, GpuWorkspace.target())
                .forEach(variant -> assertEqual(example, variant));
    }

    @ParameterizedTest
    @EnumSource(Prologue.class)
    void rowsMayBeLongerThanSharedMemory(Prologue prologue) {
        MxQuantizeSpec spec = spec(Side.ACTIVATION, List.of(ElementFormat.E2M1, ElementFormat.E4M3), prologue);
        assertEqual(
                new PackedQuantizeCase(spec, OperandLayout.TILED, 2, 32_768 - 128, 128),
                variant(spec, OperandLayout.TILED));
        assertEqual(
                new PackedQuantizeCase(spec, OperandLayout.TILED, 2, 131_072, 32), variant(spec, OperandLayout.TILED));
    }

    @ParameterizedTest
    @EnumSource(ElementFormat.class)
    void weightsOfEveryFormat(ElementFormat format) {
        MxQuantizeSpec spec = spec(Side.WEIGHT, List.of(format), Prologue.NONE);
        assertEqual(new PackedQuantizeCase(spec, OperandLayout.TILED, 257, 1056), variant(spec, OperandLayout.TILED));
    }

    @ParameterizedTest
    @EnumSource(ScaleRule.class)
    void faultsShowAndZerosStay(ScaleRule rule) {
        MxQuantizeSpec spec = MxQuantizeSpec.activation(ALL, rule, Prologue.NONE, ScalarType.FP32, Tolerance.EXACT);
        PackedQuantizeCase example = new PackedQuantizeCase(spec, OperandLayout.TILED, 4, 64, 64, 64, 64, 64);
        for (int partition = 0; partition < 5; partition++) {
            int first = 64 * partition;
            example.with(0, first + 5, Float.NaN).with(1, first + 40, Float.NEGATIVE_INFINITY);
            example.with(0, first + 33, Float.MAX_VALUE).with(1, first + 3, Float.intBitsToFloat(0xff800001));
            for (int i = 0; i < 32; i++) {
                example.with(2, first + i, i % 2 == 0 ? 0f : -0f);
                example.with(2, first + 32 + i, (i - 16) * Float.MIN_VALUE);
                example.with(3, first + i, (i - 16) * 0x1p-127f);
            }
        }
        PackedMatrix computed = example.computed(variant(spec, OperandLayout.TILED));
        assertEqual(computed, example.expected());
        for (PackedPartition partition : computed.partitions()) {
            assertThat(partition.scales()[0]).isEqualTo((byte) 0xff);
            assertThat(partition.scales()[2]).isEqualTo((byte) 0xff);
            assertThat(partition.scales()[3]).isEqualTo((byte) 0xff);
            assertThat(partition.scales()[4]).isEqualTo((byte) 126);
        }
    }

    private static MxQuantizeSpec spec(Side side, List<ElementFormat> formats, Prologue prologue) {
        return new MxQuantizeSpec(
                side, formats, ScaleRule.CEIL, GroupLayout.MX, prologue, ScalarType.BF16, Tolerance.EXACT);
    }

    private static KernelVariant variant(MxQuantizeSpec spec, OperandLayout layout) {
        return new KernelProblem(spec, layout).usual(GpuWorkspace.target());
    }

    private static void assertEqual(PackedQuantizeCase example, KernelVariant variant) {
        if (example.isExact()) {
            assertEqual(example.computed(variant), example.expected());
        } else {
            assertNearlyEqual(example.computed(variant), example.expected());
        }
    }

    private static void assertEqual(PackedMatrix computed, PackedMatrix expected) {
        for (int i = 0; i < expected.partitions().size(); i++) {
            PackedPartition wanted = expected.partitions().get(i);
            PackedPartition given = computed.partitions().get(i);
            assertThat(given.scales()).as("scales of partition %d", i).isEqualTo(wanted.scales());
            assertThat(given.codes()).as("codes of partition %d", i).isEqualTo(wanted.codes());
        }
    }

    /** Few values differ, and those by one step of the coarser of the two scales. */
    private static void assertNearlyEqual(PackedMatrix computed, PackedMatrix expected) {
        double[] given = TestOracle.values(computed);
        double[] wanted = TestOracle.values(expected);
        int columns = wanted.length / expected.rows();
        int different = 0;
        int first = 0;
        for (int i = 0; i < expected.partitions().size(); i++) {
            PackedPartition partition = expected.partitions().get(i);
            for (int row = 0; row < expected.rows(); row++) {
                for (int channel = 0; channel < partition.channels(); channel++) {
                    int at = row * columns + first + channel;
                    if (given[at] != wanted[at]) {
                        different++;
                        double step = step(partition, row, channel, given[at], wanted[at]);
                        assertThat(Math.abs(given[at] - wanted[at]))
                                .as("row %d, channel %d of partition %d", row, channel, i)
                                .isLessThanOrEqualTo(step);
                    }
                }
            }
            first += partition.channels();
        }
        // A scale that flips takes its whole group along.
        assertThat(different).as("values that differ").isLessThanOrEqualTo(64 + (int) (FLIPPED * wanted.length));
    }

    private static double step(PackedPartition partition, int row, int channel, double given, double wanted) {
        ElementFormat format = partition.format();
        int scale = partition.scales()[row * (partition.channels() / GroupLayout.GROUP) + channel / GroupLayout.GROUP]
                & 0xff;
        double smallest = Math.scalb(1.0, 1 - format.bias() - format.mantissaBits());
        double relative = Math.scalb(Math.max(Math.abs(given), Math.abs(wanted)), -format.mantissaBits());
        // The other scale may be twice the expected one.
        return Math.max(2 * Math.scalb(smallest, scale - 127), 2 * relative);
    }
}
