/**
 * The standard catalogue: the kernels whose emitted text is committed in the {@code generated} module.
 *
 * <p>Emitted code is hard to review as templates and easy to review as text, so a change of a template, an emitter or a codec
 * shows in the same commit as the code it changes. The build emits the catalogue again and refuses to go on when it differs
 * from what is committed, naming the command that mends it.
 */
package org.mxforge.codegen.catalogue;
