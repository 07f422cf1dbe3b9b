/**
 * Jinja as far as chat templates use it: what is beyond that is refused, never guessed. {@link org.mxforge.runtime.chat.jinja.JinjaTemplate}
 * is the door. A text is cut into {@code Segment}s; {@code StatementParser} reads those that are statements and {@code ExpressionParser},
 * from {@code Tokens}, what has a value; both make closures ({@code Node}, {@code Expression}), which rendering runs on a {@code Scope} of
 * names. {@code Values}, {@code Operators}, {@code Methods} and {@code Functions} are what Python and Jinja have built in.
 *
 * <p>Jinjava was tried first and renders Qwen3's template wrongly without a failure, a namespace with a computed argument among other things;
 * it would have brought a dozen libraries. Nothing here changes values that it was given, or calls into Java.
 */
package org.mxforge.runtime.chat.jinja;
