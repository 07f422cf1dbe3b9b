package org.mxforge.codegen.launcher;

import java.util.Map;
import java.util.function.Supplier;
import org.mxforge.codegen.cuda.CudaSource;
import org.mxforge.dsl.spec.AttentionSpec;
import org.mxforge.dsl.spec.CrossEntropySpec;
import org.mxforge.dsl.spec.EmbeddingSpec;
import org.mxforge.dsl.spec.ExpertSumSpec;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KvAppendSpec;
import org.mxforge.dsl.spec.RmsNormSpec;
import org.mxforge.dsl.spec.RopeSpec;
import org.mxforge.dsl.spec.RouterSpec;
import org.mxforge.dsl.spec.RowGatherSpec;
import org.mxforge.dsl.spec.RowScatterAddSpec;
import org.mxforge.dsl.spec.SamplingSpec;
import org.mxforge.dsl.spec.SiluMulSpec;
import org.mxforge.dsl.spec.SoftmaxSpec;

/** Launchers of the plain kernels: one block for each row, and in attention for each head. */
final class RowLaunch {
    private static final Map<Class<? extends KernelSpec>, Supplier<LaunchCode>> ARGUMENTS = Map.ofEntries(
            Map.entry(RmsNormSpec.class, RowLaunch::rmsNorm),
            Map.entry(
                    SiluMulSpec.class,
                    () -> bf16().address("gate").address("up").address("y")),
            Map.entry(RopeSpec.class, RowLaunch::rope),
            Map.entry(KvAppendSpec.class, RowLaunch::kvAppend),
            Map.entry(RouterSpec.class, RowLaunch::router),
            Map.entry(AttentionSpec.class, RowLaunch::attention),
            Map.entry(ExpertSumSpec.class, RowLaunch::expertSum),
            Map.entry(
                    EmbeddingSpec.class,
                    () -> bf16().address("ids").address("table").address("y")),
            Map.entry(
                    RowGatherSpec.class,
                    () -> bf16().address("index").address("x").address("y")),
            Map.entry(RowScatterAddSpec.class, RowLaunch::rowScatterAdd),
            Map.entry(SoftmaxSpec.class, RowLaunch::softmax),
            Map.entry(SamplingSpec.class, RowLaunch::sampling),
            Map.entry(
                    CrossEntropySpec.class,
                    () -> fp32().address("logits").address("targets").address("nll")));

    private RowLaunch() {}

    static LaunchPlan plan(KernelSpec spec, CudaSource kernel) {
        Supplier<LaunchCode> code = ARGUMENTS.get(spec.getClass());
        if (code == null) {
            throw new IllegalArgumentException("no launcher for '" + spec.text() + "'");
        }
        boolean byHead = spec instanceof AttentionSpec;
        return new LaunchPlan(
                // A spec and its argument record share their stem.
                RuntimeTypes.launch(spec.getClass().getSimpleName().replaceAll("Spec$", "Arguments")),
                code.get(),
                "arguments.rows()",
                byHead ? "arguments.heads()" : "1",
                Integer.toString(kernel.sharedBytes()),
                byHead ? "one block for each query row and head, heads along y" : "one block for each row");
    }

    private static LaunchCode rmsNorm() {
        return bf16().address("x")
                .address("weight")
                .fraction("epsilon", "0", "Float.MAX_VALUE")
                .address("y");
    }

    private static LaunchCode rope() {
        LaunchCode sizes =
                new LaunchCode().size("rows").size("heads").size("head", 2).address("positions");
        return sizes.address("x").address("y").address("cos").address("sin");
    }

    private static LaunchCode kvAppend() {
        return new LaunchCode()
                .size("rows")
                .size("kvHeads")
                .size("head", 8)
                .size("tableLength")
                .address("positions")
                .address("sequences")
                .address("pages")
                .address("x")
                .address("v")
                .address("cos")
                .address("sin")
                .address("keys")
                .address("values");
    }

    private static LaunchCode router() {
        return bf16().size("experts")
                .address("x")
                .address("weight")
                .fraction("epsilon", "0", "Float.MAX_VALUE")
                .address("router")
                .address("scores");
    }

    private static LaunchCode attention() {
        LaunchCode sizes =
                new LaunchCode().size("rows").size("heads").size("kvHeads").size("tableLength");
        return sizes.check("multiple($S, arguments.heads(), arguments.kvHeads())", "heads")
                .address("positions")
                .address("sequences")
                .address("pages")
                .address("q")
                .address("k")
                .address("v")
                .address("out");
    }

    private static LaunchCode rowScatterAdd() {
        return bf16().address("index").address("weights").address("x").address("y");
    }

    private static LaunchCode expertSum() {
        return bf16().size("perToken")
                .address("places")
                .address("shares")
                .address("x")
                .address("y");
    }

    private static LaunchCode softmax() {
        return fp32().address("temperatures").address("x").address("p");
    }

    private static LaunchCode sampling() {
        return fp32().address("topP").address("uniform").address("p").address("token");
    }

    /** Rows that start on vectors of eight values. */
    private static LaunchCode bf16() {
        return new LaunchCode().size("rows").size("columns", 8);
    }

    /** Rows that are read value by value. */
    private static LaunchCode fp32() {
        return new LaunchCode().size("rows").size("columns");
    }
}
