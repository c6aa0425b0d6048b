package org.cosmosj.libero.demo;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C during a run: training stops after its present step, and the process stays alive until checkpoint and report
 * are written.
 */
public final class StopRequest implements AutoCloseable {
    private static final long GRACE_SECONDS = 120;

    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook = new Thread(this::waitForRun, "stop-request");
    private volatile boolean requested;

    /** Starts to listen. */
    public StopRequest() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void waitForRun() {
        requested = true;
        try {
            finished.await(GRACE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Whether the user asked to stop.
     *
     * @return true from then on
     */
    public boolean isRequested() {
        return requested;
    }

    /** Says that everything is written. */
    @Override
    public void close() {
        finished.countDown();
        if (!requested) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }
}
