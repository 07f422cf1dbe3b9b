package org.mxforge.codegen.kernel.row;

import java.util.List;
import java.util.Locale;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.launch.SiluMulArguments;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.SiluMulSpec;

/** The gated MLP before a plain layer. */
public final class SiluMulKind extends RowKind<SiluMulSpec> {
    public SiluMulKind() {
        super(SiluMulSpec.STEM, SiluMulSpec.class, SiluMulArguments.class, SiluMulSpec::read);
    }

    @Override
    OutputModel model(SiluMulSpec spec, String name, int threads) {
        return new SiluMul(name, threads, spec.layout().name().toLowerCase(Locale.ROOT));
    }

    @Override
    void arguments(SiluMulSpec spec, SignatureBuilder signature) {
        signature
                .size("rows", "rows")
                .size("columns", 8, "columns")
                .address("x", "const unsigned short*", "gates and their factors", "BF16 [rows][2 columns]")
                .address("y", "unsigned short*", "the result", RmsNormKind.result(spec.layout()));
    }

    @Override
    List<SiluMulSpec> shipped() {
        return List.of(new SiluMulSpec(OperandLayout.PLAIN), new SiluMulSpec(OperandLayout.BF16));
    }

    /** {@code layout} of the result, names templates. */
    record SiluMul(String name, int threads, String layout) implements OutputModel {}
}
