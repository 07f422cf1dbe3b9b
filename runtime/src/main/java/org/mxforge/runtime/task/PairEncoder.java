package org.mxforge.runtime.task;

import java.util.Arrays;
import org.mxforge.runtime.Continuation;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.base.MxForgeException;

/**
 * Makes tokens of a context and what follows it as lm-evaluation-harness does: spaces at the end of the context belong to what follows; both
 * are encoded as one text, and what is beyond the length of the encoded context is scored.
 */
final class PairEncoder {
    private final ModelFolder folder;
    private String lastContext;
    private int[] lastIds;

    PairEncoder(ModelFolder folder) {
        this.folder = folder;
    }

    Continuation encode(String context, String continuation) {
        String read = PythonText.stripEnd(context);
        int[] whole = folder.encodePrompt(context + continuation);
        int[] ids = ids(read);
        if (ids.length == 0 || ids.length >= whole.length) {
            throw new MxForgeException(
                    "the tokenizer of " + folder.path() + " makes " + ids.length + " tokens of a context and "
                            + whole.length + " of it with '" + continuation + "': it does not fit this task");
        }
        return new Continuation(ids, Arrays.copyOfRange(whole, ids.length, whole.length));
    }

    /** Choices mostly have the context of the one before. */
    private int[] ids(String context) {
        if (!context.equals(lastContext)) {
            lastIds = folder.encodePrompt(context);
            lastContext = context;
        }
        return lastIds;
    }
}
