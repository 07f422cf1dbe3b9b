package org.mxforge.codegen.cuda;

import java.util.List;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.spec.Epilogue;

/** What happens to an accumulator before it is rounded: a struct {@code Epilogue} in the emitted kernel. */
sealed interface GemmEpilogue extends OutputModel {
    /** A pointer that the kernel takes before {@code d}, the struct's only member. */
    record Operand(String type, String name) {}

    static GemmEpilogue of(Epilogue epilogue) {
        return switch (epilogue) {
            case NONE -> new NoneEpilogue();
            case BIAS -> new BiasEpilogue();
            case RESIDUAL -> new ResidualEpilogue();
            case SILU_MUL -> new SiluMulEpilogue();
        };
    }

    /** The epilogue's own kernel parameter: none or one. */
    List<Operand> operands();

    record NoneEpilogue() implements GemmEpilogue {
        @Override
        public List<Operand> operands() {
            return List.of();
        }
    }

    record BiasEpilogue() implements GemmEpilogue {
        @Override
        public List<Operand> operands() {
            return List.of(new Operand("unsigned short", "bias"));
        }
    }

    record ResidualEpilogue() implements GemmEpilogue {
        @Override
        public List<Operand> operands() {
            return List.of(new Operand("Output", "residual"));
        }
    }

    record SiluMulEpilogue() implements GemmEpilogue {
        @Override
        public List<Operand> operands() {
            return List.of(new Operand("Output", "up"));
        }
    }
}
