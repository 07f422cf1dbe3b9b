package org.mxforge.codegen.cuda;

import java.util.LinkedHashMap;
import java.util.Map;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;

/** The emitters of one kernel family, by kind of spec. */
final class EmitterRegistry {
    private final Map<Class<? extends KernelSpec>, KernelEmitter<KernelSpec>> emitters = new LinkedHashMap<>();

    /** Adds the emitter of one kind of spec; each kind has one. */
    <S extends KernelSpec> EmitterRegistry with(Class<S> kind, KernelEmitter<? super S> emitter) {
        if (emitters.put(kind, (spec, variant) -> emitter.plan(kind.cast(spec), variant)) != null) {
            throw new IllegalArgumentException(kind.getSimpleName() + " has an emitter already");
        }
        return this;
    }

    /**
     * The plan of {@code variant}.
     *
     * @throws IllegalArgumentException if this family has no such kernel
     */
    KernelPlan plan(KernelVariant variant) {
        KernelEmitter<KernelSpec> emitter = emitters.get(variant.spec().getClass());
        if (emitter == null) {
            throw new IllegalArgumentException("no CUDA kernel for '" + variant.text() + "'");
        }
        return emitter.plan(variant.spec(), variant);
    }
}
