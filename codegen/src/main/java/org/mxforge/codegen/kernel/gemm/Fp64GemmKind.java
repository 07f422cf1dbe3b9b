package org.mxforge.codegen.kernel.gemm;

import static org.mxforge.dsl.space.Expression.constant;
import static org.mxforge.dsl.space.Expression.variable;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mxforge.codegen.cuda.CudaAlgorithm;
import org.mxforge.codegen.cuda.KernelPlan;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.launch.Fp64GemmArguments;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.space.Expression;
import org.mxforge.dsl.space.Parameter;
import org.mxforge.dsl.space.Restriction;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.Fp64GemmSpec;
import org.mxforge.dsl.spec.KernelKind;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.SpecText;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.MmaTiling;
import org.mxforge.dsl.tile.Tiling;

/** Products in FP64 on tensor cores. */
public final class Fp64GemmKind implements KernelKind<Fp64GemmSpec> {
    private static final Mma MMA = new Mma();

    @Override
    public String stem() {
        return Fp64GemmSpec.STEM;
    }

    @Override
    public Class<Fp64GemmSpec> specs() {
        return Fp64GemmSpec.class;
    }

    @Override
    public Class<Fp64GemmArguments> arguments() {
        return Fp64GemmArguments.class;
    }

    @Override
    public Fp64GemmSpec read(SpecText fields) {
        return Fp64GemmSpec.read(fields);
    }

    @Override
    public List<Algorithm<Fp64GemmSpec>> algorithms() {
        return List.of(MMA);
    }

    @Override
    public List<KernelVariant> catalogue() {
        return List.of(
                KernelVariant.of(new Fp64GemmSpec(false, Fp64GemmSpec.Sum.SUBTRACT), MMA, Target.SM_80),
                KernelVariant.of(new Fp64GemmSpec(true, Fp64GemmSpec.Sum.ADD), MMA, Target.SM_90A));
    }

    /**
     * With {@code mma.sync}, on every GPU. Of eighteen tilings on an H200 small tiles, of which several share a multiprocessor, were the
     * fastest for large products (43 TFLOPS) and for those of 64 rows, too.
     */
    private static final class Mma implements CudaAlgorithm<Fp64GemmSpec> {
        /** Elements between the rows of a tile: sixteen lanes that read four rows and four columns of it then meet no bank twice. */
        private static final int PADDING = 4;

        /** Accumulators a thread can hold in two registers each without spilling. */
        private static final int MAX_ACCUMULATORS = 64;

        @Override
        public String name() {
            return "mma";
        }

        @Override
        public Class<Fp64GemmSpec> specs() {
            return Fp64GemmSpec.class;
        }

        @Override
        public Optional<String> refusal(Fp64GemmSpec spec, Target target) {
            return target.isGpu() ? Optional.empty() : Optional.of("on the CPU it is plain Java, not a kernel");
        }

        private static Expression stageBytes(Fp64GemmSpec spec) {
            Expression deep = variable("bk").plus(constant(PADDING));
            Expression a = spec.transposed()
                    ? variable("bk").times(variable("bm").plus(constant(PADDING)))
                    : variable("bm").times(deep);
            return variable("bk")
                    .times(variable("bn").plus(constant(PADDING)))
                    .plus(a)
                    .times(Double.BYTES);
        }

        @Override
        public ConfigSpace space(Fp64GemmSpec spec, Target target) {
            return ConfigSpace.of(
                            Parameter.of("bm", 64, 128),
                            Parameter.of("bn", 64, 128),
                            Parameter.of("bk", 16),
                            Parameter.of("wm", 2, 4),
                            Parameter.of("wn", 2, 4),
                            Parameter.of("stages", 3, 2))
                    .restricted(constraints(spec, target).toArray(Restriction[]::new))
                    .restricted(MmaSpaces.registers(MAX_ACCUMULATORS).toArray(Restriction[]::new));
        }

        @Override
        public List<Restriction> constraints(Fp64GemmSpec spec, Target target) {
            return MmaSpaces.constraints(
                    target,
                    stageBytes(spec),
                    new Restriction(
                            "a stage has whole steps of 16",
                            variable("bk").modulo(16).equalTo(0)));
        }

        @Override
        public Tiling tiling(Configuration configuration) {
            return MmaTiling.of(configuration);
        }

        @Override
        public KernelPlan plan(Fp64GemmSpec spec, KernelVariant variant) {
            Configuration configuration = variant.configuration();
            GemmTile tile =
                    GemmTile.of(MmaTiling.of(configuration), stageBytes(spec).evaluate(configuration));
            Fp64Gemm model = new Fp64Gemm(
                    variant.identifier(),
                    tile,
                    PADDING,
                    spec.transposed(),
                    variant.target().computeCapability() >= 90,
                    spec.sum().name().toLowerCase(Locale.ROOT));
            SignatureBuilder signature = SignatureBuilder.of(Fp64GemmArguments.class)
                    .size("m", spec.transposed() ? 2 : 1, "rows of D")
                    .size("n", 2, "columns of D")
                    .size("k", spec.transposed() ? 1 : 2, "terms of a sum")
                    .address("a", "const double*", "A", spec.transposed() ? "FP64 [k][m]" : "FP64 [m][k]")
                    .size("aStride", 2, "elements from row to row of A")
                    .address("b", "const double*", "B", "FP64 [k][n]")
                    .size("bStride", 2, "elements from row to row of B")
                    .address("d", "double*", "D", "FP64 [m][n]")
                    .size("dStride", 2, "elements from row to row of D")
                    .count("lower", "1 for the tiles on the diagonal and below it")
                    .count("upperA", "1 where the transpose of A is upper triangular")
                    .count("upperB", "1 where B is upper triangular");
            GemmSignature.tiles(signature, constant(tile.bm()), constant(tile.bn()))
                    .shared(constant(tile.sharedBytes()));
            return new KernelPlan(
                    "portable/fp64gemm", model, signature.build(tile.threads(), tile.work()), tile.sharedBytes());
        }
    }

    /**
     * The kernel.
     *
     * @param padding elements between the rows of a tile in shared memory
     * @param transposed whether A is [k][m]
     * @param deep whether an instruction takes 16 steps of K
     * @param sum names a template
     */
    record Fp64Gemm(String name, GemmTile tile, int padding, boolean transposed, boolean deep, String sum)
            implements OutputModel {}
}
