package org.mxforge.runtime.simulate;

import static org.mxforge.runtime.simulate.SimulatedWorkspace.variant;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.codegen.kernel.attention.AttentionCase;
import org.mxforge.codegen.kernel.attention.AttentionKind;
import org.mxforge.codegen.kernel.row.KvAppendCase;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.AttentionSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;

/** Kernels over quantized caches in the simulator, against their formulas in FP64. */
class CacheFormatSimulationTest {
    private final SimulatedWorkspace gpu = new SimulatedWorkspace();

    @ParameterizedTest
    @CsvSource({
        "MXFP8, 64, false",
        "MXFP8, 32, true",
        "MXFP4, 128, true",
        "MXFP4, 96, false",
        "INT8, 64, false",
        "INT8, 256, true",
        "INT4, 128, false",
        "INT4, 96, true"
    })
    void append(CacheFormat format, int head, boolean norms) {
        KvAppendCase heads = new KvAppendCase(format, head, norms);
        long queries = gpu.room(ScalarType.BF16, heads.queries());
        long keys = gpu.ints(new int[heads.cacheBytes() / Integer.BYTES]);
        long values = gpu.ints(new int[heads.cacheBytes() / Integer.BYTES]);
        gpu.launch(variant(heads.spec()), heads.arguments(gpu::floats, gpu::bf16, gpu::ints, queries, keys, values));
        heads.assertQuantized(gpu.read(ScalarType.BF16, queries), bytes(keys), bytes(values));
    }

    private byte[] bytes(long address) {
        int[] words = gpu.readInts(address);
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * words.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(words);
        return bytes.array();
    }

    @ParameterizedTest
    @CsvSource({
        "MXFP8, 64, 3, 70, 2147483647",
        "MXFP8, 96, 2, 33, 40",
        "MXFP4, 64, 2, 31, 2147483647",
        "MXFP4, 128, 1, 70, 2147483647",
        "INT4, 64, 3, 70, 1",
        "INT8, 128, 1, 40, 2147483647",
        "INT4, 128, 2, 31, 2147483647",
        "INT4, 32, 1, 200, 130"
    })
    void attention(CacheFormat format, int head, int rows, int start, int window) {
        attention(AttentionKind.ROWS, Target.SM_80, format, head, rows, start, window);
    }

    @ParameterizedTest
    @CsvSource({"MXFP8, 64, 1, 0, 2147483647", "MXFP4, 128, 2, 70, 2147483647", "INT4, 96, 1, 300, 100"})
    void attentionInParts(CacheFormat format, int head, int rows, int start, int window) {
        attention(AttentionKind.PARTS, Target.SM_90A, format, head, rows, start, window);
    }

    @ParameterizedTest
    @CsvSource({"MXFP8, 64, 20, 0, 2147483647", "MXFP4, 128, 5, 90, 2147483647", "INT4, 96, 33, 40, 50"})
    void attentionInTiles(CacheFormat format, int head, int rows, int start, int window) {
        attention(AttentionKind.MMA, Target.SM_80, format, head, rows, start, window);
    }

    @ParameterizedTest
    @CsvSource({"MXFP8, 64, 2, 40, 2147483647", "MXFP4, 96, 1, 400, 2147483647", "INT4, 128, 2, 290, 100"})
    void attentionInAStream(CacheFormat format, int head, int rows, int start, int window) {
        attention(AttentionKind.STREAM, Target.SM_90A, format, head, rows, start, window);
    }

    private void attention(
            Algorithm<AttentionSpec> algorithm,
            Target target,
            CacheFormat format,
            int head,
            int rows,
            int start,
            int window) {
        AttentionCase problem = new AttentionCase(format, 6, 2, head, window, new int[] {start}, new int[] {rows});
        long out = gpu.room(ScalarType.BF16, problem.queries().length);
        gpu.launch(
                KernelVariant.of(new AttentionSpec(head, format), algorithm, target),
                problem.arguments(gpu::ints, gpu::bf16, gpu.bf16(problem.queries()), out));
        problem.check(gpu.read(ScalarType.BF16, out));
    }
}
