package org.mxforge.codegen.kernel.row;

import static org.mxforge.dsl.space.Expression.constant;
import static org.mxforge.dsl.space.Expression.variable;

import java.util.List;
import java.util.stream.IntStream;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.launch.PartSumArguments;
import org.mxforge.dsl.spec.PartSumSpec;

/** What the GPUs that share a model have of a layer's output, added up. */
public final class PartSumKind extends RowKind<PartSumSpec> {
    /** Elements of a thread. */
    private static final int VECTOR = 8;

    public PartSumKind() {
        super(PartSumSpec.STEM, PartSumSpec.class, PartSumArguments.class, PartSumSpec::read);
    }

    @Override
    OutputModel model(PartSumSpec spec, String name, int threads) {
        return new PartSum(
                name, threads, IntStream.range(0, spec.parts()).boxed().toList());
    }

    @Override
    void arguments(PartSumSpec spec, SignatureBuilder signature) {
        signature.size("rows", "rows").size("columns", VECTOR, "columns").entries("parts", spec.parts());
        for (int i = 0; i < spec.parts(); i++) {
            signature
                    .address("parts[" + i + "].x", "const float*", "summand " + i, "FP32 [rows][columns]")
                    .named("x_" + i);
        }
        signature.address("y", "float*", "what is added to", "FP32 [rows][columns]");
    }

    /** A row alone is too little for a block to hide how far another GPU's memory is. */
    @Override
    void grid(SignatureBuilder signature, int threads) {
        signature.grid(variable("rows").times(variable("columns")).pieces(constant(VECTOR * threads)));
    }

    @Override
    String work(int threads) {
        return "one block for " + VECTOR * threads + " elements";
    }

    @Override
    List<PartSumSpec> shipped() {
        return List.of(new PartSumSpec(2));
    }

    /** {@code parts} has the numbers of the summands. */
    record PartSum(String name, int threads, List<Integer> parts) implements OutputModel {}
}
