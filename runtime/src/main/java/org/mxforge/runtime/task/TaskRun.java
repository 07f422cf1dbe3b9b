package org.mxforge.runtime.task;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.mxforge.runtime.Model;

/** A task's items, ready for a model. */
interface TaskRun {
    /** The items' names, in order: the first {@code limit} of each group. */
    List<String> ids(int limit);

    /**
     * Lets {@code model} answer some items.
     *
     * @param wanted their names
     * @param outcomes told what came of each as soon as that is known, in no order
     */
    void run(Model model, Set<String> wanted, Consumer<Outcome> outcomes);
}
