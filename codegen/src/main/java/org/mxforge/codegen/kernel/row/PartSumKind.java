package org.mxforge.codegen.kernel.row;

import java.util.List;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.spec.PartSumSpec;

/** What the GPUs that share a model have of a layer's output, added up. */
public final class PartSumKind extends PartsKind<PartSumSpec> {
    public PartSumKind() {
        super(PartSumSpec.STEM, PartSumSpec.class, PartSumSpec::read);
    }

    @Override
    OutputModel model(PartSumSpec spec, String name, int threads) {
        return new PartSum(name, threads, numbers(spec.parts()));
    }

    @Override
    void arguments(PartSumSpec spec, SignatureBuilder signature) {
        parts(signature, spec.parts(), "float", "summand", "FP32 [rows][columns]");
        signature.address("y", "float*", "what is added to", "FP32 [rows][columns]");
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
