package org.mxforge.runtime.exec.cpu;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelRole;
import org.mxforge.runtime.base.Trace;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.base.jit.JavaJit;
import org.mxforge.runtime.exec.spi.Batch;
import org.mxforge.runtime.exec.spi.Batch.Field;
import org.mxforge.runtime.exec.spi.Experts;
import org.mxforge.runtime.exec.spi.KvCache;
import org.mxforge.runtime.exec.spi.Linear;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.exec.spi.Matrix;
import org.mxforge.runtime.exec.spi.Peer;
import org.mxforge.runtime.exec.spi.SeparateExperts;
import org.mxforge.runtime.exec.spi.Vector;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.quant.Int8Weight;
import org.mxforge.runtime.quant.PlainWeight;
import org.mxforge.runtime.quant.QuantizedWeight;

/** The decoder's operations on the host's cores: FP32 activations, every operation done when its method returns. */
public final class CpuBackend implements Peer {
    private static final int GRAIN = 8;

    private final CpuExecutor executor;
    private final CpuSession session;
    private final boolean isOwner;
    private final OperationClock clock = new OperationClock();

    /** A backend on {@code threads} threads whose GEMM variants {@code chooser} decides; kernels are kept in the user's cache. */
    public CpuBackend(int threads, VariantChooser chooser) {
        this(threads, chooser, ArtifactCache.user());
    }

    /** The same with kernels kept in {@code cache}. */
    public CpuBackend(int threads, VariantChooser chooser, ArtifactCache cache) {
        this.executor = new CpuExecutor(threads);
        this.session = new CpuSession(executor, new CpuKernels(new JavaJit(cache), chooser));
        this.isOwner = true;
    }

    private CpuBackend(CpuBackend owner) {
        this.executor = owner.executor;
        this.session = owner.session;
        this.isOwner = false;
    }

    @Override
    public Peer forModel() {
        return new CpuBackend(this);
    }

    @Override
    public String device() {
        int threads = executor.threads();
        return "CPU, " + threads + (threads == 1 ? " thread" : " threads");
    }

    @Override
    public Matrix activations(int rows, int columns) {
        return HostMatrix.allocate(rows, columns);
    }

    @Override
    public Matrix fp32(int rows, int columns) {
        return HostMatrix.allocate(rows, columns);
    }

    @Override
    public float[] download(Matrix matrix) {
        HostMatrix host = HostMatrix.of(matrix);
        return Arrays.copyOf(host.values(), host.rows() * host.columns());
    }

    @Override
    public float[] download(LinearInput input) {
        if (input instanceof CpuDenseInput dense) {
            return download(dense.matrix());
        }
        throw new IllegalArgumentException("a quantized input has no plain values to download");
    }

    @Override
    public Vector vector(float[] values) {
        return new HostVector(values);
    }

    @Override
    public Embedding embedding(PlainWeight table) {
        return new HostEmbedding(table.values(), table.outputs(), table.channels());
    }

    @Override
    public Linear linear(PlainWeight weight, float[] bias) {
        return new CpuDenseLinear(session, weight.values(), weight.outputs(), weight.channels(), bias);
    }

    @Override
    public Linear int8(PlainWeight weight, float[] bias) {
        return new CpuInt8Linear(session, Int8Weight.of(weight), bias);
    }

    @Override
    public Linear linear(QuantizedWeight weight, float[] bias) {
        return new CpuMxLinear(session, weight.matrix(), weight.input(), bias);
    }

    @Override
    public Experts experts(Experts.Weights weights, int perToken) {
        return new SeparateExperts(this, weights, perToken);
    }

    @Override
    public RopeTable ropeTable(float[] cos, float[] sin, int positions, int half) {
        return new HostRopeTable(cos, sin, positions, half);
    }

    /** Bytes of what {@link #kvCache} gives, whatever its format. */
    public static long cacheBytes(int layers, int kvHeads, int head, int sequences, int longest) {
        return HostKvCache.bytes(layers, kvHeads, head, sequences, longest);
    }

    @Override
    public KvCache kvCache(CacheFormat format, int layers, int kvHeads, int head, int sequences, int longest) {
        return new HostKvCache(format, layers, kvHeads, head, sequences, longest);
    }

