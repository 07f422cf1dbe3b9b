package org.mxforge.codegen.cuda;

import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.launch.LaunchSignature;

/**
 * A kernel before it is text.
 *
 * @param group template group that holds the model's template, such as {@code portable/mxgemm} or, in a jar of one's own, {@code
 *     /com/example/scale}
 * @param model what to render; it declares the entry point under {@code variant.identifier()}
 * @param signature how it is launched
 * @param sharedBytes dynamic shared memory of a block, in bytes; the most of it where it depends on the launch
 */
public record KernelPlan(String group, OutputModel model, LaunchSignature signature, int sharedBytes) {}
