package org.mxforge.runtime.task;

import org.mxforge.runtime.base.json.JsonFields;

/**
 * A question whose answer a model writes.
 *
 * @param id its name in the task
 * @param prompt what a model goes on with
 * @param question what it is asked in a chat
 * @param answerBegin how its answer in a chat begins
 * @param fields all that its file says
 */
record WrittenItem(String id, String prompt, String question, String answerBegin, JsonFields fields) {}
