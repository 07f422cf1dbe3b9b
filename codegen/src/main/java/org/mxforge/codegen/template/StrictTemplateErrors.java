package org.mxforge.codegen.template;

import org.stringtemplate.v4.STErrorListener;
import org.stringtemplate.v4.misc.STMessage;

/** Turns every complaint of StringTemplate into an exception: a kernel with a hole in it must never be emitted. */
record StrictTemplateErrors(String path) implements STErrorListener {
    @Override
    public void compileTimeError(STMessage message) {
        throw failure(message);
    }

    @Override
    public void runTimeError(STMessage message) {
        throw failure(message);
    }

    @Override
    public void IOError(STMessage message) {
        throw failure(message);
    }

    @Override
    public void internalError(STMessage message) {
        throw failure(message);
    }

    private IllegalStateException failure(STMessage message) {
        // That a file cannot be loaded since there is an error in it says less than the error.
        if (message.cause instanceof IllegalStateException inside) {
            return inside;
        }
        return new IllegalStateException("template group " + path + ": " + message, message.cause);
    }
}
