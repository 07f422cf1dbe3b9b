package org.mxforge.codegen.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mxforge.codegen.JavaSource;
import org.mxforge.codegen.Variants;
import org.mxforge.codegen.cuda.CudaEmitter;
import org.mxforge.codegen.cuda.CudaSource;
import org.mxforge.dsl.launch.AttentionArguments;
import org.mxforge.dsl.launch.DenseGemmArguments;
import org.mxforge.dsl.launch.DenseTileArguments;
import org.mxforge.dsl.launch.EmbeddingArguments;
import org.mxforge.dsl.launch.Int8GemmArguments;
import org.mxforge.dsl.launch.KvAppendArguments;
import org.mxforge.dsl.launch.MxExpandArguments;
import org.mxforge.dsl.launch.MxFoldArguments;
import org.mxforge.dsl.launch.MxGemmArguments;
import org.mxforge.dsl.launch.MxGemmOperands;
import org.mxforge.dsl.launch.MxGroupedGemmArguments;
import org.mxforge.dsl.launch.MxQuantizeArguments;
import org.mxforge.dsl.launch.MxQuantizeOutput;
import org.mxforge.dsl.launch.MxUnpackArguments;
import org.mxforge.dsl.launch.PrologueOperands;
import org.mxforge.dsl.spec.KernelKind;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.target.Target;

/** Launchers of every stem compile without a warning, launch what they were asked to, and refuse what cannot be right. */
class LauncherTest {
    /** Stands for the dynamic shared memory that the kernel has. */
    static final int SHARED = -1;

    private static final PrologueOperands NONE = new PrologueOperands.None();

    /** Arguments, and the launch they must become. */
    record Case(String spec, Object arguments, int gridX, int gridY, int sharedBytes, List<Number> values) {}

    /** Arguments, and what the refusal must say. */
    record Refusal(String spec, Object arguments, String message) {}

    private static final String GEMM =
            "mxgemm/v2;pairs=e2m1xe2m1+e4m3xe2m1;groups=g32;epilogue=none;out=bf16;tolerance=exact|mma";
    private static final String BIASED =
            "mxgemm/v2;pairs=e3m2xe2m3;groups=g32;epilogue=bias;out=fp32;tolerance=exact|mma";
    private static final String SWIGLU =
            "mxgemm/v2;pairs=e2m1xe2m1;groups=g32;epilogue=swiglu;out=bf16;tolerance=exact|stream_fragments";
    private static final String GROUPED =
            "mxgroupedgemm/v2;pairs=e2m1xe2m1;groups=g32;epilogue=bias;out=bf16;tolerance=exact|mma";
    private static final String GROUPED_FOLDED =
            "mxgroupedgemm/v2;pairs=e2m1xe2m1;groups=g32;epilogue=none;out=bf16;tolerance=exact|wgmma_fragments";
    private static final String GROUPED_FEW =
            "mxgroupedgemm/v2;pairs=e2m1xe2m1;groups=g32;epilogue=none;out=bf16;tolerance=exact;rows=16|stream_fragments";
    private static final String DENSE = "densegemm/v1;epilogue=none;out=bf16";
    private static final String DENSE_RESIDUAL = "densegemm/v1;epilogue=residual;out=bf16";
    private static final String INT8 = "int8gemm/v1;epilogue=residual;out=fp32|few";
    private static final String QUANTIZE =
            "mxquantize/v2;side=activation;formats=e2m1+e4m3;rule=ceil;groups=g32;prologue=none;in=bf16;tolerance=exact|tiled";
    private static final String NORM_QUANTIZE =
            "mxquantize/v2;side=activation;formats=e2m1;rule=clip;groups=g32;transform=hadamard;prologue=rmsnorm;in=bf16;tolerance=exact|rows";
    private static final String GATED_QUANTIZE =
            "mxquantize/v2;side=activation;formats=e2m1;rule=floor;groups=g32;prologue=silumul;in=fp32;tolerance=exact|rows";
    private static final String GATHERED_QUANTIZE =
            "mxquantize/v2;side=activation;formats=e2m1;rule=ceil;groups=g32;prologue=none;in=bf16;tolerance=exact;rows=gathered|spread";
    private static final String FOLD =
            "mxquantize/v2;side=activation;formats=e2m1+e4m3+e3m2;rule=ceil;groups=g32;prologue=none;in=bf16;tolerance=within4|containers";
    private static final String SPREAD =
            "mxquantize/v2;side=activation;formats=e2m1+e4m3;rule=ceil;groups=g32;prologue=none;in=bf16;tolerance=within4|spread";
    private static final String EXPAND = "mxexpand/v1;format=e2m1";
    private static final String UNPACK = "mxunpack/v1;format=e3m2";
    private static final String FOLD_WEIGHTS = "mxfold/v1;formats=e2m1+e3m2;to=fragments";
    private static final String TILE = "densetile/v1";

