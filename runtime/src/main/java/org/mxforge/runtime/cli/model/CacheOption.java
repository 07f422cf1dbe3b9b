package org.mxforge.runtime.cli.model;

import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.runtime.cli.console.Names;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The option {@code --kv-cache}. */
final class CacheOption {
    @Option(
            names = "--kv-cache",
            paramLabel = "FORMAT",
            converter = Converter.class,
            completionCandidates = Formats.class,
            defaultValue = "bf16",
            description = {
                "How keys and values are kept: bf16, mxfp8, mxfp4, int8 or int4 (integers between the least and the"
                        + " largest of a head); default ${DEFAULT-VALUE}."
            })
    private CacheFormat format;

    /** For {@code --kv-cache}. */
    static final class Formats extends Names {
        Formats() {
            super(CacheFormat.values());
        }
    }

    /** Reads a format. */
    static final class Converter implements ITypeConverter<CacheFormat> {
        @Override
        public CacheFormat convert(String text) {
            try {
                return CacheFormat.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    CacheFormat format() {
        return format;
    }
}
