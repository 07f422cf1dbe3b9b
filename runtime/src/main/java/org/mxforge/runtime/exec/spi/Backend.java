package org.mxforge.runtime.exec.spi;

import java.util.List;
import java.util.Optional;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.runtime.base.Trace;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.PlainWeight;
import org.mxforge.runtime.quant.QuantizedWeight;

/**
 * The operations of a decoder on one device. A model is written once against this interface; the CPU backend keeps activations in
 * FP32, the CUDA backend in BF16, with the residual stream in FP32 and FP32 inside each kernel. Weights given to a backend are
 * copied or referenced, never changed. The CPU backend uses plain ones as they are stored; the CUDA backend holds them in BF16 and warns
 * where that rounds. Not safe for concurrent use.
 *
 * <p>Every method throws {@link org.mxforge.runtime.base.MxForgeException} when the device is out of memory, naming the bytes
 * wanted and free, and {@link IllegalArgumentException} when shapes do not fit.
 */
public interface Backend extends AutoCloseable {
    /** The device in words, such as {@code CPU, 2 threads} or {@code NVIDIA H200}. */
    String device();

    /**
     * A backend for one model on the same device, with the same kernels. Closing it gives back what was made of the model's weights by
     * it, and leaves this one open.
     */
    Backend forModel();

    /**
     * A backend that does nothing, on which {@link #memory} tells what would be taken of this one's device; empty where memory is not
     * planned. No weight that is given to it is read.
     */
    default Optional<Backend> dryRun() {
        return Optional.empty();
    }

    /**
     * How many devices share each layer of its models, heads and the channels between gate and down as many: matrices of these are as wide
     * as the part of each.
     */
    default int shards() {
        return 1;
    }

    /** Activations of undefined content, in the backend's activation type. */
    Matrix activations(int rows, int columns);

    /**
     * A matrix of undefined content in FP32, for the residual stream, which would lose small updates if it were rounded at every
     * block; for queries, keys and values before their rotation; and for logits and scores.
     */
    Matrix fp32(int rows, int columns);

    /** A matrix of undefined content for the residual stream, in FP32. */
    default Matrix residual(int rows, int columns) {
        return fp32(rows, columns);
    }

    /** The values of {@code matrix}, row-major; waits for the device. */
    float[] download(Matrix matrix);

    /** The values of a plain input, row-major; waits for the device. Refuses a quantized one. */
    float[] download(LinearInput input);

    Vector vector(float[] values);

    /** {@code table} is [vocabulary][hidden]. */
    Embedding embedding(PlainWeight table);

    /** A plain layer; {@code bias} has outputs values or is null. */
    Linear linear(PlainWeight weight, float[] bias);

    /** A quantized layer; {@code bias} has outputs values or is null. */
    Linear linear(QuantizedWeight weight, float[] bias);

    /** A layer in INT8, which quantizes its input token by token; {@code bias} has outputs values or is null. */
    Linear int8(PlainWeight weight, float[] bias);

    /** A layer in parts, of which each of the devices that share it gets one; {@code bias} is that of the whole layer or null. */
    default Linear linear(Linear.Weight.Shared weight, float[] bias) {
        throw new IllegalArgumentException(
                "a layer in " + weight.parts().size() + " parts is not for one device, " + device());
    }

    /** The experts of a layer, which sends each token to {@code perToken} of them; {@code weights} are read at once. */
    Experts experts(Experts.Weights weights, int perToken);

    /** {@code cos} and {@code sin} are [positions][half]. */
    RopeTable ropeTable(float[] cos, float[] sin, int positions, int half);

    /**
     * A cache of keys and values, [kvHeads][head] each in every layer and position, with room for {@code sequences} sequences of
     * {@code longest} positions, or for more shorter ones.
     *
     * @param format how they are kept; they are rounded to it by {@link #append}
     */
    KvCache kvCache(CacheFormat format, int layers, int kvHeads, int head, int sequences, int longest);

    /** A batch of at most {@code rows} tokens below {@code vocabulary}, of at most {@code sequences} sequences in {@code cache}. */
    Batch batch(KvCache cache, int vocabulary, int rows, int sequences);

    /** {@code out} = the table's rows of the batch's tokens, in order; {@code out} is a residual stream. */
    void embed(Embedding table, Batch batch, Matrix out);

    /** RMSNorm of the residual stream {@code x} into activations. */
    void rmsNorm(Matrix x, Vector weight, float epsilon, Matrix out);

    /**
     * Brings {@code x}, a residual stream before a norm and activations before anything else, through {@code step} into the form
     * that {@code layer} multiplies.
     */
    LinearInput input(Linear layer, LinearInput.Step step, Matrix x);

