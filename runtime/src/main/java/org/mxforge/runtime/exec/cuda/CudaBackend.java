package org.mxforge.runtime.exec.cuda;

import java.util.List;
import java.util.Optional;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.AttentionArguments;
import org.mxforge.dsl.launch.EmbeddingArguments;
import org.mxforge.dsl.launch.RouterArguments;
import org.mxforge.dsl.launch.RowGatherArguments;
import org.mxforge.dsl.launch.RowScatterAddArguments;
import org.mxforge.dsl.launch.SamplingArguments;
import org.mxforge.dsl.launch.SoftmaxArguments;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.AttentionShape;
import org.mxforge.dsl.spec.AttentionSpec;
import org.mxforge.dsl.spec.EmbeddingSpec;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.RouterSpec;
import org.mxforge.dsl.spec.RowGatherSpec;
import org.mxforge.dsl.spec.RowScatterAddSpec;
import org.mxforge.dsl.spec.SamplingSpec;
import org.mxforge.dsl.spec.SoftmaxSpec;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.Trace;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.base.options.Folding;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.CudaDevice;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.cuda.launch.KernelStore;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Batch;
import org.mxforge.runtime.exec.spi.Batch.Field;
import org.mxforge.runtime.exec.spi.Experts;
import org.mxforge.runtime.exec.spi.KvCache;
import org.mxforge.runtime.exec.spi.Linear;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.exec.spi.Matrix;
import org.mxforge.runtime.exec.spi.Peer;
import org.mxforge.runtime.exec.spi.SeparateExperts;
import org.mxforge.runtime.exec.spi.SiteRounding;
import org.mxforge.runtime.exec.spi.Vector;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.PlainWeight;
import org.mxforge.runtime.quant.QuantizedWeight;

/**
 * The decoder's operations on the first GPU: BF16 activations, FP32 for what is asked for in it, and FP32 inside each kernel.
 * Operations are put on one stream and return at once, unless they bring values to or from the host. Used by the thread that made
 * it.
 */
public final class CudaBackend implements Peer {
    /** BF16 values in 16 bytes. */
    private static final int VECTOR = 8;

    /** INT8 values in 16 bytes. */
    private static final int INT8_VECTOR = 16;

