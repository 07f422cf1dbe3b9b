package org.mxforge.runtime;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import javax.tools.ToolProvider;
import org.mxforge.runtime.base.ByteSize;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.ToolVersion;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.cuda.driver.CudaDevice;
import org.mxforge.runtime.cuda.nvrtc.Nvrtc;
import org.mxforge.runtime.refine.Refiner;

/**
 * What was found on this machine: facts by section, such as {@code java} and {@code cache}, in the order they are shown. What is
 * missing, such as a GPU, is a fact too.
 *
 * @param sections facts, name to value, of each section
 */
public record Diagnosis(Map<String, Map<String, String>> sections) {
    /** Looks for JDK, NVRTC, driver, GPU and caches. */
    public static Diagnosis ofThisMachine() {
        Path cache = ArtifactCache.user().root();
        Map<String, Map<String, String>> sections = new LinkedHashMap<>();
        sections.put("mxforge", Map.of("version", ToolVersion.TEXT));
        sections.put("java", java());
        sections.put("machine", machine());
        sections.put("nvrtc", found(Diagnosis::nvrtc));
        sections.put("gpu", found(Diagnosis::gpu));
        sections.put("cache", cache(cache));
        return new Diagnosis(sections);
    }

    private static Map<String, String> java() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("version", System.getProperty("java.version") + ", " + System.getProperty("java.vendor"));
        facts.put("home", System.getProperty("java.home"));
        facts.put(
                "compiler",
                ToolProvider.getSystemJavaCompiler() != null
                        ? "present"
                        : "missing: CPU kernels need a JDK, this is a JRE");
        return facts;
    }

    private static Map<String, String> machine() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        facts.put("cores", String.valueOf(Runtime.getRuntime().availableProcessors()));
        facts.put("heap", ByteSize.text(Runtime.getRuntime().maxMemory()) + " at most");
        return facts;
    }

    private static Map<String, String> found(Supplier<Map<String, String>> section) {
        try {
            return section.get();
        } catch (MxForgeException e) {
            return Map.of("missing", e.getMessage());
        }
    }

    private static Map<String, String> nvrtc() {
        Nvrtc nvrtc = Nvrtc.load();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("version", nvrtc.version());
        facts.put("library", nvrtc.file().toString());
        facts.put("origin", nvrtc.origin());
        return facts;
    }

    private static Map<String, String> gpu() {
        CudaDevice device = CudaDevice.first();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("name", device.name());
        facts.put("target", device.target().text());
        facts.put("memory", ByteSize.text(device.totalBytes()));
        facts.put("multiprocessors", String.valueOf(device.multiprocessors()));
        facts.put("driver", "CUDA " + device.driver());
        facts.put(
                "programmatic launches",
                device.obstacleToEarlyKernels().map(why -> "off: " + why).orElse("on"));
        return facts;
    }

    private static Map<String, String> cache(Path root) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("folder", root.toString());
        FolderSize.ofChildren(root)
                .forEach((name, size) ->
                        facts.put(name, ByteSize.text(size.bytes()) + " in " + size.files() + " files"));
        int searches = Refiner.interrupted(root);
        if (searches > 0) {
            facts.put(
                    "interrupted",
                    searches + (searches == 1 ? " search" : " searches")
                            + " for mixed, which the same command goes on with; kept for 30 days");
        }
        return facts;
    }
}
