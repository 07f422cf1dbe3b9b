/**
 * The public API of MXForge. An {@link org.mxforge.runtime.Engine} is a device that is ready to run: it loads a
 * {@link org.mxforge.runtime.ModelFolder}, as it is or under a {@link org.mxforge.runtime.Quantization}, as a
 * {@link org.mxforge.runtime.Model} that generates, scores, gives logits and answers many requests together by a
 * {@link org.mxforge.runtime.Scheduler}; it calibrates models, tunes kernels and compares them
 * with the oracle. What needs no device stands beside it: {@link org.mxforge.runtime.ModelFolder#quantize} writes quantized
 * checkpoints, {@link org.mxforge.runtime.Kernels} emits and compiles kernels, {@link org.mxforge.runtime.KernelExport} writes them to a
 * {@link org.mxforge.runtime.KernelFolder} for programs of others, {@link org.mxforge.runtime.WisdomStore} looks after what
 * tuning found out.
 *
 * <p>The API is this package with {@code runtime.base} (errors, progress and cancellation), {@code runtime.base.options} and
 * {@code runtime.quant} (recipes and calibrations), {@code runtime.simulate} (kernels without a GPU), {@code runtime.check}
 * (whether a kernel is right), {@code runtime.task} (evaluation on tasks), {@code runtime.chat} (chat templates), and the modules {@code dsl} and {@code codegen}. Every other package of
 * {@code runtime} is internal and may change at any time: no signature here mentions one, which a test enforces, and the command line
 * lives by the API alone.
 *
 * <p>The packages of {@code runtime}, those further down used by those above them:
 *
 * <ul>
 *   <li>{@code cli}: commands; {@code task}, {@code chat} and this package: what they are made of;
 *   <li>{@code convert}, {@code refine}, {@code eval}: models calibrated, quantized, searched for formats and scored;
 *   <li>{@code model}: decoders, and text generation with them; {@code model.family} and {@code model.tokenizer};
 *   <li>{@code check}: whether a kernel is right, on a GPU or on the one that {@code simulate} plays;
 *   <li>{@code tune}: the search for the fastest variant of a kernel; {@code tune.device} tries candidates, {@code tune.cost} estimates
 *       them, {@code tune.wisdom} keeps what was found;
 *   <li>{@code exec.spi}: the operations of a decoder, on a GPU by {@code exec.cuda}, on several by {@code exec.shard}, on the CPU by
 *       {@code exec.cpu};
 *   <li>{@code simulate}; {@code oracle}: what is right; {@code kernel}: problems that variants of kernels compete for; {@code pack}: scales
 *       folded for sm_90a; {@code cuda}: driver, NVRTC and launches; {@code cpu}: what kernels for the CPU implement;
 *   <li>{@code checkpoint}: files of tensors; {@code quant}: recipes and packed weights;
 *   <li>{@code base}: files, caches, JSON and options.
 * </ul>
 *
 * <p>Options are immutable and have defaults. Arguments are checked at once: what is missing or out of range is refused with an
 * {@link java.lang.IllegalArgumentException}, and what a user can mend, such as a damaged file, with a
 * {@link org.mxforge.runtime.base.MxForgeException}; the message of both is one sentence. Long work tells a
 * {@link org.mxforge.runtime.base.Progress} how it goes on and ends with a {@link org.mxforge.runtime.base.CancelledException} when that
 * says so. An engine and its models are used by one thread, apart from a scheduler's requests; everything else is safe for concurrent use.
 */
package org.mxforge.runtime;
