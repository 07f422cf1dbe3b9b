package org.mxforge.codegen.kernel.row;

import static org.mxforge.dsl.space.Expression.constant;
import static org.mxforge.dsl.space.Expression.variable;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.mxforge.codegen.cuda.CudaAlgorithm;
import org.mxforge.codegen.cuda.KernelPlan;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.KernelKind;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.SpecText;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.RowTiling;
import org.mxforge.dsl.tile.Tiling;

/**
 * A plain kernel of a decoder, which goes row by row on every GPU and whose only choice is the number of threads. What differs from
 * kind to kind is what it is asked for here: the model of its template {@code portable/STEM}, its arguments and its catalogue; and
 * what it prefers to that on some GPUs. On the CPU these operations are plain Java.
 *
 * @param <S> the specs of this kind
 */
abstract class RowKind<S extends KernelSpec> implements KernelKind<S> {
    private final String stem;
    private final Class<S> specs;
    private final Class<? extends Record> arguments;
    private final Function<SpecText, S> reader;
    private final Algorithm<S> rows = new Rows();

    RowKind(String stem, Class<S> specs, Class<? extends Record> arguments, Function<SpecText, S> reader) {
        this.stem = stem;
        this.specs = specs;
        this.arguments = arguments;
        this.reader = reader;
    }

    /** What its template is rendered from; {@code name} is the entry point. */
    abstract OutputModel model(S spec, String name, int threads);

    /** Its arguments in the kernel's order, and the checks on them. */
    abstract void arguments(S spec, SignatureBuilder signature);

    /** The specs whose kernels ship with the catalogue. */
    abstract List<S> shipped();

    /** What is better than going row by row, where it holds. */
    List<Algorithm<S>> preferred() {
        return List.of();
    }

    /** How many blocks there are: one for each row. */
    void grid(SignatureBuilder signature, int threads) {
        signature.grid(variable("rows"));
    }

    /** The sizes of blocks that are worth trying, the default first. */
    ConfigSpace space() {
        return RowTiling.space();
    }

    /** What a block does. */
    String work(int threads) {
        return "one block for each row";
    }

    @Override
    public final String stem() {
        return stem;
    }

    @Override
    public final Class<S> specs() {
        return specs;
    }

    @Override
    public final Class<? extends Record> arguments() {
        return arguments;
    }

    @Override
    public final S read(SpecText fields) {
        return reader.apply(fields);
    }

    @Override
    public final List<Algorithm<S>> algorithms() {
        return Stream.concat(preferred().stream(), Stream.of(rows)).toList();
    }

    @Override
    public final List<KernelVariant> catalogue() {
        Stream<KernelVariant> everywhere = shipped().stream().map(spec -> KernelVariant.of(spec, rows, Target.SM_80));
        Stream<KernelVariant> hopper = preferred().stream()
                .flatMap(algorithm -> shipped().stream().map(spec -> KernelVariant.of(spec, algorithm, Target.SM_90A)));
        return Stream.concat(everywhere, hopper).toList();
    }

    private final class Rows implements CudaAlgorithm<S> {
        @Override
        public String name() {
            return "rows";
        }

        @Override
        public Class<S> specs() {
            return specs;
        }

        @Override
        public Optional<String> refusal(S spec, Target target) {
            return target.isGpu() ? Optional.empty() : Optional.of("on the CPU it is plain Java, not a kernel");
        }

        @Override
        public ConfigSpace space(S spec, Target target) {
            return RowKind.this.space();
        }

        @Override
        public Tiling tiling(Configuration configuration) {
            return RowTiling.of(configuration);
        }

        @Override
        public KernelPlan plan(S spec, KernelVariant variant) {
            int threads = RowTiling.of(variant.configuration()).threads();
            SignatureBuilder signature = SignatureBuilder.of(arguments);
            RowKind.this.arguments(spec, signature);
            grid(signature, threads);
            signature.shared(constant(0));
            return new KernelPlan(
                    "portable/" + stem,
                    model(spec, variant.identifier(), threads),
                    signature.build(threads, work(threads)),
                    0);
        }
    }
}
