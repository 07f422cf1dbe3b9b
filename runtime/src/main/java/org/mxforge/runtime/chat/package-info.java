/**
 * API: how the messages of a chat become one text, by a checkpoint's own {@link org.mxforge.runtime.chat.ChatTemplate}. The language that
 * such templates are written in is {@code runtime.chat.jinja}.
 */
package org.mxforge.runtime.chat;
