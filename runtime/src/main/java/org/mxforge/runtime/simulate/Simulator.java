package org.mxforge.runtime.simulate;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.mxforge.codegen.cuda.CudaEmitter;
import org.mxforge.codegen.cuda.CudaSource;
import org.mxforge.codegen.launcher.LauncherEmitter;
import org.mxforge.dsl.launch.DeviceFact;
import org.mxforge.dsl.launch.LaunchSignature;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.base.jit.JavaJit;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.Launcher;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel.ImageKind;
import org.mxforge.runtime.cuda.nvrtc.KernelCompiler;
import org.mxforge.runtime.simulate.ptx.PtxParser;

/**
 * Runs emitted CUDA kernels without a GPU: compiles them to PTX and interprets that. Also tells what hardware would not; see {@link Finding}.
 * Results are those of a GPU, bit for bit, except that functions that PTX only bounds ({@code ex2.approx} and the like) are exact here. Not
 * safe for concurrent use.
 */
public final class Simulator {
    /** Array sizes are ints, and each byte costs some more for what is known of it. */
    private static final long MOST_BYTES = 256L << 20;

    /** Minutes; the largest of the usual sizes take a hundredth. */
    private static final long MOST_STEPS = 200_000_000;

    /** Of the simulated GPU: as few as make more than one block walk over the tiles. */
    private static final int MULTIPROCESSORS = 2;

    private static final int SHARED_BYTES = 228 << 10;

    private final Optional<TensorCores> tensorCores;
    private final BoundedFunctions functions;
    private final KernelCompiler compiler;
    private final JavaJit jit;
    private final DeviceMemory memory = new DeviceMemory();
    private final Map<CudaSource, Program> programs = new HashMap<>();
    private final Map<KernelVariant, Launcher<?>> launchers = new HashMap<>();
    private final long mostSteps;
    private long allocated;

    /**
     * @param cache where compiled kernels and launchers are kept
     */
    public Simulator(ArtifactCache cache) {
        this(cache, MOST_STEPS);
    }

    /** One that gives up after so many instructions of a launch. */
    Simulator(ArtifactCache cache, long mostSteps) {
        this(cache, mostSteps, Optional.empty(), BoundedFunctions.EXACT);
    }

    private Simulator(
            ArtifactCache cache, long mostSteps, Optional<TensorCores> tensorCores, BoundedFunctions functions) {
        this.mostSteps = mostSteps;
        this.tensorCores = tensorCores;
        this.functions = functions;
        this.compiler = new KernelCompiler(cache);
        this.jit = new JavaJit(cache);
    }

    /**
     * What {@code use} does with a simulator of {@code gpu}, which may be newer than a kernel's target: it adds up as that GPU's tensor cores
     * do, and asks it for functions that PTX only bounds.
     */
    public static <T> T like(CudaContext gpu, ArtifactCache cache, Function<Simulator, T> use) {
        try (GpuFunctions functions = new GpuFunctions(gpu)) {
            TensorCores tensorCores = TensorCores.of(gpu.device().computeCapability());
            return use.apply(new Simulator(cache, MOST_STEPS, Optional.of(tensorCores), functions));
        }
    }

    /**
     * A new array in global memory that nobody has written: a result, each byte of which a launch may write once.
     *
     * @param name what it is called in findings
     * @return its address
     * @throws MxForgeException if all arrays together are too large
     */
    public long allocate(String name, int bytes) {
        return room(name, bytes).asResult().base;
    }

    private Area room(String name, int bytes) {
        allocated += bytes;
        if (allocated > MOST_BYTES) {
            throw new MxForgeException("The simulator has memory for " + (MOST_BYTES >> 20) + " MiB of arrays, and '"
                    + name + "' is too much: choose a smaller problem.");
        }
        return memory.allocate("array '" + name + "'", bytes);
    }

    /** A new array with the given content, which a launch may write as often as it likes. */
    public long upload(String name, byte[] content) {
        return filled(name, content).base;
    }

    /** A result that has a content before: a launch may leave a part of it as it is, and write each other byte once. */
    public long uploadResult(String name, byte[] content) {
        return filled(name, content).asResult().base;
    }

