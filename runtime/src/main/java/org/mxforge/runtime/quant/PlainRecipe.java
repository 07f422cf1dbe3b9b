package org.mxforge.runtime.quant;

/** Weights as the checkpoint has them, in BF16. */
public record PlainRecipe() implements Recipe {
    static final String TEXT = "bf16";

    @Override
    public String text() {
        return TEXT;
    }
}
