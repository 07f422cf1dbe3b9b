package org.mxforge.runtime.exec.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.codegen.Variants;
import org.mxforge.codegen.kernel.gemm.MxGemmKind;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.cpu.CpuMxGemm;
import org.mxforge.runtime.oracle.ErrorBound;
import org.mxforge.runtime.oracle.ExactOperands;
import org.mxforge.runtime.oracle.ReferenceGemm;

/** The emitted mixed GEMMs on operands where FP32 is exact: every result must equal the oracle's, bit for bit. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CpuMxGemmTest {
    private static final int[] ROWS = {1, 7, 64, 200};
    private static final int[] COLUMNS = {1, 130, 77, 33};

    private CpuGemms gemms;

    @BeforeAll
    void open(@TempDir Path cache) {
        gemms = new CpuGemms(cache);
    }

    @AfterAll
    void close() {
        gemms.close();
    }

    @ParameterizedTest
    @MethodSource("org.mxforge.dsl.layout.FormatPair#all")
    void everyPairIsExact(FormatPair pair) {
        check(ChannelSplit.uniform(pair, 160), Epilogue.NONE);
    }

    static Stream<String> splits() {
        return Stream.of(
                "e2m1xe2m1:96+e3m2xe2m1:32+e4m3xe2m1:32/32",
                "e2m1xe2m1:128+e3m2xe3m2:128+e4m3xe4m3:128/128",
                "e2m1xe2m1:64+e2m3xe2m3:64+e4m3xe4m3:128/64",
                "e2m1xe2m1:256+e3m2xe2m1:128/128",
                "e2m1xe2m1:32+e4m3xe2m1:224/32",
                "e2m1xe2m1:192+e4m3xe4m3:64/64",
                "e3m2xe2m1:128+e4m3xe2m1:128/128",
                "e2m3xe2m3:64+e4m3xe4m3:64/64",
                "e2m1xe3m2:32+e5m2xe4m3:32/32",
                "e4m3xe4m3:64+e2m1xe2m1:64+e4m3xe4m3:64/64",
                "e2m1xe2m1:32+e3m2xe3m2:64+e2m3xe2m3:96+e4m3xe4m3:32+e5m2xe5m2:32/32",
                "e5m2xe2m3:128+e2m3xe5m2:128/128",
                "e2m1xe2m1:96+e3m2xe4m3:64/32/g16",
                "e2m1xe2m1:192+e2m3xe5m2:64/64/g64");
    }

    @ParameterizedTest
    @MethodSource("splits")
    void mixedSplitsAreExact(String split) {
        check(ChannelSplit.parse(split), Epilogue.NONE);
    }

    @ParameterizedTest
    @EnumSource(Epilogue.class)
    void everyEpilogueIsExact(Epilogue epilogue) {
        check(ChannelSplit.parse("e2m1xe2m1:64+e3m2xe2m1:32+e4m3xe2m1:32/32"), epilogue);
    }

    @Test
    void everyConfigurationGivesTheSameBits() {
        ChannelSplit split = ChannelSplit.parse("e2m1xe2m1:224+e4m3xe4m3:96/32");
        ExactOperands operands = ExactOperands.generate(split, 70, 150, 5);
        float[] expected =
                ReferenceGemm.of(operands.activation(), operands.weight()).result(ScalarType.FP32);
        MxGemmSpec spec = CpuGemms.spec(split, Epilogue.NONE);
        List<KernelVariant> legal = Variants.all(spec, MxGemmKind.PANELS, Target.CPU);
        assertThat(legal).hasSizeGreaterThan(5);
        for (KernelVariant variant : legal) {
            float[] result = gemms.multiply(gemms.kernel(variant), operands, null);
            assertThat(ExactOperands.difference(result, expected, 150))
                    .as(variant.text())
                    .isEmpty();
        }
    }

    @Test
    void anEmptyPartitionAddsNothing() {
        ChannelSplit full = ChannelSplit.parse("e2m1xe2m1:64/64");
        ExactOperands operands = ExactOperands.generate(full, 9, 40, 6);
        MxGemmSpec spec = MxGemmSpec.exact(
                List.of(FormatPair.parse("e4m3xe4m3"), FormatPair.parse("e2m1xe2m1")), Epilogue.NONE, ScalarType.FP32);
        float[] out = new float[9 * 40];
        gemms.runner()
                .run(
                        gemms.kernel(spec),
                        CpuOperands.withEmptyFirst(operands.activation()),
                        CpuOperands.withEmptyFirst(operands.weight()),
                        null,
                        out);
        float[] expected =
                ReferenceGemm.of(operands.activation(), operands.weight()).result(ScalarType.FP32);
        assertThat(ExactOperands.difference(out, expected, 40)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"e2m1xe2m1:480+e3m2xe3m2:32/32", "e5m2xe2m1:512/32", "e2m3xe2m3:256+e4m3xe4m3:256/128"})
    void randomDataStaysWithinTheErrorBound(String text) {
        ChannelSplit split = ChannelSplit.parse(text);
        var a = CpuOperands.random(split, Side.ACTIVATION, 33, 1);
        var b = CpuOperands.random(split, Side.WEIGHT, 61, 2);
        float[] out = new float[33 * 61];
        gemms.runner().run(gemms.kernel(CpuGemms.spec(split, Epilogue.NONE)), a, b, null, out);
        assertThat(ErrorBound.nearest(ScalarType.FP32).violation(out, ReferenceGemm.of(a, b)))
                .isEmpty();
    }

    private void check(ChannelSplit split, Epilogue epilogue) {
        CpuMxGemm kernel = gemms.kernel(CpuGemms.spec(split, epilogue));
        for (int i = 0; i < ROWS.length; i++) {
            int m = ROWS[i];
            int n = (COLUMNS[i] + epilogue.rowMultiple() - 1) / epilogue.rowMultiple() * epilogue.rowMultiple();
            ExactOperands operands = ExactOperands.generate(split, m, n, 31L * m + split.channels());
            float[] epilogueOperand = CpuOperands.epilogueOperand(operands, epilogue);
            ReferenceGemm reference = ReferenceGemm.of(
                    operands.activation(),
                    operands.weight(),
                    epilogue,
                    epilogueOperand == null ? new float[0] : epilogueOperand);
            float[] result = gemms.multiply(kernel, operands, epilogueOperand, epilogue.columns(n));
            if (epilogue.hasSilu()) {
                assertThat(ErrorBound.nearest(ScalarType.FP32).violation(result, reference))
                        .isEmpty();
            } else {
                assertThat(ExactOperands.difference(result, reference.result(ScalarType.FP32), n))
                        .as("%s, m %d, n %d", split.text(), m, n)
                        .isEmpty();
            }
        }
    }
}
