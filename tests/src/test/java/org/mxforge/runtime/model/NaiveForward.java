package org.mxforge.runtime.model;

import java.nio.file.Path;
import java.util.function.IntUnaryOperator;
import org.mxforge.runtime.checkpoint.safetensors.TensorStore;

/**
 * The forward pass of the fixtures' dense decoders in FP64, written down from its definition: no cache, no batches, and rotary
 * positions and windows that the test gives by itself.
 */
final class NaiveForward {
    private static final int HIDDEN = 128;
    private static final int HEADS = 4;
    private static final int KV_HEADS = 2;
    static final int HEAD = 32;
    private static final int LAYERS = 2;
    private static final double EPSILON = 1e-6;

    private final TensorStore weights;
    private final double[][] frequencies;
    private final double rotation;
    private final IntUnaryOperator window;

    /**
     * A fixture's weights.
     *
     * @param frequencies radians a position, [position][HEAD / 2]: of the row with this position
     * @param rotation what cosines and sines are multiplied by
     * @param window of each layer, how many positions a row sees
     */
    NaiveForward(Path fixture, double[][] frequencies, double rotation, IntUnaryOperator window) {
        this.weights = TensorStore.open(fixture);
        this.frequencies = frequencies;
        this.rotation = rotation;
        this.window = window;
    }

    /** The logits of all {@code ids}, [id][vocabulary]. */
    double[][] logits(int[] ids) {
        float[] embedding = weights.f32("model.embed_tokens.weight");
        double[][] x = new double[ids.length][HIDDEN];
        for (int i = 0; i < ids.length; i++) {
            for (int c = 0; c < HIDDEN; c++) {
                x[i][c] = embedding[ids[i] * HIDDEN + c];
            }
        }
        for (int layer = 0; layer < LAYERS; layer++) {
            String prefix = "model.layers." + layer + ".";
            add(x, attention(norm(x, prefix + "input_layernorm"), prefix + "self_attn.", window.applyAsInt(layer)));
            add(x, mlp(norm(x, prefix + "post_attention_layernorm"), prefix + "mlp."));
        }
        String head = weights.has("lm_head.weight") ? "lm_head" : "model.embed_tokens";
        return linear(norm(x, "model.norm"), head);
    }

    private double[][] attention(double[][] x, String prefix, int window) {
        double[][] q = rotated(linear(x, prefix + "q_proj"), HEADS);
        double[][] k = rotated(linear(x, prefix + "k_proj"), KV_HEADS);
        double[][] v = linear(x, prefix + "v_proj");
        double[][] out = new double[x.length][HEADS * HEAD];
        for (int row = 0; row < x.length; row++) {
            for (int h = 0; h < HEADS; h++) {
                int kv = h / (HEADS / KV_HEADS) * HEAD;
                double sum = 0;
                for (int seen = 0; seen <= row; seen++) {
                    if (row - seen >= window) {
                        continue;
                    }
                    double dot = 0;
                    for (int c = 0; c < HEAD; c++) {
                        dot += q[row][h * HEAD + c] * k[seen][kv + c];
                    }
                    double weight = Math.exp(dot / Math.sqrt(HEAD));
                    sum += weight;
                    for (int c = 0; c < HEAD; c++) {
                        out[row][h * HEAD + c] += weight * v[seen][kv + c];
                    }
                }
                for (int c = 0; c < HEAD; c++) {
                    out[row][h * HEAD + c] /= sum;
                }
            }
        }
        return linear(out, prefix + "o_proj");
    }

    private double[][] rotated(double[][] x, int heads) {
        double[][] out = new double[x.length][x[0].length];
        for (int row = 0; row < x.length; row++) {
            for (int h = 0; h < heads; h++) {
                for (int i = 0; i < HEAD / 2; i++) {
                    double cos = rotation * Math.cos(row * frequencies[row][i]);
                    double sin = rotation * Math.sin(row * frequencies[row][i]);
                    double a = x[row][h * HEAD + i];
                    double b = x[row][h * HEAD + i + HEAD / 2];
                    out[row][h * HEAD + i] = a * cos - b * sin;
                    out[row][h * HEAD + i + HEAD / 2] = b * cos + a * sin;
                }
            }
        }
        return out;
    }

    private double[][] mlp(double[][] x, String prefix) {
        double[][] gate = linear(x, prefix + "gate_proj");
        double[][] up = linear(x, prefix + "up_proj");
        for (int row = 0; row < x.length; row++) {
            for (int c = 0; c < up[row].length; c++) {
                up[row][c] *= gate[row][c] / (1 + Math.exp(-gate[row][c]));
            }
        }
        return linear(up, prefix + "down_proj");
    }

    private double[][] norm(double[][] x, String name) {
        float[] weight = weights.f32(name + ".weight");
        double[][] out = new double[x.length][HIDDEN];
        for (int row = 0; row < x.length; row++) {
            double squares = 0;
            for (double value : x[row]) {
                squares += value * value;
            }
            for (int c = 0; c < HIDDEN; c++) {
                out[row][c] = x[row][c] / Math.sqrt(squares / HIDDEN + EPSILON) * weight[c];
            }
        }
        return out;
    }

    private double[][] linear(double[][] x, String name) {
        float[] weight = weights.f32(name + ".weight");
        float[] bias = weights.has(name + ".bias") ? weights.f32(name + ".bias") : null;
        int channels = x[0].length;
        double[][] out = new double[x.length][weight.length / channels];
        for (int row = 0; row < x.length; row++) {
            for (int o = 0; o < out[row].length; o++) {
                double sum = bias == null ? 0 : bias[o];
                for (int c = 0; c < channels; c++) {
                    sum += x[row][c] * weight[o * channels + c];
                }
                out[row][o] = sum;
            }
        }
        return out;
    }

    private static void add(double[][] x, double[][] y) {
        for (int row = 0; row < x.length; row++) {
            for (int c = 0; c < HIDDEN; c++) {
                x[row][c] += y[row][c];
            }
        }
    }
}