    private Area filled(String name, byte[] content) {
        Area area = room(name, content.length);
        System.arraycopy(content, 0, area.bytes, 0, content.length);
        area.markWritten(0, content.length);
        return area;
    }

    /** The content of the array at {@code address}; zeros where nobody has written. */
    public byte[] download(long address) {
        return memory.find(address).bytes.clone();
    }

    /** Forgets all arrays; kernels that were read stay. */
    public void forget() {
        memory.clear();
        allocated = 0;
    }

    /**
     * What {@code kernel} has left unwritten.
     *
     * @param results addresses by name
     */
    public List<Finding> missing(Map<String, Long> results, String kernel) {
        List<Finding> missing = new ArrayList<>();
        results.forEach((name, address) -> {
            int bytes = neverWritten(address);
            if (bytes > 0) {
                missing.add(Finding.of(
                        Finding.Kind.MISSING_RESULT,
                        kernel,
                        bytes + " of " + memory.find(address).bytes.length + " bytes of array '" + name
                                + "' were not written"));
            }
        });
        return missing;
    }

    /** How many bytes of the array at {@code address} nobody has written. */
    public int neverWritten(long address) {
        return memory.find(address).neverWritten();
    }

    /**
     * Emits, compiles and runs {@code variant}.
     *
     * @param arguments the record of its stem, with addresses of this simulator's arrays
     * @throws MxForgeException if it does not compile, does what the simulator does not model, or does not end
     */
    public <A> Simulation launch(KernelVariant variant, A arguments) {
        return launch(CudaEmitter.emit(variant), arguments);
    }

    /** Compiles and runs a kernel whose text was changed after it was emitted. */
    public <A> Simulation launch(CudaSource source, A arguments) {
        Program program = programs.computeIfAbsent(source, this::program);
        @SuppressWarnings("unchecked") // An emitted launcher casts its arguments to the record of its stem.
        Launcher<A> launcher = (Launcher<A>) launchers.computeIfAbsent(
                source.variant(), variant -> jit.instantiate(LauncherEmitter.emit(source), Launcher.class));
        SimulatedKernel kernel = new SimulatedKernel(
                program, source.signature(), source.variant().target().sharedMemoryPerBlock());
        launcher.launch(kernel, null, arguments);
        return kernel.simulation;
    }

    /** A kernel whose launches are simulated. */
    private final class SimulatedKernel implements CudaKernel {
        private final Program program;
        private final LaunchSignature signature;
        private final int sharedRoom;
        private Simulation simulation;

        SimulatedKernel(Program program, LaunchSignature signature, int sharedRoom) {
            this.program = program;
            this.signature = signature;
            this.sharedRoom = sharedRoom;
        }

        @Override
        public void launch(
                CudaStream stream,
                int gridX,
                int gridY,
                int gridZ,
                int threads,
                int sharedBytes,
                KernelArguments arguments) {
            LaunchShape shape = new LaunchShape(gridX, gridY, gridZ, threads, sharedBytes);
            shape.check(program.kernel, sharedRoom);
            Area parameters = Parameters.of(program.kernel, arguments);
            simulation = new Launch(program, memory, shape, parameters, settled(arguments), mostSteps).run();
        }

        private Set<Area> settled(KernelArguments arguments) {
            return IntStream.range(0, signature.arguments().size())
                    .filter(i -> signature.arguments().get(i).settled())
                    .mapToObj(i -> memory.find(arguments.values().get(i).longValue()))
                    .collect(Collectors.toSet());
        }

        @Override
        public long fact(DeviceFact fact) {
            return switch (fact) {
                case MULTIPROCESSORS -> MULTIPROCESSORS;
                case SHARED_MEMORY_PER_MULTIPROCESSOR -> SHARED_BYTES;
            };
        }
    }

    private Program program(CudaSource source) {
        byte[] ptx = compiler.compile(source, ImageKind.PTX_WITH_LINES).image();
        String text = new String(ptx, 0, ptx.length - 1, StandardCharsets.US_ASCII);
        TensorCores cores = tensorCores.orElseGet(
                () -> TensorCores.of(source.variant().target().computeCapability()));
        return new Program(PtxParser.parse(text), cores, functions);
    }
}
