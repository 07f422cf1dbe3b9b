package org.mxforge.runtime.base.jit;

import java.util.Map;

/** Defines the classes of one compilation unit, whether or not the class path has others of the same names; dropping it lets them be unloaded. */
final class MemoryClassLoader extends ClassLoader {
    private final Map<String, byte[]> files;

    MemoryClassLoader(CompiledClasses classes, ClassLoader parent) {
        super(parent);
        this.files = classes.files();
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!files.containsKey(name)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? findClass(name) : loaded;
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes = files.get(name);
        if (bytes == null) {
            throw new ClassNotFoundException(name);
        }
        return defineClass(name, bytes, 0, bytes.length);
    }
}
