package org.mxforge.runtime.exec.shard;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.Trace;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Batch;
import org.mxforge.runtime.exec.spi.Experts;
import org.mxforge.runtime.exec.spi.KvCache;
import org.mxforge.runtime.exec.spi.Linear;
import org.mxforge.runtime.exec.spi.Linear.Weight.Cut;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.exec.spi.Matrix;
import org.mxforge.runtime.exec.spi.Peer;
import org.mxforge.runtime.exec.spi.Vector;
import org.mxforge.runtime.quant.PlainWeight;
import org.mxforge.runtime.quant.QuantizedWeight;

/**
 * Several devices that share models: what is asked of it is asked of each, on its part. Layers that come in no parts are on the first alone, and
 * so is what follows from them: logits, scores and samples. Used by the thread that made it.
 */
public final class ShardedBackend implements Backend {
    private final Shards shards;

    /** What the devices read of each other since they met. */
    private Optional<ShardedMatrix> lent = Optional.empty();

    /**
     * One backend of {@code peers}, which it closes.
     *
     * @param peers two or more devices of one kind
     */
    public ShardedBackend(List<? extends Peer> peers) {
        this(new Shards(List.copyOf(peers)));
    }

    private ShardedBackend(Shards shards) {
        this.shards = shards;
    }

    @Override
    public int shards() {
        return shards.count();
    }

    @Override
    public String device() {
        return shards.count() + " x " + shards.first().device();
    }

    @Override
    public Backend forModel() {
        return new ShardedBackend(shards.map(Peer::forModel));
    }

    @Override
    public Optional<Backend> dryRun() {
        return shards.first()
                .dryRun()
                .map(first -> new ShardedBackend(shards.map(peer -> peer == shards.first()
                        ? (Peer) first
                        : (Peer) peer.dryRun().orElseThrow())));
    }

    @Override
    public Matrix activations(int rows, int columns) {
        return matrix(Backend::activations, rows, columns);
    }

    @Override
    public Matrix fp32(int rows, int columns) {
        return matrix(Backend::fp32, rows, columns);
    }

    /** Makes a matrix. */
    @FunctionalInterface
    private interface MatrixMaker {
        Matrix make(Peer peer, int rows, int columns);
    }

    private ShardedMatrix matrix(MatrixMaker maker, int rows, int columns) {
        return new ShardedMatrix(shards.all(device -> maker.make(shards.at(device), rows, columns)), List.of());
    }

    @Override
    public Matrix residual(int rows, int columns) {
        ShardedMatrix stream = matrix(Backend::residual, rows, columns);
        try {
            return new ShardedMatrix(
                    stream.parts(), matrix(Backend::fp32, rows, columns).parts());
        } catch (RuntimeException e) {
            stream.close();
            throw e;
        }
    }

    private static Matrix on(int device, Matrix matrix) {
        return ShardedMatrix.of(matrix).parts().get(device);
    }

    @Override
    public float[] download(Matrix matrix) {
        return shards.first().download(on(0, matrix));
    }

    @Override
    public float[] download(LinearInput input) {
        return shards.first().download(ShardedInput.of(input).parts().get(0));
    }

    @Override
    public Vector vector(float[] values) {
        return new ShardedVector(shards.all(device -> shards.at(device).vector(values)));
    }

    @Override
    public Embedding embedding(PlainWeight table) {
        Embedding first = shards.first().embedding(table);
        // The others read it, and do not wait for it.
        shards.first().synchronize();
        return first;
    }

    @Override
    public Linear linear(PlainWeight weight, float[] bias) {
        return ShardedLinear.onFirst(shards.first().linear(weight, bias));
    }

    @Override
    public Linear linear(QuantizedWeight weight, float[] bias) {
        return ShardedLinear.onFirst(shards.first().linear(weight, bias));
    }

    @Override
    public Linear int8(PlainWeight weight, float[] bias) {
        return ShardedLinear.onFirst(shards.first().int8(weight, bias));
    }

    @Override
    public Linear linear(Linear.Weight.Shared weight, float[] bias) {
        if (weight.parts().size() != shards.count()) {
            throw new IllegalArgumentException(
                    "a layer in " + weight.parts().size() + " parts is not for " + shards.count() + " devices");
        }
        return new ShardedLinear(
                weight.cut(),
                shards.all(device -> weight.parts().get(device).on(shards.at(device), weight.bias(bias, device))));
    }

