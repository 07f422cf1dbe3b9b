package org.mxforge.runtime.cli;

import org.mxforge.runtime.base.ToolVersion;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class VersionProvider implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"mxforge " + ToolVersion.TEXT};
    }
}
