package org.mxforge.runtime;

import org.mxforge.runtime.base.ByteSize;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.convert.CheckpointSize;
import org.mxforge.runtime.exec.cpu.CpuBackend;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.model.family.ModelConfig;

/**
 * What a model on the CPU takes of the Java heap at least, known from its configuration and the headers of its files before anything is
 * loaded; activations come on top. Sizes are in bytes.
 *
 * @param model what it is called, and its recipe
 * @param weights of the linear layers and of the vocabulary's tables, as they lie there
 * @param cache keys and values of all sequences; 0 where it is not known yet
 */
record HeapNeed(String model, long weights, long cache) {
    private static final String WEIGHT = ".weight";

    /** What the program itself has there when it runs next to nothing. */
    private static final long PROGRAM = 8L << 20;

    /** The need of {@code folder}'s weights. */
    static HeapNeed of(ModelFolder folder, Quantization quantization) {
        Checkpoint checkpoint = folder.checkpoint();
        boolean stored = folder.isQuantized() || !quantization.recipe().quantizes();
        CheckpointSize size = stored ? CheckpointSize.of(checkpoint) : quantization.size(checkpoint);
        ModelConfig config = checkpoint.config();
        long tables = table(checkpoint, config.embedding())
                + (config.tiedEmbeddings() ? 0 : table(checkpoint, config.outputHead()));
        String recipe = (folder.isQuantized() ? folder.recipe() : quantization.recipe()).text();
        return new HeapNeed(folder.path().getFileName() + " in " + recipe, size.linearBytes() + tables, 0);
    }

    private static long table(Checkpoint checkpoint, String name) {
        return checkpoint.weights().info(name + WEIGHT).bytes();
    }

    /** The same with keys and values of {@code sequences} sequences of {@code context} tokens. */
    HeapNeed with(ModelConfig config, int sequences, int context) {
        return new HeapNeed(
                model,
                weights,
                CpuBackend.cacheBytes(config.layers(), config.kvHeads(), config.head(), sequences, context));
    }

    /**
     * Makes sure that {@code heap} bytes are not too few.
     *
     * @throws MxForgeException with the numbers, and what would do
     */
    void requireFit(long heap) {
        long least = weights + cache + PROGRAM;
        if (least <= heap) {
            return;
        }
        long gigabytes = (least + least / 2 >> 30) + 1;
        String parts = "weights " + ByteSize.text(weights) + (cache == 0 ? "" : ", cache " + ByteSize.text(cache));
        String sentence = "not enough memory: " + model + " takes more than " + ByteSize.text(least)
                + " of the Java heap (" + parts + "), which has " + ByteSize.text(heap)
                + ": start java with a larger -Xmx, such as -Xmx" + gigabytes
                + "g (for the command mxforge: MXFORGE_JAVA_OPTIONS=-Xmx" + gigabytes
                + "g), or use a recipe of fewer bits, a smaller model or fewer tokens at once";
        // No mistake in a command, but of the machine: the exit code is that of memory that ran out.
        throw new MxForgeException(sentence, new OutOfMemoryError(sentence));
    }
}
