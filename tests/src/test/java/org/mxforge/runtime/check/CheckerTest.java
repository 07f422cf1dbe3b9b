package org.mxforge.runtime.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.codegen.catalogue.Catalogue;
import org.mxforge.codegen.cuda.CudaEmitter;
import org.mxforge.codegen.cuda.CudaSource;
import org.mxforge.dsl.spec.KernelKind;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.simulate.Finding;

class CheckerTest {
    private static final Checker CHECKER = new Checker();

    @AfterAll
    static void close() {
        CHECKER.close();
    }

    private static CheckCase smallest(KernelVariant variant) {
        CheckCase of = CheckCase.usual(variant, variant.target().isGpu() ? Device.SIMULATOR : Device.CPU);
        for (Extent extent : CheckCase.extents(variant.spec())) {
            of = of.with(of.sizes().with(extent.name() + "=" + extent.least()));
        }
        return of;
    }

    @Test
    void linesBringCasesBack() {
        for (KernelVariant variant : Catalogue.all()) {
            CheckCase of = smallest(variant);
            for (Data data : CheckCase.data(variant.spec())) {
                CheckCase drawn = of.with(data).with(-3);
                assertThat(CheckCase.parse(drawn.text())).isEqualTo(drawn);
            }
        }
    }

    /** One kernel of every kind and target, on the smallest operands that it takes. */
    @Test
    void everyKindHasWhatItIsCheckedOn() {
        Set<String> kinds = new HashSet<>();
        Catalogue.all().stream()
                .sorted(Comparator.comparing(variant -> variant.spec().text().length()))
                .filter(variant -> kinds.add(variant.spec().stem() + variant.target()))
                .forEach(variant -> {
                    Outcome outcome = CHECKER.check(smallest(variant));
                    assertThat(outcome.isRight()).as(outcome.sentence()).isTrue();
                });
        for (KernelKind<?> kind : KernelKinds.all()) {
            assertThat(kind.catalogue().isEmpty() || kinds.toString().contains(kind.stem()))
                    .as(kind.stem())
                    .isTrue();
        }
    }

    /** One that is not part of this tree. */
    @Test
    void aKindOfOnesOwn() {
        KernelVariant variant = KernelVariant.of(KernelSpec.parse("groupmax/v1;group=32"), Target.SM_80);
        CheckCase of = CheckCase.usual(variant, Device.SIMULATOR);
        assertThat(of.text()).contains("|k=256,m=40|random|1|simulator");
        assertThat(CHECKER.check(of).isRight()).isTrue();
        Outcome wrong = CHECKER.check(of, changed(variant, "__vmaxu2", "__vminu2"));
        assertThat(wrong.fault()).hasValue("group 0 is wrong");
        Outcome half = CHECKER.check(
                of, CudaEmitter.emit(KernelVariant.of(KernelSpec.parse("groupmax/v1;group=64"), Target.SM_80)));
        assertThat(half.fault()).isPresent();
        assertThat(half.findings()).extracting(Finding::kind).containsExactly(Finding.Kind.MISSING_RESULT);
    }

    /** Fewer blocks of channels than warps: those without any have copied factors all the same, which others read. */
    @Test
    void warpsWithoutChannelsWaitForWhatTheyCopied() {
        for (String algorithm : List.of("stream_fragments", "stream_containers")) {
            CheckCase few =
                    CheckCase.parse("mxgemm/v2;pairs=e2m1xe2m1;groups=g32;epilogue=none;out=bf16;tolerance=exact|"
                            + algorithm + "|sm_90a|bm=64,bn=16,warps=4|k=96,m=5,n=40|random|1|simulator");
            Outcome outcome = CHECKER.check(few);
            assertThat(outcome.isRight()).as(outcome.sentence()).isTrue();
        }
    }

    /** All warps of its first block are through when their turns are over, and the second runs all the same. */
    @Test
    void theLastInstructionMayBeTheLastOfATurn() {
        Outcome outcome = CHECKER.check(CheckCase.parse(
                "mxgemm/v2;pairs=e5m2xe2m1+e5m2xe5m2+e4m3xe2m3;groups=g64;epilogue=bias;out=bf16;tolerance=exact|"
                        + "mma|sm_80|bk=128,bm=64,bn=64,stages=3,wm=2,wn=2|k=64+64+192,m=32,n=65|exact|205|simulator"));
        assertThat(outcome.isRight()).as(outcome.sentence()).isTrue();
    }

    private static CudaSource changed(KernelVariant variant, String was, String is) {
        CudaSource right = CudaEmitter.emit(variant);
        assertThat(right.text()).contains(was);
        return new CudaSource(
                variant, right.entryPoint(), right.text().replace(was, is), right.signature(), right.sharedBytes());
    }

    @ParameterizedTest
    @CsvSource({
        "mxgemm/v2;pairs=e2m1xe2m1;groups=g32;epilogue=none;out=bf16;tolerance=exact, 'e8m0 << 23', 'e8m0 << 22'",
        "softmax/v1, 'expf(', 'sqrtf('"
    })
    void aChangedTextIsTold(String spec, String was, String is) {
        KernelVariant variant = KernelVariant.of(KernelSpec.parse(spec), Target.SM_80);
        CheckCase of = CheckCase.usual(variant, Device.SIMULATOR);
        Outcome outcome = CHECKER.check(of, changed(variant, was, is));
        assertThat(outcome.isRight()).isFalse();
        assertThat(outcome.sentence()).contains("element").contains(of.text());
        assertThat(outcome.worst()).isGreaterThan(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "softmax/v1|rows|sm_80|threads=256|rows=5|random|1|simulator!have no 'columns'",
                "softmax/v1|rows|sm_80|threads=256|columns=3,rows=5,m=2|random|1|simulator!have no size 'm'",
                "softmax/v1|rows|sm_80|threads=256|columns=0,rows=5|random|1|simulator!is 0: give 1 or more",
                "softmax/v1|rows|sm_80|threads=256|columns=3,rows=5|exact|1|simulator!says nothing about softmax",
                "softmax/v1|rows|sm_80|threads=256|columns=3,rows=5|rnadom|1|simulator!did you mean random?",
                "softmax/v1|rows|sm_80|threads=256|columns=3,rows=5|random|x|simulator!bad seed 'x'",
                "softmax/v1|rows|sm_80|threads=256|columns=3,rows=5|random|1|cpu!use simulator or gpu",
                "softmax/v1|rows|sm_80|threads=256|columns=3;rows=5|random|1|simulator!bad sizes",
                "softmax/v1|rows|sm_80!bad case"
            })
    void badLines(String line, String message) {
        assertThatThrownBy(() -> CheckCase.parse(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
