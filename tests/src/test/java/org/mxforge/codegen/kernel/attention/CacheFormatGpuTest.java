package org.mxforge.codegen.kernel.attention;

import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mxforge.codegen.kernel.row.KvAppendCase;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.AttentionSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.tests.gpu.GpuWorkspace;

/** Kernels that write and read quantized key/value caches, against their formulas in FP64. */
@Tag("gpu")
class CacheFormatGpuTest {
    private static final int ALL = Integer.MAX_VALUE;

    private static Stream<CacheFormat> quantized() {
        return Stream.of(CacheFormat.values()).filter(format -> format != CacheFormat.BF16);
    }

    static Stream<Arguments> appends() {
        return quantized().flatMap(format -> Stream.of(32, 64, 96, 128, 256)
                .flatMap(head -> Stream.of(true, false).map(norms -> Arguments.of(format, head, norms))));
    }

    @ParameterizedTest
    @MethodSource("appends")
    void appends(CacheFormat format, int head, boolean norms) {
        KvAppendCase heads = new KvAppendCase(format, head, norms);
        try (GpuWorkspace gpu = new GpuWorkspace()) {
            long queries = gpu.bytes(2 * heads.queries(), (byte) 0x7f);
            long keys = gpu.bytes(heads.cacheBytes(), (byte) 0x7f);
            long values = gpu.bytes(heads.cacheBytes(), (byte) 0x7f);
            gpu.launch(
                    KernelVariant.of(heads.spec(), GpuWorkspace.target()),
                    heads.arguments(gpu::floats, gpu::bf16, gpu::ints, queries, keys, values));
            heads.assertQuantized(
                    gpu.readBf16(queries, heads.queries()),
                    gpu.readBytes(keys, heads.cacheBytes()),
                    gpu.readBytes(values, heads.cacheBytes()));
        }
    }

    static Stream<Arguments> attentions() {
        return quantized()
                .flatMap(format -> Stream.of(
                        Arguments.of(format, AttentionKind.ROWS, 64, ALL, "0 700 63", "3 1 2"),
                        Arguments.of(format, AttentionKind.ROWS, 256, 40, "150", "3"),
                        Arguments.of(format, AttentionKind.PARTS, 128, ALL, "2047", "1"),
                        Arguments.of(format, AttentionKind.PARTS, 96, 100, "400 3", "1 2"),
                        Arguments.of(format, AttentionKind.STREAM, 128, ALL, "0 2047", "1 1"),
                        Arguments.of(format, AttentionKind.STREAM, 64, 100, "1000", "1"),
                        Arguments.of(format, AttentionKind.MMA, 128, ALL, "0 700 63", "130 1 65"),
                        Arguments.of(format, AttentionKind.MMA, 96, 100, "0 250", "260 7"),
                        Arguments.of(format, AttentionKind.MMA, 32, ALL, "31", "40")));
    }

    @ParameterizedTest
    @MethodSource("attentions")
    void attends(
            CacheFormat format,
            Algorithm<AttentionSpec> algorithm,
            int head,
            int window,
            String starts,
            String counts) {
        AttentionSpec spec = new AttentionSpec(head, format);
        algorithm.refusal(spec, GpuWorkspace.target()).ifPresent(why -> Assumptions.abort(why));
        AttentionCase problem = new AttentionCase(format, 8, 2, head, window, numbers(starts), numbers(counts));
        try (GpuWorkspace gpu = new GpuWorkspace()) {
            int length = problem.queries().length;
            long out = gpu.bytes(2 * length, (byte) 0x7f);
            gpu.launch(
                    KernelVariant.of(spec, algorithm, GpuWorkspace.target()),
                    problem.arguments(gpu::ints, gpu::bf16, gpu.bf16(problem.queries()), out));
            problem.check(gpu.readBf16(out, length));
        }
    }

    private static int[] numbers(String text) {
        return Stream.of(text.split(" ")).mapToInt(Integer::parseInt).toArray();
    }
}
