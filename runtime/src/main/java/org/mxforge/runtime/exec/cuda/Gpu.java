package org.mxforge.runtime.exec.cuda;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.cuda.driver.CudaContext;
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
    private final CudaContext context;
    private final CudaStream stream;
    private final KernelStore store;
    private final KernelLauncher kernels;
    private final ScratchMemory scratch;
    private final boolean isOwner;
    private final Set<DeviceBuffer> lasting = new LinkedHashSet<>();

    Gpu(CudaContext context, KernelStore store, VariantChooser chooser) {
        this.context = context;
        this.store = store;
        this.stream = context.stream();
        this.scratch = new ScratchMemory(context);
        this.kernels = new KernelLauncher(store, context.device().target(), chooser, stream);
        this.isOwner = true;
    }

    private Gpu(Gpu owner) {
        this.context = owner.context;
        this.store = owner.store;
        this.stream = owner.stream;
        this.scratch = owner.scratch;
        this.kernels = owner.kernels;
        this.isOwner = false;
    }

    /** The same GPU with lasting memory of its own, which closing it gives back; to be closed before this. */
    Gpu share() {
        return new Gpu(this);
    }

    String name() {
        return context.device().name();
    }

    Target target() {
        return context.device().target();
    }

    Backend.Memory memory() {
        return new Backend.Memory(context.device().totalBytes(), context.freeBytes(), context.allocatedBytes());
    }

    CudaStream stream() {
        return stream;
    }

    /** Begins to compile {@code spec}, which will probably be launched. */
    void expect(KernelSpec spec) {
        kernels.expect(spec);
    }

    /** The same for a GEMM or a quantizer whose operands lie in a given way. */
    void expect(KernelProblem problem) {
        kernels.expect(problem);
    }

    /** Launches {@code spec}; {@code arguments} is the record of its stem. */
    <A> void launch(KernelSpec spec, A arguments) {
        kernels.launch(spec, arguments);
    }

    /** Launches {@code spec} by {@code algorithm}, which has no passes; {@code arguments} is the record of its stem. */
    <S extends KernelSpec, A> void launch(S spec, Algorithm<S> algorithm, A arguments) {
        kernels.launch(spec, algorithm, arguments);
    }

    /** Launches a GEMM or a quantizer without passes for this shape; {@code arguments} is the record of its stem. */
    <A> void launch(KernelProblem problem, KernelShape shape, A arguments) {
        kernels.<A>choose(problem, shape).launch(arguments);
    }

    /** What computes {@code problem} for this shape. */
    <A> ShapedKernel<A> choose(KernelProblem problem, KernelShape shape) {
        return kernels.choose(problem, shape);
    }

    /** How the weight of a layer with this product, {@code n} outputs and partitions of {@code k} channels is to be kept. */
    OperandLayout layout(MxGemmSpec spec, KernelProblem.Scope scope, int n, List<Integer> k) {
        return kernels.layout(spec, scope, n, k);
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

    /** Says what part of a model the next launches belong to. */
    void at(String place) {
        kernels.at(place);
    }

    /** A clock for launches that are done, or recorded into a graph. */
    LaunchClock newClock(boolean recording) {
        return new LaunchClock(context, stream, recording);
    }

    /** Runs {@code operations}, whose launches {@code clock} times. */
    void with(LaunchClock clock, Runnable operations) {
        kernels.with(clock, operations);
    }

    /** Gives a lasting buffer back early. */
    void release(DeviceBuffer buffer) {
        lasting.remove(buffer);
        buffer.close();
    }

    @Override
    public void close() {
        if (isOwner) {
            store.close();
        }
        lasting.forEach(DeviceBuffer::close);
        lasting.clear();
        scratch.trim();
        if (isOwner) {
            scratch.close();
            stream.close();
            context.close();
        }
    }
}
