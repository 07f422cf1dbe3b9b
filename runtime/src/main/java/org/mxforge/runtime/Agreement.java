package org.mxforge.runtime;

/**
 * How near a model's predictions are to those of a reference, on one text.
 *
 * @param score how well the model expects the text
 * @param reference how well the reference does
 * @param kl mean Kullback-Leibler divergence of the model's next token from the reference's, in nats; 0 where they predict alike
 * @param klError its standard error, of tokens
 * @param sameTop share of the tokens at which both have the same likeliest token
 */
public record Agreement(TextScore score, TextScore reference, double kl, double klError, double sameTop) {}
