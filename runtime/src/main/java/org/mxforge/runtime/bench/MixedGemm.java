package org.mxforge.runtime.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.launch.MxExpandArguments;
import org.mxforge.dsl.launch.MxGemmArguments;
import org.mxforge.dsl.launch.MxUnpackArguments;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.ScaleLayout;
import org.mxforge.dsl.layout.WideTile;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxUnpackSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.bench.GemmVariant.Pass;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.cuda.launch.ReadyKernel;
import org.mxforge.runtime.pack.PackedOperand;
import org.mxforge.runtime.tune.cost.GemmWork;

/** A mixed GEMM in one launch, and the passes over its operands before it. */
final class MixedGemm implements BenchKernel {
    private static final long ACTIVATION_SEED = 8;
    private static final long WEIGHT_SEED = 16;

    private final BenchGpu gpu;
    private final MxGemmSpec spec;
    private final ReadyKernel<MxGemmArguments> kernel;
    private final BenchMemory memory;
    private final List<List<Passage<?>>> passages = new ArrayList<>();
    private final List<MxGemmArguments> arguments = new ArrayList<>();
    private final GemmWork work;

    /** A pass over one partition of one operand. */
    private record Passage<A>(ReadyKernel<A> kernel, A arguments) {
        void launch(CudaStream stream) {
            kernel.launch(stream, arguments);
        }
    }

    MixedGemm(
            BenchGpu gpu,
            ReadyKernel<MxGemmArguments> kernel,
            Pass pass,
            FormatMix formats,
            int m,
            WeightShape weight) {
        this.gpu = gpu;
        this.spec = (MxGemmSpec) kernel.variant().spec();
        long written = (long) m * weight.n() * spec.output().bytes();
        this.kernel = kernel;
        this.work = GemmWork.of(spec, GemmVariant.shape(formats, m, weight)).orElseThrow();
        this.memory = new BenchMemory(gpu.context());
        try {
            int sets = BenchMemory.count(work.bytes() - written);
            ChannelSplit split = formats.split(weight.k());
            for (int set = 0; set < sets; set++) {
                passages.add(new ArrayList<>());
            }
            List<PackedOperand> a = operands(split, m, Side.ACTIVATION, sets, pass);
            List<PackedOperand> b = operands(split, weight.n(), Side.WEIGHT, sets, pass);
            for (int set = 0; set < sets; set++) {
                long d = memory.poisoned(written).address();
                arguments.add(new MxGemmArguments(m, weight.n(), a.get(set).times(b.get(set)), 0, d));
            }
        } catch (RuntimeException e) {
            memory.close();
            throw e;
        }
    }

    /** What the kernel reads: laid out beforehand, or made by passes that belong to each run. */
    private List<PackedOperand> operands(ChannelSplit split, int rows, Side side, int sets, Pass pass) {
        long seed = side == Side.ACTIVATION ? ACTIVATION_SEED : WEIGHT_SEED;
        RepeatedRows matrix = RepeatedRows.random(split, side, rows, seed);
        List<ElementFormat> formats = split.partitions().stream()
                .map(partition -> side.format(partition.formats()))
                .toList();
        if (formats.stream().noneMatch(format -> pass.of(side, format).isPresent())) {
            return memory.packed(matrix, spec.groups(), side, sets);
        }
        List<PackedOperand> made = new ArrayList<>();
        List<PackedOperand> given = memory.packed(matrix, before(pass), side, sets);
        for (int set = 0; set < sets; set++) {
            List<PackedOperand.Part> parts = new ArrayList<>();
            for (int i = 0; i < formats.size(); i++) {
                PackedOperand.Part from = given.get(set).parts().get(i);
                parts.add(made(from, rows, pass.of(side, formats.get(i)), passages.get(set)));
            }
            made.add(new PackedOperand(rows, parts));
        }
        return made;
    }

    /** How operands lie before a pass. */
    private GroupLayout before(Pass pass) {
        if (pass == Pass.EXPAND) {
            return GroupLayout.TILED;
        }
        return spec.groups().withScales(ScaleLayout.STREAMED);
    }

    /** A partition as the kernel reads it, which {@code pass} makes from {@code from} in each run. */
    private PackedOperand.Part made(
            PackedOperand.Part from, int rows, Optional<KernelSpec> pass, List<Passage<?>> passages) {
        int channels = from.channels();
        if (pass.isEmpty()) {
            return from;
        }
        if (pass.get() instanceof MxUnpackSpec unpack) {
            DeviceBuffer tiles = memory.poisoned(ContainerTile.bytes(rows, channels));
            MxUnpackArguments arguments =
                    new MxUnpackArguments(rows, channels, from.codes().address(), tiles.address());
            passages.add(new Passage<>(gpu.kernel(unpack), arguments));
            return new PackedOperand.Part(tiles, from.scales(), channels);
        }
        DeviceBuffer tiles = memory.poisoned(WideTile.bytes(rows, channels));
        DeviceBuffer ones = memory.ones(rows);
        passages.add(new Passage<>(
                gpu.kernel(pass.get()),
                new MxExpandArguments(
                        rows,
                        channels,
                        from.codes().address(),
                        from.scales().address(),
                        ones.address(),
                        tiles.address())));
        return new PackedOperand.Part(tiles, ones, channels);
    }

    @Override
    public int sets() {
        return arguments.size();
    }

    @Override
    public void launch(CudaStream stream, int set) {
        passages.get(set).forEach(passage -> passage.launch(stream));
        kernel.launch(stream, arguments.get(set));
    }

    @Override
    public double bytes() {
        return work.bytes();
    }

    @Override
    public double flops() {
        return 2 * work.macs();
    }

    @Override
    public void close() {
        memory.close();
    }
}
