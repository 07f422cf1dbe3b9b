package org.mxforge.codegen.cuda;

import org.mxforge.codegen.template.OutputModel;

/**
 * A kernel before it is text.
 *
 * @param group template group that holds the model's template, such as {@code portable/mxgemm}
 * @param model what to render; it declares the entry point under {@code variant.spec().identifier()}
 * @param threads threads of a block
 * @param sharedBytes dynamic shared memory of a block, in bytes
 */
record KernelPlan(String group, OutputModel model, int threads, int sharedBytes) {}