    @Override
    public Batch batch(KvCache cache, int vocabulary, int rows, int sequences) {
        if (cache instanceof HostKvCache host) {
            return new HostBatch(host, vocabulary, rows, sequences);
        }
        throw new IllegalArgumentException("the CPU backend was given a cache of another backend");
    }

    @Override
    public void embed(Embedding table, Batch batch, Matrix out) {
        HostEmbedding host = (HostEmbedding) table;
        HostBatch ids = HostBatch.of(batch);
        int hidden = host.columns();
        float[] y = HostMatrix.of(out, batch.rows(), hidden).values();
        executor.ranges(batch.rows(), GRAIN, (begin, end) -> {
            for (int row = begin; row < end; row++) {
                int id = checkRow(ids.number(Field.IDS, row), host.rows());
                for (int i = 0; i < hidden; i++) {
                    y[row * hidden + i] = host.values().get(id * hidden + i);
                }
            }
        });
    }

    @Override
    public void rmsNorm(Matrix x, Vector weight, float epsilon, Matrix out) {
        HostMatrix host = HostMatrix.of(x);
        CpuInputSteps.rmsNorm(executor, host, weight, epsilon, HostMatrix.of(out, host.rows(), host.columns()));
    }

    @Override
    public LinearInput input(Linear layer, LinearInput.Step step, Matrix x) {
        HostMatrix host = HostMatrix.of(x, x.rows(), step.width(layer.channels()));
        CpuLinear cpu = CpuLinear.of(layer);
        KernelRole role = cpu.quantization().isPresent() ? KernelRole.QUANTIZER : KernelRole.OTHER;
        return clock.time(role, cpu, x.rows(), () -> cpu.prepare(step, host));
    }

    @Override
    public void linear(Linear layer, LinearInput input, Epilogue epilogue, Matrix operand, Matrix out) {
        HostMatrix y = HostMatrix.of(out, input.rows(), epilogue.columns(layer.outputs()));
        CpuLinear host = CpuLinear.of(layer);
        float[] values = operand(host, epilogue, operand, y);
        clock.time(KernelRole.GEMM, host, input.rows(), () -> {
            host.multiply(input, epilogue, values, y);
            return y;
        });
    }

    @Override
    public void linearSection(Linear layer, LinearInput input, Epilogue epilogue, Matrix out, int column) {
        HostMatrix part = HostMatrix.allocate(input.rows(), layer.outputs());
        linear(layer, input, epilogue, null, part);
        HostMatrix.of(out, part.rows(), out.columns()).place(part, column);
    }

    private static float[] operand(CpuLinear layer, Epilogue epilogue, Matrix operand, HostMatrix out) {
        float[] values =
                switch (epilogue.operand()) {
                    case NONE -> null;
                    case COLUMNS -> layer.bias();
                    case MATRIX ->
                        operand == null
                                ? null
                                : HostMatrix.of(operand, out.rows(), out.columns())
                                        .values();
                };
        boolean takesMatrix = epilogue.operand() == Epilogue.Operand.MATRIX;
        if ((values == null) != (epilogue.operand() == Epilogue.Operand.NONE) || !takesMatrix && operand != null) {
            throw new IllegalArgumentException("epilogue " + epilogue.text() + " was given "
                    + (operand == null ? "no" : "a") + " matrix or lacks a bias");
        }
        return values;
    }

    @Override
    public void route(Matrix x, Vector weight, float epsilon, Linear router, Matrix scores) {
        try (LinearInput input = input(router, new LinearInput.Step.RmsNorm(weight, epsilon), x)) {
            linear(router, input, Epilogue.NONE, null, scores);
        }
    }

    @Override
    public void append(
            Batch batch, int layer, RopeTable table, Matrix projected, Optional<HeadNorms> norms, Matrix queries) {
        HostBatch host = HostBatch.of(batch);
        int cached = 2 * host.cache().kvHeads() * host.cache().head();
        HostMatrix q = HostMatrix.of(queries, host.rows(), queries.columns());
        HostMatrix from = HostMatrix.of(projected, q.rows(), q.columns() + cached);
        new Rotation(executor, (HostRopeTable) table, host).append(layer, from, norms, q);
    }

