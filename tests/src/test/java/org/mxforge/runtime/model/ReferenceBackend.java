package org.mxforge.runtime.model;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.runtime.base.Trace;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Backend.RecordedStep;
import org.mxforge.runtime.exec.spi.Batch;
import org.mxforge.runtime.exec.spi.Batch.Field;
import org.mxforge.runtime.exec.spi.Experts;
import org.mxforge.runtime.exec.spi.KvCache;
import org.mxforge.runtime.exec.spi.Linear;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.exec.spi.Matrix;
import org.mxforge.runtime.exec.spi.SeparateExperts;
import org.mxforge.runtime.exec.spi.Vector;
import org.mxforge.runtime.oracle.CachedVector;
import org.mxforge.runtime.quant.PlainWeight;
import org.mxforge.runtime.quant.QuantizedWeight;

/**
 * The operations of a decoder in the plainest Java that can be read against their definitions: the oracle for other
 * backends. Sums in double; plain layers only.
 */
public final class ReferenceBackend implements Backend {
    private record Dense(int rows, int columns, float[] values) implements Matrix {
        @Override
        public Matrix first(int rows) {
            return new Dense(rows, columns, values);
        }

        @Override
        public void close() {}
    }

    private record Input(int rows, int channels, float[] values) implements LinearInput {
        @Override
        public void close() {}
    }

    private record Values(float[] values) implements Vector {
        @Override
        public int length() {
            return values.length;
        }
    }

    private record Embeddings(int rows, int columns, ScalarArray values) implements Embedding {}

    private record Weight(int outputs, int channels, ScalarArray values, float[] bias) implements Linear {}

    private record Angles(int rows, int columns, float[] cos, float[] sin) implements RopeTable {}

    private static final class Cache extends KvCache {
        private final CacheFormat format;
        private final int kvHeads;
        private final int head;
        private final float[][] keys;
        private final float[][] values;

        Cache(CacheFormat format, int layers, int kvHeads, int head, int sequences, int longest) {
            super(sequences, longest, 3);
            this.format = format;
            this.kvHeads = kvHeads;
            this.head = head;
            this.keys = new float[layers][pages() * 3 * kvHeads * head];
            this.values = new float[layers][pages() * 3 * kvHeads * head];
        }

        /** Puts the heads of a row, [kvHeads][head] from {@code at} on. */
        void put(float[] rows, int at, float[] to, int place) {
            for (int i = 0; i < kvHeads * head; i += head) {
                float[] vector = Arrays.copyOfRange(rows, at + i, at + i + head);
                float[] kept = format == CacheFormat.BF16
                        ? vector
                        : CachedVector.of(format, vector).values();
                System.arraycopy(kept, 0, to, place + i, head);
            }
        }

        @Override
        public void close() {}
    }

    private static final class Rows extends Batch {
        private int[] words;

        Rows(Cache cache, int vocabulary, int rows, int sequences) {
            super(cache, vocabulary, rows, sequences);
        }

        int offset(Field field, int index) {
            return offset(field) + index;
        }

        int number(Field field, int index) {
            return words[offset(field, index)];
        }

        float fraction(Field field, int index) {
            return Float.intBitsToFloat(number(field, index));
        }

        /** Where the heads of a position lie in a layer of the cache. */
        int place(int row, int position) {
            int page = number(Field.PAGES, number(Field.SEQUENCES, row) * tableLength() + position / 3);
            Cache cache = (Cache) cache();
            return (page * 3 + position % 3) * cache.kvHeads * cache.head;
        }

        @Override
        protected void upload(int[] words) {
            this.words = words;
        }

        @Override
        protected int[] downloadTokens(int count) {
            return Arrays.copyOfRange(words, offset(Field.TOKENS), offset(Field.TOKENS) + count);
        }

        @Override
        public void close() {}
    }

    private static float[] values(Matrix matrix) {
        return ((Dense) matrix).values;
    }

    @Override
    public String device() {
        return "reference";
    }

    @Override
    public Matrix activations(int rows, int columns) {
        float[] undefined = new float[rows * columns];
        Arrays.fill(undefined, Float.NaN);
        return new Dense(rows, columns, undefined);
    }