    private final Gpu gpu;
    private final Folding folding;
    private final VariantChooser chooser;
    private final QuantizedLayers quantized;
    private final OwnRows ownRows;
    private final Bf16Rounding rounding;

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
        this(Gpu.of(context, store, chooser), folding, chooser);
    }

    private CudaBackend(Gpu gpu, Folding folding, VariantChooser chooser) {
        this(gpu, folding, chooser, new Bf16Rounding(gpu.name()));
    }

    private CudaBackend(Gpu gpu, Folding folding, VariantChooser chooser, Bf16Rounding rounding) {
        this.gpu = gpu;
        this.folding = folding;
        this.chooser = chooser;
        this.quantized = new QuantizedLayers(gpu, folding);
        this.ownRows = new OwnRows(gpu);
        this.rounding = rounding;
    }

    @Override
    public Peer forModel() {
        return new CudaBackend(gpu.share(), folding, chooser, rounding);
    }

    /** A backend on a GPU that need not be there, which does nothing, as {@link #onPaper()}. */
    public static CudaBackend onPaper(CudaDevice device, VariantChooser chooser, Folding folding) {
        return new CudaBackend(Gpu.onPaper(device, new PaperMemory(), chooser), folding, chooser);
    }

    @Override
    public Optional<Backend> onPaper() {
        return Optional.of(onPaper(gpu.device(), chooser, folding));
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
    public Matrix fp32(int rows, int columns) {
        return CudaMatrix.allocate(gpu, ScalarType.FP32, rows, columns);
    }

    @Override
    public float[] download(Matrix matrix) {
        return CudaMatrix.of(matrix).download();
    }

    @Override
    public float[] download(LinearInput input) {
        if (input instanceof DenseInput dense) {
            return dense.download();
        }
        throw new IllegalArgumentException("a quantized input has no plain values to download");
    }

    @Override
    public Vector vector(float[] values) {
        return new CudaVector(
                gpu.lasting("a norm's weight", rounding.bits("norms", ScalarArray.fp32(values))), values.length);
    }

    @Override
    public Embedding embedding(PlainWeight table) {
        checkVectors("the hidden size", table.channels(), VECTOR);
        return new CudaEmbedding(
                gpu.lasting("the embedding table", rounding.bytes("embeddings", table)),
                table.outputs(),
                table.channels());
    }

    @Override
    public Linear linear(PlainWeight weight, float[] bias) {
        checkVectors("a layer's number of channels", weight.channels(), VECTOR);
        return DenseLinear.of(
                gpu,
                rounding.bytes("plain layers", weight),
                bias(bias, weight.outputs()),
                weight.outputs(),
                weight.channels());
    }

    @Override
    public Linear int8(PlainWeight weight, float[] bias) {
        checkVectors("a layer's number of channels in INT8", weight.channels(), INT8_VECTOR);
        return Int8Linear.of(gpu, weight, bias(bias, weight.outputs()));
    }

    @Override
    public Linear linear(QuantizedWeight weight, float[] bias) {
        return quantized.linear(weight, bias(bias, weight.outputs()));
    }

    @Override
    public Experts experts(Experts.Weights weights, int perToken) {
        return quantized.experts(weights, perToken).orElseGet(() -> new SeparateExperts(this, weights, perToken));
    }

    @Override
    public Optional<SiteRounding> rounding(LinearSite site, InputQuantization input) {
        return CudaSiteRounding.of(gpu, site, input);
    }

    @Override
    public Optional<Rotations> rotations() {
        return gpu.isOnPaper() ? Optional.empty() : Optional.of(new CudaRotations(gpu));
    }

    @Override
    public Optional<InputProducts> products(int channels) {
        return CudaInputProducts.of(gpu, channels);
    }

    private DeviceBuffer bias(float[] bias, int outputs) {
        if (bias == null) {
            return null;
        }
        checkSize("a bias", bias.length, outputs, 1);
        return gpu.lasting("a bias", rounding.bits("biases", ScalarArray.fp32(bias)));
    }

    @Override
    public RopeTable ropeTable(float[] cos, float[] sin, int positions, int half) {
        checkSize("a table of cosines", cos.length, positions, half);
        checkSize("a table of sines", sin.length, positions, half);
        return new CudaRopeTable(
                gpu, gpu.lasting("the rotation table", cos), gpu.lasting("the rotation table", sin), positions, half);
    }

    @Override
    public KvCache kvCache(CacheFormat format, int layers, int kvHeads, int head, int sequences, int longest) {
        checkVectors("the size of a head", head, VECTOR);
        return new CudaKvCache(gpu, format, layers, kvHeads, head, sequences, longest);
    }

    @Override
    public Batch batch(KvCache cache, int vocabulary, int rows, int sequences) {
        return new CudaBatch(gpu, (CudaKvCache) cache, vocabulary, rows, sequences);
    }

    @Override
    public void embed(Embedding table, Batch batch, Matrix out) {
        CudaEmbedding cuda = (CudaEmbedding) table;
        CudaMatrix y = CudaMatrix.of(out, ScalarType.FP32, batch.rows(), cuda.columns());
        gpu.launch(
                new EmbeddingSpec(y.type()),
                new EmbeddingArguments(
                        y.rows(),
                        y.columns(),
                        CudaBatch.of(batch).address(Field.IDS),
                        cuda.table().address(),
                        y.address()));
    }

    @Override
    public void rmsNorm(Matrix x, Vector weight, float epsilon, Matrix out) {
        CudaMatrix from = CudaMatrix.of(x, ScalarType.FP32, x.rows(), x.columns());
        CudaMatrix to = CudaMatrix.of(out, ScalarType.BF16, x.rows(), x.columns());
        new CudaInputSteps(gpu)
                .rmsNorm(from, new LinearInput.Step.RmsNorm(weight, epsilon), OperandLayout.PLAIN, to.address());
    }

    @Override
    public LinearInput input(Linear layer, LinearInput.Step step, Matrix x) {
        ScalarType type = step instanceof LinearInput.Step.RmsNorm ? ScalarType.FP32 : ScalarType.BF16;
        return CudaLinear.of(layer).prepare(step, CudaMatrix.of(x, type, x.rows(), step.width(layer.channels())));
    }

    @Override
    public void linear(Linear layer, LinearInput input, Epilogue epilogue, Matrix operand, Matrix out) {
        CudaLinear cuda = CudaLinear.of(layer);
        CudaMatrix y = CudaMatrix.of(out, CudaMatrix.of(out).type(), input.rows(), epilogue.columns(layer.outputs()));
        boolean takesMatrix = epilogue.operand() == Epilogue.Operand.MATRIX;
        if (takesMatrix != (operand != null)) {
            throw new IllegalArgumentException(
                    "epilogue " + epilogue.text() + (takesMatrix ? " needs a" : " takes no") + " second matrix");
        }
        long address = epilogue.operand() == Epilogue.Operand.COLUMNS ? cuda.biasAddress() : 0;
        if (takesMatrix) {
            address = CudaMatrix.of(operand, y.type(), y.rows(), y.columns()).address();
        }
        cuda.multiply(input, epilogue, address, y);
    }

    @Override
    public void linearSection(Linear layer, LinearInput input, Epilogue epilogue, Matrix out, int column) {
        CudaMatrix wide = CudaMatrix.of(out, CudaMatrix.of(out).type(), input.rows(), out.columns());
        try (CudaMatrix part = CudaMatrix.allocate(gpu, wide.type(), input.rows(), layer.outputs())) {
            linear(layer, input, epilogue, null, part);
            wide.place(gpu.stream(), part, column);
        }
    }

    @Override
    public void route(Matrix x, Vector weight, float epsilon, Linear router, Matrix scores) {
        DenseLinear dense = DenseLinear.router(router);
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
                        dense.rows(),
                        to.address()));
    }

    @Override
    public void append(
            Batch batch, int layer, RopeTable table, Matrix projected, Optional<HeadNorms> norms, Matrix queries) {
        CudaMatrix from = CudaMatrix.of(projected, ScalarType.FP32, batch.rows(), projected.columns());
        new CacheAppend(gpu, (CudaRopeTable) table, CudaBatch.of(batch))
                .run(layer, from, norms, CudaMatrix.activations(queries, queries.columns()));
    }

    @Override
    public void attention(Matrix queries, int heads, Batch batch, int layer, int window, Matrix out) {
        CudaBatch cuda = CudaBatch.of(batch);
        CudaKvCache cache = cuda.cache();
        CudaMatrix q = CudaMatrix.of(queries, ScalarType.BF16, batch.rows(), heads * cache.head());
        CudaMatrix y = CudaMatrix.of(out, ScalarType.BF16, q.rows(), q.columns());
        AttentionSpec spec = new AttentionSpec(cache.head(), cache.format());
        // Not how long sequences are now: a step that is recorded has to suit all that they become.
        int each = (batch.rows() + batch.sequences() - 1) / batch.sequences();
        AttentionShape shape = new AttentionShape(
                batch.sequences(), each, Math.max(each, cache.longest()), heads, cache.kvHeads(), window);
        gpu.launch(
                new KernelProblem(spec, OperandLayout.PLAIN),
                shape,
                new AttentionArguments(
                        q.rows(),
                        heads,
                        cache.kvHeads(),
                        window,
                        cuda.tableLength(),
                        cuda.address(Field.POSITIONS),
                        cuda.address(Field.SEQUENCES),
                        cuda.address(Field.PAGES),
                        q.address(),
                        cache.keys(layer),
                        cache.values(layer),
                        y.address()));
    }

    @Override
    public void gatherRows(Matrix x, int[] rows, Matrix out) {
        checkRows(rows, x.rows());
        try (Scratch index = gpu.scratch("row numbers", rows)) {
            gatherRows(x, index.address(), rows.length, out);
        }
    }

    @Override
    public void gatherOutputs(Matrix x, Batch batch, int first, Matrix out) {
        if (out.rows() > batch.outputs() - first) {
            throw new IllegalArgumentException(
                    out.rows() + " outputs from " + first + " on of a batch of " + batch.outputs());
        }
        gatherRows(x, CudaBatch.of(batch).address(Field.OUTPUTS, first), out.rows(), out);
    }

    private void gatherRows(Matrix x, long index, int rows, Matrix out) {
        CudaMatrix from = CudaMatrix.of(x);
        CudaMatrix to = CudaMatrix.of(out, from.type(), rows, x.columns());
        gpu.launch(
                new RowGatherSpec(to.type()),
                new RowGatherArguments(to.rows(), to.columns(), index, from.address(), to.address()));
    }

    @Override
    public void add(Matrix x, Matrix y) {
        OwnRows own = ownRows.reserve(x.rows());
        scatterAddRows(x, own.numbers(), own.factors(), y);
    }

    @Override
    public void scatterAddRows(Matrix x, int[] rows, float[] weights, Matrix y) {
        checkRows(rows, y.rows());
        try (Scratch index = gpu.scratch("row numbers", rows);
                Scratch factors = gpu.scratch("row weights", weights)) {
            scatterAddRows(
                    CudaMatrix.of(x, ScalarType.BF16, rows.length, y.columns()), index.address(), factors.address(), y);
        }
    }

    private void scatterAddRows(Matrix x, long index, long factors, Matrix y) {
        CudaMatrix to = CudaMatrix.of(y, ScalarType.FP32, y.rows(), y.columns());
        CudaMatrix from = CudaMatrix.of(x, ScalarType.BF16, x.rows(), y.columns());
        gpu.launch(
                new RowScatterAddSpec(to.type()),
                new RowScatterAddArguments(from.rows(), from.columns(), index, factors, from.address(), to.address()));
    }

    @Override
    public CrossEntropy crossEntropy(int[] targets) {
        return new CudaCrossEntropy(gpu, targets);
    }

    @Override
    public List<Linear> cut(Linear layer, int outputs) {
        if (!(CudaLinear.of(layer) instanceof DenseLinear dense)) {
            throw new IllegalArgumentException("a layer that is cut is a plain one");
        }
        return dense.cut(outputs);
    }

    @Override
    public void sample(Matrix logits, Batch batch, int first) {
        CudaMatrix x = CudaMatrix.of(logits, ScalarType.FP32, logits.rows(), logits.columns());
        CudaBatch cuda = CudaBatch.of(batch);
        gpu.launch(
                new SoftmaxSpec(),
                new SoftmaxArguments(
                        x.rows(), x.columns(), cuda.address(Field.TEMPERATURES, first), x.address(), x.address()));
        gpu.launch(
                new SamplingSpec(),
                new SamplingArguments(
                        x.rows(),
                        x.columns(),
                        cuda.address(Field.TOP_P, first),
                        cuda.address(Field.UNIFORM, first),
                        x.address(),
                        cuda.address(Field.TOKENS, first)));
    }

    @Override
    public void enter() {
        gpu.enter();
    }

    @Override
    public void await(Peer other) {
        gpu.await(((CudaBackend) other).gpu);
    }

    @Override
    public void addParts(List<Matrix> parts, Matrix y) {
        new PartExchange(gpu).add(parts, CudaMatrix.of(y, ScalarType.FP32, y.rows(), y.columns()));
    }

    @Override
    public void joinParts(List<Matrix> parts, Matrix whole) {
        new PartExchange(gpu).join(parts, CudaMatrix.activations(whole, whole.columns()));
    }

    @Override
    public RecordedStep record(Runnable operations, List<Peer> others) {
        return new CudaStep(
                gpu, others.stream().map(other -> ((CudaBackend) other).gpu).toList(), operations);
    }

    @Override
    public Optional<Memory> memory() {
        return Optional.of(gpu.memory());
    }

    @Override
    public Trace trace(Runnable operations) {
        try (LaunchClock clock = gpu.newClock(false)) {
            gpu.with(clock, operations);
            return clock.trace();
        }
    }

    @Override
    public void at(String place) {
        gpu.at(place);
    }

    @Override
    public void synchronize() {
        gpu.synchronize();
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
    private static void checkVectors(String what, int columns, int vector) {
        if (columns % vector != 0) {
            throw new MxForgeException("On a GPU " + what + ", " + columns + " here, must be a multiple of " + vector
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
