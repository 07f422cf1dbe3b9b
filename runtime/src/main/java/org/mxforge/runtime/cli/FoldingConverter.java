package org.mxforge.runtime.cli;

import java.util.Locale;
import org.mxforge.runtime.base.options.Folding;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a way of folding by its name. */
final class FoldingConverter implements ITypeConverter<Folding> {
    @Override
    public Folding convert(String text) {
        String name = text.toLowerCase(Locale.ROOT);
        for (Folding folding : Folding.values()) {
            if (folding.text().equals(name)) {
                return folding;
            }
        }
        throw new TypeConversionException("'" + text + "' is no way of folding: use exact, lossy or off");
    }
}
