package org.mxforge.dsl.launch;

/**
 * Arguments of the choice of each token's experts.
 *
 * @param rows tokens
 * @param experts columns of the scores
 * @param perToken experts that each token is sent to, at most 32
 * @param scores address of the router's output, FP32 [rows][experts]
 * @param chosen address of the choice, INT32 [rows][perToken], ascending in each row
 * @param shares address of the chosen experts' shares, FP32 [rows][perToken], which sum to one in each row
 */
public record ExpertChoiceArguments(int rows, int experts, int perToken, long scores, long chosen, long shares) {}
