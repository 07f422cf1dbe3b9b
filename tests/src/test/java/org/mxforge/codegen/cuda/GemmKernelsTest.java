package org.mxforge.codegen.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;

/** The text of the portable GEMMs, for every pair and for all legal variants of the mixed ones. */
class GemmKernelsTest {
    static Stream<KernelSpec> specs() {
        return Stream.concat(GemmSpecs.pairs().stream(), GemmSpecs.mixes().stream());
    }

    @ParameterizedTest
    @MethodSource("specs")
    void emitsTheSameTextEveryTime(KernelSpec spec) {
        KernelVariant variant = GemmSpecs.onMma(spec, Target.SM_90A).findFirst().orElseThrow();
        CudaSource source = CudaEmitter.emit(variant);
        assertThat(CudaEmitter.emit(KernelVariant.parse(variant.text()))).isEqualTo(source);
        assertThat(source.entryPoint()).isEqualTo(variant.identifier());
        assertThat(source.text())
                .startsWith("// GENERATED from " + variant.text() + "; do not edit\n")
                .containsOnlyOnce(" " + source.entryPoint() + "(\n")
                .doesNotContain("#include", "\t", " \n", "$", "\n\n\n")
                .endsWith("}\n");
    }

    @ParameterizedTest
    @EnumSource(value = Target.class, mode = EnumSource.Mode.EXCLUDE, names = "CPU")
    void everyVariantFitsItsTarget(Target target) {
        specs().flatMap(spec -> GemmSpecs.onMma(spec, target))
                .map(CudaEmitter::emit)
                .forEach(source -> {
                    assertThat(source.sharedBytes())
                            .as(source.variant().text())
                            .isPositive()
                            .isLessThanOrEqualTo(target.sharedMemoryPerBlock());
                    assertThat(source.threads()).isIn(64, 128, 256);
                });
    }

    @ParameterizedTest
    @EnumSource(value = Target.class, mode = EnumSource.Mode.EXCLUDE, names = "CPU")
    void thereAreVariantsForFewAndForManyRows(Target target) {
        specs().forEach(spec -> assertThat(
                        KernelKinds.algorithm(spec, "mma").space(spec, target).legal())
                .as(spec.text())
                .hasSizeBetween(10, 20)
                .anyMatch(c -> c.get("bm") == 16)
                .anyMatch(c -> c.get("bm") == 128));
    }

    @Test
    void repeatedFormatsShareTheirCode() {
        String text = CudaEmitter.emit(KernelVariant.of(GemmSpecs.LARGEST, Target.SM_80))
                .text();
        assertThat(text)
                .containsOnlyOnce("void values_e2m1(")
                .containsOnlyOnce("void multiply_e2m1xe2m1(")
                .containsOnlyOnce("void codes_6(")
                .contains("multiply_e2m1xe2m1({a_0, sa_0,", "multiply_e2m1xe2m1({a_7, sa_7,");
    }

    @Test
    void refusesTheCpu() {
        KernelVariant variant = KernelVariant.of(new DenseGemmSpec(Epilogue.NONE, ScalarType.FP32), Target.CPU);
        assertThatThrownBy(() -> CudaEmitter.emit(variant))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not for a GPU");
    }

    @Test
    void plainOperandsNeedNoCodecs() {
        KernelSpec spec = GemmSpecs.mixes().stream()
                .filter(DenseGemmSpec.class::isInstance)
                .findFirst()
                .orElseThrow();
        assertThat(CudaEmitter.emit(KernelVariant.of(spec, Target.SM_80)).text())
                .doesNotContain("element_decode", "scale_decode");
    }
}