    private static final Map<String, CudaSource> KERNELS = Stream.of(
                    GEMM,
                    BIASED,
                    SWIGLU,
                    GROUPED,
                    GROUPED_FOLDED,
                    GROUPED_FEW,
                    DENSE,
                    DENSE_RESIDUAL,
                    INT8,
                    QUANTIZE,
                    NORM_QUANTIZE,
                    GATED_QUANTIZE,
                    GATHERED_QUANTIZE,
                    FOLD,
                    SPREAD,
                    EXPAND,
                    UNPACK,
                    FOLD_WEIGHTS,
                    TILE,
                    "rmsnorm/v1;in=fp32;layout=plain",
                    "rmsnorm/v1;in=fp32;less=centre;layout=plain",
                    "silumul/v1;layout=plain",
                    "kvappend/v1;heads=plain",
                    "kvappend/v1;heads=normed",
                    "kvappend/v1;heads=plain;cache=int4",
                    "router/v1",
                    "expertchoice/v1",
                    "expertorder/v1",
                    "expertroute/v1",
                    "tokenroute/v1",
                    "expertsum/v1;out=fp32",
                    "attention/v1;head=64",
                    "attention/v1;head=64;cache=mxfp8",
                    "attention/v1;head=64|mma",
                    "attention/v1;head=64|stream",
                    "embedding/v1;out=fp32",
                    "rowgather/v1;type=fp32",
                    "rowscatteradd/v1;out=fp32",
                    "partsum/v1;parts=2",
                    "partjoin/v1;parts=2",
                    "fp64gemm/v1;a=transposed;sum=add",
                    "fp64factor/v1",
                    "fp64rows/v1;in=bf16;layout=plain;transform=none;rule=clip",
                    "mxround/v1",
                    "softmax/v1|rows",
                    "softmax/v1|spread",
                    "sampling/v1|rows",
                    "sampling/v1|spread",
                    "crossentropy/v1",
                    "int8quantize/v1;prologue=rmsnorm;in=fp32",
                    "int8quantize/v1;prologue=silumul;in=bf16")
            .collect(Collectors.toMap(Function.identity(), LauncherTest::kernel));

