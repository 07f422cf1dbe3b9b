package org.mxforge.runtime.exec.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.spec.GroupTransform;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.cuda.launch.KernelStore;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.pack.PackedOperand;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PlainWeight;
import org.mxforge.runtime.quant.QuantizedWeight;
import org.mxforge.tests.gpu.GpuTest;

/** What the GPU makes of weights while they are loaded: the bytes that the host makes. */
@Tag("gpu")
class OperandLoaderGpuTest {
    private static final int CHANNELS = 2048;

    private Gpu gpu;

    @BeforeEach
    void open() {
        GpuTest.context();
        CudaContext context = CudaContext.openFirst();
        gpu = Gpu.of(context, new KernelStore(context, ArtifactCache.user()), VariantChooser.DEFAULTS);
    }

    @AfterEach
    void close() {
        if (gpu != null) {
            gpu.close();
        }
    }

    /** Many rows come in several pieces. */
    @ParameterizedTest
    @CsvSource({
        "e2m1xe2m1:2048, FRAGMENTS, BF16, 20000",
        "e2m1xe2m1:2048, FRAGMENTS, FP32, 200",
        "e3m2xe3m2:2048, FRAGMENTS, FP16, 200",
        "e2m3xe2m3:2048, FRAGMENTS, BF16, 300",
        "e2m1xe2m1:1440 e3m2xe3m2:608, CONTAINERS, BF16, 130",
        "e2m1xe2m1:1440 e3m2xe3m2:480 e4m3xe4m3:128, TILED, BF16, 20000",
        "e2m1xe2m1:1440 e3m2xe3m2:480 e4m3xe4m3:128, ROWS, FP32, 333"
    })
    void plainWeightsAreRoundedAsByTheHost(String split, OperandLayout layout, ScalarType type, int rows) {
        InputQuantization input = input(split);
        ScalarArray values = ScalarArray.rounded(type, random(rows * CHANNELS));
        PlainWeight plain = PlainWeight.of(values, rows, CHANNELS);
        assertLoadsAsTheHost(new QuantizedWeight(rows, input, new QuantizedWeight.Source.Rounded(plain)), layout);
    }

    /** By the host, for the kernel takes groups as they are. */
    @ParameterizedTest
    @CsvSource({"e2m1xe2m1:2048, FRAGMENTS", "e2m1xe2m1:1920 e4m3xe4m3:128, TILED"})
    void plainWeightsAreTransformed(String split, OperandLayout layout) {
        InputQuantization input = input(split).with(GroupTransform.HADAMARD);
        PlainWeight plain = PlainWeight.of(ScalarArray.fp32(random(200 * CHANNELS)), 200, CHANNELS);
        assertLoadsAsTheHost(new QuantizedWeight(200, input, new QuantizedWeight.Source.Rounded(plain)), layout);
    }

    @ParameterizedTest
    @CsvSource({
        "e2m1xe2m1:2048, FRAGMENTS",
        "e3m2xe3m2:2048, FRAGMENTS",
        "e2m1xe2m1:1440 e3m2xe3m2:480 e4m3xe4m3:128, TILED",
        "e2m1xe2m1:1440 e3m2xe3m2:480 e4m3xe4m3:128, ROWS"
    })
    void packedWeightsAreLaidOutAsByTheHost(String split, OperandLayout layout) {
        InputQuantization input = input(split);
        PlainWeight plain = PlainWeight.of(ScalarArray.fp32(random(200 * CHANNELS)), 200, CHANNELS);
        PackedMatrix packed = new QuantizedWeight(200, input, new QuantizedWeight.Source.Rounded(plain)).matrix();
        assertLoadsAsTheHost(new QuantizedWeight(packed, input), layout);
    }

