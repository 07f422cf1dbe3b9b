package org.mxforge.runtime.cuda.launch;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.mxforge.codegen.cuda.CudaEmitter;
import org.mxforge.codegen.cuda.CudaSource;
import org.mxforge.codegen.launcher.LauncherEmitter;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.base.jit.JavaJit;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel.ImageKind;
import org.mxforge.runtime.cuda.nvrtc.KernelCompiler;
import org.mxforge.runtime.cuda.nvrtc.Nvrtc;

/** The kernels of one GPU: emitted, compiled, loaded and given a launcher when first asked for. */
public final class KernelStore implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(KernelStore.class.getName());

    private final CudaContext context;
    private final KernelCompiler compiler;
    private final JavaJit jit;
    private final Map<KernelVariant, byte[]> images;
    private final Background background = new Background();
    private final Map<KernelVariant, ReadyKernel<?>> ready = new ConcurrentHashMap<>();

    /**
     * @param context the GPU
     * @param cache where compiled kernels and launchers are kept
     * @throws MxForgeException if there is no compiler: now rather than after a model was loaded
     */
    public KernelStore(CudaContext context, ArtifactCache cache) {
        this(context, cache, Map.of());
    }

    /**
     * The same with kernels that were compiled elsewhere.
     *
     * @param images cubins of variants, of the source that is emitted for them, to be loaded in place of what is compiled here
     */
    public KernelStore(CudaContext context, ArtifactCache cache, Map<KernelVariant, byte[]> images) {
        Nvrtc.load();
        this.images = Map.copyOf(images);
        this.context = context;
        this.compiler = new KernelCompiler(cache);
        this.jit = new JavaJit(cache);
        if (context.device().imageKind() == ImageKind.PTX) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    context.device().name() + " has no target of its own: the driver compiles the kernels for it.");
        }
    }

    /**
     * The kernel of {@code variant}.
     *
     * @param <A> argument record of its spec's stem, such as {@code MxGemmArguments}; any other is refused at the first launch
     * @throws MxForgeException if it does not compile or load
     */
    @SuppressWarnings("unchecked") // An emitted launcher casts its arguments to the record of its stem.
    public <A> ReadyKernel<A> kernel(KernelVariant variant) {
        return (ReadyKernel<A>) ready.computeIfAbsent(variant, this::make);
    }

    /** Compiles {@code variants} into the cache, in parallel; the first failure is thrown. */
    public void compileAll(Collection<KernelVariant> variants) {
        variants.parallelStream().distinct().forEach(variant -> compiler.compile(variant, kind(variant)));
    }

    /** The same for as many as compile; who asks for another is told why it does not. */
    public void compileAhead(Collection<KernelVariant> variants) {
        variants.parallelStream().distinct().forEach(this::tryToCompile);
    }

    /** That of the GPU, or PTX for older ones. */
    private ImageKind kind(KernelVariant variant) {
        return ImageKind.reaching(variant.target(), context.device().computeCapability());
    }

    private void tryToCompile(KernelVariant variant) {
        try {
            compiler.compile(variant, kind(variant));
        } catch (MxForgeException | IllegalArgumentException e) {
            LOG.log(System.Logger.Level.DEBUG, "not compiled ahead", e);
        }
    }

    /**
     * Begins to compile {@code variant} into the cache, in the background. Who asks for it meanwhile waits for the compile; who asks
     * for it after a failure is told of it.
     */
    public void prefetch(KernelVariant variant) {
        background.run(() -> compiler.compile(variant, kind(variant)));
    }

    private ReadyKernel<?> make(KernelVariant variant) {
        CudaSource source = CudaEmitter.emit(variant);
        CompiledKernel compiled = compiler.compile(source, kind(variant));
        if (images.containsKey(variant)) {
            compiled = compiled.with(images.get(variant));
        }
        Launcher<?> launcher = jit.instantiate(LauncherEmitter.emit(source), Launcher.class);
        CudaKernel kernel = context.load(compiled, source.entryPoint(), source.awaitsKernelsBefore());
        return new ReadyKernel<>(variant, compiled, kernel, launcher);
    }

    /** Ends the background compiles; the kernels go with their context. */
    @Override
    public void close() {
        background.close();
    }
}