    @Override
    public Matrix fp32(int rows, int columns) {
        return activations(rows, columns);
    }

    @Override
    public float[] download(Matrix matrix) {
        return Arrays.copyOf(values(matrix), matrix.rows() * matrix.columns());
    }

    @Override
    public float[] download(LinearInput input) {
        return ((Input) input).values.clone();
    }

    @Override
    public Vector vector(float[] values) {
        return new Values(values);
    }

    @Override
    public Embedding embedding(PlainWeight table) {
        return new Embeddings(table.outputs(), table.channels(), table.values());
    }

    @Override
    public Linear linear(PlainWeight weight, float[] bias) {
        return new Weight(weight.outputs(), weight.channels(), weight.values(), bias);
    }

    @Override
    public Linear int8(PlainWeight weight, float[] bias) {
        throw new IllegalArgumentException("the reference backend runs plain layers only");
    }

    @Override
    public Linear linear(QuantizedWeight weight, float[] bias) {
        throw new IllegalArgumentException("the reference backend runs plain layers only");
    }

    @Override
    public Experts experts(Experts.Weights weights, int perToken) {
        return new SeparateExperts(this, weights, perToken);
    }

    @Override
    public RopeTable ropeTable(float[] cos, float[] sin, int positions, int half) {
        return new Angles(positions, half, cos, sin);
    }

    @Override
    public KvCache kvCache(CacheFormat format, int layers, int kvHeads, int head, int sequences, int longest) {
        return new Cache(format, layers, kvHeads, head, sequences, longest);
    }

    @Override
    public Batch batch(KvCache cache, int vocabulary, int rows, int sequences) {
        return new Rows((Cache) cache, vocabulary, rows, sequences);
    }

    @Override
    public void embed(Embedding table, Batch batch, Matrix out) {
        int hidden = table.columns();
        for (int i = 0; i < batch.rows() * hidden; i++) {
            int id = ((Rows) batch).number(Field.IDS, i / hidden);
            values(out)[i] = ((Embeddings) table).values.get(id * hidden + i % hidden);
        }
    }

    @Override
    public void rmsNorm(Matrix x, Vector weight, float epsilon, Matrix out) {
        int columns = x.columns();
        for (int row = 0; row < x.rows(); row++) {
            double sum = 0;
            for (int c = 0; c < columns; c++) {
                sum += (double) values(x)[row * columns + c] * values(x)[row * columns + c];
            }
            double scale = 1 / Math.sqrt(sum / columns + epsilon);
            for (int c = 0; c < columns; c++) {
                values(out)[row * columns + c] =
                        (float) (values(x)[row * columns + c] * scale * ((Values) weight).values[c]);
            }
        }
    }

    @Override
    public LinearInput input(Linear layer, LinearInput.Step step, Matrix x) {
        int columns = layer.channels();
        Matrix out = activations(x.rows(), columns);
        if (step instanceof LinearInput.Step.RmsNorm norm) {
            rmsNorm(x, norm.weight(), norm.epsilon(), out);
        } else {
            for (int i = 0; i < x.rows() * columns; i++) {
                int at = i / columns * x.columns() + i % columns;
                float value = values(x)[at];
                values(out)[i] =
                        step instanceof LinearInput.Step.SiluMul ? silu(value) * values(x)[at + columns] : value;
            }
        }
        return new Input(x.rows(), columns, values(out));
    }

    @Override
    public void linear(Linear layer, LinearInput input, Epilogue epilogue, Matrix epilogueOperand, Matrix out) {
        Weight weight = (Weight) layer;
        for (int i = 0; i < input.rows() * weight.outputs; i++) {
            double sum = 0;
            for (int k = 0; k < weight.channels; k++) {
                sum += (double) ((Input) input).values[i / weight.outputs * weight.channels + k]
                        * weight.values.get(i % weight.outputs * weight.channels + k);
            }
            values(out)[i] = switch (epilogue) {
                case NONE -> (float) sum;
                case BIAS -> (float) (sum + weight.bias[i % weight.outputs]);
                case RESIDUAL -> (float) (sum + values(epilogueOperand)[i]);
                case SILU_MUL -> silu((float) sum) * values(epilogueOperand)[i];
                case SWIGLU -> throw new IllegalArgumentException("gates come apart from their factors here");
            };
        }
    }

