package org.mxforge.codegen.kernel.gemm;

import java.util.List;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.spec.Epilogue;

/** What happens to an accumulator before it is rounded: a struct {@code Epilogue} in the emitted kernel. */
sealed interface GemmEpilogue extends OutputModel {
    /**
     * A pointer that the kernel takes before {@code d}, the struct's only member.
     *
     * @param perOutput whether it has one value for each output, and for each expert so many; or else the shape of {@code d}
     */
    record Operand(String type, String name, boolean perOutput) {}

    static GemmEpilogue of(Epilogue epilogue) {
        return switch (epilogue) {
            case NONE -> new NoneEpilogue();
            case BIAS -> new BiasEpilogue();
            case RESIDUAL -> new ResidualEpilogue();
            case SILU_MUL -> new SiluMulEpilogue();
            case SWIGLU -> new SwigluEpilogue();
        };
    }

    /** The epilogue's own kernel parameter: none or one. */
    List<Operand> operands();

    /** How a tile of sums of {@code mma.sync} is finished and stored. */
    default OutputModel tileStore() {
        return new StoreTile();
    }

    /** The same of a tile of few tokens, whose sums several warps have parts of. */
    default OutputModel streamStore() {
        return new StreamedSums();
    }

    /** The same of what a thread finishes of a tile that rings of weights are multiplied for. */
    default OutputModel ringStore() {
        return new RingSums(operands());
    }

    record StoreTile() implements OutputModel {}

    record StreamedSums() implements OutputModel {}

    /** Of a gate and of its factor, eight rows of B apart, one output. */
    record StorePairs() implements OutputModel {}

    record StreamedPairs() implements OutputModel {}

    record RingSums(List<Operand> operands) implements OutputModel {}

    record RingPairs(List<Operand> operands) implements OutputModel {}

    /** The name of the parameter that has the shape of {@code d}, if one has. */
    default List<String> matrix() {
        return operands().stream()
                .filter(operand -> !operand.perOutput())
                .map(Operand::name)
                .toList();
    }

    record NoneEpilogue() implements GemmEpilogue {
        @Override
        public List<Operand> operands() {
            return List.of();
        }
    }

    record BiasEpilogue() implements GemmEpilogue {
        @Override
        public List<Operand> operands() {
            return List.of(new Operand("unsigned short", "bias", true));
        }
    }

    record ResidualEpilogue() implements GemmEpilogue {
        @Override
        public List<Operand> operands() {
            return List.of(new Operand("Output", "residual", false));
        }
    }

    record SiluMulEpilogue() implements GemmEpilogue {
        @Override
        public List<Operand> operands() {
            return List.of(new Operand("Output", "up", false));
        }
    }

    record SwigluEpilogue() implements GemmEpilogue {
        @Override
        public List<Operand> operands() {
            return List.of();
        }

        @Override
        public OutputModel tileStore() {
            return new StorePairs();
        }

        @Override
        public OutputModel streamStore() {
            return new StreamedPairs();
        }

        @Override
        public OutputModel ringStore() {
            return new RingPairs(operands());
        }
    }
}
