package org.mxforge.codegen.launcher;

import org.mxforge.codegen.cuda.CudaSource;
import org.mxforge.dsl.spec.AttentionSpec;
import org.mxforge.dsl.spec.CrossEntropySpec;
import org.mxforge.dsl.spec.EmbeddingSpec;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.RmsNormSpec;
import org.mxforge.dsl.spec.RopeSpec;
import org.mxforge.dsl.spec.RowGatherSpec;
import org.mxforge.dsl.spec.RowScatterAddSpec;
import org.mxforge.dsl.spec.SamplingSpec;
import org.mxforge.dsl.spec.SiluMulSpec;
import org.mxforge.dsl.spec.SoftmaxSpec;

/** Launchers of the plain kernels: one block for each row. */
final class RowLaunch {
    /** BF16 values in 16 bytes: rows start on whole vectors. */
    private static final int VECTOR = 8;

    private RowLaunch() {}

    static LaunchPlan plan(KernelSpec spec, CudaSource kernel) {
        if (spec instanceof AttentionSpec) {
            return attention(kernel);
        }
        if (spec instanceof RmsNormSpec) {
            LaunchCode code = matrix(VECTOR).address("x").address("weight");
            return rows(
                    "RmsNormArguments",
                    code.fraction("epsilon", "0", "Float.MAX_VALUE").address("y"),
                    kernel);
        }
        if (spec instanceof SiluMulSpec) {
            LaunchCode code = matrix(VECTOR).address("gate").address("up");
            return rows("SiluMulArguments", code.address("y"), kernel);
        }
        if (spec instanceof RopeSpec) {
            LaunchCode code =
                    new LaunchCode().size("rows").size("heads").size("head", 2).count("start");
            return rows("RopeArguments", code.address("x").address("cos").address("sin"), kernel);
        }
        if (spec instanceof EmbeddingSpec) {
            return rows(
                    "EmbeddingArguments",
                    matrix(VECTOR).address("ids").address("table").address("y"),
                    kernel);
        }
        if (spec instanceof RowGatherSpec) {
            return rows(
                    "RowGatherArguments",
                    matrix(VECTOR).address("index").address("x").address("y"),
                    kernel);
        }
        if (spec instanceof RowScatterAddSpec) {
            LaunchCode code = matrix(VECTOR).address("index").address("weights");
            return rows("RowScatterAddArguments", code.address("x").address("y"), kernel);
        }
        if (spec instanceof SoftmaxSpec) {
            LaunchCode code = matrix(1).fraction("temperature", "Float.MIN_NORMAL", "Float.MAX_VALUE");
            return rows("SoftmaxArguments", code.address("x").address("p"), kernel);
        }
        if (spec instanceof SamplingSpec) {
            LaunchCode code = matrix(1).fraction("topP", "0", "1");
            return rows(
                    "SamplingArguments", code.address("uniform").address("p").address("token"), kernel);
        }
        if (spec instanceof CrossEntropySpec) {
            LaunchCode code = matrix(1).address("logits").address("targets").address("nll");
            return rows("CrossEntropyArguments", code, kernel);
        }
        throw new IllegalArgumentException("no launcher for '" + spec.text() + "'");
    }

    private static LaunchPlan attention(CudaSource kernel) {
        LaunchCode code =
                new LaunchCode().size("rows").size("heads").size("kvHeads").count("start");
        code.check("multiple($S, arguments.heads(), arguments.kvHeads())", "heads");
        code.address("q").address("k").address("v").address("out");
        return new LaunchPlan(
                RuntimeTypes.launch("AttentionArguments"),
                code,
                "arguments.rows()",
                "arguments.heads()",
                Integer.toString(kernel.sharedBytes()),
                "one block for each query row and head, heads along y");
    }

    private static LaunchCode matrix(int vector) {
        LaunchCode code = new LaunchCode().size("rows");
        return vector == 1 ? code.size("columns") : code.size("columns", vector);
    }

    private static LaunchPlan rows(String arguments, LaunchCode code, CudaSource kernel) {
        return new LaunchPlan(
                RuntimeTypes.launch(arguments),
                code,
                "arguments.rows()",
                "1",
                Integer.toString(kernel.sharedBytes()),
                "one block for each row");
    }
}