    @Override
    public void linearSection(Linear layer, LinearInput input, Epilogue epilogue, Matrix out, int column) {
        Matrix part = activations(input.rows(), layer.outputs());
        linear(layer, input, epilogue, null, part);
        for (int i = 0; i < input.rows() * layer.outputs(); i++) {
            values(out)[i / layer.outputs() * out.columns() + column + i % layer.outputs()] = values(part)[i];
        }
    }

    @Override
    public void route(Matrix x, Vector weight, float epsilon, Linear router, Matrix scores) {
        linear(router, input(router, new LinearInput.Step.RmsNorm(weight, epsilon), x), Epilogue.NONE, null, scores);
    }

    @Override
    public void append(
            Batch batch, int layer, RopeTable table, Matrix projected, Optional<HeadNorms> norms, Matrix queries) {
        Cache cache = (Cache) batch.cache();
        Rows rows = (Rows) batch;
        int width = cache.kvHeads * cache.head;
        int first = queries.columns();
        for (int row = 0; row < projected.rows(); row++) {
            float[] x = row(projected, row);
            norms.ifPresent(norm -> {
                headNorm(x, 0, first, (Values) norm.queries(), norm.epsilon());
                headNorm(x, first, first + width, (Values) norm.keys(), norm.epsilon());
            });
            rotate(x, first + width, (Angles) table, rows.number(Field.POSITIONS, row));
            if (cache.format != CacheFormat.BF16) {
                turn(x, 0, first, cache.head, 1.0 / Integer.lowestOneBit(cache.head));
                turn(x, first, first + width, cache.head, 1);
            }
            System.arraycopy(x, 0, values(queries), row * first, first);
            int place = rows.place(row, rows.number(Field.POSITIONS, row));
            cache.put(x, first, cache.keys[layer], place);
            cache.put(x, first + width, cache.values[layer], place);
        }
    }

    private static void headNorm(float[] x, int from, int to, Values weight, float epsilon) {
        int head = weight.length();
        for (int at = from; at < to; at += head) {
            double sum = 0;
            for (int c = 0; c < head; c++) {
                sum += (double) x[at + c] * x[at + c];
            }
            double scale = 1 / Math.sqrt(sum / head + epsilon);
            for (int c = 0; c < head; c++) {
                x[at + c] = (float) (x[at + c] * scale * weight.values[c]);
            }
        }
    }

    /** Multiplies heads by the Hadamard matrix, whose element is -1 where row and column have an odd number of bits in common. */
    private static void turn(float[] x, int from, int to, int head, double factor) {
        int block = Integer.lowestOneBit(head);
        for (int at = from; at < to; at += block) {
            float[] before = Arrays.copyOfRange(x, at, at + block);
            for (int i = 0; i < block; i++) {
                double sum = 0;
                for (int j = 0; j < block; j++) {
                    sum += Integer.bitCount(i & j) % 2 == 0 ? before[j] : -before[j];
                }
                x[at + i] = (float) (sum * factor);
            }
        }
    }

    private static void rotate(float[] x, int to, Angles angles, int position) {
        int half = angles.columns;
        for (int i = 0; i < to / 2; i++) {
            int low = i / half * 2 * half + i % half;
            float cos = angles.cos[position * half + i % half];
            float sin = angles.sin[position * half + i % half];
            float a = x[low];
            float b = x[low + half];
            x[low] = a * cos - b * sin;
            x[low + half] = b * cos + a * sin;
        }
    }

    @Override
    public void attention(Matrix queries, int heads, Batch batch, int layer, int window, Matrix out) {
        Cache kv = (Cache) batch.cache();
        for (int row = 0; row < queries.rows(); row++) {
            for (int h = 0; h < heads; h++) {
                attend(
                        (Rows) batch,
                        layer,
                        row,
                        window,
                        h / (heads / kv.kvHeads) * kv.head,
                        values(queries),
                        values(out),
                        (row * heads + h) * kv.head);
            }
        }
    }

