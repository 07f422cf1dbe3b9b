package org.mxforge.codegen.launcher;

import static org.mxforge.codegen.launcher.LauncherTest.SHARED;

import java.util.List;
import org.mxforge.codegen.launcher.LauncherTest.Case;
import org.mxforge.codegen.launcher.LauncherTest.Refusal;
import org.mxforge.dsl.launch.AttentionArguments;
import org.mxforge.dsl.launch.CrossEntropyArguments;
import org.mxforge.dsl.launch.EmbeddingArguments;
import org.mxforge.dsl.launch.ExpertChoiceArguments;
import org.mxforge.dsl.launch.ExpertOrderArguments;
import org.mxforge.dsl.launch.ExpertRouteArguments;
import org.mxforge.dsl.launch.ExpertSumArguments;
import org.mxforge.dsl.launch.Fp64FactorArguments;
import org.mxforge.dsl.launch.Fp64GemmArguments;
import org.mxforge.dsl.launch.Fp64RowsArguments;
import org.mxforge.dsl.launch.Int8QuantizeArguments;
import org.mxforge.dsl.launch.KvAppendArguments;
import org.mxforge.dsl.launch.MxRoundArguments;
import org.mxforge.dsl.launch.PartsArguments;
import org.mxforge.dsl.launch.RmsNormArguments;
import org.mxforge.dsl.launch.RouterArguments;
import org.mxforge.dsl.launch.RowGatherArguments;
import org.mxforge.dsl.launch.RowScatterAddArguments;
import org.mxforge.dsl.launch.SamplingArguments;
import org.mxforge.dsl.launch.SiluMulArguments;
import org.mxforge.dsl.launch.SoftmaxArguments;
import org.mxforge.dsl.launch.TokenRouteArguments;

/** Launches of the kernels that go row by row: one block for each row, or for as many as it takes. */
final class RowLaunches {
    private RowLaunches() {}

