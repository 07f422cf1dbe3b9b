package org.mxforge.codegen.kernel.gemm;

import org.mxforge.codegen.cpu.CpuCode;
import org.mxforge.codegen.cpu.RuntimeTypes;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import javax.lang.model.element.Modifier;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleCodec;

/** Methods that decode packed codes of one format: a group, a row, a panel. */
final class DecodeCode {
    private DecodeCode() {}

    /** What every use of a format needs: its table, a group, a row. */
    static void addRow(TypeSpec.Builder type, ElementFormat format) {
        type.addField(
                FieldSpec.builder(CpuCode.FLOATS, format.name(), Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
                        .addJavadoc("The value of every code.")
                        .initializer("$T.of($T.$L)", RuntimeTypes.DECODE_TABLE, ElementFormat.class, format.name())
                        .build());
        type.addMethod(group(format));
        type.addMethod(row(format));
    }

    private static MethodSpec group(ElementFormat format) {
        return CpuCode.helper(CpuCode.method("group", format))
                .addJavadoc(
                        "Decodes 32 codes from {@code at} on to {@code values[to ..]}; the product with a power of two is exact.")
                .addParameter(byte[].class, "codes")
                .addParameter(int.class, "at")
                .addParameter(float.class, "scale")
                .addParameter(CpuCode.FLOATS, "values")
                .addParameter(int.class, "to")
                .addCode(
                        switch (format.bits()) {
                            case 4 ->
                                """
                                    for (int i = 0; i < 16; i++) {
                                        int codePair = codes[at + i];
                                        values[to + 2 * i] = $1L[codePair & 15] * scale;
                                        values[to + 2 * i + 1] = $1L[codePair >>> 4 & 15] * scale;
                                    }
                                    """;
                            case 6 ->
                                """
                                    for (int i = 0; i < 8; i++) {
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
                                    for (int i = 0; i < 32; i++) {
                                        values[to + i] = $1L[codes[at + i] & 255] * scale;
                                    }
                                    """;
                        },
                        format.name())
                .build();
    }

    private static MethodSpec row(ElementFormat format) {
        return CpuCode.helper(CpuCode.method("row", format))
                .addJavadoc("Decodes one row of a partition to {@code values[to ..]}.")
                .addParameter(RuntimeTypes.PACKED_PARTITION, "part")
                .addParameter(int.class, "row")
                .addParameter(CpuCode.FLOATS, "values")
                .addParameter(int.class, "to")
                .addCode(
                        """
                        int groups = part.channels() / 32;
                        for (int g = 0; g < groups; g++) {
                            int index = row * groups + g;
                            float scale = $1T.decode(part.scales()[index] & 255);
                            $2L(part.codes(), index * $3L, scale, values, to + 32 * g);
                        }
                        """,
                        ScaleCodec.class,
                        CpuCode.method("group", format),
                        format.bytesPerGroup())
                .build();
    }

    /** Transposes a block of weights into panels. */
    static MethodSpec panel(ElementFormat format) {
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
                .addStatement("float[] group = new float[32]")
                .addStatement("int groups = part.channels() / 32")
                .beginControlFlow("for (int n = 0; n < width; n++)")
                .beginControlFlow("for (int g = 0; g < depth / 32; g++)")
                .addStatement("int index = (column + n) * groups + block / 32 + g")
                .addStatement("float scale = $T.decode(part.scales()[index] & 255)", ScaleCodec.class)
                .addStatement(
                        "$L(part.codes(), index * $L, scale, group, 0)",
                        CpuCode.method("group", format),
                        format.bytesPerGroup())
                .beginControlFlow("for (int k = 0; k < 32; k += $L)", PanelCode.STEP)
                .addStatement("float[] p = panel[(32 * g + k) / $L]", PanelCode.STEP)
                .addCode(PanelCode.spread(k -> CodeBlock.of("group[k + $L]", k)))
                .endControlFlow()
                .endControlFlow()
                .endControlFlow()
                .build();
    }
}
