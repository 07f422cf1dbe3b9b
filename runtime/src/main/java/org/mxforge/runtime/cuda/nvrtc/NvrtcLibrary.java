package org.mxforge.runtime.cuda.nvrtc;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.cache.NativeLibraries;

/**
 * Where NVIDIA's run-time compiler was found. Looked for in this order: where the user says, in the jar that is shipped along
 * (unpacked once), on the system.
 *
 * @param file {@code libnvrtc.so.12}
 * @param origin why this one, in words
 */
record NvrtcLibrary(Path file, String origin) {
    /** Names a library or its folder; the system property {@code mxforge.nvrtc} does the same. */
    public static final String VARIABLE = "MXFORGE_NVRTC";

    private static final String PROPERTY = "mxforge.nvrtc";
    /** The binding asks for exactly this name: a library of CUDA 11 or 13 has other symbol versions. */
    private static final String NAME = "libnvrtc.so.12";

    private static final NativeLibraries BUNDLED =
            new NativeLibraries("/org/bytedeco/cuda/linux-x86_64/", List.of(NAME, "libnvrtc-builtins.so.12.9"));

    /** Looks for the library in this process's environment. */
    static NvrtcLibrary find(Path cacheRoot) {
        return find(cacheRoot, System::getenv, System::getProperty);
    }

    /**
     * Looks for the library in a given environment.
     *
     * @param cacheRoot where the one in the jar is unpacked
     * @param environment gives the value of an environment variable, or null
     * @param properties gives the value of a system property, or null
     * @throws MxForgeException if there is none, or not where the user says
     */
    public static NvrtcLibrary find(
            Path cacheRoot, UnaryOperator<String> environment, UnaryOperator<String> properties) {
        return explicit(environment.apply(VARIABLE), VARIABLE)
                .or(() -> explicit(properties.apply(PROPERTY), PROPERTY))
                .or(() -> BUNDLED.unpack(cacheRoot)
                        .map(folder -> new NvrtcLibrary(folder.resolve(NAME), "bundled with MXForge")))
                .or(() -> onSystem(environment))
                .orElseThrow(() -> new MxForgeException("The CUDA compiler library " + NAME
                        + " was not found: put the cuda-redist jar on the class path, install CUDA 12, or set "
                        + VARIABLE
                        + " to the library."));
    }

    private static Optional<NvrtcLibrary> explicit(String value, String setting) {
        if (value == null || value.isBlank()) {
            return Optional.empty();
        }
        Path file = Files.isDirectory(Path.of(value)) ? Path.of(value, NAME) : Path.of(value);
        if (!Files.isRegularFile(file)) {
            throw new MxForgeException(setting + " names '" + value + "', where there is no " + NAME
                    + ": correct it, or unset it to use the bundled library.");
        }
        return Optional.of(new NvrtcLibrary(file.toAbsolutePath(), "named by " + setting));
    }

    private static Optional<NvrtcLibrary> onSystem(UnaryOperator<String> environment) {
        List<String> folders = new ArrayList<>();
        String searched = environment.apply("LD_LIBRARY_PATH");
        if (searched != null) {
            folders.addAll(List.of(searched.split(File.pathSeparator)));
        }
        for (String home : List.of("CUDA_PATH", "CUDA_HOME")) {
            String value = environment.apply(home);
            if (value != null) {
                folders.add(value + "/lib64");
            }
        }
        folders.addAll(List.of(
                "/usr/local/cuda/lib64", "/usr/local/cuda-12/lib64", "/usr/lib/x86_64-linux-gnu", "/usr/lib64"));
        return folders.stream()
                .filter(folder -> !folder.isBlank())
                .map(folder -> Path.of(folder, NAME).toAbsolutePath())
                .filter(Files::isRegularFile)
                .findFirst()
                .map(file -> new NvrtcLibrary(file, "found on this system"));
    }

    /** Loads the library into this process, its data first: the compiler finds that by name once it is loaded. */
    void load() {
        try (Stream<Path> files = Files.list(file.getParent())) {
            files.filter(f -> f.getFileName().toString().startsWith("libnvrtc-builtins.so"))
                    .sorted()
                    .forEach(f -> System.load(f.toString()));
            System.load(file.toString());
        } catch (IOException | UnsatisfiedLinkError e) {
            throw new MxForgeException(
                    "The CUDA compiler library " + file + " cannot be loaded: " + e.getMessage() + ".", e);
        }
    }
}
