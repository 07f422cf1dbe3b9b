package org.mxforge.codegen.kernel.quantize;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;
import org.mxforge.codegen.cpu.CpuCode;
import org.mxforge.codegen.cpu.RuntimeTypes;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.Prologue;

/** Emits {@link MxQuantizeSpec}: prologue, gather, scale, round and pack, row by row. */
final class MxQuantizeCode {
    private final MxQuantizeSpec spec;

    MxQuantizeCode(MxQuantizeSpec spec) {
        this.spec = spec;
    }

    TypeSpec type(String className) {
        List<ElementFormat> formats = spec.formats();
        TypeSpec.Builder type = TypeSpec.classBuilder(className)
                .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
                .addSuperinterface(RuntimeTypes.MX_QUANTIZE)
                .addJavadoc(
                        "Quantizes FP32 rows after prologue {@code $L}, scales by rule {@code $L}; partitions $L.\n",
                        spec.prologue().text(),
                        spec.rule().text(),
                        formats.stream().map(ElementFormat::text).collect(Collectors.joining(", ")))
                .addMethod(quantize());
        if (spec.prologue() != Prologue.NONE) {
            type.addMethod(prologue());
        }
        TreeSet<ElementFormat> distinct = new TreeSet<>(formats);
        distinct.forEach(format -> type.addMethod(EncodeCode.row(format, spec)));
        distinct.forEach(
                format -> type.addMethod(EncodeCode.encode(format, spec.groups().size())));
        distinct.stream()
                .map(ElementFormat::bits)
                .distinct()
                .forEach(bits ->
                        type.addMethod(EncodeCode.pack(bits, spec.groups().size())));
        return type.build();
    }

    private MethodSpec quantize() {
        boolean plain = spec.prologue() == Prologue.NONE;
        String begin = spec.prologue() == Prologue.SILU_MUL ? "2 * row * order.length" : "row * order.length";
        MethodSpec.Builder method = MethodSpec.methodBuilder("quantize")
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PUBLIC)
                .addParameter(RuntimeTypes.operands(RuntimeTypes.MX_QUANTIZE), "operands")
                .addParameter(int.class, "begin")
                .addParameter(int.class, "end")
                .addStatement("int[] order = operands.order()")
                .addStatement(plain ? "float[] x = operands.x()" : "float[] x = new float[order.length]");
        for (int i = 0; i < spec.formats().size(); i++) {
            method.addStatement("$1T part$2L = operands.out().partitions().get($2L)", RuntimeTypes.PACKED_PARTITION, i);
        }
        method.beginControlFlow("for (int row = begin; row < end; row++)")
                .addStatement(plain ? "int at = $L" : "prologue(operands, $L, x)", begin)
                .addStatement("int first = 0");
        for (int i = 0; i < spec.formats().size(); i++) {
            method.addStatement(
                    "$L(x, $L, order, first, part$L, row)",
                    CpuCode.method("row", spec.formats().get(i)),
                    plain ? "at" : "0",
                    i);
            if (i + 1 < spec.formats().size()) {
                method.addStatement("first += part$L.channels()", i);
            }
        }
        return method.endControlFlow().build();
    }

    private MethodSpec prologue() {
        return CpuCode.helper("prologue")
                .addJavadoc("Brings the row that begins at {@code from} through the prologue.")
                .addParameter(RuntimeTypes.operands(RuntimeTypes.MX_QUANTIZE), "operands")
                .addParameter(int.class, "from")
                .addParameter(CpuCode.FLOATS, "row")
                .addCode(
                        spec.prologue().norms()
                                ? CodeBlock.of(
                                        """
                                        float[] x = operands.x();
                                        float[] weight = operands.weight();
                                        float factor = $T.factor(x, from, row.length, operands.epsilon());
                                        for (int i = 0; i < row.length; i++) {
                                            row[i] = x[from + i] * factor * weight[i]$L;
                                        }
                                        """,
                                        RuntimeTypes.ROOT_MEAN_SQUARE,
                                        spec.prologue() == Prologue.RMSNORM_CENTRED ? " - operands.centre()[i]" : "")
                                : CodeBlock.of(
                                        """
                                        float[] x = operands.x();
                                        for (int i = 0; i < row.length; i++) {
                                            row[i] = $T.of(x[from + i]) * x[from + row.length + i];
                                        }
                                        """,
                                        RuntimeTypes.SILU))
                .build();
    }
}
