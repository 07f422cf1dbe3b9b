package org.mxforge.runtime.model;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.exec.spi.Backend;

/** A backend whose next operation of a name fails, once. */
public final class FailingBackend {
    private final Backend backend;
    private String failing = "";

    public FailingBackend(Backend working) {
        backend = (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals(failing)) {
                        failing = "";
                        throw new MxForgeException("out of memory: so it was wanted");
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

    public void failAt(String operation) {
        failing = operation;
    }
}
