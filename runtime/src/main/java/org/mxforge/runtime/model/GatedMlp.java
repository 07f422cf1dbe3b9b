package org.mxforge.runtime.model;

import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.exec.spi.Matrix;

/** {@code down(silu(gate(x)) * up(x))}. */
record GatedMlp(LoadedSite input, LoadedSite output) {
    /** Leaves gate and up of {@code step(x)} in the workspace. */
    void expand(LinearInput.Step step, Matrix x, Workspace workspace) {
        input.project(step, x, workspace.gateAndUp(x.rows()));
    }

    /** {@code residual += down(silu(gate) * up)}. */
    void accumulate(Workspace workspace, Matrix residual) {
        output.accumulate(new LinearInput.Step.SiluMul(), workspace.gateAndUp(residual.rows()), residual);
    }
}
