package org.mxforge.runtime.model;

import java.util.Arrays;
import java.util.Optional;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.EmbeddingTable;
import org.mxforge.runtime.exec.spi.ExpertWeights;
import org.mxforge.runtime.exec.spi.Experts;
import org.mxforge.runtime.exec.spi.InputStep;
import org.mxforge.runtime.exec.spi.KvCache;
import org.mxforge.runtime.exec.spi.Linear;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.exec.spi.Matrix;
import org.mxforge.runtime.exec.spi.RopeTable;
import org.mxforge.runtime.exec.spi.SeparateExperts;
import org.mxforge.runtime.exec.spi.TokenChoice;
import org.mxforge.runtime.exec.spi.Vector;
import org.mxforge.runtime.quant.InputQuantization;
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

    private record Table(int vocabulary, int hidden, short[] values) implements EmbeddingTable {}

    private record Weight(int outputs, int channels, short[] values, float[] bias) implements Linear {
        @Override
        public Optional<InputQuantization> input() {
            return Optional.empty();
        }
    }

    private record Angles(int positions, int half, float[] cos, float[] sin) implements RopeTable {}

    private record Cache(int capacity, int kvHeads, int head, float[][] keys, float[][] values) implements KvCache {
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
    public Matrix wide(int rows, int columns) {
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
    public EmbeddingTable embedding(short[] bf16, int vocabulary, int hidden) {
        return new Table(vocabulary, hidden, bf16);
    }

    @Override
    public Linear linear(short[] bf16, int outputs, int channels, float[] bias) {
        return new Weight(outputs, channels, bf16, bias);
    }

    @Override
    public Linear linear(QuantizedWeight weight, float[] bias) {
        throw new IllegalArgumentException("the reference backend runs plain layers only");
    }

    @Override
    public Experts experts(ExpertWeights weights, int perToken) {
        return new SeparateExperts(this, weights, perToken);
    }

    @Override
    public RopeTable ropeTable(float[] cos, float[] sin, int positions, int half) {
        return new Angles(positions, half, cos, sin);
    }

    @Override
    public KvCache kvCache(int layers, int capacity, int kvHeads, int head) {
        int size = capacity * kvHeads * head;
        return new Cache(capacity, kvHeads, head, new float[layers][size], new float[layers][size]);
    }

    @Override
    public void embed(EmbeddingTable table, int[] ids, Matrix out) {
        int hidden = table.hidden();
        for (int i = 0; i < ids.length * hidden; i++) {
            values(out)[i] = Bfloat16.toFloat(((Table) table).values[ids[i / hidden] * hidden + i % hidden]);
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
    public void headNorm(Matrix x, int heads, Vector weight, float epsilon) {
        Matrix single = new Dense(x.rows() * heads, weight.length(), values(x));
        rmsNorm(single, weight, epsilon, single);
    }

    @Override
    public LinearInput input(Linear layer, InputStep step, Matrix x) {
        Matrix out = activations(x.rows(), x.columns());
        if (step instanceof InputStep.RmsNorm norm) {
            rmsNorm(x, norm.weight(), norm.epsilon(), out);
        } else {
            for (int i = 0; i < x.rows() * x.columns(); i++) {
                float value = values(x)[i];
                values(out)[i] = step instanceof InputStep.SiluMul gate ? silu(value) * values(gate.up())[i] : value;
            }
        }
        return new Input(x.rows(), x.columns(), values(out));
    }

    @Override
    public void linear(Linear layer, LinearInput input, Epilogue epilogue, Matrix extra, Matrix out) {
        Weight weight = (Weight) layer;
        for (int i = 0; i < input.rows() * weight.outputs; i++) {
            double sum = 0;
            for (int k = 0; k < weight.channels; k++) {
                sum += (double) ((Input) input).values[i / weight.outputs * weight.channels + k]
                        * Bfloat16.toFloat(weight.values[i % weight.outputs * weight.channels + k]);
            }
            values(out)[i] = switch (epilogue) {
                case NONE -> (float) sum;
                case BIAS -> (float) (sum + weight.bias[i % weight.outputs]);
                case RESIDUAL -> (float) (sum + values(extra)[i]);
                case SILU_MUL -> silu((float) sum) * values(extra)[i];
            };
        }
    }

    @Override
    public void route(Matrix x, Vector weight, float epsilon, Linear router, Matrix scores) {
        linear(router, input(router, new InputStep.RmsNorm(weight, epsilon), x), Epilogue.NONE, null, scores);
    }

    @Override
    public void rope(Matrix x, int heads, RopeTable table, int start, Matrix out) {
        Angles angles = (Angles) table;
        int half = angles.half;
        for (int i = 0; i < x.rows() * heads * half; i++) {
            int row = i / half / heads;
            int low = i / half * 2 * half + i % half;
            float cos = angles.cos[(start + row) * half + i % half];
            float sin = angles.sin[(start + row) * half + i % half];
            float a = values(x)[low];
            float b = values(x)[low + half];
            values(out)[low] = a * cos - b * sin;
            values(out)[low + half] = b * cos + a * sin;
        }
    }

    @Override
    public void store(KvCache cache, int layer, int start, Matrix keys, Matrix values) {
        int width = keys.columns();
        System.arraycopy(values(keys), 0, ((Cache) cache).keys[layer], start * width, keys.rows() * width);
        System.arraycopy(values(values), 0, ((Cache) cache).values[layer], start * width, keys.rows() * width);
    }

    @Override
    public void attention(Matrix queries, int heads, KvCache cache, int layer, int start, Matrix out) {
        Cache kv = (Cache) cache;
        for (int row = 0; row < queries.rows(); row++) {
            for (int h = 0; h < heads; h++) {
                attend(
                        kv,
                        layer,
                        start + row,
                        h / (heads / kv.kvHeads),
                        values(queries),
                        values(out),
                        (row * heads + h) * kv.head);
            }
        }
    }

    private static void attend(Cache kv, int layer, int last, int kvHead, float[] queries, float[] out, int at) {
        double[] scores = new double[last + 1];
        for (int p = 0; p <= last; p++) {
            for (int c = 0; c < kv.head; c++) {
                scores[p] +=
                        queries[at + c] * kv.keys[layer][(p * kv.kvHeads + kvHead) * kv.head + c] / Math.sqrt(kv.head);
            }
        }
        double max = Arrays.stream(scores).max().getAsDouble();
        double sum = Arrays.stream(scores).map(s -> Math.exp(s - max)).sum();
        for (int c = 0; c < kv.head; c++) {
            double value = 0;
            for (int p = 0; p <= last; p++) {
                value += Math.exp(scores[p] - max) / sum * kv.values[layer][(p * kv.kvHeads + kvHead) * kv.head + c];
            }
            out[at + c] = (float) value;
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
    public float[] crossEntropy(Matrix logits, int[] targets) {
        float[] nll = new float[targets.length];
        for (int row = 0; row < nll.length; row++) {
            float[] scores = row(logits, row);
            double sum = 0;
            for (float score : scores) {
                sum += Math.exp(score - (double) scores[targets[row]]);
            }
            nll[row] = (float) Math.log(sum);
        }
        return nll;
    }

    @Override
    public int choose(Matrix logits, int row, TokenChoice choice) {
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
    public void synchronize() {}

    @Override
    public void close() {}

    private static float[] row(Matrix matrix, int row) {
        return Arrays.copyOfRange(values(matrix), row * matrix.columns(), (row + 1) * matrix.columns());
    }

    private static float silu(float x) {
        return (float) (x / (1 + Math.exp(-x)));
    }
}
