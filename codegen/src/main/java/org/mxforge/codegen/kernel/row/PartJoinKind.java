package org.mxforge.codegen.kernel.row;

import java.util.List;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.spec.PartJoinSpec;

/** What the GPUs that share a model have of some activations, side by side. */
public final class PartJoinKind extends PartsKind<PartJoinSpec> {
    public PartJoinKind() {
        super(PartJoinSpec.STEM, PartJoinSpec.class, PartJoinSpec::read);
    }

    @Override
    OutputModel model(PartJoinSpec spec, String name, int threads) {
        return new PartJoin(name, threads, numbers(spec.parts()));
    }

    @Override
    void arguments(PartJoinSpec spec, SignatureBuilder signature) {
        parts(signature, spec.parts(), "unsigned short", "part", "BF16 [rows][columns]");
        signature.address("y", "unsigned short*", "the whole", "BF16 [rows][" + spec.parts() + " columns]");
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
