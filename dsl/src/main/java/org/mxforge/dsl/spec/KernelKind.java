package org.mxforge.dsl.spec;

import java.util.List;

/**
 * The home of one kind of kernel: everything there is to know about specs with one stem is found from here. Kinds are services
 * ({@link java.util.ServiceLoader}): a class with a public constructor without parameters, named in
 * {@code META-INF/services/org.mxforge.dsl.spec.KernelKind} of any jar.
 *
 * @param <S> the specs of this kind
 */
public interface KernelKind<S extends KernelSpec> {
    /** What all its spec texts begin with. */
    String stem();

    /** What its kernels are for in a model. */
    default KernelRole role() {
        return KernelRole.OTHER;
    }

    /** The version of its texts, which follows a slash behind the stem; raised when fields come or go. */
    default int version() {
        return 1;
    }

    Class<S> specs();

    /** The record that its kernels are launched with. */
    Class<? extends Record> arguments();

    /** Reads all fields of a spec, in order. */
    S read(SpecText fields);

    /** The ways to compute it, the preferred ones first; each is for some targets and specs. */
    List<? extends Algorithm<S>> algorithms();

    /** The kernels whose emitted text is committed in the {@code generated} module; empty for kinds that do not ship with it. */
    default List<KernelVariant> catalogue() {
        return List.of();
    }
}
