package org.mxforge.codegen.kernel.gemm;

import java.util.List;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.layout.ExpertTiles;

/** Which tiles of D a persistent GEMM makes, and whose weights they want: a struct {@code Routing} in the emitted kernel. */
sealed interface GemmRouting extends OutputModel {
    /** A pointer that the kernel takes after the sizes, the struct's last given member. */
    record Operand(String type, String name) {}

    /**
     * Registers of a thread of each kind, once the kinds part; with two warpgroups of one and one of the other 504 in all, which
     * are what the launch gives three.
     */
    record Registers(int copying, int multiplying) {}

    /** Which tiles of {@code rows} rows there are where {@code product} is computed. */
    static GemmRouting of(Product<?> product, int rows) {
        return product.grouped() ? new GroupedRouting(rows > ExpertTiles.MANY.rows()) : new PlainRouting();
    }

    /** The routing's own kernel parameter: none or one. */
    List<Operand> operands();

    /** How a block's registers are shared out. */
    Registers registers();

    /** All tiles, with the same weights. */
    record PlainRouting() implements GemmRouting {
        @Override
        public List<Operand> operands() {
            return List.of();
        }

        @Override
        public Registers registers() {
            // Sums of 256 tokens and the products that are promoted into them.
            return new Registers(24, 240);
        }
    }

    /** Tiles that hold tokens, each with the weights of its expert; {@code paired} where one is two of the experts'. */
    record GroupedRouting(boolean paired) implements GemmRouting {
        @Override
        public List<Operand> operands() {
            return List.of(new Operand("int2", "routes"));
        }

        @Override
        public Registers registers() {
            // The warp that copies also walks the routes. Those that multiply keep one block that is decoded, not two.
            return new Registers(56, 224);
        }
    }
}
