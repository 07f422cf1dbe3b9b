package org.mxforge.runtime.simulate;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.mxforge.codegen.catalogue.Catalogue;
import org.mxforge.codegen.cuda.CudaEmitter;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel.ImageKind;
import org.mxforge.runtime.cuda.nvrtc.KernelCompiler;
import org.mxforge.runtime.simulate.ptx.PtxParser;

/** The forms of instructions that emitted kernels consist of. */
final class EmittedForms {
    private EmittedForms() {}

    /** As they are listed in a file, so that a GPU can be tested without compiling the catalogue. */
    static List<InstructionForm> listed() {
        try (InputStream in = EmittedForms.class.getResourceAsStream("/simulate/instructions.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .map(InstructionForm::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those that kernels for Ampere and for Hopper have, and those that Blackwell alone has; others have no more. */
    static SortedSet<InstructionForm> all() {
        KernelCompiler compiler = new KernelCompiler(ArtifactCache.user());
        return Stream.concat(
                        Stream.of(Target.SM_90A, Target.SM_80).flatMap(EmittedForms::kernels),
                        kernels(Target.SM_120A).filter(kernel -> isFor(kernel, Target.SM_120A)))
                .parallel()
                .flatMap(variant -> of(variant, compiler))
                .collect(TreeSet::new, TreeSet::add, TreeSet::addAll);
    }

    private static boolean isFor(KernelVariant kernel, Target target) {
        return Stream.of(Target.values())
                .allMatch(other -> other == target
                        || kernel.algorithm().refusal(kernel.spec(), other).isPresent());
    }

    /** The catalogue, and a kernel of each algorithm that is not in it. */
    static Stream<KernelVariant> kernels(Target target) {
        List<KernelVariant> kernels = new ArrayList<>(Catalogue.of(target));
        Set<String> seen = new HashSet<>();
        kernels.forEach(
                kernel -> seen.add(kernel.spec().stem() + kernel.algorithm().name()));
        for (KernelVariant kernel : Catalogue.of(target)) {
            for (Algorithm<KernelSpec> algorithm : KernelKinds.algorithms(kernel.spec(), target)) {
                if (algorithm.kernel() == algorithm && seen.add(kernel.spec().stem() + algorithm.name())) {
                    kernels.add(KernelVariant.of(kernel.spec(), algorithm, target));
                }
            }
        }
        return kernels.stream();
    }

    private static Stream<InstructionForm> of(KernelVariant variant, KernelCompiler compiler) {
        byte[] ptx = compiler.compile(CudaEmitter.emit(variant), ImageKind.PTX_WITH_LINES)
                .image();
        return InstructionForm.of(PtxParser.parse(new String(ptx, 0, ptx.length - 1, StandardCharsets.US_ASCII)));
    }
}
