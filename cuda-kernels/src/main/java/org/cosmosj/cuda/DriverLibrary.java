package org.cosmosj.cuda;

import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** The NVIDIA driver, reached through JCuda: loaded and initialised once, or one line that says why it cannot be. */
final class DriverLibrary {
    /** What the committed PTX is written in: version 8.0, which came with CUDA 12.0. */
    static final int OLDEST_DRIVER = 12000;

    private static final Pattern MISSING_LIBRARY = Pattern.compile("(lib[\\w.]+\\.so[.\\d]*): cannot open");

    private DriverLibrary() {}

    /** Loads on first use; a later call returns what the first one found. */
    private static final class Loaded {
        static final Optional<String> PROBLEM = load();
    }

    /**
     * Why the driver cannot be used. Never throws.
     *
     * @return the reason and the cure in one line, or empty
     */
    static Optional<String> problem() {
        return Loaded.PROBLEM;
    }

    /** CUDA version that the driver supports, as 1000 major + 10 minor. */
    static int driverVersion() {
        int[] version = {0};
        JCudaDriver.cuDriverGetVersion(version);
        return version[0];
    }

    /** {@code 12060} as {@code 12.6}. */
    static String versionText(int version) {
        return version / 1000 + "." + version % 1000 / 10;
    }

    private static Optional<String> load() {
        try {
            int result = PrivateNatives.during(() -> JCudaDriver.cuInit(0));
            return result == CUresult.CUDA_SUCCESS ? oldDriver(driverVersion()) : Optional.of(refusal(result));
        } catch (UnsatisfiedLinkError e) {
            return Optional.of(linkProblem(String.valueOf(e.getMessage())));
        } catch (LinkageError e) {
            return Optional.of("JCuda cannot be loaded (" + e.getClass().getSimpleName() + ": " + firstLine(e)
                    + "); put jcuda and jcuda-natives of one version on the class path");
        } catch (IOException e) {
            return Optional.of("no private folder for JCuda's native libraries (" + firstLine(e)
                    + "); point java.io.tmpdir at a writable one");
        }
    }

    static Optional<String> oldDriver(int version) {
        return version >= OLDEST_DRIVER
                ? Optional.empty()
                : Optional.of("the NVIDIA driver supports CUDA " + versionText(version) + ", the kernels need "
                        + versionText(OLDEST_DRIVER) + " or newer; update the driver");
    }

    /** What {@code cuInit} meant by a refusal. */
    static String refusal(int result) {
        return switch (result) {
            case CUresult.CUDA_ERROR_NO_DEVICE ->
                "the driver finds no CUDA device; check nvidia-smi and CUDA_VISIBLE_DEVICES";
            case CUresult.CUDA_ERROR_SYSTEM_DRIVER_MISMATCH ->
                "the driver's kernel module and libcuda.so.1 are of different versions; reboot or reinstall the driver";
            default -> "cuInit returned " + CUresult.stringFor(result) + "; check nvidia-smi";
        };
    }

    /** JCuda's own message is 30 lines with two stack traces; one name in it matters. */
    static String linkProblem(String message) {
        Matcher missing = MISSING_LIBRARY.matcher(message);
        if (missing.find()) {
            String library = missing.group(1);
            return library + " not found"
                    + (library.startsWith("libcuda.so") ? " (no NVIDIA driver); install one" : "; install it");
        }
        if (message.contains("No resource found")) {
            return "JCuda has no native libraries for " + System.getProperty("os.name") + " on "
                    + System.getProperty("os.arch") + " on the class path; add jcuda-natives for this platform";
        }
        return "JCuda's native library does not link: " + message.lines().findFirst().orElse("no message");
    }

    private static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
