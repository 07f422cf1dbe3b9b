package org.mxforge.codegen.kernel.gemm;

import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import java.util.function.IntFunction;
import javax.lang.model.element.Modifier;
import org.mxforge.codegen.cpu.CpuCode;
import org.mxforge.codegen.cpu.RuntimeTypes;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.tile.CpuTiling;
import org.mxforge.dsl.tile.TileShape;

/** What the GEMM kernels of the CPU target have in common: tile sizes, the vector loop, the scalar product, the epilogue. */
final class PanelCode {
    /** Channels that one pass of the vector loop takes: with more HotSpot gives up unrolling, and with it vectorising. */
    static final int STEP = 8;

    static final TypeName PANEL = ArrayTypeName.of(CpuCode.FLOATS);

    private PanelCode() {}

    static void addTiling(TypeSpec.Builder type, CpuTiling tiling) {
        TileShape block = tiling.block();
        type.addField(constant("BM", block.m(), "Most rows of a tile."));
        type.addField(constant("BN", block.n(), "Columns of a tile."));
        type.addField(constant("BK", block.k(), "Channels of a panel of decoded weights."));
        type.addMethod(getter("tileRows", "BM"));
        type.addMethod(getter("tileColumns", "BN"));
    }

    private static FieldSpec constant(String name, int value, String meaning) {
        return FieldSpec.builder(int.class, name, Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
                .addJavadoc(meaning)
                .initializer("$L", value)
                .build();
    }

    private static MethodSpec getter(String name, String field) {
        return MethodSpec.methodBuilder(name)
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PUBLIC)
                .returns(int.class)
                .addStatement("return $L", field)
                .build();
    }

    /** Rows of activations times a panel, added to the rows of {@code sums}. */
    static MethodSpec multiply() {
        return CpuCode.helper("multiply")
                .addJavadoc(
                        "Adds rows of activations times the first {@code steps} panels to the rows of {@code sums}.")
                .addParameter(CpuCode.FLOATS, "a")
                .addParameter(int.class, "at")
                .addParameter(int.class, "channels")
                .addParameter(PANEL, "panel")
                .addParameter(int.class, "steps")
                .addParameter(PANEL, "sums")
                .addCode(
                        """
                        for (int row = 0; row < sums.length; row++) {
                            for (int step = 0; step < steps; step++) {
                                multiplyStep(a, at + row * channels + step * $1L, panel[step], sums[row]);
                            }
                        }
                        """,
                        STEP)
                .build();
    }

    /** The vector loop: {@link #STEP} channels of one row times a panel of as many rows of BN columns. */
    static MethodSpec multiplyStep() {
        MethodSpec.Builder method = CpuCode.helper("multiplyStep")
                .addJavadoc(
                        "Adds $L channels of one row times a panel to {@code sum}; HotSpot vectorises the loop.", STEP)
                .addParameter(CpuCode.FLOATS, "a")
                .addParameter(int.class, "at")
                .addParameter(CpuCode.FLOATS, "panel")
                .addParameter(CpuCode.FLOATS, "sum");
        for (int k = 0; k < STEP; k++) {
            method.addStatement("float a$1L = a[at + $1L]", k);
        }
        method.beginControlFlow("for (int j = 0; j < BN; j++)");
        method.addStatement("float s = Math.fma(a0, panel[j], sum[j])");
        for (int k = 1; k < STEP; k++) {
            method.addStatement("s = Math.fma(a$1L, panel[j + $1L * BN], s)", k);
        }
        return method.addStatement("sum[j] = s").endControlFlow().build();
    }

    /** The scalar product that a single row of activations takes instead of a panel. */
    static MethodSpec dot() {
        return CpuCode.helper("dot")
                .addJavadoc("The scalar product of {@code weights} and as many activations from {@code at} on.")
                .returns(float.class)
                .addParameter(CpuCode.FLOATS, "a")
                .addParameter(int.class, "at")
                .addParameter(CpuCode.FLOATS, "weights")
                .addStatement("int k = 0")
                .addCode(dotLoop())
                .addCode(
                        """
                        for (; k < weights.length; k++) {
                            s0 = Math.fma(a[at + k], weights[k], s0);
                        }
                        return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
                        """)
                .build();
    }

