package org.mxforge.codegen.launcher;

import com.palantir.javapoet.ClassName;
import org.mxforge.dsl.launch.MxGemmArguments;

/** The runtime's types that launchers use, by name. */
final class RuntimeTypes {
    private static final String DRIVER = "org.mxforge.runtime.cuda.driver";
    private static final String LAUNCH = "org.mxforge.runtime.cuda.launch";

    static final ClassName KERNEL = ClassName.get(DRIVER, "CudaKernel");
    static final ClassName STREAM = ClassName.get(DRIVER, "CudaStream");
    static final ClassName VALUES = ClassName.get(DRIVER, "KernelArguments");
    static final ClassName LAUNCHER = ClassName.get(LAUNCH, "Launcher");
    static final ClassName CHECK = ClassName.get(LAUNCH, "LaunchCheck");
    static final ClassName GRID = ClassName.get(LAUNCH, "PersistentGrid");

    private RuntimeTypes() {}

    /** A type of the package that holds the argument records. */
    static ClassName launch(String simpleName) {
        return ClassName.get(MxGemmArguments.class.getPackageName(), simpleName);
    }
}
