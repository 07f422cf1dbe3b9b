package org.mxforge.codegen.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleCodec;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel;
import org.mxforge.tests.gpu.GpuTest;

/** On the GPU the translated codecs give the bits that Java gives: all codes, all scales, all BF16 inputs, many FP32 ones. */
@Tag("gpu")
class CodecGpuTest {
    private static final int THREADS = 256;

    private CudaContext gpu;
    private CompiledKernel probes;

    @BeforeEach
    void open() {
        gpu = GpuTest.context();
        probes = CodecProbe.compile(gpu.device().target());
    }

    /** Runs kernel {@code name} over {@code input}; arguments are n, {@code constants}, input and {@code outputs} arrays. */
    private List<int[]> run(String name, int[] input, int outputs, int... constants) {
        KernelArguments arguments = KernelArguments.of().int32(input.length);
        Arrays.stream(constants).forEach(arguments::int32);
        List<DeviceBuffer> buffers = new ArrayList<>();
        try (CudaStream stream = gpu.stream()) {
            for (int i = 0; i <= outputs; i++) {
                buffers.add(gpu.allocate("a codec probe", 4L * input.length));
                arguments.pointer(buffers.get(i).address());
            }
            buffers.get(0).upload(input);
            int blocks = (input.length + THREADS - 1) / THREADS;
            gpu.load(probes, name).launch(stream, blocks, 1, 1, THREADS, 0, arguments);
            stream.synchronize();
            return buffers.subList(1, buffers.size()).stream()
                    .map(buffer -> {
                        int[] values = new int[input.length];
                        buffer.download(values);
                        return values;
                    })
                    .toList();
        } finally {
            buffers.forEach(DeviceBuffer::close);
        }
    }

    /** Bits of all BF16 numbers and of a million binary32 numbers, NaN and infinities among them. */
    private static int[] numbers() {
        SplittableRandom random = new SplittableRandom(1);
        return IntStream.concat(
                        IntStream.range(0, 0x10000).map(i -> Float.floatToRawIntBits(Bfloat16.toFloat((short) i))),
                        random.ints(1 << 20))
                .toArray();
    }

    private static float value(int bits) {
        return Float.intBitsToFloat(bits);
    }

    @ParameterizedTest
    @EnumSource
    void decodesEveryCode(ElementFormat format) {
        int[] codes = IntStream.range(0, format.codes()).toArray();
        int[] values = run("decode_probe", codes, 1, format.exponentBits(), format.mantissaBits(), format.bias())
                .get(0);
        assertThat(values)
                .isEqualTo(Arrays.stream(codes)
                        .map(code -> Float.floatToRawIntBits(format.decode(code)))
                        .toArray());
    }

    @ParameterizedTest
    @EnumSource
    void encodesEveryNumber(ElementFormat format) {
        int[] numbers = numbers();
        int[] codes = run(
                        "encode_probe",
                        numbers,
                        1,
                        format.exponentBits(),
                        format.mantissaBits(),
                        format.bias(),
                        format.maxCode())
                .get(0);
        assertThat(codes)
                .isEqualTo(Arrays.stream(numbers)
                        .map(bits -> format.encode(value(bits)))
                        .toArray());
    }

    @Test
    void decodesEveryScale() {
        int[] scales = IntStream.range(0, 256).toArray();
        List<int[]> results = run("scale_probe", scales, 2);
        assertThat(results.get(0))
                .isEqualTo(Arrays.stream(scales)
                        .map(e -> Float.floatToRawIntBits(ScaleCodec.decode(e)))
                        .toArray());
        assertThat(results.get(1))
                .isEqualTo(Arrays.stream(scales)
                        .map(e -> Float.floatToRawIntBits(ScaleCodec.reciprocal(e)))
                        .toArray());
    }

    @ParameterizedTest
    @EnumSource
    void choosesTheScaleOfEveryMagnitude(ElementFormat format) {
        int[] numbers = numbers();
        int maxMantissa = Float.floatToRawIntBits(format.maxFinite()) & 0x7fffff;
        List<int[]> scales = run("rule_probe", numbers, 3, format.maxExponent(), maxMantissa, format.mantissaBits());
        ScaleRule[] order = {ScaleRule.CEIL, ScaleRule.FLOOR, ScaleRule.EVEN};
        for (int i = 0; i < order.length; i++) {
            ScaleRule rule = order[i];
            assertThat(scales.get(i))
                    .as(rule.text())
                    .isEqualTo(Arrays.stream(numbers)
                            .map(bits -> rule.scale(value(bits), format))
                            .toArray());
        }
    }
}