    @Override
    public Experts experts(Experts.Weights weights, int perToken) {
        throw new MxForgeException("experts are not shared by several GPUs yet: use one GPU");
    }

    @Override
    public RopeTable ropeTable(float[] cos, float[] sin, int positions, int half) {
        return new ShardedAngles(shards, shards.all(device -> shards.at(device).ropeTable(cos, sin, positions, half)));
    }

    /** Angles on each device. */
    private record ShardedAngles(Shards shards, List<RopeTable> parts) implements RopeTable {
        @Override
        public int rows() {
            return parts.get(0).rows();
        }

        @Override
        public int columns() {
            return parts.get(0).columns();
        }

        @Override
        public void close() {
            shards.each(device -> parts.get(device).close());
        }
    }

    @Override
    public KvCache kvCache(CacheFormat format, int layers, int kvHeads, int head, int sequences, int longest) {
        return new ShardedCache(
                shards,
                shards.all(device -> shards.at(device).kvCache(format, layers, kvHeads, head, sequences, longest)),
                sequences);
    }

    @Override
    public Batch batch(KvCache cache, int vocabulary, int rows, int sequences) {
        ShardedCache sharded = (ShardedCache) cache;
        return new ShardedBatch(
                shards,
                sharded,
                shards.all(device -> shards.at(device).batch(sharded.part(device), vocabulary, rows, sequences)),
                vocabulary,
                rows,
                sequences);
    }

    @Override
    public void embed(Embedding table, Batch batch, Matrix out) {
        shards.each(device -> shards.at(device).embed(table, ShardedBatch.on(device, batch), on(device, out)));
    }

    @Override
    public void rmsNorm(Matrix x, Vector weight, float epsilon, Matrix out) {
        shards.each(device ->
                shards.at(device).rmsNorm(on(device, x), ShardedVector.on(device, weight), epsilon, on(device, out)));
    }

    @Override
    public LinearInput input(Linear layer, LinearInput.Step step, Matrix x) {
        ShardedLinear sharded = ShardedLinear.of(layer);
        if (sharded.cut() != Cut.NOTHING) {
            return input(sharded, step, ShardedMatrix.of(x), List.of());
        }
        meet();
        ShardedMatrix whole = matrix(Backend::activations, x.rows(), sharded.channels());
        try {
            List<Matrix> parts = lend(ShardedMatrix.of(x)).parts();
            shards.each(device -> shards.at(device).joinParts(parts, on(device, whole)));
            return input(sharded, step, whole, List.of(whole));
        } catch (RuntimeException e) {
            whole.close();
            throw e;
        }
    }

    private ShardedMatrix lend(ShardedMatrix read) {
        read.lend();
        lent = Optional.of(read);
        return read;
    }

    /** Lets the devices wait for each other. What they read before of each other they have read then. */
    private void meet() {
        shards.meet();
        giveBack();
    }

    private void giveBack() {
        lent.ifPresent(ShardedMatrix::giveBack);
        lent = Optional.empty();
    }

    private ShardedInput input(ShardedLinear layer, LinearInput.Step step, ShardedMatrix x, List<Matrix> held) {
        return new ShardedInput(
                shards.all(layer.parts().size(), device -> shards.at(device)
                        .input(layer.parts().get(device), ShardedVector.on(device, step), on(device, x))),
                held);
    }

    @Override
    public void linear(Linear layer, LinearInput input, Epilogue epilogue, Matrix operand, Matrix out) {
        ShardedLinear sharded = ShardedLinear.of(layer);
        if (sharded.cut() != Cut.CHANNELS) {
            multiply(sharded, input, epilogue, operand, out);
            return;
        }
        List<Matrix> summands = ShardedMatrix.of(out).summands();
        if (epilogue != Epilogue.RESIDUAL || operand != out || summands.isEmpty()) {
            throw new IllegalArgumentException("a layer whose channels are shared adds to a residual stream");
        }
        multiply(sharded, input, Epilogue.NONE, null, new ShardedMatrix(summands, List.of()));
        meet();
        shards.each(device -> shards.at(device).addParts(summands, on(device, out)));
    }

