package org.mxforge.codegen.cpu;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import javax.lang.model.element.Modifier;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.KernelVariant;

/** Emits {@link DenseGemmSpec} on BF16 weights, which are widened panel by panel. */
final class DenseGemmEmitter {
    private final DenseGemmSpec spec;
    private final KernelVariant variant;

    DenseGemmEmitter(DenseGemmSpec spec, KernelVariant variant) {
        if (spec.output() != ScalarType.FP32) {
            throw new IllegalArgumentException("the CPU target writes fp32, so it cannot have " + spec.text());
        }
        this.spec = spec;
        this.variant = variant;
    }

    TypeSpec type() {
        TypeSpec.Builder type = TypeSpec.classBuilder(CpuEmitter.className(variant))
                .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
                .addSuperinterface(RuntimeTypes.DENSE_GEMM)
                .addJavadoc(
                        "D = $L(A * B^T) in FP32, B in BF16.\n", spec.epilogue().text());
        GemmCode.addTiling(type, variant.configuration());
        return type.addMethod(tile())
                .addMethod(row())
                .addMethod(panel())
                .addMethod(GemmCode.multiply())
                .addMethod(GemmCode.multiplyStep())
                .addMethod(rest())
                .addMethod(GemmCode.dot())
                .addMethod(GemmCode.finish(spec.epilogue()))
                .build();
    }

    private MethodSpec tile() {
        return MethodSpec.methodBuilder("tile")
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PUBLIC)
                .addParameter(RuntimeTypes.operands(RuntimeTypes.DENSE_GEMM), "operands")
                .addParameter(int.class, "begin")
                .addParameter(int.class, "end")
                .addParameter(int.class, "column")
                .addCode(
                        """
                        float[] a = operands.activations();
                        int n = operands.columns();
                        int channels = operands.channels();
                        int width = Math.min(BN, n - column);
                        float[][] sums = new float[end - begin][BN];
                        if (sums.length == 1) {
                            row(a, begin, operands, column, width, sums[0]);
                        } else {
                            float[][] panel = new float[BK / $1L][$1L * BN];
                            for (int block = 0; block < channels; block += BK) {
                                int depth = Math.min(BK, channels - block);
                                panel(operands.weights(), channels, block, depth, column, width, panel);
                                multiply(a, begin * channels + block, channels, panel, depth / $1L, sums);
                            }
                            rest(a, begin, operands, column, width, sums);
                        }
                        """,
                        GemmCode.STEP)
                .addCode(GemmCode.callFinish(spec.epilogue()))
                .build();
    }

    private static MethodSpec row() {
        return GemmCode.helper("row")
                .addJavadoc(
                        "One row of activations: weights are widened row by row, since no panel would be used twice.")
                .addParameter(GemmCode.FLOATS, "a")
                .addParameter(int.class, "begin")
                .addParameter(RuntimeTypes.operands(RuntimeTypes.DENSE_GEMM), "operands")
                .addParameter(int.class, "column")
                .addParameter(int.class, "width")
                .addParameter(GemmCode.FLOATS, "sum")
                .addCode(
                        """
                        float[] decoded = new float[operands.channels()];
                        for (int j = 0; j < width; j++) {
                            int from = (column + j) * decoded.length;
                            for (int k = 0; k < decoded.length; k++) {
                                decoded[k] = $T.toFloat(operands.weights()[from + k]);
                            }
                            sum[j] = dot(a, begin * decoded.length, decoded);
                        }
                        """,
                        Bfloat16.class)
                .build();
    }

    private static MethodSpec panel() {
        return GemmCode.helper("panel")
                .addJavadoc(
                        "Widens whole steps of {@code depth} channels from {@code block} on of {@code width} weight rows, transposed: channel\n"
                                + "k of row n goes to {@code panel[k / $1L][k % $1L * BN + n]}.",
                        GemmCode.STEP)
                .addParameter(short[].class, "weights")
                .addParameter(int.class, "channels")
                .addParameter(int.class, "block")
                .addParameter(int.class, "depth")
                .addParameter(int.class, "column")
                .addParameter(int.class, "width")
                .addParameter(GemmCode.PANEL, "panel")
                .beginControlFlow("for (int n = 0; n < width; n++)")
                .addStatement("int from = (column + n) * channels + block")
                .beginControlFlow("for (int step = 0; step < depth / $L; step++)", GemmCode.STEP)
                .addStatement("float[] p = panel[step]")
                .addStatement("int k = from + step * $L", GemmCode.STEP)
                .addCode(GemmCode.spread(k -> CodeBlock.of("$T.toFloat(weights[k + $L])", Bfloat16.class, k)))
                .endControlFlow()
                .endControlFlow()
                .build();
    }

    private static MethodSpec rest() {
        return GemmCode.helper("rest")
                .addJavadoc("Adds the channels that do not fill a step.")
                .addParameter(GemmCode.FLOATS, "a")
                .addParameter(int.class, "begin")
                .addParameter(RuntimeTypes.operands(RuntimeTypes.DENSE_GEMM), "operands")
                .addParameter(int.class, "column")
                .addParameter(int.class, "width")
                .addParameter(GemmCode.PANEL, "sums")
                .addCode(
                        """
                        int channels = operands.channels();
                        for (int k = channels / $1L * $1L; k < channels; k++) {
                            for (int j = 0; j < width; j++) {
                                float b = $2T.toFloat(operands.weights()[(column + j) * channels + k]);
                                for (int row = 0; row < sums.length; row++) {
                                    sums[row][j] = Math.fma(a[(begin + row) * channels + k], b, sums[row][j]);
                                }
                            }
                        }
                        """,
                        GemmCode.STEP,
                        Bfloat16.class)
                .build();
    }
}
