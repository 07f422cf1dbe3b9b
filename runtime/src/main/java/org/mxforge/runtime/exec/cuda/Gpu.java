package org.mxforge.runtime.exec.cuda;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.ByteSource;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.CudaDevice;
import org.mxforge.runtime.cuda.driver.CudaEvent;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.cuda.launch.KernelStore;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.kernel.VariantChooser;

/**
 * What the parts of a CUDA backend share: one GPU, one stream, its kernels, scratch memory, and memory that stays. Backends of models
 * on one GPU share all but the last.
 */
final class Gpu implements AutoCloseable {
    private final CudaDevice device;
    private final DeviceBuffer.Memory driver;
    private final Launches launches;
    private final ScratchMemory scratch;
    private final Optional<OpenGpu> open;
    private final boolean isOwner;
    private final Set<DeviceBuffer> lasting = new LinkedHashSet<>();

    /** What there is but in a dry run. */
    private record OpenGpu(
            CudaContext context,
            KernelStore store,
            CudaStream stream,
            CudaEvent mark,
            KernelLauncher kernels,
            AheadStream ahead) {
        void close() {
            ahead.close();
            mark.close();
            stream.close();
            context.close();
        }
    }

    private Gpu(
            CudaDevice device,
            DeviceBuffer.Memory driver,
            Launches launches,
            ScratchMemory scratch,
            Optional<OpenGpu> open,
            boolean isOwner) {
        this.device = device;
        this.driver = driver;
        this.launches = launches;
        this.scratch = scratch;
        this.open = open;
        this.isOwner = isOwner;
    }

    /** The GPU of {@code context} with kernels from {@code store}, both of which it closes. */
    static Gpu of(CudaContext context, KernelStore store, VariantChooser chooser) {
        CudaStream stream = context.stream();
        KernelLauncher kernels = new KernelLauncher(store, context.device().target(), chooser, stream);
        AheadStream ahead = new AheadStream(context, kernels, stream);
        OpenGpu open = new OpenGpu(context, store, stream, context.event(), kernels, ahead);
        return new Gpu(context.device(), context, kernels, new ScratchMemory(context), Optional.of(open), true);
    }

    /** A GPU that is none, on which nothing is done and memory is counted; layouts are those that {@code chooser} would choose. */
    static Gpu dryRun(CudaDevice device, DryRunMemory memory, VariantChooser chooser) {
        DryRunLauncher launches = new DryRunLauncher(device.target(), chooser);
        return new Gpu(device, memory, launches, new ScratchMemory(memory), Optional.empty(), true);
    }

    /** The same GPU with lasting memory of its own, which closing it gives back; to be closed before this. */
    Gpu share() {
        return new Gpu(device, driver, launches, scratch, open, false);
    }

    CudaDevice device() {
        return device;
    }

    /** Whether nothing is done. */
    boolean isDryRun() {
        return open.isEmpty();
    }

    String name() {
        return device.name();
    }

    Target target() {
        return device.target();
    }

    Backend.Memory memory() {
        long own = driver.allocatedBytes();
        long free = open.map(gpu -> gpu.context().freeBytes()).orElse(device.totalBytes() - own);
        return new Backend.Memory(device.totalBytes(), free, own, scratch.bytes());
    }

    /** Null in a dry run. */
    CudaStream stream() {
        return open.map(OpenGpu::stream).orElse(null);
    }

    /** Makes it the GPU that the calling thread works on. */
    void enter() {
        open.ifPresent(gpu -> gpu.context().attach());
    }

    /** What is asked for from now on waits for all that was asked of {@code other} until now. */
    void await(Gpu other) {
        open.ifPresent(gpu -> {
            OpenGpu before = other.opened();
            before.mark().record(before.stream());
            before.mark().await(gpu.stream());
        });
    }

    /** Waits until everything asked for is done. */
    void synchronize() {
        open.ifPresent(gpu -> gpu.stream().synchronize());
    }

    private OpenGpu opened() {
        return open.orElseThrow(() -> new IllegalStateException("a GPU of a dry run does nothing"));
    }

    /** Begins to compile {@code spec}, which will probably be launched. */
    void expect(KernelSpec spec) {
        launches.expect(spec);
    }

    /** The same for a GEMM or a quantizer whose operands lie in a given way. */
    void expect(KernelProblem problem) {
        launches.expect(problem);
    }

    /** Launches {@code spec}; {@code arguments} is the record of its stem. */
    <A> void launch(KernelSpec spec, A arguments) {
        launches.launch(spec, arguments);
    }

    /** Launches {@code spec} by {@code algorithm}, which has no passes; {@code arguments} is the record of its stem. */
    <S extends KernelSpec, A> void launch(S spec, Algorithm<S> algorithm, A arguments) {
        launches.launch(spec, algorithm, arguments);
    }

