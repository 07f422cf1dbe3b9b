package org.mxforge.codegen.kernel.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.mxforge.codegen.Variants;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.FoldedFormat;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.GroupTransform;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.pack.FoldedMatrix;
import org.mxforge.tests.gpu.GpuTest;

/** Quantizers that fold, byte for byte against the definition: every width, rule, prologue and format, all inputs there are. */
@Tag("gpu")
class HopperMxQuantizeGpuTest {
    private static final List<ElementFormat> MICROMIX =
            List.of(ElementFormat.E2M1, ElementFormat.E3M2, ElementFormat.E4M3);
    private static final List<ElementFormat> WITH_ROOM =
            List.of(ElementFormat.E2M1, ElementFormat.E3M2, ElementFormat.E2M3);
    private static final List<Algorithm<MxQuantizeSpec>> ALGORITHMS = List.of(
            MxQuantizeKind.CONTAINERS, MxQuantizeKind.SPREAD, MxQuantizeKind.MIXED, MxQuantizeKind.SPREAD_MIXED);
    private static final List<ElementFormat> ALL = List.of(ElementFormat.values());

    @BeforeEach
    void open() {
        assumeTrue(
                GpuTest.context().device().target() == Target.SM_90A, "folded scales are for compute capability 9.0");
    }

    static Stream<Arguments> inputs() {
        return Stream.of(Prologue.values()).flatMap(prologue -> Stream.of(ScalarType.BF16, ScalarType.FP32)
                .map(source -> Arguments.of(prologue, source)));
    }

