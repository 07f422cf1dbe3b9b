package org.mxforge.runtime.tune.device;

import java.util.Optional;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.runtime.oracle.ErrorBound;
import org.mxforge.runtime.oracle.ExactOperands;
import org.mxforge.runtime.oracle.ReferenceGemm;

/**
 * Whether a result on exact operands is right: equal to the oracle's bit for bit or, where the epilogue has a function that
 * FP32 does not compute exactly, within the error bound.
 */
final class ResultCheck {
    private final ReferenceGemm reference;
    private final Epilogue epilogue;
    private final ErrorBound bound;
    private final float[] expected;

    ResultCheck(ReferenceGemm reference, Epilogue epilogue, ScalarType output) {
        this.reference = reference;
        this.epilogue = epilogue;
        this.bound = ErrorBound.nearest(output);
        this.expected = reference.result(output);
    }

    /** What is wrong with {@code result}, [M][N]; empty if it is right. */
    Optional<String> fault(float[] result) {
        return epilogue.hasSilu()
                ? bound.violation(result, reference)
                : ExactOperands.difference(result, expected, reference.columns());
    }
}
