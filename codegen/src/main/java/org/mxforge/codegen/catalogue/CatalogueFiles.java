package org.mxforge.codegen.catalogue;

import java.util.Map;
import java.util.TreeMap;
import org.mxforge.codegen.JavaSource;
import org.mxforge.codegen.cpu.CpuEmitter;
import org.mxforge.codegen.cuda.CudaEmitter;
import org.mxforge.codegen.cuda.CudaSource;
import org.mxforge.codegen.launcher.LauncherEmitter;
import org.mxforge.dsl.spec.KernelVariant;

/** The files of the catalogue as text, by their path below {@code generated/src/main}. */
final class CatalogueFiles {
    private static final String CUDA_FOLDER = "resources/org/mxforge/generated/cuda/";

    private CatalogueFiles() {}

    /** Emits the whole catalogue; paths use forward slashes and are sorted. */
    static Map<String, GeneratedFile> emit() {
        Map<String, GeneratedFile> files = new TreeMap<>();
        for (KernelVariant variant : Catalogue.all()) {
            if (variant.target().isGpu()) {
                CudaSource kernel = CudaEmitter.emit(variant);
                add(files, CUDA_FOLDER + kernel.entryPoint() + ".cu", variant, kernel.text());
                addJava(files, variant, LauncherEmitter.emit(kernel));
            } else {
                addJava(files, variant, CpuEmitter.emit(variant));
            }
        }
        return files;
    }

    private static void addJava(Map<String, GeneratedFile> files, KernelVariant variant, JavaSource source) {
        add(files, "java/" + source.qualifiedName().replace('.', '/') + ".java", variant, source.text());
    }

    private static void add(Map<String, GeneratedFile> files, String path, KernelVariant variant, String text) {
        if (files.put(path, new GeneratedFile(variant.text(), text)) != null) {
            throw new IllegalStateException("two kernels of the catalogue are both called " + path);
        }
    }
}