    /** Each prologue with a rule of its own: {@link #allNumbers} has every rule with every format. */
    @ParameterizedTest
    @MethodSource("inputs")
    void ragsAndGapsOfEveryKind(Prologue prologue, ScalarType source) {
        ScaleRule rule = ScaleRule.values()[prologue.ordinal() % ScaleRule.values().length];
        MxQuantizeSpec folded = spec(ALL, rule, Tolerance.WITHIN_4, prologue, source);
        MxQuantizeSpec room = spec(WITH_ROOM, rule, Tolerance.EXACT, prologue, source);
        MxQuantizeSpec mixed = spec(MICROMIX, rule, Tolerance.EXACT, prologue, source);
        MxQuantizeSpec wide = spec(ALL, rule, Tolerance.EXACT, prologue, source);
        Map<MxQuantizeSpec, List<KernelVariant>> kernels = new LinkedHashMap<>();
        for (MxQuantizeSpec spec : List.of(folded, mixed, turned(folded))) {
            kernels.put(spec, every(spec));
        }
        for (MxQuantizeSpec spec : List.of(room, wide, turned(room), turned(mixed))) {
            kernels.put(spec, usual(spec));
        }
        compile(kernels.values().stream().flatMap(List::stream).toList());
        kernels.forEach((spec, variants) -> {
            boolean three = spec.formats().size() == 3;
            int[] narrow = three ? new int[] {160, 0, 96} : new int[] {160, 0, 96, 32, 288};
            int[] broad = three ? new int[] {2848, 640, 640} : new int[] {2848, 608, 96, 320, 256};
            for (int spread : new int[] {3, 12, 60}) {
                check(new FoldedQuantizeCase(spec, 5, spread, narrow), variants);
                check(new FoldedQuantizeCase(spec, 1, spread, broad), variants);
                check(new FoldedQuantizeCase(spec, 130, spread, narrow), variants);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void everyWidthAndNumberOfRows(Prologue prologue, ScalarType source) {
        MxQuantizeSpec plain = spec(MICROMIX, ScaleRule.CEIL, Tolerance.WITHIN_4, prologue, source);
        Map<MxQuantizeSpec, List<KernelVariant>> kernels =
                Map.of(plain, every(plain), turned(plain), usual(turned(plain)));
        compile(kernels.values().stream().flatMap(List::stream).toList());
        kernels.forEach((spec, variants) -> {
            for (int columns : new int[] {1024, 4096, 4128, 14336, 32768}) {
                int fp8 = columns / 320 * 32;
                int fp6 = columns / 160 * 32;
                for (int rows : new int[] {1, 5, 130}) {
                    check(new FoldedQuantizeCase(spec, rows, 10, columns - fp8 - fp6, fp6, fp8), variants);
                }
            }
        });
    }

    /** More pairs of rows than blocks, so that blocks take several and fetch ahead. */
    @ParameterizedTest
    @EnumSource(Prologue.class)
    void blocksTakeOnePairAfterAnother(Prologue prologue) {
        for (Tolerance tolerance : Tolerance.values()) {
            MxQuantizeSpec plain = spec(MICROMIX, ScaleRule.CEIL, tolerance, prologue, ScalarType.BF16);
            List<KernelVariant> variants = tolerance.rounds() ? every(plain) : usual(plain);
            List<KernelVariant> turned = usual(turned(plain));
            compile(Stream.of(variants, turned).flatMap(List::stream).toList());
            check(new FoldedQuantizeCase(plain, 5001, 10, 736, 192, 96), variants);
            check(new FoldedQuantizeCase(turned(plain), 5001, 10, 736, 192, 96), turned);
        }
    }

    private static void check(FoldedQuantizeCase example, List<KernelVariant> variants) {
        check(example, example.expected(), variants);
    }

    private static void check(FoldedQuantizeCase example, FoldedMatrix expected, List<KernelVariant> variants) {
        variants.forEach(variant -> example.check(variant, expected));
    }

    private static List<MxQuantizeSpec> exhaustive(ElementFormat format) {
        List<MxQuantizeSpec> specs = new ArrayList<>();
        for (ScaleRule rule : ScaleRule.values()) {
            for (ScalarType source : List.of(ScalarType.BF16, ScalarType.FP32)) {
                specs.add(spec(List.of(format), rule, Tolerance.WITHIN_4, Prologue.NONE, source));
                if (!FoldedFormat.of(format).hasRoom()) {
                    specs.add(spec(List.of(format), rule, Tolerance.EXACT, Prologue.NONE, source));
                }
            }
        }
        specs.add(turned(spec(List.of(format), ScaleRule.CLIP, Tolerance.WITHIN_4, Prologue.NONE, ScalarType.BF16)));
        return specs;
    }

    /** All BF16 numbers, and FP32 numbers between them, as the largest of their group and as small ones beside larger ones. */
    @ParameterizedTest
    @EnumSource(ElementFormat.class)
    void allNumbers(ElementFormat format) {
        List<MxQuantizeSpec> specs = exhaustive(format);
        compile(specs.stream().flatMap(spec -> usual(spec).stream()).toList());
        specs.forEach(HopperMxQuantizeGpuTest::checkAllNumbers);
    }

    private static void checkAllNumbers(MxQuantizeSpec spec) {
        int columns = 1024;
        int rows = 2 * 65_536 / columns;
        FoldedQuantizeCase neighbours = new FoldedQuantizeCase(spec, rows, 0, columns);
        FoldedQuantizeCase mixed = new FoldedQuantizeCase(spec, rows, 0, columns);
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < rows * columns; i++) {
            int row = i / columns;
            int channel = i % columns;
            neighbours.with(row, channel, number(i >> 1, i & 1, random, spec));
            // A row stays within 32 binades; channels of a group come from all over them.
            int sign = channel & 1;
            int pattern = (row / 8 * 2048 + (channel * 1021 + row % 8 * 257) % 4096) % 32_640;
            mixed.with(row, channel, number(pattern, sign, random, spec));
        }
        check(neighbours, usual(spec));
        check(mixed, usual(spec));
    }

    /** A finite number whose high half is {@code pattern}; infinities and NaN become 1, they have their own test. */
    private static float number(int pattern, int sign, SplittableRandom random, MxQuantizeSpec spec) {
        int high = pattern & 0x7fff;
        int low = spec.source() == ScalarType.FP32 ? random.nextInt(65_536) : 0;
        return high >= 0x7f80 ? 1 : Float.intBitsToFloat(sign << 31 | high << 16 | low);
    }

    @ParameterizedTest
    @EnumSource(ScaleRule.class)
    void faultsShowAndZerosStay(ScaleRule rule) {
        List<MxQuantizeSpec> specs = List.of(
                spec(ALL, rule, Tolerance.WITHIN_4, Prologue.NONE, ScalarType.BF16),
                spec(ALL, rule, Tolerance.EXACT, Prologue.NONE, ScalarType.FP32));
        compile(specs.stream().flatMap(spec -> usual(spec).stream()).toList());
        for (MxQuantizeSpec spec : specs) {
            for (int partition = 0; partition < 5; partition++) {
                int first = 64 * partition;
                FoldedQuantizeCase example = new FoldedQuantizeCase(spec, 6, 4, 64, 64, 64, 64, 64)
                        .with(0, first + 5, Float.NaN)
                        .with(0, first + 33, 1e38f)
                        .with(1, first + 40, Float.NEGATIVE_INFINITY);
                for (int i = 0; i < 320; i++) {
                    example.with(2, i, i % 2 == 0 ? 0f : -0f);
                    example.with(3, i, (i % 32 - 16) * 0x1p-127f);
                    example.with(4, i, (i % 32 - 16) * Float.MIN_VALUE);
                }
                FoldedMatrix expected = example.expected();
                assertThat(expected.factors()[0]).isNaN();
                assertThat(expected.factors()[1]).isNaN();
                assertThat(expected.factors()[2]).isEqualTo(1);
                check(example, expected, usual(spec));
            }
        }
    }

    /** SiLU as the GPU computes it, which the host does not to the last bit: what the packing kernel gives, folded on the host. */
    @ParameterizedTest
    @EnumSource(
            value = ScalarType.class,
            names = {"BF16", "FP32"})
    void siluIsThatOfThePackingKernel(ScalarType source) {
        MxQuantizeSpec spec = spec(MICROMIX, ScaleRule.CEIL, Tolerance.WITHIN_4, Prologue.SILU_MUL, source);
        MxQuantizeSpec packing = spec(MICROMIX, ScaleRule.CEIL, Tolerance.EXACT, Prologue.SILU_MUL, source);
        PackedQuantizeCase ordinary = new PackedQuantizeCase(packing, OperandLayout.TILED, 37, 1024, 224, 64);
        FoldedQuantizeCase example = new FoldedQuantizeCase(spec, 37, 0, 1024, 224, 64);
        ordinary.copyTo(example);
        FoldedMatrix expected =
                PackedFold.fold(ordinary.computed(KernelVariant.of(packing, MxQuantizeKind.TILED, Target.SM_90A)));
        check(example, expected, usual(spec));
    }

    private static Stream<Algorithm<MxQuantizeSpec>> algorithms(MxQuantizeSpec spec) {
        return ALGORITHMS.stream()
                .filter(algorithm -> algorithm.refusal(spec, Target.SM_90A).isEmpty());
    }

    private static List<KernelVariant> usual(MxQuantizeSpec spec) {
        return algorithms(spec)
                .map(algorithm -> KernelVariant.of(spec, algorithm, Target.SM_90A))
                .toList();
    }

    private static List<KernelVariant> every(MxQuantizeSpec spec) {
        return algorithms(spec)
                .flatMap(algorithm -> Variants.all(spec, algorithm, Target.SM_90A).stream())
                .toList();
    }

    /** All at once: that takes longest. */
    private static void compile(List<KernelVariant> variants) {
        GpuTest.kernels().compileAll(variants);
    }

    private static MxQuantizeSpec turned(MxQuantizeSpec spec) {
        return spec.with(GroupTransform.HADAMARD);
    }

    private static MxQuantizeSpec spec(
            List<ElementFormat> formats, ScaleRule rule, Tolerance tolerance, Prologue prologue, ScalarType source) {
        return MxQuantizeSpec.activation(formats, rule, prologue, source, tolerance);
    }
}