    @Override
    public void attention(Matrix queries, int heads, Batch batch, int layer, int window, Matrix out) {
        HostBatch host = HostBatch.of(batch);
        HostMatrix q = HostMatrix.of(queries, host.rows(), heads * host.cache().head());
        HostMatrix y = HostMatrix.of(out, q.rows(), q.columns());
        clock.time(KernelRole.ATTENTION, "attention", "", "rows=" + q.rows() + " heads=" + heads, () -> {
            new CpuAttention(q, heads, host, layer, window, y).run(executor);
            return y;
        });
    }

    @Override
    public void gatherOutputs(Matrix x, Batch batch, int first, Matrix out) {
        HostBatch host = HostBatch.of(batch);
        int[] rows = IntStream.range(first, first + out.rows())
                .map(output -> host.number(Field.OUTPUTS, output))
                .toArray();
        gatherRows(x, rows, out);
    }

    @Override
    public void gatherRows(Matrix x, int[] rows, Matrix out) {
        HostMatrix from = HostMatrix.of(x);
        HostMatrix to = HostMatrix.of(out, rows.length, from.columns());
        int columns = from.columns();
        for (int i = 0; i < rows.length; i++) {
            int row = checkRow(rows[i], from.rows());
            System.arraycopy(from.values(), row * columns, to.values(), i * columns, columns);
        }
    }

    @Override
    public void add(Matrix x, Matrix y) {
        HostMatrix to = HostMatrix.of(y);
        HostMatrix from = HostMatrix.of(x, to.rows(), to.columns());
        for (int i = 0; i < to.rows() * to.columns(); i++) {
            to.values()[i] += from.values()[i];
        }
    }

    @Override
    public void scatterAddRows(Matrix x, int[] rows, float[] weights, Matrix y) {
        HostMatrix to = HostMatrix.of(y);
        int columns = to.columns();
        float[] from = HostMatrix.of(x, rows.length, columns).values();
        executor.ranges(rows.length, GRAIN, (begin, end) -> {
            for (int i = begin; i < end; i++) {
                int row = checkRow(rows[i], to.rows());
                for (int j = 0; j < columns; j++) {
                    to.values()[row * columns + j] += weights[i] * from[i * columns + j];
                }
            }
        });
    }

    @Override
    public CrossEntropy crossEntropy(int[] targets) {
        return new CpuCrossEntropy(executor, targets);
    }

    @Override
    public void sample(Matrix logits, Batch batch, int first) {
        HostMatrix host = HostMatrix.of(logits);
        HostBatch to = HostBatch.of(batch);
        for (int row = 0; row < host.rows(); row++) {
            Batch.Choice choice = new Batch.Choice(
                    to.fraction(Field.TEMPERATURES, first + row),
                    to.fraction(Field.TOP_P, first + row),
                    to.fraction(Field.UNIFORM, first + row));
            to.token(first + row, Sampler.choose(host.values(), row * host.columns(), host.columns(), choice));
        }
    }

    @Override
    public void addParts(List<Matrix> parts, Matrix y) {
        parts.forEach(part -> add(part, y));
    }

    @Override
    public void joinParts(List<Matrix> parts, Matrix whole) {
        int column = 0;
        for (Matrix part : parts) {
            HostMatrix.of(whole).place(HostMatrix.of(part), column);
            column += part.columns();
        }
    }

    @Override
    public RecordedStep record(Runnable operations, List<Peer> others) {
        return record(operations);
    }

    @Override
    public RecordedStep record(Runnable operations) {
        return RecordedStep.repeating(this, operations);
    }

    @Override
    public Trace trace(Runnable operations) {
        return clock.watch(operations);
    }

    @Override
    public void at(String place) {
        clock.at(place);
    }

    private static int checkRow(int row, int rows) {
        if (row < 0 || row >= rows) {
            throw new IllegalArgumentException("row " + row + " of a matrix or table of " + rows + " rows");
        }
        return row;
    }

    @Override
    public void synchronize() {
        // Every operation is done when its method returns.
    }

    @Override
    public void close() {
        if (isOwner) {
            executor.close();
        }
    }
}
