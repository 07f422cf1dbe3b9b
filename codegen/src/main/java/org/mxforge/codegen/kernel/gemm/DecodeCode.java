package org.mxforge.codegen.kernel.gemm;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import javax.lang.model.element.Modifier;
import org.mxforge.codegen.cpu.CpuCode;
import org.mxforge.codegen.cpu.RuntimeTypes;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.GroupLayout;

/** Methods that decode packed codes of one format: a group, a row, a panel. */
final class DecodeCode {
    private DecodeCode() {}

    /** What every use of a format needs: its table, a group, a row. */
    static void addRow(TypeSpec.Builder type, ElementFormat format, GroupLayout groups) {
        type.addField(
                FieldSpec.builder(CpuCode.FLOATS, format.name(), Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
                        .addJavadoc("The value of every code.")
                        .initializer("$T.of($T.$L)", RuntimeTypes.DECODE_TABLE, ElementFormat.class, format.name())
                        .build());
        type.addMethod(group(format, groups.size()));
        type.addMethod(row(format, groups));
    }

    private static MethodSpec group(ElementFormat format, int size) {
        return CpuCode.helper(CpuCode.method("group", format))
                .addJavadoc(
                        "Decodes $L codes from {@code at} on to {@code values[to ..]}; the product with a power of two is exact.",
                        size)
                .addParameter(byte[].class, "codes")
                .addParameter(int.class, "at")
                .addParameter(float.class, "scale")
                .addParameter(CpuCode.FLOATS, "values")
                .addParameter(int.class, "to")
                .addCode(
                        switch (format.bits()) {
                            case 4 ->
                                """
                                    for (int i = 0; i < $2L; i++) {
                                        int codePair = codes[at + i];
                                        values[to + 2 * i] = $1L[codePair & 15] * scale;
                                        values[to + 2 * i + 1] = $1L[codePair >>> 4 & 15] * scale;
                                    }
                                    """;
                            case 6 ->
                                """
                                    for (int i = 0; i < $2L; i++) {
                                        int b = at + 3 * i;
                                        int fourCodes = codes[b] & 255 | (codes[b + 1] & 255) << 8 | (codes[b + 2] & 255) << 16;
                                        values[to + 4 * i] = $1L[fourCodes & 63] * scale;
                                        values[to + 4 * i + 1] = $1L[fourCodes >>> 6 & 63] * scale;
                                        values[to + 4 * i + 2] = $1L[fourCodes >>> 12 & 63] * scale;
                                        values[to + 4 * i + 3] = $1L[fourCodes >>> 18] * scale;
                                    }
                                    """;
                            default ->
                                """
                                    for (int i = 0; i < $2L; i++) {
                                        values[to + i] = $1L[codes[at + i] & 255] * scale;
                                    }
                                    """;
                        },
                        format.name(),
                        size / CpuCode.codesAtATime(format.bits()))
                .build();
    }

    private static MethodSpec row(ElementFormat format, GroupLayout groups) {
        return CpuCode.helper(CpuCode.method("row", format))
                .addJavadoc("Decodes one row of a partition to {@code values[to ..]}.")
                .addParameter(RuntimeTypes.PACKED_PARTITION, "part")
                .addParameter(int.class, "row")
                .addParameter(CpuCode.FLOATS, "values")
                .addParameter(int.class, "to")
                .addCode(
                        """
                        int groups = part.channels() / $4L;
                        for (int g = 0; g < groups; g++) {
                            int index = row * groups + g;
                            float scale = $1T.decode(part.scales()[index] & 255);
                            $2L(part.codes(), index * $3L, scale, values, to + $4L * g);
                        }
                        """,
                        groups.format().codec(),
                        CpuCode.method("group", format),
                        groups.bytes(format),
                        groups.size())
                .build();
    }

    /** Transposes a block of weights into panels. */
    static MethodSpec panel(ElementFormat format, GroupLayout groups) {
        return CpuCode.helper(CpuCode.method("panel", format))
                .addJavadoc(
                        "Decodes {@code depth} channels from {@code block} on of {@code width} weight rows, transposed: channel k of row n\n"
                                + "goes to {@code panel[k / $1L][k % $1L * BN + n]}.",
                        PanelCode.STEP)
                .addParameter(RuntimeTypes.PACKED_PARTITION, "part")
                .addParameter(int.class, "block")
                .addParameter(int.class, "depth")
                .addParameter(int.class, "column")
                .addParameter(int.class, "width")
                .addParameter(PanelCode.PANEL, "panel")
                .addStatement("float[] group = new float[$L]", groups.size())
                .addStatement("int groups = part.channels() / $L", groups.size())
                .beginControlFlow("for (int n = 0; n < width; n++)")
                .beginControlFlow("for (int g = 0; g < depth / $L; g++)", groups.size())
                .addStatement("int index = (column + n) * groups + block / $L + g", groups.size())
                .addStatement(
                        "float scale = $T.decode(part.scales()[index] & 255)",
                        groups.format().codec())
                .addStatement(
                        "$L(part.codes(), index * $L, scale, group, 0)",
                        CpuCode.method("group", format),
                        groups.bytes(format))
                .beginControlFlow("for (int k = 0; k < $L; k += $L)", groups.size(), PanelCode.STEP)
                .addStatement("float[] p = panel[($L * g + k) / $L]", groups.size(), PanelCode.STEP)
                .addCode(PanelCode.spread(k -> CodeBlock.of("group[k + $L]", k)))
                .endControlFlow()
                .endControlFlow()
                .endControlFlow()
                .build();
    }
}
