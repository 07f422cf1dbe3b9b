package org.mxforge.runtime.exec.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.Int8GemmSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.base.options.Folding;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.launch.KernelStore;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Batches;
import org.mxforge.runtime.exec.spi.Linear;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.exec.spi.Matrix;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.quant.PlainWeight;
import org.mxforge.tests.gpu.GpuTest;

/** A layer in INT8 runs in the variant that is chosen for its shape; its sums are exact, so that all give the same. */
@Tag("gpu")
class Int8LinearGpuTest {
    private static final int CHANNELS = 336;
    private static final int OUTPUTS = 200;

    /** The variant in a place of the list, and what it was. */
    private record Chooser(int place, Set<KernelVariant> chosen, List<KernelShape> asked) implements VariantChooser {
        @Override
        public KernelVariant choose(KernelProblem problem, Target target, KernelShape shape) {
            if (!(problem.spec() instanceof Int8GemmSpec)) {
                return VariantChooser.DEFAULTS.choose(problem, target, shape);
            }
            asked.add(shape);
            List<KernelVariant> all = problem.variants(target);
            KernelVariant variant = all.get(place % all.size());
            chosen.add(variant);
            return variant;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 40, 130})
    void whatIsChosenRunsAndGivesTheSame(int rows) {
        GpuTest.context();
        Chooser first = new Chooser(0, new HashSet<>(), new ArrayList<>());
        Chooser other = new Chooser(5, new HashSet<>(), new ArrayList<>());
        float[] result = multiply(rows, first);
        assertThat(result).hasSize(rows * OUTPUTS).doesNotContain(Float.NaN);
        assertThat(multiply(rows, other)).isEqualTo(result);
        assertThat(first.chosen()).hasSize(1).doesNotContainAnyElementsOf(other.chosen());
        assertThat(first.asked()).extracting(KernelShape::m).containsOnly(KernelShape.bucket(rows));
    }

    private static float[] multiply(int rows, VariantChooser chooser) {
        CudaContext context = CudaContext.openFirst();
        try (Backend backend =
                new CudaBackend(context, new KernelStore(context, ArtifactCache.user()), chooser, Folding.EXACT)) {
            Linear layer = backend.int8(weight(1, OUTPUTS), null);
            Matrix x = backend.fp32(rows, CHANNELS);
            Batches.embed(
                    backend,
                    backend.embedding(weight(2, rows)),
                    IntStream.range(0, rows).toArray(),
                    x);
            float[] ones = new float[CHANNELS];
            Arrays.fill(ones, 1);
            try (LinearInput input =
                    backend.input(layer, new LinearInput.Step.RmsNorm(backend.vector(ones), 1e-5f), x)) {
                Matrix out = backend.fp32(rows, OUTPUTS);
                backend.linear(layer, input, Epilogue.NONE, null, out);
                return backend.download(out);
            }
        }
    }

    private static PlainWeight weight(int seed, int rows) {
        SplittableRandom random = new SplittableRandom(seed);
        short[] values = new short[rows * CHANNELS];
        for (int i = 0; i < values.length; i++) {
            values[i] = Bfloat16.fromFloat((float) random.nextDouble(-1, 1));
        }
        return PlainWeight.of(ScalarArray.bf16(values), rows, CHANNELS);
    }
}
