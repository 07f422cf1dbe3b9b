package org.mxforge.codegen.kernel.row;

import static org.mxforge.dsl.space.Expression.constant;
import static org.mxforge.dsl.space.Expression.variable;

import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.dsl.launch.PartsArguments;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.SpecText;

/** Kernels that bring together what the GPUs that share a model have, piece by piece. */
abstract class PartsKind<S extends KernelSpec> extends RowKind<S> {
    /** Elements of a thread. */
    static final int VECTOR = 8;

    PartsKind(String stem, Class<S> specs, Function<SpecText, S> reader) {
        super(stem, specs, PartsArguments.class, reader);
    }

    /** The parts of a kernel that has so many, by their numbers. */
    static List<Integer> numbers(int parts) {
        return IntStream.range(0, parts).boxed().toList();
    }

    /**
     * Sizes and parts; the result's address follows.
     *
     * @param type of an element, as C has it
     * @param form of a part
     */
    static void parts(SignatureBuilder signature, int parts, String type, String name, String form) {
        signature.size("rows", "rows").size("columns", VECTOR, "columns").entries("parts", parts);
        for (int i = 0; i < parts; i++) {
            signature
                    .address("parts[" + i + "].x", "const " + type + "*", name + " " + i, form)
                    .named("x_" + i);
        }
    }

    /** As many as one part takes; a row alone is too little for a block to hide how far another GPU's memory is. */
    @Override
    void grid(SignatureBuilder signature, int threads) {
        signature.grid(variable("rows").times(variable("columns")).pieces(constant(VECTOR * threads)));
    }
}
