package org.mxforge.dsl.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.text.Spelling;

/** All kinds of kernels on the class path, and the algorithms that other jars add to them. */
public final class KernelKinds {
    private static final Map<String, KernelKind<KernelSpec>> KINDS = load();
    private static final Map<String, List<Algorithm<KernelSpec>>> ALGORITHMS = algorithms();

    private KernelKinds() {}

    private static Map<String, KernelKind<KernelSpec>> load() {
        Map<String, KernelKind<KernelSpec>> kinds = new LinkedHashMap<>();
        for (KernelKind<?> kind : ServiceLoader.load(KernelKind.class, KernelKinds.class.getClassLoader())) {
            KernelKind<KernelSpec> other = kinds.put(kind.stem(), general(kind));
            if (other != null) {
                throw new IllegalStateException("two kinds of kernels are called '" + kind.stem() + "': "
                        + other.getClass().getName() + " and " + kind.getClass().getName());
            }
        }
        return kinds;
    }

    private static Map<String, List<Algorithm<KernelSpec>>> algorithms() {
        Map<String, List<Algorithm<KernelSpec>>> algorithms = new LinkedHashMap<>();
        for (KernelKind<KernelSpec> kind : KINDS.values()) {
            algorithms.put(kind.stem(), new ArrayList<>(kind.algorithms()));
        }
        for (Algorithm<?> added : ServiceLoader.load(Algorithm.class, KernelKinds.class.getClassLoader())) {
            for (KernelKind<KernelSpec> kind : KINDS.values()) {
                if (added.specs().equals(kind.specs())) {
                    algorithms.get(kind.stem()).add(Algorithm.general(added));
                }
            }
        }
        algorithms.replaceAll((stem, all) -> List.copyOf(all));
        return algorithms;
    }

    /** Safe, since specs reach a kind by their stem and an algorithm through {@link KernelVariant}, which checks their class. */
    @SuppressWarnings("unchecked")
    private static KernelKind<KernelSpec> general(KernelKind<?> kind) {
        return (KernelKind<KernelSpec>) kind;
    }

    /** All kinds, in the order in which the class path names them. */
    public static List<KernelKind<KernelSpec>> all() {
        return List.copyOf(KINDS.values());
    }

    /**
     * The kind of {@code spec}.
     *
     * @throws IllegalArgumentException if none is registered for its stem
     */
    public static KernelKind<KernelSpec> of(KernelSpec spec) {
        KernelKind<KernelSpec> kind = KINDS.get(spec.stem());
        if (kind == null || !kind.specs().isInstance(spec)) {
            throw new IllegalArgumentException("no kind of kernel is registered for '" + spec.text()
                    + "': name its KernelKind in META-INF/services");
        }
        return kind;
    }

    /** The kind of {@code spec} if it is tuned. */
    public static Optional<TunedKind<KernelSpec>> tuned(KernelSpec spec) {
        KernelKind<KernelSpec> kind = of(spec);
        return kind instanceof TunedKind<KernelSpec> tuned ? Optional.of(tuned) : Optional.empty();
    }

    /** All algorithms of the kind of {@code spec}, the preferred ones first. */
    public static List<Algorithm<KernelSpec>> algorithms(KernelSpec spec) {
        return ALGORITHMS.get(of(spec).stem());
    }

    /** Those that hold for {@code spec} on {@code target}; empty if there are none. */
    public static List<Algorithm<KernelSpec>> algorithms(KernelSpec spec, Target target) {
        return algorithms(spec).stream()
                .filter(algorithm -> algorithm.refusal(spec, target).isEmpty())
                .toList();
    }

    /**
     * The algorithm of this name.
     *
     * @throws IllegalArgumentException naming those that there are
     */
    public static Algorithm<KernelSpec> algorithm(KernelSpec spec, String name) {
        List<String> names = algorithms(spec).stream().map(Algorithm::name).toList();
        return algorithms(spec).stream()
                .filter(algorithm -> algorithm.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown algorithm '" + name + "'"
                        + Spelling.hint(name, names) + " for " + spec.stem() + ": use one of "
                        + String.join(", ", names)));
    }

    static KernelSpec read(SpecText fields) {
        KernelKind<KernelSpec> kind = KINDS.get(fields.stem());
        if (kind == null) {
            throw fields.unknownKernel(KINDS.keySet());
        }
        fields.checkVersion(kind.version());
        return fields.end(kind.read(fields));
    }
}