    static List<Case> cases() {
        return List.of(
                new Case(
                        "rmsnorm/v1;in=fp32;layout=plain",
                        new RmsNormArguments(5, 64, 0x10, 0x20, 1e-6f, 0x30),
                        5,
                        1,
                        SHARED,
                        List.of(5, 64, 0x10L, 0x20L, 1e-6f, 0x30L)),
                new Case(
                        "rmsnorm/v1;in=fp32;less=centre;layout=plain",
                        new RmsNormArguments(5, 64, 0x10, 0x20, 0x50, 1e-6f, 0x30),
                        5,
                        1,
                        SHARED,
                        List.of(5, 64, 0x10L, 0x20L, 0x50L, 1e-6f, 0x30L)),
                new Case(
                        "int8quantize/v1;prologue=rmsnorm;in=fp32",
                        new Int8QuantizeArguments(5, 64, 0x10, 0x20, 1e-6f, 0x30, 0x40),
                        5,
                        1,
                        SHARED,
                        List.of(5, 64, 0x10L, 0x20L, 1e-6f, 0x30L, 0x40L)),
                new Case(
                        "int8quantize/v1;prologue=silumul;in=bf16",
                        new Int8QuantizeArguments(5, 64, 0x10, 0, 0, 0x30, 0x40),
                        5,
                        1,
                        SHARED,
                        List.of(5, 64, 0x10L, 0x30L, 0x40L)),
                new Case(
                        "silumul/v1;layout=plain",
                        new SiluMulArguments(5, 64, 0x10, 0x20),
                        5,
                        1,
                        SHARED,
                        List.of(5, 64, 0x10L, 0x20L)),
                new Case(
                        "kvappend/v1;heads=plain;cache=int4",
                        new KvAppendArguments(
                                5, 8, 2, 64, 9, 0x10, 0x20, 0x30, 0x40, 0, 0, 0, 0x50, 0x60, 0x70, 0x80, 0x90),
                        4,
                        1,
                        SHARED,
                        List.of(5, 8, 2, 64, 9, 0x10L, 0x20L, 0x30L, 0x40L, 0x50L, 0x60L, 0x70L, 0x80L, 0x90L)),
                new Case(
                        "kvappend/v1;heads=plain",
                        new KvAppendArguments(
                                5, 8, 2, 64, 9, 0x10, 0x20, 0x30, 0x40, 0, 0, 0, 0x50, 0x60, 0x70, 0x80, 0x90),
                        4,
                        1,
                        SHARED,
                        List.of(5, 8, 2, 64, 9, 0x10L, 0x20L, 0x30L, 0x40L, 0x50L, 0x60L, 0x70L, 0x80L, 0x90L)),
                new Case(
                        "kvappend/v1;heads=normed",
                        new KvAppendArguments(
                                5, 8, 2, 64, 9, 0x10, 0x20, 0x30, 0x40, 0xa0, 0xb0, 1e-6f, 0x50, 0x60, 0x70, 0x80,
                                0x90),
                        4,
                        1,
                        SHARED,
                        List.of(
                                5, 8, 2, 64, 9, 0x10L, 0x20L, 0x30L, 0x40L, 0xa0L, 0xb0L, 1e-6f, 0x50L, 0x60L, 0x70L,
                                0x80L, 0x90L)),
                new Case(
                        "router/v1",
                        new RouterArguments(5, 64, 4, 0x10, 0x20, 1e-6f, 0x30, 0x40),
                        5,
                        1,
                        SHARED,
                        List.of(5, 64, 4, 0x10L, 0x20L, 1e-6f, 0x30L, 0x40L)),
                new Case(
                        "expertchoice/v1",
                        new ExpertChoiceArguments(17, 8, 2, 0x10, 0x20, 0x30),
                        3,
                        1,
                        SHARED,
                        List.of(17, 8, 2, 0x10L, 0x20L, 0x30L)),
                new Case(
                        "expertorder/v1",
                        new ExpertOrderArguments(17, 8, 2, 8, 0x10, 0x20, 0x30, 0x40),
                        8,
                        1,
                        SHARED,
                        List.of(17, 8, 2, 8, 0x10L, 0x20L, 0x30L, 0x40L)),
                new Case(
                        "expertroute/v1",
                        new ExpertRouteArguments(5, 8, 2, 8, 0x10, 0x20, 0x30, 0x40, 0x50),
                        1,
                        1,
                        SHARED,
                        List.of(5, 8, 2, 8, 0x10L, 0x20L, 0x30L, 0x40L, 0x50L)),
                new Case(
                        "tokenroute/v1",
                        new TokenRouteArguments(64, 8, 2, 0x10, 0x20, 1e-6f, 0x30, 0x40, 0x50, 0x60, 0x70),
                        1,
                        1,
                        SHARED,
                        List.of(64, 8, 2, 0x10L, 0x20L, 1e-6f, 0x30L, 0x40L, 0x50L, 0x60L, 0x70L)),
                new Case(
                        "expertsum/v1;out=fp32",
                        new ExpertSumArguments(5, 64, 2, 0x10, 0x20, 0x30, 0x40),
                        5,
                        1,
                        SHARED,
                        List.of(5, 64, 2, 0x10L, 0x20L, 0x30L, 0x40L)),
                new Case(
                        "attention/v1;head=64;cache=mxfp8",
                        new AttentionArguments(5, 8, 2, 4, 3, 0x50, 0x60, 0x70, 0x10, 0x20, 0x30, 0x40),
                        5,
                        8,
                        SHARED,
                        List.of(5, 8, 2, 4, 3, 0x50L, 0x60L, 0x70L, 0x10L, 0x20L, 0x30L, 0x40L)),
                new Case(
                        "attention/v1;head=64",
                        new AttentionArguments(5, 8, 2, 4, 3, 0x50, 0x60, 0x70, 0x10, 0x20, 0x30, 0x40),
                        5,
                        8,
                        SHARED,
                        List.of(5, 8, 2, 4, 3, 0x50L, 0x60L, 0x70L, 0x10L, 0x20L, 0x30L, 0x40L)),
                new Case(
                        "attention/v1;head=64|mma",
                        new AttentionArguments(50, 8, 2, 4, 3, 0x50, 0x60, 0x70, 0x10, 0x20, 0x30, 0x40),
                        8,
                        1,
                        SHARED,
                        List.of(50, 8, 2, 4, 3, 0x50L, 0x60L, 0x70L, 0x10L, 0x20L, 0x30L, 0x40L)),
                new Case(
                        "attention/v1;head=64|stream",
                        new AttentionArguments(5, 8, 2, 4, 3, 0x50, 0x60, 0x70, 0x10, 0x20, 0x30, 0x40),
                        40,
                        2,
                        SHARED,
                        List.of(5, 8, 2, 4, 3, 0x50L, 0x60L, 0x70L, 0x10L, 0x20L, 0x30L, 0x40L)),
                new Case(
                        "embedding/v1;out=fp32",
                        new EmbeddingArguments(5, 64, 0x10, 0x20, 0x30),
                        5,
                        1,
                        SHARED,
                        List.of(5, 64, 0x10L, 0x20L, 0x30L)),
                new Case(
                        "rowgather/v1;type=fp32",
                        new RowGatherArguments(5, 64, 0x10, 0x20, 0x30),
                        5,
                        1,
                        SHARED,
                        List.of(5, 64, 0x10L, 0x20L, 0x30L)),
                new Case(
                        "rowscatteradd/v1;out=fp32",
                        new RowScatterAddArguments(5, 64, 0x10, 0x20, 0x30, 0x40),
                        5,
                        1,
                        SHARED,
                        List.of(5, 64, 0x10L, 0x20L, 0x30L, 0x40L)),
                new Case(
                        "partsum/v1;parts=2",
                        new PartsArguments(
                                5, 1000, List.of(new PartsArguments.Part(0x10), new PartsArguments.Part(0x20)), 0x30),
                        3,
                        1,
                        SHARED,
                        List.of(5, 1000, 0x10L, 0x20L, 0x30L)),
                new Case(
                        "partjoin/v1;parts=2",
                        new PartsArguments(
                                5, 1000, List.of(new PartsArguments.Part(0x10), new PartsArguments.Part(0x20)), 0x30),
                        3,
                        1,
                        SHARED,
                        List.of(5, 1000, 0x10L, 0x20L, 0x30L)),
                new Case(
                        "fp64gemm/v1;a=transposed;sum=add",
                        new Fp64GemmArguments(130, 300, 7, 0x10, 200, 0x20, 300, 0x30, 302, 1, 0, 1),
                        5,
                        3,
                        SHARED,
                        List.of(130, 300, 7, 0x10L, 200, 0x20L, 300, 0x30L, 302, 1, 0, 1)),
                new Case(
                        "fp64factor/v1",
                        new Fp64FactorArguments(96, 64, 0x10, 0x20, 0x30, 0x40),
                        1,
                        1,
                        SHARED,
                        List.of(96, 64, 0x10L, 0x20L, 0x30L, 0x40L)),
                new Case(
                        "fp64rows/v1;in=bf16;layout=plain;transform=none;rule=clip",
                        new Fp64RowsArguments(5, 96, 0x10, 0x20, 0x30, 0x40),
                        5,
                        1,
                        SHARED,
                        List.of(5, 96, 0x10L, 0x20L, 0x30L, 0x40L)),
                new Case(
                        "mxround/v1",
                        new MxRoundArguments(17, 96, 64, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60),
                        3,
                        1,
                        SHARED,
                        List.of(17, 96, 64, 0x10L, 0x20L, 0x30L, 0x40L, 0x50L, 0x60L)),
                new Case(
                        "softmax/v1|rows",
                        new SoftmaxArguments(5, 63, 0x30, 0x10, 0x20),
                        5,
                        1,
                        SHARED,
                        List.of(5, 63, 0x30L, 0x10L, 0x20L)),
                new Case(
                        "softmax/v1|spread",
                        new SoftmaxArguments(5, 63, 0x30, 0x10, 0x20),
                        8 * 5,
                        1,
                        8 * Float.BYTES,
                        List.of(5, 63, 0x30L, 0x10L, 0x20L)),
                new Case(
                        "sampling/v1|rows",
                        new SamplingArguments(5, 63, 0x40, 0x10, 0x20, 0x30),
                        5,
                        1,
                        SHARED,
                        List.of(5, 63, 0x40L, 0x10L, 0x20L, 0x30L)),
                new Case(
                        "sampling/v1|spread",
                        new SamplingArguments(5, 63, 0x40, 0x10, 0x20, 0x30),
                        8 * 5,
                        1,
                        8 * Float.BYTES,
                        List.of(5, 63, 0x40L, 0x10L, 0x20L, 0x30L)),
                new Case(
                        "crossentropy/v1",
                        new CrossEntropyArguments(5, 63, 128, 0x10, 0x20, 0x30),
                        5,
                        1,
                        SHARED,
                        List.of(5, 63, 128, 0x10L, 0x20L, 0x30L)));
    }

