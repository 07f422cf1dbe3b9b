/**
 * API: how the messages of a chat become one text, by a checkpoint's own {@link org.mxforge.runtime.chat.ChatTemplate}. The rest is Jinja as
 * far as such templates use it: what is beyond that is refused, never guessed. Jinjava was tried first and renders Qwen3's template wrongly
 * without a failure, a namespace with a computed argument among other things; it would have brought a dozen libraries. Nothing here changes
 * values that it was given, or calls into Java.
 */
package org.mxforge.runtime.chat;