    /**
     * {@code out = epilogue(input * weight^T)}.
     *
     * @param epilogue {@link Epilogue#BIAS} uses the layer's own bias
     * @param operand the residual or up matrix of the epilogue, else null; may be {@code out}
     */
    void linear(Linear layer, LinearInput input, Epilogue epilogue, Matrix operand, Matrix out);

    /**
     * The same into the columns of {@code out} from {@code column} on, the others left as they are; with an epilogue that reads no matrix.
     */
    void linearSection(Linear layer, LinearInput input, Epilogue epilogue, Matrix out, int column);

    /** {@code scores = rmsNorm(x) * router^T} in FP32 throughout; {@code router} is a plain layer. */
    void route(Matrix x, Vector weight, float epsilon, Linear router, Matrix scores);

    /**
     * Takes a layer's queries, keys and values apart: the queries, rotated by the angles of the rows' positions, go into {@code queries},
     * the keys, rotated, and the values into the batch's cache.
     *
     * @param projected FP32, side by side [rows][(heads + 2 * kvHeads) * head]
     * @param norms what heads go through before they are rotated, if anything
     * @param queries activations, [rows][heads * head]
     */
    void append(Batch batch, int layer, RopeTable table, Matrix projected, Optional<HeadNorms> norms, Matrix queries);

    /**
     * Causal attention of [rows][heads * head] queries over the batch's cache, into {@code out}: each row sees its sequence's
     * positions up to its own, the last {@code window} of them.
     *
     * @param window at least 1; {@link Integer#MAX_VALUE} where rows see all
     */
    void attention(Matrix queries, int heads, Batch batch, int layer, int window, Matrix out);

    /** {@code out} = the rows of the residual stream {@code x} that belong to the batch's outputs from {@code first} on. */
    void gatherOutputs(Matrix x, Batch batch, int first, Matrix out);

    /** {@code out[i] = x[rows[i]]}; both activations, or both residual streams. */
    void gatherRows(Matrix x, int[] rows, Matrix out);

    /** {@code y += x}; {@code x} are activations and {@code y} is a residual stream. */
    void add(Matrix x, Matrix y);

    /** {@code y[rows[i]] += weights[i] * x[i]}; {@code y} is a residual stream, {@code rows} has no repeats. */
    void scatterAddRows(Matrix x, int[] rows, float[] weights, Matrix y);

    /** Begins to score {@code targets}, of which each row of some logits has one. */
    CrossEntropy crossEntropy(int[] targets);

    /**
     * A plain layer cut into layers of {@code outputs} outputs, the last of fewer, which share its weight and have no bias; the layer
     * alone where this backend cannot.
     *
     * @param outputs a multiple of 128
     */
    default List<Linear> cut(Linear layer, int outputs) {
        return List.of(layer);
    }

    /**
     * Samples a token from each row of {@code logits}, as the batch has it for its outputs from {@code first} on, a multiple of 4;
     * the logits may be overwritten. {@link Batch#tokens()} tells them, and where there was none to
     * sample, because logits are not finite.
     */
    void sample(Matrix logits, Batch batch, int first);

    /**
     * A step of these {@code operations} on this backend, which it records if that saves time; nothing is done yet. All memory that
     * they work in, their own scratch apart, must stay until the step is closed.
     */
    RecordedStep record(Runnable operations);

    /**
     * Does {@code operations} with a clock at each kernel, which makes them a little slower as a whole.
     *
     * @return when their kernels ran, once all are done
     */
    Trace trace(Runnable operations);

    /** Says what part of a model the next operations belong to, for {@link #trace}. */
    default void at(String place) {}

    /**
     * What rounds the weight of {@code site} on this device; empty where it does not, or has not the memory.
     *
     * @param input how the site's input is quantized
     */
    default Optional<SiteRounding> rounding(LinearSite site, InputQuantization input) {
        return Optional.empty();
    }

    /** What rotates weights on this device; empty where the host does that as well. */
    default Optional<Rotations> rotations() {
        return Optional.empty();
    }

    /** What adds up products of inputs of {@code channels} channels on this device; empty where it does not, or has not the memory. */
    default Optional<InputProducts> products(int channels) {
        return Optional.empty();
    }

    /** The device's memory as it is now; empty where that says nothing about a model. */
    default Optional<Memory> memory() {
        return Optional.empty();
    }

    /** Waits until everything asked for is done. */
    void synchronize();

    @Override
    void close();

