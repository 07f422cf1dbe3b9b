package org.mxforge.codegen.cuda;

import java.util.function.BiFunction;
import java.util.function.Function;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.CachePages;
import org.mxforge.dsl.layout.ExpertTiles;
import org.mxforge.dsl.spec.AttentionSpec;
import org.mxforge.dsl.spec.CrossEntropySpec;
import org.mxforge.dsl.spec.EmbeddingSpec;
import org.mxforge.dsl.spec.ExpertChoiceSpec;
import org.mxforge.dsl.spec.ExpertOrderSpec;
import org.mxforge.dsl.spec.ExpertSumSpec;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.KvAppendSpec;
import org.mxforge.dsl.spec.RmsNormSpec;
import org.mxforge.dsl.spec.RopeSpec;
import org.mxforge.dsl.spec.RouterSpec;
import org.mxforge.dsl.spec.RowGatherSpec;
import org.mxforge.dsl.spec.RowScatterAddSpec;
import org.mxforge.dsl.spec.SamplingSpec;
import org.mxforge.dsl.spec.SiluMulSpec;
import org.mxforge.dsl.spec.SoftmaxSpec;

/** The plain kernels, which work row by row and whose only choice is the number of threads. */
final class RowKernels {
    /** BF16 values that a lane of an attention team holds. */
    private static final int LANE_VALUES = 8;

    private RowKernels() {}

    /** Adds them all. */
    static EmitterRegistry register(EmitterRegistry emitters) {
        return emitters.with(RmsNormSpec.class, RowKernels::rmsNorm)
                .with(SiluMulSpec.class, plain(SiluMul::new))
                .with(RopeSpec.class, plain(Rope::new))
                .with(KvAppendSpec.class, RowKernels::kvAppend)
                .with(RouterSpec.class, plain(Router::new))
                .with(ExpertChoiceSpec.class, plain(ExpertChoice::new))
                .with(ExpertOrderSpec.class, RowKernels::expertOrder)
                .with(ExpertSumSpec.class, stream(ExpertSumSpec::output, ExpertSum::new))
                .with(EmbeddingSpec.class, stream(EmbeddingSpec::output, Embedding::new))
                .with(RowGatherSpec.class, stream(RowGatherSpec::type, RowGather::new))
                .with(RowScatterAddSpec.class, stream(RowScatterAddSpec::output, RowScatterAdd::new))
                .with(SoftmaxSpec.class, plain(Softmax::new))
                .with(SamplingSpec.class, plain(Sampling::new))
                .with(CrossEntropySpec.class, plain(CrossEntropy::new))
                .with(AttentionSpec.class, RowKernels::attention);
    }

    private static KernelEmitter<KernelSpec> plain(BiFunction<String, Integer, OutputModel> model) {
        return (spec, variant) -> {
            int threads = variant.configuration().get("threads");
            return new KernelPlan("portable/" + spec.stem(), model.apply(spec.identifier(), threads), threads, 0);
        };
    }

    /** A kernel whose model takes the C type of the residual stream besides. */
    private static <S extends KernelSpec> KernelEmitter<S> stream(Function<S, ScalarType> type, StreamModel model) {
        return (spec, variant) -> {
            int threads = variant.configuration().get("threads");
            return new KernelPlan(
                    "portable/" + spec.stem(),
                    model.of(spec.identifier(), threads, cType(type.apply(spec))),
                    threads,
                    0);
        };
    }

    private static String cType(ScalarType type) {
        return type == ScalarType.FP32 ? "float" : "unsigned short";
    }

    private static KernelPlan rmsNorm(RmsNormSpec spec, KernelVariant variant) {
        int threads = variant.configuration().get("threads");
        RmsNorm model = new RmsNorm(spec.identifier(), threads, cType(spec.source()), cType(spec.output()));
        return new KernelPlan("portable/rmsnorm", model, threads, 0);
    }

    @FunctionalInterface
    private interface StreamModel {
        OutputModel of(String name, int threads, String stream);
    }

    private static KernelPlan attention(AttentionSpec spec, KernelVariant variant) {
        int threads = variant.configuration().get("threads");
        int busy = spec.head() / LANE_VALUES;
        // Lanes exchange sums by butterfly, so a team is a power of two.
        int lanes = busy == 1 ? 1 : Integer.highestOneBit(busy - 1) << 1;
        float scale = (float) (1 / Math.sqrt(spec.head()));
        Attention model = new Attention(spec.identifier(), threads, spec.head(), lanes, scale, CachePages.POSITIONS);
        return new KernelPlan("portable/attention", model, threads, 0);
    }

    private static KernelPlan kvAppend(KvAppendSpec spec, KernelVariant variant) {
        int threads = variant.configuration().get("threads");
        return new KernelPlan(
                "portable/kvappend", new KvAppend(spec.identifier(), threads, CachePages.POSITIONS), threads, 0);
    }

    private static KernelPlan expertOrder(ExpertOrderSpec spec, KernelVariant variant) {
        int threads = variant.configuration().get("threads");
        ExpertOrder model = new ExpertOrder(spec.identifier(), threads, ExpertTiles.ROWS, ExpertOrderSpec.MOST_EXPERTS);
        return new KernelPlan("portable/expertorder", model, threads, 0);
    }

    record RmsNorm(String name, int threads, String stream, String output) implements OutputModel {}

    record SiluMul(String name, Integer threads) implements OutputModel {}

    record Rope(String name, Integer threads) implements OutputModel {}

    record Router(String name, Integer threads) implements OutputModel {}

    record ExpertChoice(String name, Integer threads) implements OutputModel {}

    /** Tiles of {@code rows} rows; at most {@code most} experts. */
    record ExpertOrder(String name, int threads, int rows, int most) implements OutputModel {}

    record ExpertSum(String name, int threads, String stream) implements OutputModel {}

    record Embedding(String name, int threads, String stream) implements OutputModel {}

    record RowGather(String name, int threads, String stream) implements OutputModel {}

    record RowScatterAdd(String name, int threads, String stream) implements OutputModel {}

    record Softmax(String name, Integer threads) implements OutputModel {}

    record Sampling(String name, Integer threads) implements OutputModel {}

    record CrossEntropy(String name, Integer threads) implements OutputModel {}

    /** Pages of {@code page} positions. */
    record KvAppend(String name, int threads, int page) implements OutputModel {}

    /** Attention by teams of {@code lanes} lanes over pages of {@code page} positions; scores are scaled by {@code scale}. */
    record Attention(String name, int threads, int head, int lanes, float scale, int page) implements OutputModel {}
}
