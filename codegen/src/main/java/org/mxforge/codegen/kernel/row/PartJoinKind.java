package org.mxforge.codegen.kernel.row;

import static org.mxforge.dsl.space.Expression.constant;
import static org.mxforge.dsl.space.Expression.variable;

import java.util.List;
import java.util.stream.IntStream;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.launch.PartJoinArguments;
import org.mxforge.dsl.spec.PartJoinSpec;

/** What the GPUs that share a model have of some activations, side by side. */
public final class PartJoinKind extends RowKind<PartJoinSpec> {
    /** Elements of a thread. */
    private static final int VECTOR = 8;

    public PartJoinKind() {
        super(PartJoinSpec.STEM, PartJoinSpec.class, PartJoinArguments.class, PartJoinSpec::read);
    }

    @Override
    OutputModel model(PartJoinSpec spec, String name, int threads) {
        return new PartJoin(
                name, threads, IntStream.range(0, spec.parts()).boxed().toList());
    }

    @Override
    void arguments(PartJoinSpec spec, SignatureBuilder signature) {
        signature.size("rows", "rows").size("columns", VECTOR, "columns").entries("parts", spec.parts());
        for (int i = 0; i < spec.parts(); i++) {
            signature
                    .address("parts[" + i + "].x", "const unsigned short*", "part " + i, "BF16 [rows][columns]")
                    .named("x_" + i);
        }
        signature.address("y", "unsigned short*", "the whole", "BF16 [rows][" + spec.parts() + " columns]");
    }

    /** The number of blocks is that of one part, each of which does its piece of all. */
    @Override
    void grid(SignatureBuilder signature, int threads) {
        signature.grid(variable("rows").times(variable("columns")).pieces(constant(VECTOR * threads)));
    }

    @Override
    String work(int threads) {
        return "one block for " + VECTOR * threads + " elements of each part";
    }

    @Override
    List<PartJoinSpec> shipped() {
        return List.of(new PartJoinSpec(2));
    }

    /** {@code parts} has their numbers. */
    record PartJoin(String name, int threads, List<Integer> parts) implements OutputModel {}
}
