package org.mxforge.codegen.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.mxforge.codegen.JavaSource;
import org.mxforge.codegen.cuda.CudaEmitter;
import org.mxforge.codegen.cuda.CudaSource;
import org.mxforge.codegen.launcher.LauncherEmitter;
import org.mxforge.codegen.template.TemplateGroup;
import org.mxforge.dsl.space.Expression;
import org.mxforge.dsl.spec.KernelVariant;

/**
 * Kernels that leave together, and the texts that go with them. Equal uses give equal texts.
 *
 * @param uses what they are launched for
 */
public record KernelSet(List<KernelUse> uses) {
    /** Name and version of the descriptions' form. */
    public static final String SCHEMA = "mxforge-kernel/1";

    /** Files that are the same for all sets, beside this class, and where they go. */
    private static final Map<String, String> COMMON = Map.of(
            "CMakeLists.txt", "cpp/CMakeLists.txt",
            "example.cpp", "cpp/example.cpp",
            "mxforge_kernels.py", "python/mxforge_kernels.py",
            "mxforge_torch.py", "python/mxforge_torch.py",
            "kernel-1.schema.json", "kernel-1.schema.json",
            "LAYOUTS.md", "LAYOUTS.md",
            "pom.xml", "java/pom.xml");

    public KernelSet {
        uses = List.copyOf(uses);
    }

    /** Every kernel that the uses launch, once, in the order of their names. */
    public List<CudaSource> kernels() {
        return uses.stream()
                .flatMap(KernelUse::kernels)
                .distinct()
                .sorted(Comparator.comparing(KernelVariant::name))
                .map(CudaEmitter::emit)
                .toList();
    }

    /** {@code kernel} as a file of its own: what was emitted, below what must be known to compile and launch it. */
    public static String text(CudaSource kernel) {
        String target = kernel.variant().target().text();
        String name = kernel.variant().name();
        Expression shared = kernel.signature().sharedBytes();
        String constant = shared instanceof Expression.Constant bytes
                ? "// Dynamic shared memory of a block.\nconstexpr int SHARED_BYTES = " + bytes.value() + ";\n\n"
                : "";
        return "// Compiles with nvcc, as in 'nvcc -arch=" + target + " -std=c++17 -cubin " + name
                + ".cu', and with NVRTC; includes nothing.\n// " + name
                + ".json says how it is launched.\n\n" + constant + kernel.text();
    }

    /** What a launch of {@code kernel} takes, and what it is launched for here; see {@code kernel-1.schema.json}. */
    public ObjectNode description(CudaSource kernel) {
        return new KernelDescription(kernel).json(uses);
    }

    /**
     * All files but the kernels' own, by their place in the folder.
     *
     * @param version of MXForge
     */
    public Map<String, String> files(String version) {
        String tool = "MXForge " + version;
        Map<String, String> files = new TreeMap<>();
        List<CudaSource> kernels = kernels();
        COMMON.forEach((name, place) -> files.put(place, resource(name).replace("@version@", version)));
        files.put("include/mxforge_kernels.h", CHeader.of(kernels, uses, tool).text());
        files.put("README.md", TemplateGroup.of("export/index").render(SetIndex.of(kernels, uses, tool)) + "\n");
        for (CudaSource kernel : kernels) {
            JavaSource launcher = LauncherEmitter.emit(kernel);
            files.put("java/src/main/java/" + launcher.qualifiedName().replace('.', '/') + ".java", launcher.text());
        }
        return files;
    }

    private static String resource(String name) {
        try (InputStream in = KernelSet.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
