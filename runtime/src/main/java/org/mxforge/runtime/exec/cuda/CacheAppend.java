package org.mxforge.runtime.exec.cuda;

import java.util.Optional;
import org.mxforge.dsl.launch.KvAppendArguments;
import org.mxforge.dsl.spec.KvAppendSpec;
import org.mxforge.runtime.exec.spi.Backend.HeadNorms;
import org.mxforge.runtime.exec.spi.Batch.Field;

/** Takes queries, keys and values apart, rotates them by the positions of a batch, and puts keys and values into its cache. */
record CacheAppend(Gpu gpu, CudaRopeTable table, CudaBatch batch) {
    CacheAppend {
        if (batch.cache().longest() > table.rows() || batch.cache().head() != 2 * table.columns()) {
            throw new IllegalArgumentException("sequences of " + batch.cache().longest() + " positions and heads of "
                    + batch.cache().head() + " channels do not fit a rotation table of " + table.rows()
                    + " positions and "
                    + 2 * table.columns() + " channels");
        }
    }

    /** {@code projected} are FP32, queries, keys and values side by side; the queries go into {@code queries}. */
    void run(int layer, CudaMatrix projected, Optional<HeadNorms> norms, CudaMatrix queries) {
        CudaKvCache cache = batch.cache();
        int head = cache.head();
        int heads = queries.columns() / head;
        if (projected.rows() != queries.rows() || projected.columns() != (heads + 2 * cache.kvHeads()) * head) {
            throw new IllegalArgumentException(projected.rows() + "x" + projected.columns() + " are not "
                    + queries.rows() + " rows of " + heads + " queries and " + cache.kvHeads() + " keys and values");
        }
        gpu.launch(
                new KvAppendSpec(norms.isPresent(), cache.format()),
                new KvAppendArguments(
                        projected.rows(),
                        heads,
                        cache.kvHeads(),
                        head,
                        batch.tableLength(),
                        batch.address(Field.POSITIONS),
                        batch.address(Field.SEQUENCES),
                        batch.address(Field.PAGES),
                        projected.address(),
                        norms.map(both -> CudaVector.of(both.queries(), head).address())
                                .orElse(0L),
                        norms.map(both -> CudaVector.of(both.keys(), head).address())
                                .orElse(0L),
                        norms.map(HeadNorms::epsilon).orElse(0f),
                        table.cos().address(),
                        table.sin().address(),
                        queries.address(),
                        cache.keys(layer),
                        cache.values(layer)));
    }
}
