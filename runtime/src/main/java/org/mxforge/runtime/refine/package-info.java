/**
 * The search behind the recipe {@code mixed}: which format each group of 32 channels gets, and what is done to a model before, so that it
 * loses as little as it can for its bits. What comes out is a {@link org.mxforge.runtime.quant.Refinement}, which existing kernels run; at
 * run time nothing is left of the search but the order of channels and, in the quantizer, a Hadamard matrix and a centre.
 *
 * <p>{@link org.mxforge.runtime.refine.Refiner} takes these steps on windows of text, whose inputs {@code InputPass} shows it:
 *
 * <ol>
 *   <li><b>Probe.</b> Each site alone is brought into E2M1, activations and then weights, and the divergence of the output from the plain
 *       model's is measured: kA and kW. Runs begin at the site's block, from the residual streams that were kept. The other side is in
 *       E4M3, which existing kernels multiply and which costs a hundredth of it.
 *   <li><b>Rotation</b> (after QuaRot and ResQ; {@code RotationSearch}).
 *       The residual stream is written in the eigenvectors, by ascending eigenvalue, of the sum over
 *       the sites behind norms of (kA + kW / 2) times the covariance of their inputs over its trace: small directions come together, and
 *       so do large ones. The values of each key/value head are written in those of what attention makes of them. Gains go into the layers
 *       behind the norms first, for which a tied output head becomes one of its own. The rotated model is probed again. With 5.75 bits or more
 *       models are better off without it: large channels, which it spreads, get wide formats as they are.
 *   <li><b>Centring</b>, if it is asked for. What the norms before queries, keys and values and before gate and up give has a mean over the
 *       text, which is taken off behind the norm (in the quantizer, before channels are reordered) and made good by a bias, W times the mean.
 *       Norms before experts keep theirs. A rotation brings most of the mean into one channel, which then has a wide format, so that what is won
 *       is less than without one; and gate and up with biases are no product that puts out silu(gate) * up.
 *   <li><b>Smoothing</b> ({@code SmoothingFactors}).
 *       Channel k of an input is multiplied by (b / a)^(1/4), a its mean square and b the sum of its squared weights, which
 *       makes the errors of both sides alike. SmoothQuant's form, {@code smooth=0.5}, takes the largest values in place of squares and
 *       moves outliers into weights; by default outliers get wider formats instead.
 *   <li><b>Order and costs</b> ({@code SiteStudy}, {@code SitePlan}).
 *       Channels by ascending a b; for each group and format the squared error of the outputs that rounding the
 *       inputs, or the weights, would leave, scaled so that a site all in E2M1 costs what the probe found. Weights' count 0.85 of it:
 *       the rest is made good when they are rounded.
 *   <li><b>Allocation.</b> See {@link org.mxforge.runtime.refine.Allocation}; where time is limited, {@link
 *       org.mxforge.runtime.refine.TimedFormats} asks the device what formats take.
 *   <li><b>Rounding</b> ({@code RoundingWalk}).
 *       Site by site, asymmetric GPTQ: on inputs X^ as the quantized model has them by then, towards what the plain model
 *       makes of its X. With H = X^'X^ and m the mean of its diagonal, W* = (W (X^'X)' + m W) (H + m I)^-1 is rounded column by column under
 *       H + 0.01 m I, narrow formats first; the scale of a row's group is the one of four that leaves the least squared error. Without
 *       the strong ridge the target would learn the text.
 * </ol>
 *
 * <p>Rounding is what takes the time. Of a site of K channels and N outputs, and T tokens, it is 3 T K^2 operations for H, which is symmetric,
 * and X^'X; 2 K^3 for two factors and an inverse; 4 N K^2 for W*, and N K^2 for the columns. That is 4e13 for a layer of Llama-3.1-8B's shape
 * and 32,768 tokens, three quarters of it at the input of down, where K is 14,336: 1.2e15 for all layers, forty minutes at the 0.5 TFLOPS of a
 * CPU, and 30 s at the 43 of an H200's tensor cores, where it takes 90 with loading, copies and packing. A {@link
 * org.mxforge.runtime.exec.spi.SiteRounding} is where it is done: on the backend, which leaves inputs where they are, or on the host, where
 * the backend cannot or has not the memory. It is all in binary64, but that the host adds up the products of 256 tokens in FP32 first. Where
 * sums differ in their last bits, codes between two may differ, and then those that make good for them.
 *
 * <p>What is changed of a model is not kept but done again whenever a tensor is read, since all weights in FP32 are many; a rotation is 2e12
 * operations for a layer of that shape, which a GPU does in less time than the copies to it and back take ({@link
 * org.mxforge.runtime.exec.spi.Backend.Rotations}), and covariances are added up where inputs are. After the search, what is read of the changed
 * model, such as the embeddings for a checkpoint, is rotated on the host.
 *
 * <p>What probing and rounding found is kept on disk until the search ends, so that one that was killed goes on: {@link
 * org.mxforge.runtime.refine.SearchCache}.
 *
 * <p>Where it differs from what one would expect, on purpose: the formats are E2M1, E2M3 and E4M3. E3M2 and E5M2 have more range than a
 * group of 32 needs, and cost more than three times as much in 6 bits.
 */
package org.mxforge.runtime.refine;
