package org.cosmosj.libero.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version of this build and of what it runs on. */
final class Version implements IVersionProvider {
    private static final String RESOURCE = "version.properties";

    /** The version in the project's pom, written into a resource by the build. */
    static String number() {
        try (InputStream in = Version.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is missing beside " + Version.class.getName()
                        + ": build with Maven, which writes it");
            }
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + RESOURCE, e);
        }
    }

    @Override
    public String[] getVersion() {
        String platform = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        return new String[] {"CosmosJ " + number() + " (Java " + Runtime.version() + ", " + platform + ")"};
    }
}
