package org.mxforge.runtime.model;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.Supplier;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.exec.spi.Backend;

/** A backend whose next operation of a name fails, once. */
public final class FailingBackend {
    private final Backend backend;
    private String failing = "";
    private Supplier<Throwable> failure;

    public FailingBackend(Backend working) {
        backend = (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals(failing)) {
                        failing = "";
                        throw failure.get();
                    }
                    try {
                        return method.getName().equals("forModel") ? proxy : method.invoke(working, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    public Backend backend() {
        return backend;
    }

    /** The next {@code operation} finds no memory. */
    public void failAt(String operation) {
        failAt(operation, () -> new MxForgeException("out of memory: so it was wanted"));
    }

    public void failAt(String operation, Supplier<Throwable> failure) {
        this.failing = operation;
        this.failure = failure;
    }
}
