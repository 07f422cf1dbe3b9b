/**
 * How weights and activations are quantized: recipes, the algorithms that round weights, what calibration measures, and the
 * packed result.
 *
 * <p>A {@link org.mxforge.runtime.quant.Recipe} says what to do to every linear layer of the decoder blocks; it is data with
 * one canonical text. Uniform recipes quantize each site whole. MicroMix orders the channels of a site by how large calibration
 * found them and cuts them into an FP4, an FP6 and an FP8 part. What stays plain in all recipes: embeddings, norms, routers and
 * the output head. A recipe names the {@link org.mxforge.runtime.quant.WeightQuantizer} that rounds the weights, the
 * {@link org.mxforge.runtime.quant.InputStatistics} that it needs, and the
 * {@link org.mxforge.runtime.quant.TensorTransform} that comes before; a new algorithm or transform is a class of its own here
 * and a recipe that names it, registered in {@code RecipeText}.
 *
 * <p>This package knows neither models nor checkpoints: running a model for calibration and the way from one checkpoint to
 * another are in {@code runtime.convert}, the saved form in {@code checkpoint.quantized}.
 *
 * <h2>What calibration measures</h2>
 *
 * <p>The method is that of MicroMix's main branch. For each site and token, with M the token's largest |x|, an element counts
 * as fit for FP4 when {@code |x| < T4 = lambda * M * 448 / 6 / 2^10}, else as fit for FP6 when
 * {@code |x| < T6 = lambda * M * 448 / 28 / 2^6}, else it needs FP8. The shares of all elements become shares of the channels,
 * FP6's and FP8's rounded up to the granularity. Channels are ordered by the largest over samples of their mean |x|, ascending;
 * equal ones keep their order. The thresholds are those of E2M1 and E3M2 whatever FP6 format a recipe chooses. With
 * {@code metric=hessian} the mean of x squared takes the place of the mean of |x| in the order;
 * shares stay as they are.
 *
 * <p>Where it differs from the published code, on purpose:
 *
 * <ul>
 *   <li>The token's maximum and the comparison take |x|. One branch there takes the signed maximum and compares signed values,
 *       so that every negative element counts as fit for FP4.
 *   <li>FP6 and FP8 counts are kept by name from measurement to file. There, one branch returns them in one order and saves them
 *       in the other.
 *   <li>Two roundings up never take more channels than there are: FP8 is served first, then FP6, and FP4 gets the rest, which
 *       may be none. There, the FP4 count can become negative.
 *   <li>Shares are kept as integers, so that a share of exactly n blocks is n blocks; a floating-point ceiling may make it n + 1.
 *   <li>A token whose elements are all zero counts as fit for FP4: any format holds it exactly. There, no element is below the
 *       threshold zero, and it counts as FP8.
 *   <li>A NaN or an infinity among the activations ends calibration with the site's name instead of spoiling its order.
 *   <li>A site that no token reached (of an expert the router never chose) keeps its order, with a warning. It is cut as the others
 *       of its sizing, or where none was reached keeps FP8 throughout.
 * </ul>
 *
 * <p>The experts of a layer read one input, which is one site. What goes into their last layers is a site of each, because channels
 * of different experts have nothing to do with each other; but these sites share one sizing, cut by the shares of all their elements
 * together. Experts then differ in the order of channels alone, so that a GPU can multiply them all in one launch, see
 * {@code runtime.exec.cuda}.
 *
 * <p>What is kept although it could be argued with: shares are measured over elements and then spent on whole channels.
 */
package org.mxforge.runtime.quant;
