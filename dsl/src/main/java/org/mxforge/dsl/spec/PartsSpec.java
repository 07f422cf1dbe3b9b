package org.mxforge.dsl.spec;

/** What is done with the parts that GPUs which share a model have of a matrix, one each: all that such a spec says is how many they are. */
interface PartsSpec extends KernelSpec {
    int MOST = 8;

    int parts();

    @Override
    default String text() {
        return SpecText.write(stem(), "parts", Integer.toString(parts()));
    }

    /** @throws IllegalArgumentException if there are not 2 to {@value #MOST} */
    static void check(String stem, int parts) {
        if (parts < 2 || parts > MOST) {
            throw new IllegalArgumentException(stem + " takes 2 to " + MOST + " parts, not " + parts);
        }
    }
}