    static List<Refusal> refusals() {
        return List.of(
                new Refusal(
                        "expertchoice/v1",
                        new ExpertChoiceArguments(17, 8, 9, 0x10, 0x20, 0x30),
                        "perToken is 9: it must be at most 8"),
                new Refusal(
                        "expertchoice/v1",
                        new ExpertChoiceArguments(17, 64, 33, 0x10, 0x20, 0x30),
                        "perToken is 33: it must be at most 32"),
                new Refusal(
                        "expertorder/v1",
                        new ExpertOrderArguments(17, 2048, 2, 100, 0x10, 0x20, 0x30, 0x40),
                        "experts is 2048: it must be at most 1024"),
                new Refusal(
                        "expertorder/v1",
                        new ExpertOrderArguments(17, 8, 2, 7, 0x10, 0x20, 0x30, 0x40),
                        "tiles is 7: 17 tokens with 2 of 8 experts each may need 8"),
                new Refusal(
                        "expertroute/v1",
                        new ExpertRouteArguments(17, 8, 2, 34, 0x10, 0x20, 0x30, 0x40, 0x50),
                        "rows is 17: it must be at most 16"),
                new Refusal(
                        "expertroute/v1",
                        new ExpertRouteArguments(5, 8, 2, 7, 0x10, 0x20, 0x30, 0x40, 0x50),
                        "tiles is 7: 5 tokens with 2 of 8 experts each may need 8"));
    }
}
