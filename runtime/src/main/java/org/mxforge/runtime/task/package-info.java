/**
 * API: how well a model does at tasks that people know. A {@link org.mxforge.runtime.task.Task} says in which file its items are, how a
 * prompt is made of one and when an answer is right, as lm-evaluation-harness does (and EvalPlus for programs), so that scores can be laid
 * beside published ones. An {@link org.mxforge.runtime.task.Evaluation} runs tasks on a model, keeps every outcome at once, so that what was
 * interrupted goes on, and ends in an {@link org.mxforge.runtime.task.EvaluationReport}; two of these are compared item by item.
 *
 * <p>Data are local files, in the formats that the tasks' classes name; nothing is fetched.
 */
package org.mxforge.runtime.task;
