package org.mxforge.dsl.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.format.ScaleFormat;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.target.Target;
import org.mxforge.tests.check.KernelSpecs;

/** What is not a spec is refused, and the message says why. */
class SpecRefusalTest {
    private static final FormatPair PAIR = new FormatPair(ElementFormat.E2M1, ElementFormat.E2M1);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                        | must begin with a kernel name and version",
                "softmax                   | must begin with a kernel name and version",
                "softmax/v2                | must begin with softmax/v1",
                "mxgemm/v1;pairs=e2m1xe2m1;groups=g32.rows;epilogue=none;out=bf16 | it must begin with mxgemm/v2",
                "mxgemm/v2;pairs=e2m1xe2m1;groups=g32;epilogue=none;out=bf16;tolerance=loose | unknown tolerance"
                        + " 'loose'",
                "/v1                       | unknown kernel ''",
                "conv/v1                   | unknown kernel 'conv'",
                "softmax/v1;head=64        | unknown field 'head=64'",
                "softmax/v1;               | unknown field ''",
                "attention/v1              | field 'head' is missing or out of order",
                "attention/v1;head=        | 'head' is not a number",
                "attention/v1;head=-8      | 'head' is not a number",
                "attention/v1;head=9999999999 | 'head' is not a number",
                "attention/v1;head=064     | its canonical text is 'attention/v1;head=64'",
                "attention/v1;head=12      | head size 12 is not a multiple of 8 from 8 to 256",
                "attention/v1;head=64;head=64 | unknown field 'head=64'",
                "attention/v1;head=64;cache=mxfp8;x=1 | unknown field 'x=1'",
                "attention/v1;head=64;cache=fp8 | unknown cache format 'fp8' (did you mean mxfp8?)",
                "attention/v1;head=80;cache=int4 | a key/value cache in int4 is for heads of a multiple of 32"
                        + " channels, not of 80",
                "attention/v1;head=64;cache=bf16 | its canonical text is 'attention/v1;head=64'",
                "densegemm/v1;out=bf16;epilogue=none | field 'epilogue' is missing or out of order",
                "densegemm/v1;epilogue=relu;out=bf16 | unknown epilogue 'relu': use none, bias, residual, silumul or"
                        + " swiglu",
                "densegemm/v1;epilogue=none;out=fp64 | unknown scalar type 'fp64': use bf16, fp16 or fp32",
                "mxgemm/v2;pairs=;groups=g32;epilogue=none;out=bf16;tolerance=exact | bad format pair ''",
                "mxgemm/v2;pairs=e2m1xe2m1+;groups=g32;epilogue=none;out=bf16;tolerance=exact | bad format pair ''",
                "mxgemm/v2;pairs=e2m1xe2m2;groups=g32;epilogue=none;out=bf16;tolerance=exact | unknown element format"
                        + " 'e2m2'",
                "mxgemm/v2;pairs=e2m1xe2m1;groups=g48;epilogue=none;out=bf16;tolerance=exact | no groups of 48",
                "mxgroupedgemm/v2;pairs=e2m1xe2m1;groups=g32;epilogue=none | field 'out' is missing or out of order",
                "mxgroupedgemm/v2;pairs=e2m1xe2m1;groups=g32;epilogue=none;out=bf16;tolerance=exact;experts=8 |"
                        + " unknown field 'experts=8'",
                "mxgroupedgemm/v2;pairs=e2m1;groups=g32;epilogue=none;out=bf16;tolerance=exact | bad format pair"
                        + " 'e2m1'",
                "expertchoice/v1;experts=8 | unknown field 'experts=8'",
                "int8quantize/v1;prologue=rmsnormcentred;in=fp32 | takes no centre off",
                "rmsnorm/v1;in=fp32;less=mean;layout=plain | takes off a centre or nothing, not 'mean'",
                "expertsum/v1;out=fp16    | expertsum works on bf16 or fp32, not fp16",
                "mxquantize/v2;side=left;formats=e2m1;rule=ceil;groups=g32;prologue=none;in=bf16;tolerance=exact |"
                        + " unknown side 'left'",
                "mxquantize/v2;side=weight;formats=e2m1;rule=round;groups=g32;prologue=none;in=bf16;tolerance=exact |"
                        + " unknown scale rule 'round'",
                "mxquantize/v2;side=weight;formats=e2m1;rule=ceil;groups=g32;prologue=gelu;in=bf16;tolerance=exact |"
                        + " unknown prologue 'gelu'",
                "mxquantize/v2;side=weight;formats=e2m1;rule=ceil;groups=g32;prologue=rmsnorm;in=bf16;tolerance=exact"
                        + " | belongs to activations",
                "mxquantize/v2;side=weight;formats=e2m1;rule=ceil;groups=g32;prologue=none;in=fp16;tolerance=exact |"
                        + " reads bf16 or fp32, not fp16",
                "mxquantize/v2;side=activation;formats=e2m1;rule=ceil;groups=g32;transform=fourier;prologue=none;"
                        + "in=bf16;tolerance=exact | unknown transform 'fourier'",
                "mxquantize/v2;side=activation;formats=e2m1;rule=ceil;groups=g32;transform=none;prologue=none;"
                        + "in=bf16;tolerance=exact | its canonical text is",
                "mxquantize/v2;side=weight;formats=e2m1;rule=ceil;groups=g32;transform=hadamard;prologue=none;"
                        + "in=bf16;tolerance=exact | weights are transformed before",
                "mxquantize/v2;side=activation;formats=e2m1;rule=ceil;groups=g64;transform=hadamard;prologue=none;"
                        + "in=bf16;tolerance=exact | groups of 32 activations",
                "mxquantize/v2;side=activation;formats=e2m1;rule=ceil;groups=g32;prologue=none;in=bf16;tolerance=exact;"
                        + "rows=all | gathered, held, or all, which is not said, not 'all'",
                "mxquantize/v2;side=weight;formats=e2m1;rule=ceil;groups=g32;prologue=none;in=bf16;tolerance=exact;"
                        + "rows=held | rows held belong to activations",
            })
    void aBadTextIsRefusedWithTheReason(String text, String reason) {
        refused(() -> KernelSpec.parse(text), reason);
    }

    @Test
    void anImpossibleSpecIsRefusedByTheRuleItBreaks() {
        refused(() -> new AttentionSpec(264), "head size 264");
        refused(() -> new DenseGemmSpec(null, ScalarType.BF16), "needs an epilogue and an output type");
        refused(() -> gemm(List.of()), "1 to 8 partitions, not 0");
        refused(() -> gemm(Collections.nCopies(9, PAIR)), "1 to 8 partitions, not 9");
        refused(
                () -> new MxGemmSpec(List.of(PAIR), null, Epilogue.NONE, ScalarType.BF16, Tolerance.EXACT),
                "needs a group layout, an epilogue, an output type and a tolerance");
        refused(() -> new MxGroupedGemmSpec(null), "a grouped GEMM needs the GEMM of an expert");
        refused(() -> quantize(Side.ACTIVATION, 0, Prologue.NONE), "1 to 8 partitions, not 0");
        refused(() -> quantize(Side.ACTIVATION, 9, Prologue.NONE), "1 to 8 partitions, not 9");
        refused(() -> quantize(Side.WEIGHT, 1, Prologue.SILU_MUL), "prologue silumul belongs to activations");
        refused(() -> quantize(null, 1, Prologue.NONE), "needs a side");
    }

    /** Each algorithm says in a sentence what it is not for. */
    @Test
    void anAlgorithmThatDoesNotHoldSaysWhy() {
        MxGemmSpec exact = gemm(List.of(new FormatPair(ElementFormat.E4M3, ElementFormat.E2M1)));
        unheld("wgmma_fragments", exact, Target.SM_80, "folded scales are for sm_90a");
        unheld("wgmma_fragments", exact, Target.SM_90A, "use tolerance=within4 to allow rounding");
        unheld("unpack_wgmma", exact.with(Tolerance.WITHIN_4), Target.SM_120A, "folded scales are for sm_90a");
        unheld("mma_scaled", exact, Target.SM_100A, "is for sm_120a");
        unheld("mma", exact, Target.CPU, "mma is for GPUs");
        unheld("panels", exact, Target.CPU, "the CPU target writes fp32");
        MxGemmSpec fine = new MxGemmSpec(
                List.of(PAIR), new GroupLayout(16, ScaleFormat.E8M0), Epilogue.NONE, ScalarType.BF16, Tolerance.EXACT);
        unheld("stream_containers", fine, Target.SM_90A, "groups of 32 with e8m0 scales alone");
        unheld("mma_scaled", fine, Target.SM_120A, "groups of 32 with e8m0 scales alone");
        unheld("containers", quantize(Side.WEIGHT, 1, Prologue.NONE), Target.SM_90A, "weights are folded on the host");
        refused(
                () -> KernelVariant.of(new MxGroupedGemmSpec(exact), Target.CPU),
                "has no kernel for cpu: folded scales are for sm_90a; ");
        for (KernelSpec spec : List.of(exact, new MxGroupedGemmSpec(exact), fine)) {
            assertThat(KernelVariant.of(spec, Target.SM_90A).algorithm().name()).isEqualTo("mma");
        }
        for (KernelSpec spec : List.of(exact, new MxGroupedGemmSpec(exact))) {
            assertThat(KernelVariant.of(spec, Target.SM_120A).algorithm().name())
                    .isEqualTo("mma_scaled");
            assertThat(KernelVariant.of(spec, Target.SM_100A).algorithm().name())
                    .isEqualTo("mma");
        }
        assertThat(KernelVariant.of(fine, Target.SM_120A).algorithm().name()).isEqualTo("mma");
    }

    private static void unheld(String algorithm, KernelSpec spec, Target target, String reason) {
        Algorithm<KernelSpec> named = KernelKinds.algorithm(spec, algorithm);
        assertThat(named.refusal(spec, target))
                .hasValueSatisfying(said -> assertThat(said).contains(reason));
        refused(() -> KernelVariant.of(spec, named, target), reason);
    }

    private static MxGemmSpec gemm(List<FormatPair> pairs) {
        return MxGemmSpec.exact(pairs, Epilogue.NONE, ScalarType.BF16);
    }

    private static MxQuantizeSpec quantize(Side side, int partitions, Prologue prologue) {
        return new MxQuantizeSpec(
                side,
                Collections.nCopies(partitions, ElementFormat.E2M1),
                ScaleRule.CEIL,
                GroupLayout.MX,
                prologue,
                ScalarType.BF16,
                Tolerance.EXACT);
    }

    @Provide
    Arbitrary<KernelSpec> specs() {
        return KernelSpecs.any();
    }

    /** One character changed: either still canonical text of something, or refused as the caller's mistake; never a crash. */
    @Property(edgeCases = EdgeCasesMode.NONE)
    void aDamagedTextParsesToItselfOrIsRefused(
            @ForAll("specs") KernelSpec spec,
            @ForAll @IntRange(max = 10_000) int place,
            @ForAll @CharRange(from = ' ', to = '~') char replacement) {
        StringBuilder text = new StringBuilder(spec.text());
        text.setCharAt(place % text.length(), replacement);
        try {
            KernelSpec parsed = KernelSpec.parse(text.toString());
            assertThat(parsed.text()).isEqualTo(text.toString());
        } catch (IllegalArgumentException refusal) {
            assertThat(refusal).hasMessageMatching(".*\\S.*");
        }
    }

    private static void refused(ThrowingCallable attempt, String reason) {
        assertThatThrownBy(attempt).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(reason);
    }
}
