package org.mxforge.runtime.exec.cuda;

import java.util.List;
import java.util.Optional;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.AttentionArguments;
import org.mxforge.dsl.launch.EmbeddingArguments;
import org.mxforge.dsl.launch.RouterArguments;
import org.mxforge.dsl.launch.SamplingArguments;
import org.mxforge.dsl.launch.SoftmaxArguments;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.AttentionShape;
import org.mxforge.dsl.spec.AttentionSpec;
import org.mxforge.dsl.spec.EmbeddingSpec;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.RouterSpec;
import org.mxforge.dsl.spec.SamplingSpec;
import org.mxforge.dsl.spec.SoftmaxSpec;
import org.mxforge.runtime.base.Trace;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.base.options.Folding;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.CudaDevice;
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
    private final Gpu gpu;
    private final Folding folding;
    private final VariantChooser chooser;
    private final Bf16Rounding rounding;
    private final CudaWeights modelWeights;
    private final RowMoves rowMoves;

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
        this.rounding = rounding;
        this.modelWeights = new CudaWeights(gpu, rounding, new QuantizedLayers(gpu, folding));
        this.rowMoves = new RowMoves(gpu);
    }

    @Override
    public Peer forModel() {
        return new CudaBackend(gpu.share(), folding, chooser, rounding);
    }

    /** A backend on a GPU that need not be there, which does nothing, as {@link #dryRun()}. */
    public static CudaBackend dryRun(CudaDevice device, VariantChooser chooser, Folding folding) {
        return new CudaBackend(Gpu.dryRun(device, new DryRunMemory(), chooser), folding, chooser);
    }

    @Override
    public Optional<Backend> dryRun() {
        return Optional.of(dryRun(gpu.device(), chooser, folding));
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
        return modelWeights.vector(values);
    }

    @Override
    public Embedding embedding(PlainWeight table) {
        return modelWeights.embedding(table);
    }

    @Override
    public Linear linear(PlainWeight weight, float[] bias) {
        return modelWeights.plain(weight, bias);
    }

    @Override
    public Linear int8(PlainWeight weight, float[] bias) {
        return modelWeights.int8(weight, bias);
    }

    @Override
    public Linear linear(QuantizedWeight weight, float[] bias) {
        return modelWeights.quantized(weight, bias);
    }

    @Override
    public Experts experts(Experts.Weights weights, int perToken) {
        return modelWeights.experts(weights, perToken).orElseGet(() -> new SeparateExperts(this, weights, perToken));
    }

    @Override
    public Optional<SiteRounding> rounding(LinearSite site, InputQuantization input) {
        return CudaSiteRounding.of(gpu, site, input);
    }

    @Override
    public Optional<Rotations> rotations() {
        return gpu.isDryRun() ? Optional.empty() : Optional.of(new CudaRotations(gpu));
    }

    @Override
    public Optional<InputProducts> products(int channels) {
        return CudaInputProducts.of(gpu, channels);
    }

    @Override
    public RopeTable ropeTable(float[] cos, float[] sin, int positions, int half) {
        return modelWeights.angles(cos, sin, positions, half);
    }

    @Override
    public KvCache kvCache(CacheFormat format, int layers, int kvHeads, int head, int sequences, int longest) {
        CudaWeights.checkVectors("the size of a head", head, CudaWeights.BF16_VECTOR);
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
        rowMoves.gather(x, rows, out);
    }

    @Override
    public void gatherOutputs(Matrix x, Batch batch, int first, Matrix out) {
        rowMoves.gatherOutputs(x, CudaBatch.of(batch), first, out);
    }

    @Override
    public void add(Matrix x, Matrix y) {
        rowMoves.add(x, y);
    }

    @Override
    public void scatterAddRows(Matrix x, int[] rows, float[] weights, Matrix y) {
        rowMoves.scatterAdd(x, rows, weights, y);
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
}