    @Test
    void expertsLieOneBehindTheOther() {
        InputQuantization input = input("e2m1xe2m1:2048");
        List<QuantizedWeight> experts = IntStream.range(0, 3)
                .mapToObj(expert -> {
                    float[] values = random(130 * CHANNELS);
                    values[0] = expert;
                    return new QuantizedWeight(
                            130,
                            input,
                            new QuantizedWeight.Source.Rounded(
                                    PlainWeight.of(ScalarArray.fp32(values), 130, CHANNELS)));
                })
                .toList();
        List<byte[]> loaded = bytes(loader(input, OperandLayout.FRAGMENTS).load(experts));
        List<byte[]> expected = host(experts.get(0), OperandLayout.FRAGMENTS);
        for (int i = 0; i < expected.size(); i++) {
            int size = expected.get(i).length;
            for (int expert = 0; expert < 3; expert++) {
                assertThat(Arrays.copyOfRange(loaded.get(i), expert * size, (expert + 1) * size))
                        .isEqualTo(host(experts.get(expert), OperandLayout.FRAGMENTS)
                                .get(i));
            }
        }
    }

    /** A group that is 2^-60 of the row's largest: the host, which is asked then, says so. */
    @Test
    void whatWouldBeRoundedIsRefused() {
        InputQuantization input = InputQuantization.inOrder(
                ChannelSplit.uniform(FormatPair.parse("e2m1xe2m1"), CHANNELS), ScaleRule.CEIL);
        float[] values = new float[CHANNELS];
        Arrays.fill(values, 3f);
        Arrays.fill(values, 0, 32, 0x1.8p-60f);
        QuantizedWeight weight = new QuantizedWeight(
                1, input, new QuantizedWeight.Source.Rounded(PlainWeight.of(ScalarArray.fp32(values), 1, CHANNELS)));
        assertThatThrownBy(() -> loader(input, OperandLayout.FRAGMENTS).load(weight))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("cannot be folded exactly");
    }

    private void assertLoadsAsTheHost(QuantizedWeight weight, OperandLayout layout) {
        assumeTrue(gpu.target() == Target.SM_90A || !layout.isFolded(), "folded scales are for sm_90a");
        List<byte[]> loaded = bytes(loader(weight.input(), layout).load(weight));
        List<byte[]> expected = host(weight, layout);
        assertThat(loaded).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(Arrays.mismatch(loaded.get(i), expected.get(i)))
                    .as("array " + i)
                    .isEqualTo(-1);
        }
    }

    private OperandLoader loader(InputQuantization input, OperandLayout layout) {
        return new OperandLoader(gpu, InputQuantizer.of(gpu, input, layout, KernelProblem.Scope.ALL, Tolerance.EXACT));
    }

    private static List<byte[]> bytes(PackedOperand operand) {
        List<DeviceBuffer> buffers = new ArrayList<>();
        operand.parts().forEach(part -> {
            if (!buffers.contains(part.scales())) {
                buffers.add(part.scales());
            }
            buffers.add(part.codes());
        });
        return buffers.stream()
                .map(buffer -> {
                    byte[] values = new byte[(int) buffer.bytes()];
                    buffer.download(values);
                    return values;
                })
                .toList();
    }

    /** What the host makes, scales before codes. */
    private List<byte[]> host(QuantizedWeight weight, OperandLayout layout) {
        List<byte[]> arrays = new ArrayList<>();
        PackedOperand.upload(weight.matrix(), layout, Tolerance.EXACT, Side.WEIGHT, (purpose, values) -> {
            arrays.add(values);
            return gpu.lasting(purpose, 1);
        });
        if (!layout.isFolded()) {
            for (int i = 0; i < arrays.size(); i += 2) {
                Collections.swap(arrays, i, i + 1);
            }
        }
        return arrays;
    }

    private static InputQuantization input(String text) {
        List<Partition> partitions = Arrays.stream(text.split(" "))
                .map(part -> part.split(":"))
                .map(part -> new Partition(FormatPair.parse(part[0]), Integer.parseInt(part[1])))
                .toList();
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, CHANNELS).boxed().toList());
        Collections.shuffle(order, new Random(7));
        return new InputQuantization(
                new ChannelSplit(partitions, 32),
                order.stream().mapToInt(Integer::intValue).toArray(),
                ScaleRule.CEIL);
    }

    private static float[] random(int count) {
        Random random = new Random(3);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian() * 0.02f;
        }
        return values;
    }
}
