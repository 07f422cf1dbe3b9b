package org.mxforge.runtime.check;

import static java.util.Map.entry;

import java.util.Map;
import java.util.function.Function;
import org.mxforge.dsl.spec.AttentionSpec;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.EmbeddingSpec;
import org.mxforge.dsl.spec.ExpertSumSpec;
import org.mxforge.dsl.spec.Fp64GemmSpec;
import org.mxforge.dsl.spec.Fp64RowsSpec;
import org.mxforge.dsl.spec.Int8GemmSpec;
import org.mxforge.dsl.spec.Int8QuantizeSpec;
import org.mxforge.dsl.spec.JudgedKind;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KvAppendSpec;
import org.mxforge.dsl.spec.MxExpandSpec;
import org.mxforge.dsl.spec.MxFoldSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.MxUnpackSpec;
import org.mxforge.dsl.spec.PartJoinSpec;
import org.mxforge.dsl.spec.PartSumSpec;
import org.mxforge.dsl.spec.RmsNormSpec;
import org.mxforge.dsl.spec.RowGatherSpec;
import org.mxforge.dsl.spec.RowScatterAddSpec;
import org.mxforge.dsl.spec.SiluMulSpec;

/** What specs of every kind are checked on. */
final class Trials {
    private static final Map<String, Function<KernelSpec, Trial>> STEMS = Map.ofEntries(
            entry("mxgemm", spec -> new MxGemmTrial((MxGemmSpec) spec)),
            entry("mxgroupedgemm", spec -> new MxGroupedGemmTrial((MxGroupedGemmSpec) spec)),
            entry("densegemm", spec -> new DenseGemmTrial((DenseGemmSpec) spec)),
            entry("int8gemm", spec -> new Int8GemmTrial((Int8GemmSpec) spec)),
            entry("mxquantize", spec -> new MxQuantizeTrial((MxQuantizeSpec) spec)),
            entry("mxexpand", spec -> new FoldTrials.MxExpand((MxExpandSpec) spec)),
            entry("mxunpack", spec -> new FoldTrials.MxUnpack((MxUnpackSpec) spec)),
            entry("mxfold", spec -> new FoldTrials.MxFold((MxFoldSpec) spec)),
            entry("densetile", spec -> new FoldTrials.DenseTile()),
            entry("rmsnorm", spec -> new RowTrials.RmsNorm((RmsNormSpec) spec)),
            entry("silumul", spec -> new RowTrials.SiluMul((SiluMulSpec) spec)),
            entry("softmax", spec -> new RowTrials.Softmax()),
            entry("crossentropy", spec -> new RowTrials.CrossEntropy()),
            entry("int8quantize", spec -> new RowTrials.Int8Quantize((Int8QuantizeSpec) spec)),
            entry("embedding", spec -> new MoveTrials.Embedding((EmbeddingSpec) spec)),
            entry("rowgather", spec -> new MoveTrials.RowGather((RowGatherSpec) spec)),
            entry("rowscatteradd", spec -> new MoveTrials.RowScatterAdd((RowScatterAddSpec) spec)),
            entry("partsum", spec -> new MoveTrials.PartSum((PartSumSpec) spec)),
            entry("fp64gemm", spec -> new Fp64GemmTrial((Fp64GemmSpec) spec)),
            entry("fp64factor", spec -> new Fp64Trials.Fp64Factor()),
            entry("fp64rows", spec -> new Fp64Trials.Fp64Rows((Fp64RowsSpec) spec)),
            entry("mxround", spec -> new Fp64Trials.MxRound()),
            entry("partjoin", spec -> new MoveTrials.PartJoin((PartJoinSpec) spec)),
            entry("expertsum", spec -> new MoveTrials.ExpertSum((ExpertSumSpec) spec)),
            entry("router", spec -> new ExpertTrials.Router()),
            entry("expertchoice", spec -> new ExpertTrials.ExpertChoice()),
            entry("expertorder", spec -> new ExpertTrials.ExpertOrder()),
            entry("expertroute", spec -> new ExpertTrials.ExpertRoute()),
            entry("tokenroute", spec -> new ExpertTrials.TokenRoute()),
            entry("sampling", spec -> new SamplingTrial()),
            entry("attention", spec -> new CacheTrials.Attention((AttentionSpec) spec)),
            entry("kvappend", spec -> new CacheTrials.KvAppend((KvAppendSpec) spec)));

    private Trials() {}

    /**
     * That of {@code spec}.
     *
     * @throws IllegalArgumentException if nobody says what is right
     */
    static Trial of(KernelSpec spec) {
        Function<KernelSpec, Trial> own = STEMS.get(spec.stem());
        if (own != null) {
            return own.apply(spec);
        }
        if (KernelKinds.of(spec) instanceof JudgedKind<KernelSpec> kind) {
            return new JudgedTrial(kind, spec);
        }
        throw new IllegalArgumentException("nobody says what is right for '" + spec.text()
                + "': make its kind a JudgedKind, which brings along what its kernels are tried on");
    }
}
