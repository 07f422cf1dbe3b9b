package org.mxforge.runtime.exec.cuda;

import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.AttentionArguments;
import org.mxforge.dsl.launch.CrossEntropyArguments;
import org.mxforge.dsl.launch.EmbeddingArguments;
import org.mxforge.dsl.launch.RopeArguments;
import org.mxforge.dsl.launch.RouterArguments;
import org.mxforge.dsl.launch.RowGatherArguments;
import org.mxforge.dsl.launch.RowScatterAddArguments;
import org.mxforge.dsl.spec.AttentionSpec;
import org.mxforge.dsl.spec.CrossEntropySpec;
import org.mxforge.dsl.spec.EmbeddingSpec;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.RopeSpec;
import org.mxforge.dsl.spec.RouterSpec;
import org.mxforge.dsl.spec.RowGatherSpec;
import org.mxforge.dsl.spec.RowScatterAddSpec;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.base.options.Folding;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.cuda.launch.KernelStore;
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
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.quant.QuantizedWeight;

/**
 * The decoder's operations on the first GPU: BF16 activations, FP32 where a matrix is wide, and FP32 inside each kernel.
 * Operations are put on one stream and return at once, unless they bring values to or from the host. Used by the thread that made
 * it.
 */
public final class CudaBackend implements Backend {
    /** BF16 values in 16 bytes. */
    private static final int VECTOR = 8;

    private final Gpu gpu;
    private final QuantizedLayers quantized;

    /**
     * A backend on the first GPU whose GEMM variants {@code chooser} decides; kernels come from the user's cache.
     *
     * @throws org.mxforge.runtime.base.MxForgeException if there is no GPU that can be used
     */
    public CudaBackend(VariantChooser chooser) {
        this(CudaContext.openFirst(), chooser);
    }

    private CudaBackend(CudaContext context, VariantChooser chooser) {
        this(context, new KernelStore(context, ArtifactCache.user()), chooser, Folding.EXACT);
    }

    /** A backend on {@code context} with kernels from {@code store}, both of which it closes. */
    public CudaBackend(CudaContext context, KernelStore store, VariantChooser chooser, Folding folding) {
        this.gpu = new Gpu(context, store, chooser);
        this.quantized = new QuantizedLayers(gpu, folding);
    }

    @Override
    public String device() {
        return gpu.name();
    }

    @Override
    public Matrix activations(int rows, int columns) {
        return CudaMatrix.allocate(gpu, ScalarType.BF16, rows, columns);
    }

    @Override
    public Matrix wide(int rows, int columns) {
        return CudaMatrix.allocate(gpu, ScalarType.FP32, rows, columns);
    }

    @Override
    public float[] download(Matrix matrix) {
        return CudaMatrix.of(matrix).download();
    }

    @Override
    public float[] download(LinearInput input) {
        if (input instanceof DenseInput dense) {
            return dense.matrix().download();
        }
        throw new IllegalArgumentException("a quantized input has no plain values to download");
    }

    @Override
    public Vector vector(float[] values) {
        return new CudaVector(gpu.lastingBf16("a norm's weight", values), values.length);
    }

    @Override
    public EmbeddingTable embedding(short[] bf16, int vocabulary, int hidden) {
        checkSize("an embedding table", bf16.length, vocabulary, hidden);
        checkVectors("the hidden size", hidden);
        return new CudaEmbedding(gpu.lasting("the embedding table", bf16), vocabulary, hidden);
    }

    @Override
    public Linear linear(short[] bf16, int outputs, int channels, float[] bias) {
        checkSize("a plain layer", bf16.length, outputs, channels);
        checkVectors("a layer's number of channels", channels);
        DeviceBuffer weight = gpu.lasting("a weight of " + outputs + "x" + channels + " in bf16", bf16);
        return new DenseLinear(gpu, weight, bias(bias, outputs), outputs, channels);
    }

    @Override
    public Linear linear(QuantizedWeight weight, float[] bias) {
        return quantized.linear(weight, bias(bias, weight.matrix().rows()));
    }

    @Override
    public Experts experts(ExpertWeights weights, int perToken) {
        return quantized.experts(weights, perToken).orElseGet(() -> new SeparateExperts(this, weights, perToken));
    }

    private DeviceBuffer bias(float[] bias, int outputs) {
        if (bias == null) {
            return null;
        }
        checkSize("a bias", bias.length, outputs, 1);
        return gpu.lastingBf16("a bias", bias);
    }

    @Override
    public RopeTable ropeTable(float[] cos, float[] sin, int positions, int half) {
        checkSize("a table of cosines", cos.length, positions, half);
        checkSize("a table of sines", sin.length, positions, half);
        return new CudaRopeTable(
                gpu.lasting("the rotation table", cos), gpu.lasting("the rotation table", sin), positions, half);
    }

