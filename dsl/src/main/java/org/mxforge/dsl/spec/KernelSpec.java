package org.mxforge.dsl.spec;

import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.target.KernelFamily;
import org.mxforge.dsl.target.Target;

/**
 * What one kernel computes, apart from how fast: the formats and fused steps that its code is specialised on. Sizes (rows,
 * columns, channels of each partition) are launch arguments. Every spec has one canonical text, which parses back; it is
 * part of cache keys, wisdom and file headers.
 */
public sealed interface KernelSpec
        permits MxGemmSpec,
                MxGroupedGemmSpec,
                MxQuantizeSpec,
                OperandPass,
                DenseGemmSpec,
                RmsNormSpec,
                SiluMulSpec,
                RopeSpec,
                KvAppendSpec,
                RouterSpec,
                ExpertChoiceSpec,
                ExpertOrderSpec,
                ExpertSumSpec,
                AttentionSpec,
                EmbeddingSpec,
                RowGatherSpec,
                RowScatterAddSpec,
                SoftmaxSpec,
                SamplingSpec,
                CrossEntropySpec {
    /** The stem that spec, emitter, template and launcher share, such as {@code mxgemm}. */
    String stem();

    /** Canonical text: stem, version and fields in fixed order, such as {@code rope/v1} or {@code attention/v1;head=64}. */
    String text();

    /**
     * The variants that {@code target} offers for this spec; never empty.
     *
     * @throws IllegalArgumentException if {@code target} has no kernel for it
     */
    ConfigSpace space(Target target);

    /** How kernels of this spec are written for {@code target}. */
    default KernelFamily family(Target target) {
        return target.isGpu() ? KernelFamily.PORTABLE : KernelFamily.CPU;
    }

    /** {@link #text()} as a C and Java identifier, without version and field names: unique among specs. */
    default String identifier() {
        String values = SpecText.values(text());
        return (values.isEmpty() ? stem() : stem() + "_" + values)
                .replace('+', '_')
                .replace('.', '_');
    }

    /**
     * Reads the canonical text of any spec.
     *
     * @throws IllegalArgumentException naming the text and what is wrong with it
     */
    static KernelSpec parse(String text) {
        SpecText fields = SpecText.read(text);
        KernelSpec spec = read(fields);
        // Texts are cache keys: a number with a leading zero would be a second name for the same kernel.
        if (!spec.text().equals(text)) {
            throw new IllegalArgumentException("bad spec '" + text + "': its canonical text is '" + spec.text() + "'");
        }
        return spec;
    }

    private static KernelSpec read(SpecText fields) {
        return switch (fields.stem()) {
            case MxGemmSpec.STEM -> MxGemmSpec.read(fields);
            case MxGroupedGemmSpec.STEM -> MxGroupedGemmSpec.read(fields);
            case MxQuantizeSpec.STEM -> MxQuantizeSpec.read(fields);
            case MxExpandSpec.STEM -> MxExpandSpec.read(fields);
            case MxUnpackSpec.STEM -> MxUnpackSpec.read(fields);
            case DenseGemmSpec.STEM -> DenseGemmSpec.read(fields);
            case RmsNormSpec.STEM -> RmsNormSpec.read(fields);
            case SiluMulSpec.STEM -> fields.end(new SiluMulSpec());
            case RopeSpec.STEM -> fields.end(new RopeSpec());
            case KvAppendSpec.STEM -> fields.end(new KvAppendSpec());
            case RouterSpec.STEM -> fields.end(new RouterSpec());
            case ExpertChoiceSpec.STEM -> fields.end(new ExpertChoiceSpec());
            case ExpertOrderSpec.STEM -> fields.end(new ExpertOrderSpec());
            case ExpertSumSpec.STEM -> ExpertSumSpec.read(fields);
            case AttentionSpec.STEM -> fields.end(new AttentionSpec(fields.number("head")));
            case EmbeddingSpec.STEM -> EmbeddingSpec.read(fields);
            case RowGatherSpec.STEM -> RowGatherSpec.read(fields);
            case RowScatterAddSpec.STEM -> RowScatterAddSpec.read(fields);
            case SoftmaxSpec.STEM -> fields.end(new SoftmaxSpec());
            case SamplingSpec.STEM -> fields.end(new SamplingSpec());
            case CrossEntropySpec.STEM -> fields.end(new CrossEntropySpec());
            default -> throw fields.unknownKernel();
        };
    }
}