    private void multiply(ShardedLinear layer, LinearInput input, Epilogue epilogue, Matrix operand, Matrix out) {
        List<LinearInput> inputs = ShardedInput.of(input).parts();
        shards.each(layer.parts().size(), device -> {
            shards.at(device)
                    .linear(
                            layer.parts().get(device),
                            inputs.get(device),
                            epilogue,
                            operand == null ? null : on(device, operand),
                            on(device, out));
        });
    }

    @Override
    public void linearSection(Linear layer, LinearInput input, Epilogue epilogue, Matrix out, int column) {
        ShardedLinear sharded = ShardedLinear.of(layer);
        List<LinearInput> inputs = ShardedInput.of(input).parts();
        shards.each(sharded.parts().size(), device -> {
            shards.at(device)
                    .linearSection(sharded.parts().get(device), inputs.get(device), epilogue, on(device, out), column);
        });
    }

    @Override
    public void route(Matrix x, Vector weight, float epsilon, Linear router, Matrix scores) {
        shards.first()
                .route(
                        on(0, x),
                        ShardedVector.on(0, weight),
                        epsilon,
                        ShardedLinear.of(router).parts().get(0),
                        on(0, scores));
    }

    @Override
    public void append(
            Batch batch, int layer, RopeTable table, Matrix projected, Optional<HeadNorms> norms, Matrix queries) {
        shards.each(device -> shards.at(device)
                .append(
                        ShardedBatch.on(device, batch),
                        layer,
                        ((ShardedAngles) table).parts().get(device),
                        on(device, projected),
                        norms.map(both -> ShardedVector.on(device, both)),
                        on(device, queries)));
    }

    @Override
    public void attention(Matrix queries, int heads, Batch batch, int layer, int window, Matrix out) {
        shards.each(device -> shards.at(device)
                .attention(on(device, queries), heads, ShardedBatch.on(device, batch), layer, window, on(device, out)));
    }

    /** From here on the first device is alone; who waits for it then has waited for all. */
    @Override
    public void gatherOutputs(Matrix x, Batch batch, int first, Matrix out) {
        shards.others().forEach(shards.first()::await);
        shards.first().gatherOutputs(on(0, x), ShardedBatch.on(0, batch), first, on(0, out));
    }

    @Override
    public void gatherRows(Matrix x, int[] rows, Matrix out) {
        shards.each(device -> shards.at(device).gatherRows(on(device, x), rows, on(device, out)));
    }

    @Override
    public void add(Matrix x, Matrix y) {
        shards.each(device -> shards.at(device).add(on(device, x), on(device, y)));
    }

    @Override
    public void scatterAddRows(Matrix x, int[] rows, float[] weights, Matrix y) {
        shards.each(device -> shards.at(device).scatterAddRows(on(device, x), rows, weights, on(device, y)));
    }

    @Override
    public CrossEntropy crossEntropy(int[] targets) {
        CrossEntropy first = shards.first().crossEntropy(targets);
        return new CrossEntropy() {
            @Override
            public void add(Matrix logits, int from) {
                first.add(on(0, logits), from);
            }

            @Override
            public Scores scores() {
                return first.scores();
            }

            @Override
            public void close() {
                first.close();
            }
        };
    }

    @Override
    public List<Linear> cut(Linear layer, int outputs) {
        return shards.first().cut(ShardedLinear.of(layer).parts().get(0), outputs).stream()
                .<Linear>map(ShardedLinear::onFirst)
                .toList();
    }

    @Override
    public void sample(Matrix logits, Batch batch, int first) {
        shards.first().sample(on(0, logits), ShardedBatch.on(0, batch), first);
    }

    @Override
    public RecordedStep record(Runnable operations) {
        return shards.first().record(operations, shards.others());
    }

    /** Of the first device, which waits for the others where it needs them. */
    @Override
    public Trace trace(Runnable operations) {
        return shards.first().trace(operations);
    }

    @Override
    public void at(String place) {
        shards.first().at(place);
    }

    /** Of the device that has the least room; plans are for that which has the most to hold. */
    @Override
    public Optional<Memory> memory() {
        return shards.all(device -> shards.at(device).memory()).stream()
                .flatMap(Optional::stream)
                .min(Comparator.comparingLong(Memory::free));
    }

    @Override
    public void synchronize() {
        shards.each(device -> shards.at(device).synchronize());
    }

    /** None gives memory back that another still reads. */
    @Override
    public void close() {
        try {
            synchronize();
        } finally {
            giveBack();
            shards.each(device -> shards.at(device).close());
        }
    }
}