    private static void attend(
            Rows batch, int layer, int row, int window, int kvHead, float[] queries, float[] out, int at) {
        Cache kv = (Cache) batch.cache();
        int last = batch.number(Field.POSITIONS, row);
        int first = Math.max(0, last + 1 - window);
        double[] scores = new double[last + 1];
        Arrays.fill(scores, 0, first, Double.NEGATIVE_INFINITY);
        for (int p = first; p <= last; p++) {
            int key = batch.place(row, p) + kvHead;
            for (int c = 0; c < kv.head; c++) {
                scores[p] += queries[at + c] * kv.keys[layer][key + c] / Math.sqrt(kv.head);
            }
        }
        double max = Arrays.stream(scores).max().getAsDouble();
        double sum = Arrays.stream(scores).map(s -> Math.exp(s - max)).sum();
        for (int c = 0; c < kv.head; c++) {
            double value = 0;
            for (int p = first; p <= last; p++) {
                value += Math.exp(scores[p] - max) / sum * kv.values[layer][batch.place(row, p) + kvHead + c];
            }
            out[at + c] = (float) value;
        }
    }

    @Override
    public void gatherOutputs(Matrix x, Batch batch, int first, Matrix out) {
        int[] rows = new int[out.rows()];
        Arrays.setAll(rows, i -> ((Rows) batch).number(Field.OUTPUTS, first + i));
        gatherRows(x, rows, out);
    }

    @Override
    public void add(Matrix x, Matrix y) {
        for (int i = 0; i < x.rows() * x.columns(); i++) {
            values(y)[i] += values(x)[i];
        }
    }

    @Override
    public void gatherRows(Matrix x, int[] rows, Matrix out) {
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(values(x), rows[i] * x.columns(), values(out), i * x.columns(), x.columns());
        }
    }

    @Override
    public void scatterAddRows(Matrix x, int[] rows, float[] weights, Matrix y) {
        for (int i = 0; i < rows.length * x.columns(); i++) {
            values(y)[rows[i / x.columns()] * x.columns() + i % x.columns()] += weights[i / x.columns()] * values(x)[i];
        }
    }

    @Override
    public CrossEntropy crossEntropy(int[] targets) {
        return new ReferenceLoss(targets);
    }

    @Override
    public void sample(Matrix logits, Batch batch, int first) {
        Rows to = (Rows) batch;
        for (int row = 0; row < logits.rows(); row++) {
            int output = first + row;
            Batch.Choice choice = new Batch.Choice(
                    to.fraction(Field.TEMPERATURES, output),
                    to.fraction(Field.TOP_P, output),
                    to.fraction(Field.UNIFORM, output));
            to.words[to.offset(Field.TOKENS, output)] = choose(logits, row, choice);
        }
    }

    @Override
    public RecordedStep record(Runnable operations) {
        return RecordedStep.repeating(this, operations);
    }

    @Override
    public Trace trace(Runnable operations) {
        operations.run();
        return new Trace(List.of(), List.of());
    }

    private static int choose(Matrix logits, int row, Batch.Choice choice) {
        float[] scores = row(logits, row);
        Integer[] order = new Integer[scores.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Float.compare(scores[b], scores[a]));
        if (choice.topP() == 0) {
            return order[0];
        }
        double[] p = new double[order.length];
        Arrays.setAll(p, i -> Math.exp((scores[order[i]] - scores[order[0]]) / choice.temperature()));
        double all = Arrays.stream(p).sum();
        int kept = 0;
        double mass = 0;
        while (kept < p.length && mass < choice.topP() * all) {
            mass += p[kept++];
        }
        double left = choice.uniform() * mass;
        int chosen = 0;
        while (chosen < kept - 1 && left >= p[chosen]) {
            left -= p[chosen++];
        }
        return order[chosen];
    }

    @Override
    public Backend forModel() {
        return this;
    }

    @Override
    public void synchronize() {}

    @Override
    public void close() {}

    static float[] row(Matrix matrix, int row) {
        return Arrays.copyOfRange(values(matrix), row * matrix.columns(), (row + 1) * matrix.columns());
    }

    private static float silu(float x) {
        return (float) (x / (1 + Math.exp(-x)));
    }
}