    private static final Map<String, JavaSource> SOURCES = KERNELS.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, e -> LauncherEmitter.emit(e.getValue())));

    private static final CompiledLaunchers COMPILED = new CompiledLaunchers(List.copyOf(SOURCES.values()));

    private static CudaSource kernel(String spec) {
        return CudaEmitter.emit(Variants.usual(spec, Target.SM_90A));
    }

    private static int tiles(String spec, String side, int size) {
        int tile = KERNELS.get(spec).variant().configuration().get(side);
        return (size + tile - 1) / tile;
    }

    private static RecordingKernel launch(String spec, Object arguments) {
        RecordingKernel kernel = new RecordingKernel();
        COMPILED.instantiate(SOURCES.get(spec)).launch(kernel, null, arguments);
        return kernel;
    }

    static Stream<Case> launches() {
        Stream<Case> operands = Stream.of(
                new Case(
                        EXPAND,
                        new MxExpandArguments(65, 160, 0x10, 0x20, 0x30, 0x40),
                        // 9 slabs of rows by 2 blocks of channels, 8 warps to a block
                        3,
                        1,
                        0,
                        List.of(65, 160, 0x10L, 0x20L, 0x30L, 0x40L)),
                new Case(
                        UNPACK,
                        new MxUnpackArguments(129, 160, 0x10, 0x20),
                        // 2 tiles of rows by 2 of channels, each of eight blocks, 8 warps to a block
                        4,
                        1,
                        0,
                        List.of(129, 160, 0x10L, 0x20L)),
                new Case(
                        FOLD_WEIGHTS,
                        new MxFoldArguments(
                                129,
                                64,
                                List.of(
                                        new MxFoldArguments.Part(0x10, 0x20, 0x30, 160),
                                        new MxFoldArguments.Part(0x40, 0x50, 0x60, 32)),
                                0x70,
                                0x80),
                        // a warp for each row, 8 to a block
                        17,
                        1,
                        0,
                        List.of(129, 64, 0x10L, 0x20L, 0x30L, 160, 0x40L, 0x50L, 0x60L, 32, 0x70L, 0x80L)),
                new Case(
                        TILE,
                        new DenseTileArguments(129, 72, 0x10, 0x20),
                        // 2 tiles of channels, each of eight pieces of a row
                        (129 * 16 + 255) / 256,
                        1,
                        0,
                        List.of(129, 72, 0x10L, 0x20L)),
                new Case(
                        GEMM,
                        new MxGemmArguments(
                                65, 129, List.of(operands(0x100, 96), new MxGemmOperands(0, 0, 0, 0, 0)), 0, 0x900),
                        tiles(GEMM, "bn", 129),
                        tiles(GEMM, "bm", 65),
                        SHARED,
                        List.of(65, 129, 0x100L, 0x110L, 0x120L, 0x130L, 96, 0L, 0L, 0L, 0L, 0, 0x900L)),
                new Case(
                        BIASED,
                        new MxGemmArguments(1, 1, List.of(operands(0x100, 32)), 0x800, 0x900),
                        1,
                        1,
                        SHARED,
                        List.of(1, 1, 0x100L, 0x110L, 0x120L, 0x130L, 32, 0x800L, 0x900L)),
                new Case(
                        SWIGLU,
                        new MxGemmArguments(3, 304, List.of(operands(0x100, 96)), 0, 0x900),
                        tiles(SWIGLU, "bn", 304),
                        1,
                        SHARED,
                        List.of(3, 304, 0x100L, 0x110L, 0x120L, 0x130L, 96, 0x900L)),
                new Case(
                        GROUPED,
                        new MxGroupedGemmArguments(384, 129, 0x50, List.of(operands(0x100, 96)), 0x800, 0x900),
                        tiles(GROUPED, "bn", 129),
                        tiles(GROUPED, "bm", 384),
                        SHARED,
                        List.of(384, 129, 0x50L, 0x100L, 0x110L, 0x120L, 0x130L, 96, 0x800L, 0x900L)),
                new Case(
                        GROUPED_FOLDED,
                        new MxGroupedGemmArguments(384, 14336, 0x50, List.of(operands(0x100, 96)), 0, 0x900),
                        132,
                        1,
                        SHARED,
                        List.of(384, 14336, 0x50L, 0x100L, 0x110L, 0x120L, 0x130L, 96, 0x900L)),
                new Case(
                        GROUPED_FEW,
                        new MxGroupedGemmArguments(48, 300, 0x50, List.of(operands(0x100, 96)), 0, 0x900),
                        tiles(GROUPED_FEW, "bn", 300),
                        3,
                        SHARED,
                        List.of(48, 300, 0x50L, 0x100L, 0x110L, 0x120L, 0x130L, 96, 0x900L)),
                new Case(
                        DENSE,
                        new DenseGemmArguments(64, 128, 40, 0x10, 0x20, 0, 0x30),
                        1,
                        1,
                        SHARED,
                        List.of(64, 128, 40, 0x10L, 0x20L, 0x30L)),
                new Case(
                        DENSE_RESIDUAL,
                        new DenseGemmArguments(200, 300, 8, 0x10, 0x20, 0x30, 0x30),
                        tiles(DENSE_RESIDUAL, "bn", 300),
                        tiles(DENSE_RESIDUAL, "bm", 200),
                        SHARED,
                        List.of(200, 300, 8, 0x10L, 0x20L, 0x30L, 0x30L)),
                new Case(
                        INT8,
                        new Int8GemmArguments(20, 300, 48, 0x10, 0x20, 0x30, 0x40, 0x50, 0x50),
                        tiles(INT8, "bn", 300),
                        2,
                        SHARED,
                        List.of(20, 300, 48, 0x10L, 0x20L, 0x30L, 0x40L, 0x50L, 0x50L)),
                new Case(
                        QUANTIZE,
                        new MxQuantizeArguments(
                                129, 96, 0x10, NONE, 0x20, List.of(output(0x100, 64), output(0x200, 32))),
                        256,
                        1,
                        192,
                        List.of(129, 96, 0x10L, 0x20L, 0x100L, 0x110L, 64, 0x200L, 0x210L, 32)),
                new Case(
                        NORM_QUANTIZE,
                        new MxQuantizeArguments(
                                7,
                                2048,
                                0x10,
                                new PrologueOperands.RmsNorm(0x40, 1e-5f),
                                0x20,
                                List.of(output(0x100, 2048))),
                        7,
                        1,
                        8192,
                        List.of(7, 2048, 0x10L, 0x40L, 1e-5f, 0x20L, 0x100L, 0x110L, 2048)),
                new Case(
                        GATED_QUANTIZE,
                        new MxQuantizeArguments(
                                7, 32, 0x10, new PrologueOperands.SiluMul(), 0x20, List.of(output(0x100, 32))),
                        7,
                        1,
                        128,
                        List.of(7, 32, 0x10L, 0x20L, 0x100L, 0x110L, 32)),
                new Case(
                        FOLD,
                        new MxQuantizeArguments(
                                8001,
                                96,
                                0x10,
                                NONE,
                                0x20,
                                List.of(folded(0x100, 64), new MxQuantizeOutput(0, 0, 0), folded(0x200, 32))),
                        // 4001 pairs for at most 3 blocks on each of 132 multiprocessors: 11 pairs each.
                        364,
                        1,
                        16 + 96 * 8,
                        List.of(8001, 96, 0x10L, 0x20L, 0x100L, 0x900L, 64, 0L, 0L, 0, 0x200L, 0x900L, 32)),
                new Case(
                        SPREAD,
                        new MxQuantizeArguments(
                                3, 8256, 0x10, NONE, 0x20, List.of(folded(0x100, 8192), folded(0x200, 64))),
                        // Eight blocks for each row; 2080 words of four channels, padding included, are more than one
                        // for each thread.
                        24,
                        1,
                        2 * 256 * 20,
                        List.of(3, 8256, 0x10L, 0x20L, 0x100L, 0x900L, 8192, 0x200L, 0x900L, 64)),
                new Case(
                        GATHERED_QUANTIZE,
                        new MxQuantizeArguments(3, 96, 0x10, NONE, 0x20, 0x30, List.of(folded(0x100, 96))),
                        3,
                        1,
                        0,
                        List.of(3, 96, 0x10L, 0x20L, 0x30L, 0x100L, 0x900L, 96)));
        return Stream.concat(operands, RowLaunches.cases().stream());
    }

    static Stream<Refusal> refusals() {
        Stream<Refusal> operands = Stream.of(
                new Refusal(
                        GEMM,
                        new MxGemmArguments(64, 64, List.of(operands(0x100, 96)), 0, 0x900),
                        "1 partitions were given to a kernel that was emitted for 2"),
                new Refusal(
                        GEMM,
                        new MxGemmArguments(64, 64, List.of(operands(0x100, 96), operands(0x200, 48)), 0, 0x900),
                        "channels of partition 1 is 48: it must be a multiple of 32"),
                new Refusal(
                        GEMM,
                        new MxGemmArguments(64, 64, List.of(operands(0x104, 96), operands(0x200, 32)), 0, 0x900),
                        "the address of activationCodes of partition 0, 0x104, is not a multiple of 16 bytes"),
                new Refusal(
                        BIASED,
                        new MxGemmArguments(64, 64, List.of(operands(0x100, 96)), 0, 0x900),
                        "the address of epilogueOperand is 0"),
                new Refusal(
                        BIASED,
                        new MxGemmArguments(0, 64, List.of(operands(0x100, 96)), 0x10, 0x900),
                        "m is 0: it must be more than 0"),
                new Refusal(
                        SWIGLU,
                        new MxGemmArguments(3, 24, List.of(operands(0x100, 96)), 0, 0x900),
                        "n is 24: it must be a multiple of 16"),
                new Refusal(
                        GROUPED,
                        new MxGroupedGemmArguments(200, 64, 0x50, List.of(operands(0x100, 96)), 0x800, 0x900),
                        "m is 200: it must be a multiple of 128"),
                new Refusal(
                        GROUPED_FOLDED,
                        new MxGroupedGemmArguments(256, 64, 0, List.of(operands(0x100, 96)), 0, 0x900),
                        "the address of routes is 0"),
                new Refusal(
                        DENSE,
                        new DenseGemmArguments(64, 128, 36, 0x10, 0x20, 0, 0x30),
                        "k is 36: it must be a multiple of 8"),
                new Refusal(
                        GATHERED_QUANTIZE,
                        new MxQuantizeArguments(7, 96, 0x10, NONE, 0x20, List.of(output(0x100, 96))),
                        "the address of rowIndex is 0"),
                new Refusal(
                        QUANTIZE,
                        new MxQuantizeArguments(
                                129, 128, 0x10, NONE, 0x20, List.of(output(0x100, 64), output(0x200, 32))),
                        "the partitions hold 96 channels, but a row has 128"),
                new Refusal(
                        QUANTIZE,
                        new MxQuantizeArguments(
                                129,
                                96,
                                0x10,
                                new PrologueOperands.SiluMul(),
                                0x20,
                                List.of(output(0x100, 64), output(0x200, 32))),
                        "reads None operands, not SiluMul"),
                new Refusal(
                        FOLD,
                        new MxQuantizeArguments(
                                7,
                                96,
                                0x10,
                                NONE,
                                0x20,
                                List.of(folded(0x100, 32), output(0x200, 32), folded(0x300, 32))),
                        "partitions have their factors at 0x900 and at 0x210"),
                new Refusal(
                        FOLD,
                        new MxQuantizeArguments(
                                7,
                                64_000,
                                0x10,
                                NONE,
                                0x20,
                                List.of(folded(0x100, 63_936), folded(0x200, 32), folded(0x300, 32))),
                        "columns is 64000: it must be at most 57"),
                new Refusal(
                        NORM_QUANTIZE,
                        new MxQuantizeArguments(
                                7, 64, 0x10, new PrologueOperands.RmsNorm(0x40, -1f), 0x20, List.of(output(0x100, 64))),
                        "epsilon is -1.0"),
                new Refusal(
                        "attention/v1;head=64",
                        new AttentionArguments(5, 8, 3, 4, 3, 0x50, 0x60, 0x70, 0x10, 0x20, 0x30, 0x40),
                        "heads is 8: it must be a multiple of 3"),
                new Refusal(
                        "attention/v1;head=64",
                        new AttentionArguments(5, 8, 2, 0, 3, 0x50, 0x60, 0x70, 0x10, 0x20, 0x30, 0x40),
                        "window is 0: it must be more than 0"),
                new Refusal(
                        "attention/v1;head=64|mma",
                        new AttentionArguments(5, 130, 2, 4, 3, 0x50, 0x60, 0x70, 0x10, 0x20, 0x30, 0x40),
                        "65 heads share keys: a tile has room for those of one query of 64 at most"),
                new Refusal(
                        "attention/v1;head=64|stream",
                        new AttentionArguments(5, 34, 2, 4, 3, 0x50, 0x60, 0x70, 0x10, 0x20, 0x30, 0x40),
                        "17 heads share keys: a product has rows for 16 at most"),
                new Refusal(
                        "kvappend/v1;heads=normed",
                        new KvAppendArguments(5, 8, 2, 60, 9, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0, 1, 2, 3, 4, 5),
                        "head is 60: it must be a multiple of 8"),
                new Refusal(
                        "kvappend/v1;heads=plain;cache=int4",
                        new KvAppendArguments(5, 8, 2, 80, 9, 0x10, 0x20, 0x30, 0x40, 0, 0, 0, 1, 2, 3, 4, 5),
                        "head is 80: it must be a multiple of 32"),
                new Refusal("embedding/v1;out=fp32", new EmbeddingArguments(5, 60, 0x10, 0x20, 0x30), "columns is 60"));
        return Stream.concat(operands, RowLaunches.refusals().stream());
    }

    @ParameterizedTest
    @MethodSource("launches")
    void launchesWhatItWasAsked(Case wanted) {
        RecordingKernel kernel = launch(wanted.spec(), wanted.arguments());
        CudaSource source = KERNELS.get(wanted.spec());
        assertThat(kernel.launches())
                .containsExactly(new RecordingKernel.Launch(
                        wanted.gridX(),
                        wanted.gridY(),
                        1,
                        source.threads(),
                        wanted.sharedBytes() == SHARED ? source.sharedBytes() : wanted.sharedBytes(),
                        wanted.values()));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusesWhatCannotBeRight(Refusal refusal) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> launch(refusal.spec(), refusal.arguments()))
                .withMessageContaining(refusal.message());
    }

    @Test
    void everyKindHasACase() {
        assertThat(launches().map(Case::spec)).containsExactlyInAnyOrderElementsOf(KERNELS.keySet());
        Set<String> launched = KERNELS.values().stream()
                .map(kernel -> kernel.variant().spec().stem())
                .collect(Collectors.toSet());
        assertThat(KernelKinds.all())
                .filteredOn(kind -> !kind.catalogue().isEmpty())
                .extracting(KernelKind::stem)
                .isSubsetOf(launched);
    }

    @Test
    void textNamesItsOriginAndIsDeterministic() {
        KERNELS.forEach((spec, kernel) -> {
            JavaSource source = LauncherEmitter.emit(kernel);
            assertThat(source).isEqualTo(SOURCES.get(spec));
            assertThat(source.text())
                    .startsWith("// GENERATED from " + kernel.variant().text() + "; do not edit\n")
                    .contains("{@code " + kernel.variant().spec().text() + "}");
        });
    }

    private static MxGemmOperands operands(long address, int channels) {
        return new MxGemmOperands(address, address + 0x10, address + 0x20, address + 0x30, channels);
    }

    private static MxQuantizeOutput output(long address, int channels) {
        return new MxQuantizeOutput(address, address + 0x10, channels);
    }

    /** A partition whose factors are where those of all others are. */
    private static MxQuantizeOutput folded(long address, int channels) {
        return new MxQuantizeOutput(address, 0x900, channels);
    }
}