    @Override
    public KvCache kvCache(int layers, int capacity, int kvHeads, int head) {
        checkVectors("the size of a head", head);
        return CudaKvCache.allocate(gpu, layers, capacity, kvHeads, head);
    }

    @Override
    public void embed(EmbeddingTable table, int[] ids, Matrix out) {
        CudaEmbedding cuda = (CudaEmbedding) table;
        CudaMatrix y = CudaMatrix.of(out, ScalarType.FP32, ids.length, cuda.hidden());
        checkRows(ids, cuda.vocabulary());
        try (Scratch index = gpu.scratch("token ids", ids)) {
            gpu.launch(
                    new EmbeddingSpec(y.type()),
                    new EmbeddingArguments(
                            y.rows(), y.columns(), index.address(), cuda.table().address(), y.address()));
        }
    }

    @Override
    public void rmsNorm(Matrix x, Vector weight, float epsilon, Matrix out) {
        CudaMatrix from = CudaMatrix.of(x, ScalarType.FP32, x.rows(), x.columns());
        CudaMatrix to = CudaMatrix.of(out, ScalarType.BF16, x.rows(), x.columns());
        new Steps(gpu).rmsNorm(from, CudaVector.of(weight, x.columns()), epsilon, to);
    }

    @Override
    public void headNorm(Matrix x, int heads, Vector weight, float epsilon) {
        CudaMatrix rows = CudaMatrix.of(x, ScalarType.FP32, x.rows(), heads * weight.length());
        CudaMatrix single = new CudaMatrix(rows.memory(), rows.type(), rows.rows() * heads, weight.length(), true);
        new Steps(gpu).rmsNorm(single, CudaVector.of(weight, single.columns()), epsilon, single);
    }

    @Override
    public LinearInput input(Linear layer, InputStep step, Matrix x) {
        ScalarType type = step instanceof InputStep.RmsNorm ? ScalarType.FP32 : ScalarType.BF16;
        return CudaLinear.of(layer).prepare(step, CudaMatrix.of(x, type, x.rows(), layer.channels()));
    }

    @Override
    public void linear(Linear layer, LinearInput input, Epilogue epilogue, Matrix extra, Matrix out) {
        CudaLinear cuda = CudaLinear.of(layer);
        CudaMatrix y = CudaMatrix.of(out, CudaMatrix.of(out).type(), input.rows(), layer.outputs());
        boolean takesMatrix = epilogue == Epilogue.RESIDUAL || epilogue == Epilogue.SILU_MUL;
        if (takesMatrix != (extra != null)) {
            throw new IllegalArgumentException(
                    "epilogue " + epilogue.text() + (takesMatrix ? " needs a" : " takes no") + " second matrix");
        }
        long operand = epilogue == Epilogue.BIAS ? cuda.biasAddress() : 0;
        if (takesMatrix) {
            operand = CudaMatrix.of(extra, y.type(), y.rows(), y.columns()).address();
        }
        cuda.multiply(input, epilogue, operand, y);
    }

    @Override
    public void route(Matrix x, Vector weight, float epsilon, Linear router, Matrix scores) {
        if (!(CudaLinear.of(router) instanceof DenseLinear dense)) {
            throw new IllegalArgumentException("a router is a plain layer");
        }
        CudaMatrix from = CudaMatrix.of(x, ScalarType.FP32, x.rows(), dense.channels());
        CudaMatrix to = CudaMatrix.of(scores, ScalarType.FP32, x.rows(), dense.outputs());
        gpu.launch(
                new RouterSpec(),
                new RouterArguments(
                        from.rows(),
                        from.columns(),
                        dense.outputs(),
                        from.address(),
                        CudaVector.of(weight, from.columns()).address(),
                        epsilon,
                        dense.weight().address(),
                        to.address()));
    }

    @Override
    public void rope(Matrix x, int heads, RopeTable table, int start, Matrix out) {
        CudaRopeTable angles = (CudaRopeTable) table;
        int head = 2 * angles.half();
        CudaMatrix from = CudaMatrix.of(x, ScalarType.FP32, x.rows(), heads * head);
        CudaMatrix to = CudaMatrix.of(out, ScalarType.BF16, x.rows(), heads * head);
        if (start < 0 || from.rows() > angles.positions() - start) {
            throw new IllegalArgumentException(from.rows() + " rows from position " + start
                    + " on are beyond a rotation table of " + angles.positions() + " positions");
        }
        gpu.launch(
                new RopeSpec(),
                new RopeArguments(
                        from.rows(),
                        heads,
                        head,
                        start,
                        from.address(),
                        to.address(),
                        angles.cos().address(),
                        angles.sin().address()));
    }

