package org.mxforge.codegen.kernel.gemm;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import javax.lang.model.element.Modifier;
import org.mxforge.codegen.cpu.CpuCode;
import org.mxforge.codegen.cpu.RuntimeTypes;
import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.tile.CpuTiling;

/** Emits {@link DenseGemmSpec} on weights of any {@link ScalarArray}, which are widened panel by panel. */
final class DensePanels {
    private final DenseGemmSpec spec;
    private final CpuTiling tiling;

    DensePanels(DenseGemmSpec spec, CpuTiling tiling) {
        this.spec = spec;
        this.tiling = tiling;
    }

    TypeSpec type(String className) {
        TypeSpec.Builder type = TypeSpec.classBuilder(className)
                .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
                .addSuperinterface(RuntimeTypes.DENSE_GEMM)
                .addJavadoc(
                        "D = $L(A * B^T) in FP32, B as it is stored.\n",
                        spec.epilogue().text());
        PanelCode.addTiling(type, tiling);
        return type.addMethod(tile())
                .addMethod(row())
                .addMethod(panel())
                .addMethod(PanelCode.multiply())
                .addMethod(PanelCode.multiplyStep())
                .addMethod(rest())
                .addMethod(PanelCode.dot())
                .addMethod(PanelCode.finish(spec.epilogue()))
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
                            float[] wide = new float[BK];
                            for (int block = 0; block < channels; block += BK) {
                                int depth = Math.min(BK, channels - block);
                                panel(operands.weights(), channels, block, depth, column, width, wide, panel);
                                multiply(a, begin * channels + block, channels, panel, depth / $1L, sums);
                            }
                            rest(a, begin, operands, column, width, sums);
                        }
                        """,
                        PanelCode.STEP)
                .addCode(PanelCode.callFinish(spec.epilogue()))
                .build();
    }

    private static MethodSpec row() {
        return CpuCode.helper("row")
                .addJavadoc(
                        "One row of activations: weights are widened row by row, since no panel would be used twice.")
                .addParameter(CpuCode.FLOATS, "a")
                .addParameter(int.class, "begin")
                .addParameter(RuntimeTypes.operands(RuntimeTypes.DENSE_GEMM), "operands")
                .addParameter(int.class, "column")
                .addParameter(int.class, "width")
                .addParameter(CpuCode.FLOATS, "sum")
                .addCode(
                        """
                        float[] decoded = new float[operands.channels()];
                        for (int j = 0; j < width; j++) {
                            operands.weights().widen((column + j) * decoded.length, decoded.length, decoded);
                            sum[j] = dot(a, begin * decoded.length, decoded);
                        }
                        """)
                .build();
    }

    private static MethodSpec panel() {
        return CpuCode.helper("panel")
                .addJavadoc(
                        "Widens whole steps of {@code depth} channels from {@code block} on of {@code width} weight rows, transposed: channel\n"
                                + "k of row n goes to {@code panel[k / $1L][k % $1L * BN + n]}. The scratch {@code wide} is the caller's: with one of\n"
                                + "its own HotSpot does not vectorise what follows.",
                        PanelCode.STEP)
                .addParameter(ScalarArray.class, "weights")
                .addParameter(int.class, "channels")
                .addParameter(int.class, "block")
                .addParameter(int.class, "depth")
                .addParameter(int.class, "column")
                .addParameter(int.class, "width")
                .addParameter(CpuCode.FLOATS, "wide")
                .addParameter(PanelCode.PANEL, "panel")
                .beginControlFlow("for (int n = 0; n < width; n++)")
                .addStatement("weights.widen((column + n) * channels + block, depth, wide)")
                .beginControlFlow("for (int step = 0; step < depth / $L; step++)", PanelCode.STEP)
                .addStatement("float[] p = panel[step]")
                .addStatement("int k = step * $L", PanelCode.STEP)
                .addCode(PanelCode.spread(k -> CodeBlock.of("wide[k + $L]", k)))
                .endControlFlow()
                .endControlFlow()
                .build();
    }

    private static MethodSpec rest() {
        return CpuCode.helper("rest")
                .addJavadoc("Adds the channels that do not fill a step.")
                .addParameter(CpuCode.FLOATS, "a")
                .addParameter(int.class, "begin")
                .addParameter(RuntimeTypes.operands(RuntimeTypes.DENSE_GEMM), "operands")
                .addParameter(int.class, "column")
                .addParameter(int.class, "width")
                .addParameter(PanelCode.PANEL, "sums")
                .addCode(
                        """
                        int channels = operands.channels();
                        for (int k = channels / $1L * $1L; k < channels; k++) {
                            for (int j = 0; j < width; j++) {
                                float b = operands.weights().get((column + j) * channels + k);
                                for (int row = 0; row < sums.length; row++) {
                                    sums[row][j] = Math.fma(a[(begin + row) * channels + k], b, sums[row][j]);
                                }
                            }
                        }
                        """,
                        PanelCode.STEP)
                .build();
    }
}