    /**
     * Products of matrices in FP32 with square blocks, which lie one behind the other along the diagonal of a larger one: in binary64, rounded
     * once, in place. All matrices are row-major.
     */
    interface Rotations {
        /**
         * Multiplies rows by the blocks: x becomes x M.
         *
         * @param rows [rows][size * blocks]; a device wants multiples of 32 columns here and below
         * @param blocks each [size][size]
         */
        void channels(float[] rows, int size, double[][] blocks);

        /**
         * Multiplies the transposes of the blocks by a weight: W becomes M^T W.
         *
         * @param weight [size * blocks][columns]
         * @param blocks each [size][size]
         */
        void outputs(float[] weight, int size, double[][] blocks);
    }

    /** Sums over tokens of the products of each two channels of an input, in binary64. */
    interface InputProducts extends AutoCloseable {
        /** Takes in tokens of a plain input. */
        void add(LinearInput input);

        /** The sums, [channels][channels], all of them; waits for the device. */
        double[] sums();

        @Override
        void close();
    }

    /**
     * Memory of a device, in bytes.
     *
     * @param total all of it
     * @param free what no program has taken
     * @param own what was taken through this device's backends
     * @param scratch what of that is there for operations, whether some use it now or not
     */
    record Memory(long total, long free, long own, long scratch) {}

    /**
     * Operations on a {@link Backend} that are asked for again and again with other numbers in the same memory, such as a decoding step
     * over a {@link Batch}. A GPU records them, so that a repetition costs the host one call; addresses, shapes and the choice of
     * kernels are as they were when the step was first run.
     *
     * <p>Nothing in a step may depend on values that the host would have to read, or be brought from the host: experts whose
     * {@link Experts#isRecordable()} is false cannot be part of one.
     */
    interface RecordedStep extends AutoCloseable {
        /** Asks for the operations, without waiting for them. */
        void replay();

        /** Does the operations once more as {@link Backend#trace} does, and gives the same results. */
        Trace trace();

        /** Gives the memory back that the step works in; what was asked for is still done. */
        @Override
        void close();

        /** A step that is not recorded, but asked for operation by operation each time. */
        static RecordedStep repeating(Backend backend, Runnable operations) {
            return new RecordedStep() {
                @Override
                public void replay() {
                    operations.run();
                }

                @Override
                public Trace trace() {
                    return backend.trace(operations);
                }

                @Override
                public void close() {
                    // Nothing is kept between two runs.
                }
            };
        }
    }

    /** The likelihood of targets under logits that come in parts of the vocabulary, so that all of them need not be there together. */
    interface CrossEntropy extends AutoCloseable {
        /**
         * Adds the logits of the tokens from {@code first} on, of all rows; parts come in order, from 0 on.
         *
         * @throws IllegalArgumentException if {@code logits} has not a row for each target
         */
        void add(Matrix logits, int first);

        /** How likely each target is, once all parts were added. */
        Scores scores();

        @Override
        void close();

        /**
         * What came of each target.
         *
         * @param nll its negative log likelihood, in nats
         * @param best whether no token has a larger logit
         */
        record Scores(float[] nll, boolean[] best) {
            /**
             * What comes of rows of logits.
             *
             * @param vocabulary how many logits a row had
             * @param largest of each row
             * @param sums of the exponentials of each row, relative to its largest
             * @param logits of the targets
             * @throws IllegalArgumentException if a target is not one of the vocabulary
             */
            public static Scores of(int[] targets, int vocabulary, float[] largest, double[] sums, float[] logits) {
                float[] nll = new float[targets.length];
                boolean[] best = new boolean[targets.length];
                for (int row = 0; row < nll.length; row++) {
                    if (targets[row] < 0 || targets[row] >= vocabulary) {
                        throw new IllegalArgumentException(
                                "target token " + targets[row] + " is not one of " + vocabulary);
                    }
                    nll[row] = (float) (Math.log(sums[row]) + largest[row] - logits[row]);
                    best[row] = logits[row] == largest[row];
                }
                return new Scores(nll, best);
            }
        }
    }

    /** A constant table of token embeddings, [rows][columns], in the backend's memory; lives as long as it. */
    interface Embedding {
        /** The vocabulary. */
        int rows();

        /** The hidden size. */
        int columns();
    }

    /** RMSNorms of each head of the queries and of the keys; the weights are [head], which all heads share. */
    record HeadNorms(Vector queries, Vector keys, float epsilon) {}

    /** A constant table of the cosines and sines of rotation angles, [rows][columns] each; lives as long as the backend at most. */
    interface RopeTable {
        /** Positions. */
        int rows();

        /** Half of the size of a head. */
        int columns();

        /** Gives its memory back before the backend does, once what was asked for before has read it. */
        default void close() {}
    }
}
