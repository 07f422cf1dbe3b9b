package org.mxforge.runtime.exec.cuda;

import org.mxforge.runtime.exec.spi.Batch;

/** A batch in one block of GPU memory, uploaded at once. */
final class CudaBatch extends Batch {
    private final CudaKvCache cache;
    private final Scratch memory;

    CudaBatch(Gpu gpu, CudaKvCache cache, int vocabulary, int rows, int sequences) {
        super(cache, vocabulary, rows, sequences);
        this.cache = cache;
        this.memory = gpu.scratch("a batch of " + rows + " tokens", (long) Integer.BYTES * size());
    }

    static CudaBatch of(Batch batch) {
        if (batch instanceof CudaBatch cuda) {
            return cuda;
        }
        throw new IllegalArgumentException("the CUDA backend was given a batch of another backend");
    }

    @Override
    public CudaKvCache cache() {
        return cache;
    }

    @Override
    protected int tableLength() {
        return super.tableLength();
    }

    /** The address of the numbers of the rows or outputs from {@code first} on. */
    long address(Field field, int first) {
        return memory.address() + (long) Integer.BYTES * (offset(field) + first);
    }

    long address(Field field) {
        return address(field, 0);
    }

    @Override
    protected void upload(int[] words) {
        memory.buffer().upload(words);
    }

    @Override
    protected int[] downloadTokens(int count) {
        int[] tokens = new int[count];
        memory.buffer().download((long) Integer.BYTES * offset(Field.TOKENS), tokens);
        return tokens;
    }

    @Override
    public void close() {
        memory.close();
    }
}
