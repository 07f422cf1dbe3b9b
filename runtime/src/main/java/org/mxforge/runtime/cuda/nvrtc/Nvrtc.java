package org.mxforge.runtime.cuda.nvrtc;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jcuda.nvrtc.JNvrtc;
import jcuda.nvrtc.nvrtcProgram;
import jcuda.nvrtc.nvrtcResult;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel.ImageKind;

/**
 * NVIDIA's run-time compiler. It needs neither a GPU nor an installed CUDA. Safe for concurrent use; compiles run in parallel.
 */
public final class Nvrtc {
    private static final int ERROR_LINES = 3;
    private static Nvrtc loaded;

    /** The first minor version of 12 that is known to take {@link #NO_CACHE}. */
    private static final int FIRST_WITH_CACHE = 9;

    /** NVRTC's own cache of results has no logs, which say how many registers there are; results are kept here, log and all. */
    private static final String NO_CACHE = "--no-cache";

    private final NvrtcLibrary library;
    private final String version;
    private final boolean hasCache;

    private Nvrtc(NvrtcLibrary library) {
        this.library = library;
        int[] major = new int[1];
        int[] minor = new int[1];
        check(JNvrtc.nvrtcVersion(major, minor), "tell its version");
        this.version = major[0] + "." + minor[0];
        this.hasCache = minor[0] >= FIRST_WITH_CACHE;
    }

    /**
     * The compiler of this process, found and loaded by the first call.
     *
     * @throws MxForgeException if there is none or it cannot be loaded
     */
    public static synchronized Nvrtc load() {
        if (loaded == null) {
            NvrtcLibrary library = NvrtcLibrary.find(ArtifactCache.user().root());
            library.load();
            try {
                JCudaNatives.load("JNvrtc", () -> JNvrtc.setExceptionsEnabled(false));
            } catch (LinkageError e) {
                throw new MxForgeException(
                        "The CUDA compiler library " + library.file()
                                + " does not fit its Java binding, which needs version 12.",
                        e);
            }
            loaded = new Nvrtc(library);
        }
        return loaded;
    }

    /** The library that was loaded. */
    public Path file() {
        return library.file();
    }

    /** Why it is this one, in words. */
    public String origin() {
        return library.origin();
    }

    /** Version of the library, such as {@code 12.9}. */
    public String version() {
        return version;
    }

    /** The options of a compile, all that shape its result beside the source. */
    public static List<String> options(Target target, ImageKind kind) {
        String architecture = "--gpu-architecture=" + kind.architecture(target);
        return kind == ImageKind.PTX_WITH_LINES
                ? List.of(architecture, "--std=c++17", "-default-device", "--generate-line-info")
                : List.of(architecture, "--std=c++17", "-default-device", "--ptxas-options=-v");
    }

    /**
     * Compiles one kernel.
     *
     * @param name what it is called in messages
     * @param source one self-contained translation unit
     * @throws MxForgeException naming the kernel and the first errors
     */
    public CompiledKernel compile(String name, String source, Target target, ImageKind kind) {
        if (!target.isGpu()) {
            throw new IllegalArgumentException("CUDA kernels are not compiled for target " + target.text());
        }
        long start = System.nanoTime();
        nvrtcProgram program = new nvrtcProgram();
        check(JNvrtc.nvrtcCreateProgram(program, source, name + ".cu", 0, null, null), "read " + name);
        try {
            String[] options = Stream.concat(
                            options(target, kind).stream(), hasCache ? Stream.of(NO_CACHE) : Stream.empty())
                    .toArray(String[]::new);
            int result = JNvrtc.nvrtcCompileProgram(program, options.length, options);
            String log = log(program);
            if (result != nvrtcResult.NVRTC_SUCCESS) {
                throw new MxForgeException(
                        "Kernel " + name + " does not compile for " + target.text() + ": " + firstErrors(log, result));
            }
            byte[] image = kind == ImageKind.CUBIN ? cubin(program) : ptx(program);
            PtxasLog facts = PtxasLog.read(log);
            return new CompiledKernel(
                    image,
                    log,
                    facts.registers(),
                    facts.spillBytes(),
                    facts.staticSharedBytes(),
                    (System.nanoTime() - start) / 1_000_000);
        } finally {
            JNvrtc.nvrtcDestroyProgram(program);
        }
    }

    private static String log(nvrtcProgram program) {
        String[] log = new String[1];
        JNvrtc.nvrtcGetProgramLog(program, log);
        return log[0] == null ? "" : log[0].replace("\0", "");
    }

    private static String firstErrors(String log, int result) {
        String errors = log.lines()
                .filter(line -> line.contains("error"))
                .limit(ERROR_LINES)
                .map(String::strip)
                .collect(Collectors.joining("; "));
        return errors.isEmpty() ? nvrtcResult.stringFor(result) : errors;
    }

    private static byte[] cubin(nvrtcProgram program) {
        long[] size = new long[1];
        check(JNvrtc.nvrtcGetCUBINSize(program, size), "size its result");
        byte[] image = new byte[Math.toIntExact(size[0])];
        check(JNvrtc.nvrtcGetCUBIN(program, image), "give its result");
        return image;
    }

    private static byte[] ptx(nvrtcProgram program) {
        String[] text = new String[1];
        check(JNvrtc.nvrtcGetPTX(program, text), "give its result");
        String terminated = text[0].endsWith("\0") ? text[0] : text[0] + "\0";
        return terminated.getBytes(StandardCharsets.US_ASCII);
    }

    private static void check(int result, String action) {
        if (result != nvrtcResult.NVRTC_SUCCESS) {
            throw new MxForgeException("The CUDA compiler could not " + action + ": " + nvrtcResult.stringFor(result)
                    + " (" + JNvrtc.nvrtcGetErrorString(result) + ").");
        }
    }
}
