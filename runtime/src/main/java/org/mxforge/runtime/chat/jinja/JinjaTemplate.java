package org.mxforge.runtime.chat.jinja;

import java.util.Map;
import org.mxforge.runtime.base.MxForgeException;

/**
 * A template that was read, with {@code trim_blocks} and {@code lstrip_blocks} as transformers has it. Immutable.
 *
 * @see <a href="https://jinja.palletsprojects.com/templates/">the language</a>
 */
public final class JinjaTemplate {
    /** Templates repeat a message at most; one that goes on for ever would fill the memory. */
    static final int LONGEST_TEXT = 1 << 26;

    private final Node root;

    private JinjaTemplate(Node root) {
        this.root = root;
    }

    /**
     * Reads a template.
     *
     * @throws MxForgeException saying what in it is not understood
     */
    public static JinjaTemplate parse(String text) {
        return new JinjaTemplate(new StatementParser(Segment.of(text)).template());
    }

    /**
     * The text that it makes.
     *
     * @param values by name: texts, booleans, whole numbers, lists, maps with texts as keys, and null
     * @throws MxForgeException if the template raises a failure of its own, or does what is not supported
     */
    public String render(Map<String, ?> values) {
        Scope scope = new Scope();
        Functions.GLOBAL.forEach(scope::set);
        values.forEach(scope::set);
        StringBuilder out = new StringBuilder();
        try {
            root.render(scope, out);
        } catch (StackOverflowError e) {
            throw new MxForgeException("the template calls itself without end", e);
        }
        return out.toString();
    }
}