    /** Launches a GEMM or a quantizer without passes for this shape; {@code arguments} is the record of its stem. */
    <A> void launch(KernelProblem problem, KernelShape shape, A arguments) {
        launches.<A>choose(problem, shape).launch(arguments);
    }

    /** What computes {@code problem} for this shape. */
    <A> ShapedKernel<A> choose(KernelProblem problem, KernelShape shape) {
        return launches.choose(problem, shape);
    }

    /** How the weight of a layer with this product, {@code n} outputs and partitions of {@code k} channels is to be kept. */
    OperandLayout layout(MxGemmSpec spec, KernelProblem.Scope scope, int n, List<Integer> k) {
        return launches.layout(spec, scope, n, k);
    }

    /** Memory that stays until the backend closes. */
    DeviceBuffer lasting(String purpose, long bytes) {
        DeviceBuffer buffer = scratch.allocate(purpose, bytes);
        lasting.add(buffer);
        return buffer;
    }

    /** {@code values} in memory that stays until the backend closes. */
    DeviceBuffer lasting(String purpose, byte[] values) {
        DeviceBuffer buffer = lasting(purpose, values.length);
        buffer.upload(values);
        return buffer;
    }

    DeviceBuffer lasting(String purpose, short[] values) {
        DeviceBuffer buffer = lasting(purpose, (long) Short.BYTES * values.length);
        buffer.upload(values);
        return buffer;
    }

    DeviceBuffer lasting(String purpose, int[] values) {
        DeviceBuffer buffer = lasting(purpose, (long) Integer.BYTES * values.length);
        buffer.upload(values);
        return buffer;
    }

    DeviceBuffer lasting(String purpose, float[] values) {
        DeviceBuffer buffer = lasting(purpose, (long) Float.BYTES * values.length);
        buffer.upload(values);
        return buffer;
    }

    /** Brings {@code count} bytes of {@code source} from {@code from} on into {@code to}, behind what was asked for before. */
    void bring(ByteSource source, long from, long count, DeviceBuffer to, long offset) {
        open.ifPresent(gpu -> gpu.stream().upload(source, from, count, to, offset));
    }

    /** All of {@code source} in memory that stays until the backend closes. */
    DeviceBuffer lasting(String purpose, ByteSource source) {
        DeviceBuffer buffer = lasting(purpose, source.length());
        bring(source, 0, source.length(), buffer, 0);
        return buffer;
    }

    /** Memory for as long as one operation or matrix needs it. */
    Scratch scratch(String purpose, long bytes) {
        return scratch.take(purpose, bytes);
    }

    Scratch scratch(String purpose, int[] values) {
        Scratch taken = scratch(purpose, (long) Integer.BYTES * values.length);
        taken.buffer().upload(values);
        return taken;
    }

    Scratch scratch(String purpose, float[] values) {
        Scratch taken = scratch(purpose, (long) Float.BYTES * values.length);
        taken.buffer().upload(values);
        return taken;
    }

    ScratchMemory scratch() {
        return scratch;
    }

    /** Whether work is done ahead: in recorded steps it is not, which keep memory of their own, and have few tokens. */
    boolean worksAhead() {
        return !scratch.isOfSteps();
    }

    /** Memory for what is written ahead in {@code turn}. */
    Scratch scratch(int turn, String purpose, long bytes) {
        return scratch.take(turn, purpose, bytes);
    }

    /** {@link AheadStream#write}; in order where kernels are timed. */
    void ahead(int turn, Runnable launches) {
        if (open.isEmpty() || opened().kernels().isTimed()) {
            launches.run();
        } else {
            opened().ahead().write(turn, launches);
        }
    }

    /** {@link AheadStream#read}. */
    void read(int turn) {
        open.ifPresent(gpu -> gpu.ahead().read(turn));
    }

    /** {@link AheadStream#hold}. */
    void hold() {
        open.ifPresent(gpu -> gpu.ahead().hold());
    }

    /** Says what part of a model the next launches belong to. */
    void at(String place) {
        launches.at(place);
    }

    /** A clock for launches that are done, or recorded into a graph. */
    LaunchClock newClock(boolean recording) {
        return new LaunchClock(opened().context(), stream(), recording);
    }

    /** Runs {@code operations}, whose launches {@code clock} times. */
    void with(LaunchClock clock, Runnable operations) {
        opened().kernels().with(clock, operations);
    }

    /** Gives a lasting buffer back early. */
    void release(DeviceBuffer buffer) {
        lasting.remove(buffer);
        buffer.close();
    }

    @Override
    public void close() {
        if (isOwner) {
            open.ifPresent(gpu -> gpu.store().close());
        }
        lasting.forEach(DeviceBuffer::close);
        lasting.clear();
        scratch.trim();
        if (isOwner) {
            scratch.close();
            open.ifPresent(OpenGpu::close);
        }
    }
}
