package org.mxforge.codegen.launcher;

import com.palantir.javapoet.ClassName;

/** The runtime's types that launchers use, by name. */
final class LauncherTypes {
    private static final String DRIVER = "org.mxforge.runtime.cuda.driver";
    private static final String LAUNCH = "org.mxforge.runtime.cuda.launch";

    static final ClassName KERNEL = ClassName.get(DRIVER, "CudaKernel");
    static final ClassName STREAM = ClassName.get(DRIVER, "CudaStream");
    static final ClassName VALUES = ClassName.get(DRIVER, "KernelArguments");
    static final ClassName LAUNCHER = ClassName.get(LAUNCH, "Launcher");
    static final ClassName CHECK = ClassName.get(LAUNCH, "LaunchCheck");

    private LauncherTypes() {}
}
