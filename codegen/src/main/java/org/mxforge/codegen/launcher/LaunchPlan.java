package org.mxforge.codegen.launcher;

import com.palantir.javapoet.ClassName;
import org.mxforge.codegen.cuda.CudaSource;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.ExpertChoiceSpec;
import org.mxforge.dsl.spec.ExpertOrderSpec;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.MxExpandSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.MxUnpackSpec;

/**
 * A launcher before it is text; grid and shared memory are Java expressions over {@code arguments}.
 *
 * @param arguments the argument record
 * @param code checks, and values in the kernel's order
 * @param gridX blocks in x
 * @param gridY blocks in y
 * @param sharedBytes dynamic shared memory of a block
 * @param gridInWords what a block does, for the launcher's reader
 */
record LaunchPlan(
        ClassName arguments, LaunchCode code, String gridX, String gridY, String sharedBytes, String gridInWords) {
    static LaunchPlan of(CudaSource kernel) {
        KernelSpec spec = kernel.variant().spec();
        if (spec instanceof MxGemmSpec gemm) {
            return GemmLaunch.mixed(gemm, kernel);
        }
        if (spec instanceof MxGroupedGemmSpec gemm) {
            return GemmLaunch.grouped(gemm, kernel);
        }
        if (spec instanceof DenseGemmSpec gemm) {
            return GemmLaunch.dense(gemm, kernel);
        }
        if (spec instanceof MxQuantizeSpec quantize) {
            return QuantizeLaunch.plan(quantize, kernel);
        }
        if (spec instanceof MxExpandSpec) {
            return ExpandLaunch.plan(kernel);
        }
        if (spec instanceof MxUnpackSpec) {
            return UnpackLaunch.plan(kernel);
        }
        if (spec instanceof ExpertChoiceSpec) {
            return ExpertLaunch.choice(kernel);
        }
        if (spec instanceof ExpertOrderSpec) {
            return ExpertLaunch.order(kernel);
        }
        return RowLaunch.plan(spec, kernel);
    }
}
