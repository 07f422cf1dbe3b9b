/**
 * Quantized weights in safetensors, version 1. A quantized checkpoint is a folder like any other, with {@code config.json},
 * {@code tokenizer.json} and its plain tensors as they were; a quantized layer's {@code .weight} is replaced by, for each part i
 * of its split, counted from 0:
 *
 * <ul>
 *   <li>{@code <layer>.weight.part<i>.codes}, U8 [outputs][channels of the part * bits / 8], see
 *       {@link org.mxforge.dsl.layout.CodePacking};
 *   <li>{@code <layer>.weight.part<i>.scales}, U8 [outputs][channels of the part / 32]: E8M0 bytes, row by row.
 * </ul>
 *
 * <p>Each site has {@code <site>.order}, I32 [channels]: new channel i is old channel {@code order[i]}. The header's metadata
 * holds {@code mxforge.version}, {@code mxforge.tool}, {@code mxforge.recipe}, {@code mxforge.scale_rule}, for each site
 * {@code mxforge.split.<site>} with the split's text, which names all formats, {@code mxforge.transform.<site>} where groups go through
 * one ({@link org.mxforge.dsl.spec.GroupTransform}; codes are those of the transformed weights), and for each layer {@code mxforge.site.<layer>}.
 *
 * <p>U8 and not the header's own FP4, FP6 and E8M0 types, because common readers do not know those.
 */
package org.mxforge.runtime.checkpoint.quantized;
