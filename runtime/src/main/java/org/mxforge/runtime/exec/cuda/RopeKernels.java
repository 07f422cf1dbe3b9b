package org.mxforge.runtime.exec.cuda;

import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.KvAppendArguments;
import org.mxforge.dsl.launch.RopeArguments;
import org.mxforge.dsl.spec.KvAppendSpec;
import org.mxforge.dsl.spec.RopeSpec;
import org.mxforge.runtime.exec.spi.Batch.Field;
import org.mxforge.runtime.exec.spi.Matrix;

/** Rotary position embedding by the positions of a batch: of queries, and of keys on their way into the cache. */
record RopeKernels(Gpu gpu, CudaRopeTable table, CudaBatch batch) {
    RopeKernels {
        if (batch.cache().longest() > table.rows()) {
            throw new IllegalArgumentException("sequences of " + batch.cache().longest()
                    + " positions are beyond a rotation table of " + table.rows() + " positions");
        }
    }

    void rotate(Matrix x, int heads, Matrix out) {
        int head = 2 * table.columns();
        CudaMatrix from = CudaMatrix.of(x, ScalarType.FP32, batch.rows(), heads * head);
        CudaMatrix to = CudaMatrix.of(out, ScalarType.BF16, batch.rows(), heads * head);
        gpu.launch(
                new RopeSpec(),
                new RopeArguments(
                        from.rows(),
                        heads,
                        head,
                        batch.address(Field.POSITIONS),
                        from.address(),
                        to.address(),
                        table.cos().address(),
                        table.sin().address()));
    }

    void append(int layer, Matrix keys, Matrix values) {
        CudaKvCache cache = batch.cache();
        int columns = cache.kvHeads() * 2 * table.columns();
        CudaMatrix k = CudaMatrix.of(keys, ScalarType.FP32, batch.rows(), columns);
        CudaMatrix v = CudaMatrix.of(values, ScalarType.BF16, batch.rows(), cache.kvHeads() * cache.head());
        gpu.launch(
                new KvAppendSpec(),
                new KvAppendArguments(
                        k.rows(),
                        cache.kvHeads(),
                        cache.head(),
                        batch.tableLength(),
                        batch.address(Field.POSITIONS),
                        batch.address(Field.SEQUENCES),
                        batch.address(Field.PAGES),
                        k.address(),
                        v.address(),
                        table.cos().address(),
                        table.sin().address(),
                        cache.keys(layer),
                        cache.values(layer)));
    }
}
