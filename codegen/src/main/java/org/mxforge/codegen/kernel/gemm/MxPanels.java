package org.mxforge.codegen.kernel.gemm;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.lang.model.element.Modifier;
import org.mxforge.codegen.cpu.CpuCode;
import org.mxforge.codegen.cpu.RuntimeTypes;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.tile.CpuTiling;

/** Emits {@link MxGemmSpec}: activations decoded once, weights panel by panel, one accumulator over all partitions. */
final class MxPanels {
    private final MxGemmSpec spec;
    private final CpuTiling tiling;
    private final List<ElementFormat> activations;
    private final List<ElementFormat> weights;

    MxPanels(MxGemmSpec spec, CpuTiling tiling) {
        this.spec = spec;
        this.tiling = tiling;
        this.activations = spec.pairs().stream().map(FormatPair::activation).toList();
        this.weights = spec.pairs().stream().map(FormatPair::weight).toList();
    }

    TypeSpec type(String className) {
        TypeSpec.Builder type = TypeSpec.classBuilder(className)
                .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
                .addSuperinterface(RuntimeTypes.MX_GEMM)
                .addJavadoc(
                        "D = $L(A * B^T) in FP32 on packed operands; partitions (A x B) $L.\n",
                        spec.epilogue().text(),
                        spec.pairs().stream().map(FormatPair::text).collect(Collectors.joining(", ")));
        PanelCode.addTiling(type, tiling);
        type.addMethod(decode());
        type.addMethod(tile());
        type.addMethod(row());
        TreeSet<ElementFormat> all = new TreeSet<>(activations);
        all.addAll(weights);
        all.forEach(format -> DecodeCode.addRow(type, format, spec.groups()));
        new TreeSet<>(weights).forEach(format -> type.addMethod(DecodeCode.panel(format, spec.groups())));
        type.addMethod(PanelCode.multiply());
        type.addMethod(PanelCode.multiplyStep());
        type.addMethod(PanelCode.dot());
        type.addMethod(PanelCode.finish(spec.epilogue()));
        return type.build();
    }

    private MethodSpec decode() {
        return MethodSpec.methodBuilder("decode")
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PUBLIC)
                .addParameter(RuntimeTypes.PACKED_MATRIX, "activations")
                .addParameter(int.class, "begin")
                .addParameter(int.class, "end")
                .addParameter(CpuCode.FLOATS, "values")
                .addCode(parts("activations"))
                .beginControlFlow("for (int row = begin; row < end; row++)")
                .addStatement("int to = row * channels")
                .addCode(rows(activations, "row", "values"))
                .endControlFlow()
                .build();
    }

    /** Declares {@code part0, part1, ..} and {@code channels}. */
    private CodeBlock parts(String matrix) {
        CodeBlock.Builder code = CodeBlock.builder();
        for (int i = 0; i < weights.size(); i++) {
            code.addStatement("$1T part$2L = $3L.partitions().get($2L)", RuntimeTypes.PACKED_PARTITION, i, matrix);
        }
        String sum = IntStream.range(0, weights.size())
                .mapToObj(i -> "part" + i + ".channels()")
                .collect(Collectors.joining(" + "));
        return code.addStatement("int channels = $L", sum).build();
    }

    /** Decodes one row of all partitions to {@code values[to ..]}. */
    private static CodeBlock rows(List<ElementFormat> formats, String row, String values) {
        CodeBlock.Builder code = CodeBlock.builder();
        for (int i = 0; i < formats.size(); i++) {
            code.addStatement("$L(part$L, $L, $L, to)", CpuCode.method("row", formats.get(i)), i, row, values);
            if (i + 1 < formats.size()) {
                code.addStatement("to += part$L.channels()", i);
            }
        }
        return code.build();
    }

    private MethodSpec tile() {
        MethodSpec.Builder method = MethodSpec.methodBuilder("tile")
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PUBLIC)
                .addParameter(RuntimeTypes.operands(RuntimeTypes.MX_GEMM), "operands")
                .addParameter(int.class, "begin")
                .addParameter(int.class, "end")
                .addParameter(int.class, "column")
                .addStatement("float[] a = operands.activations()")
                .addStatement("int n = operands.weights().rows()")
                .addStatement("int width = Math.min(BN, n - column)")
                .addStatement("float[][] sums = new float[end - begin][BN]")
                .beginControlFlow("if (sums.length == 1)")
                .addStatement("row(a, begin, operands.weights(), column, width, sums[0])")
                .nextControlFlow("else")
                .addCode(parts("operands.weights()"))
                .addStatement("float[][] panel = new float[BK / $1L][$1L * BN]", PanelCode.STEP)
                .addStatement("int at = begin * channels");
        for (int i = 0; i < weights.size(); i++) {
            method.beginControlFlow("for (int block = 0; block < part$1L.channels(); block += BK)", i)
                    .addStatement("int depth = Math.min(BK, part$L.channels() - block)", i)
                    .addStatement(
                            "$L(part$L, block, depth, column, width, panel)",
                            CpuCode.method("panel", weights.get(i)),
                            i)
                    .addStatement("multiply(a, at + block, channels, panel, depth / $L, sums)", PanelCode.STEP)
                    .endControlFlow();
            if (i + 1 < weights.size()) {
                method.addStatement("at += part$L.channels()", i);
            }
        }
        return method.endControlFlow()
                .addCode(PanelCode.callFinish(spec.epilogue()))
                .build();
    }

    private MethodSpec row() {
        return CpuCode.helper("row")
                .addJavadoc(
                        "One row of activations: weights are decoded row by row, since no panel would be used twice.")
                .addParameter(CpuCode.FLOATS, "a")
                .addParameter(int.class, "begin")
                .addParameter(RuntimeTypes.PACKED_MATRIX, "weights")
                .addParameter(int.class, "column")
                .addParameter(int.class, "width")
                .addParameter(CpuCode.FLOATS, "sum")
                .addCode(parts("weights"))
                .addStatement("float[] decoded = new float[channels]")
                .beginControlFlow("for (int j = 0; j < width; j++)")
                .addStatement("int to = 0")
                .addCode(rows(weights, "column + j", "decoded"))
                .addStatement("sum[j] = dot(a, begin * channels, decoded)")
                .endControlFlow()
                .build();
    }
}
