package org.mxforge.runtime;

import java.util.Locale;
import org.mxforge.runtime.base.ByteSize;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.model.Decoder;

/**
 * What a model will take of a GPU's memory, known from its configuration and the headers of its files, before anything is loaded. All
 * sizes are in bytes.
 *
 * @param model what it is called
 * @param device the GPU; of several that share the model, sizes are those of the one that has the most to hold
 * @param sequences that run together
 * @param context most tokens of each, its prompt included
 * @param weights of the model, as they will lie there
 * @param cache keys and values of all sequences
 * @param workspace at most, for activations and what kernels work in
 * @param free what no program has taken now
 * @param others what other programs have taken
 */
public record MemoryPlan(
        String model,
        String device,
        int sequences,
        int context,
        long weights,
        long cache,
        long workspace,
        long free,
        long others) {
    static MemoryPlan of(
            String model, String device, int sequences, int context, Decoder.Need need, Backend.Memory memory) {
        return new MemoryPlan(
                model,
                device,
                sequences,
                context,
                need.weights(),
                need.cache(),
                need.workspace(),
                memory.free(),
                memory.total() - memory.free() - memory.own());
    }

    /** All of it. */
    public long bytes() {
        return weights + cache + workspace;
    }

    public boolean fits() {
        return bytes() <= free;
    }

    /** Most tokens that {@link #sequences} sequences may have for all to fit; 0 if none may. */
    public int fittingContext() {
        long room = free - weights - workspace;
        return room <= 0 ? 0 : (int) Math.min(context, (long) ((double) room / cache * context));
    }

    /** Most sequences of {@link #context} tokens that fit; 0 if not even one does. */
    public int fittingSequences() {
        long room = free - weights - workspace;
        return room <= 0 ? 0 : (int) Math.min(sequences, room / Math.max(1, cache / sequences));
    }

    /** In a line. */
    public String text() {
        return String.format(
                Locale.ROOT,
                "%s for %s takes %s of %s: weights %s, cache %s, workspace %s; %s are free",
                model,
                load(sequences, context),
                ByteSize.text(bytes()),
                device,
                ByteSize.text(weights),
                ByteSize.text(cache),
                ByteSize.text(workspace),
                ByteSize.text(free));
    }

    /**
     * Makes sure that it fits.
     *
     * @throws MxForgeException with the numbers, and what would fit
     */
    public void requireFit() {
        if (!fits()) {
            String taken = others > free / 8 ? " beside " + ByteSize.text(others) + " of other programs" : "";
            throw new MxForgeException(text() + taken + ": " + advice());
        }
    }

    private String advice() {
        if (fittingSequences() > 0) {
            return load(fittingSequences(), context) + " would fit"
                    + (fittingContext() > 0 && sequences > 1 ? ", or " + load(sequences, fittingContext()) : "");
        }
        if (fittingContext() > 0) {
            return load(sequences, fittingContext()) + " would fit";
        }
        return "use a recipe of fewer bits or a smaller model, or close other programs on the GPU";
    }

    private static String load(int sequences, int context) {
        return sequences == 1 ? context + " tokens" : sequences + " x " + context + " tokens";
    }
}
