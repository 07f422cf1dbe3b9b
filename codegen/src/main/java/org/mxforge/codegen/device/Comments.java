package org.mxforge.codegen.device;

import com.github.javaparser.ast.comments.Comment;
import com.github.javaparser.javadoc.description.JavadocDescription;
import com.github.javaparser.javadoc.description.JavadocInlineTag;
import java.util.ArrayList;
import java.util.List;

/** Java comments as CUDA line comments. */
final class Comments {
    private static final int WIDTH = 110;

    private Comments() {}

    /** The words of a Javadoc description, tags reduced to their content. */
    static List<String> lines(JavadocDescription description, String indent) {
        StringBuilder text = new StringBuilder();
        description
                .getElements()
                .forEach(element -> text.append(
                        element instanceof JavadocInlineTag tag
                                ? tag.getContent().strip().replace('#', '.').replaceAll("^\\.", "")
                                : element.toText()));
        return wrap(text.toString(), indent);
    }

    /** The words of an ordinary comment. */
    static List<String> lines(Comment comment, String indent) {
        return wrap(comment.getContent(), indent);
    }

    private static List<String> wrap(String text, String indent) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.strip().split("\\s+")) {
            if (line.length() + 1 + word.length() > WIDTH - indent.length() - 3) {
                lines.add(indent + "//" + line);
                line.setLength(0);
            }
            line.append(' ').append(word);
        }
        lines.add(indent + "//" + line);
        return lines;
    }
}