    @Override
    public void store(KvCache cache, int layer, int start, Matrix keys, Matrix values) {
        CudaKvCache cuda = (CudaKvCache) cache;
        CudaMatrix k = CudaMatrix.activations(keys, cuda.columns());
        cuda.store(layer, start, k, CudaMatrix.of(values, ScalarType.BF16, k.rows(), cuda.columns()));
    }

    @Override
    public void attention(Matrix queries, int heads, KvCache cache, int layer, int start, Matrix out) {
        CudaKvCache cuda = (CudaKvCache) cache;
        CudaMatrix q = CudaMatrix.activations(queries, heads * cuda.head());
        CudaMatrix y = CudaMatrix.of(out, ScalarType.BF16, q.rows(), q.columns());
        cuda.checkRoom(start, q.rows());
        long base = cuda.offset(layer, 0);
        gpu.launch(
                new AttentionSpec(cuda.head()),
                new AttentionArguments(
                        q.rows(),
                        heads,
                        cuda.kvHeads(),
                        start,
                        q.address(),
                        cuda.keys().address() + base,
                        cuda.values().address() + base,
                        y.address()));
    }

    @Override
    public void gatherRows(Matrix x, int[] rows, Matrix out) {
        CudaMatrix from = CudaMatrix.of(x);
        CudaMatrix to = CudaMatrix.of(out, from.type(), rows.length, x.columns());
        checkRows(rows, from.rows());
        try (Scratch index = gpu.scratch("row numbers", rows)) {
            gpu.launch(
                    new RowGatherSpec(to.type()),
                    new RowGatherArguments(to.rows(), to.columns(), index.address(), from.address(), to.address()));
        }
    }

    @Override
    public void scatterAddRows(Matrix x, int[] rows, float[] weights, Matrix y) {
        CudaMatrix to = CudaMatrix.of(y, ScalarType.FP32, y.rows(), y.columns());
        CudaMatrix from = CudaMatrix.of(x, ScalarType.BF16, rows.length, y.columns());
        checkRows(rows, to.rows());
        try (Scratch index = gpu.scratch("row numbers", rows);
                Scratch factors = gpu.scratch("row weights", weights)) {
            gpu.launch(
                    new RowScatterAddSpec(to.type()),
                    new RowScatterAddArguments(
                            from.rows(),
                            from.columns(),
                            index.address(),
                            factors.address(),
                            from.address(),
                            to.address()));
        }
    }

    @Override
    public float[] crossEntropy(Matrix logits, int[] targets) {
        CudaMatrix cuda = CudaMatrix.of(
                CudaMatrix.of(logits).first(targets.length), ScalarType.FP32, targets.length, logits.columns());
        checkRows(targets, cuda.columns());
        float[] nll = new float[targets.length];
        try (Scratch index = gpu.scratch("target ids", targets);
                Scratch result = gpu.scratch("log likelihoods", (long) Float.BYTES * nll.length)) {
            gpu.launch(
                    new CrossEntropySpec(),
                    new CrossEntropyArguments(
                            cuda.rows(), cuda.columns(), cuda.address(), index.address(), result.address()));
            result.buffer().download(nll);
        }
        return nll;
    }

    @Override
    public int choose(Matrix logits, int row, TokenChoice choice) {
        CudaMatrix cuda = CudaMatrix.of(logits, ScalarType.FP32, logits.rows(), logits.columns());
        checkRows(new int[] {row}, cuda.rows());
        return new TokenChooser(gpu).choose(cuda, row, choice);
    }

    @Override
    public void synchronize() {
        gpu.stream().synchronize();
    }

    @Override
    public void close() {
        gpu.close();
    }

    /** The kernels do not check the row numbers that they are given. */
    private static void checkRows(int[] numbers, int rows) {
        for (int row : numbers) {
            if (row < 0 || row >= rows) {
                throw new IllegalArgumentException("row " + row + " of a matrix or table of " + rows + " rows");
            }
        }
    }

    /** The kernels read rows in vectors of 16 bytes. */
    private static void checkVectors(String what, int columns) {
        if (columns % VECTOR != 0) {
            throw new MxForgeException("On a GPU " + what + ", " + columns + " here, must be a multiple of " + VECTOR
                    + ": use --device cpu.");
        }
    }

    private static void checkSize(String what, int values, int rows, int columns) {
        if (values != (long) rows * columns) {
            throw new IllegalArgumentException(
                    what + " of " + rows + "x" + columns + " was given " + values + " values");
        }
    }
}
