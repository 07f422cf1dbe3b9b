package org.mxforge.runtime.bench;

import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.runtime.tune.GemmShape;

/** What the tuner chooses for a mixed GEMM without an epilogue, its result in BF16. */
final class TunedGemm implements GemmVariant {
    @Override
    public String name() {
        return "tuned";
    }

    @Override
    public BenchKernel setUp(BenchGpu gpu, FormatMix formats, int m, WeightShape weight) {
        MxGemmSpec spec = spec(formats);
        return new PackedGemm(
                gpu.context(), gpu.kernel(spec, gpu.choose(spec, shape(formats, m, weight))), formats, m, weight);
    }

    static MxGemmSpec spec(FormatMix formats) {
        return new MxGemmSpec(formats.pairs(), GroupLayout.TILED, Epilogue.NONE, ScalarType.BF16);
    }

    static GemmShape shape(FormatMix formats, int m, WeightShape weight) {
        return new GemmShape(
                m,
                weight.n(),
                formats.split(weight.k()).partitions().stream()
                        .map(Partition::channels)
                        .toList());
    }
}