    /** One sum for each channel of a step, so that no addition waits for the one before it. */
    private static CodeBlock dotLoop() {
        CodeBlock.Builder code = CodeBlock.builder();
        for (int i = 0; i < STEP; i++) {
            code.addStatement("float s$L = 0f", i);
        }
        code.beginControlFlow("for (; k + $1L <= weights.length; k += $1L)", STEP);
        for (int i = 0; i < STEP; i++) {
            code.addStatement("s$1L = Math.fma(a[at + k + $1L], weights[k + $1L], s$1L)", i);
        }
        return code.endControlFlow().build();
    }

    /** The epilogue, on the way from the sums to D. */
    static MethodSpec finish(Epilogue epilogue) {
        MethodSpec.Builder method = CpuCode.helper("finish")
                .addJavadoc(
                        "Brings the sums through the epilogue to D, row {@code begin} and column {@code column} on.")
                .addParameter(PANEL, "sums")
                .addParameter(int.class, "begin")
                .addParameter(int.class, "column")
                .addParameter(int.class, "width");
        if (epilogue.operand() != Epilogue.Operand.NONE) {
            method.addParameter(CpuCode.FLOATS, "epilogueOperand");
        }
        return method.addParameter(CpuCode.FLOATS, "out")
                .addParameter(int.class, "n")
                .addCode(epilogue == Epilogue.SWIGLU ? pairs() : single(epilogue))
                .build();
    }

    private static CodeBlock single(Epilogue epilogue) {
        return CodeBlock.of(
                """
                for (int row = 0; row < sums.length; row++) {
                    float[] sum = sums[row];
                    int at = (begin + row) * n + column;
                    for (int j = 0; j < width; j++) {
                        out[at + j] = $L;
                    }
                }
                """,
                result(epilogue));
    }

    /** Gates and factors alternate by eights. */
    private static CodeBlock pairs() {
        return CodeBlock.of(
                """
                for (int row = 0; row < sums.length; row++) {
                    float[] sum = sums[row];
                    int at = ((begin + row) * n + column) / 2;
                    for (int j = 0; j < width / 2; j++) {
                        int gate = j / 8 * 16 + j % 8;
                        out[at + j] = $T.of(sum[gate]) * sum[gate + 8];
                    }
                }
                """,
                RuntimeTypes.SILU);
    }

    private static CodeBlock result(Epilogue epilogue) {
        return switch (epilogue) {
            case NONE -> CodeBlock.of("sum[j]");
            case BIAS -> CodeBlock.of("sum[j] + epilogueOperand[column + j]");
            case RESIDUAL -> CodeBlock.of("sum[j] + epilogueOperand[at + j]");
            case SWIGLU -> throw new IllegalArgumentException("two sums make one output");
            case SILU_MUL -> CodeBlock.of("$T.of(sum[j]) * epilogueOperand[at + j]", RuntimeTypes.SILU);
        };
    }

    /** The call of {@link #finish}. */
    static CodeBlock callFinish(Epilogue epilogue) {
        String epilogueOperand = epilogue.operand() == Epilogue.Operand.NONE ? "" : "operands.epilogueOperand(), ";
        return CodeBlock.of("finish(sums, begin, column, width, $Loperands.out(), n);\n", epilogueOperand);
    }

    /** Statements that put the values of one step into column n of a panel {@code p}; {@code source} gives the k-th. */
    static CodeBlock spread(IntFunction<CodeBlock> source) {
        CodeBlock.Builder code = CodeBlock.builder();
        for (int k = 0; k < STEP; k++) {
            code.addStatement("p[n + $L * BN] = $L", k, source.apply(k));
        }
        return code.build();
    }
}
