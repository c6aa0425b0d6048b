package org.cosmosj.tensor.internal.cpu;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs the chunks of one kernel on the caller and on parked daemon workers. Completion counts chunks, not workers, so
 * a descheduled worker that holds no chunk is never waited for. A nested or concurrent call runs on its caller alone;
 * results never depend on who ran a chunk. Threads: system property {@code cosmosj.threads}, by default the number of
 * processors; {@link #limit} changes it at run time.
 */
public final class Parallel {
    private static final int SPINS_BEFORE_PARK = 5000;
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
    private static final AtomicBoolean BUSY = new AtomicBoolean();
    private static volatile Region current;
    private static volatile int threads = Math.max(1, Integer.getInteger("cosmosj.threads", PROCESSORS));
    private static volatile Worker[] workers = {};

    private Parallel() {}

    /** The work of one chunk. */
    @FunctionalInterface
    public interface Chunk {
        /**
         * Runs one chunk.
         *
         * @param index in [0, count)
         */
        void run(int index);
    }

    /**
     * How many threads kernels may use, the caller included.
     *
     * @return at least 1
     */
    public static int threads() {
        return threads;
    }

    /**
     * Changes the number of threads.
     *
     * @param count at least 1
     */
    public static void limit(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("threads: " + count + " must be at least 1");
        }
        threads = count;
    }

    /**
     * Runs all chunks and returns when each has ended.
     *
     * @param count number of chunks
     * @param body run once per chunk, on any thread, in any order
     */
    public static void run(int count, Chunk body) {
        int helpers = Math.min(threads, count) - 1;
        if (helpers <= 0 || Thread.currentThread() instanceof Worker || !BUSY.compareAndSet(false, true)) {
            for (int i = 0; i < count; i++) {
                body.run(i);
            }
            return;
        }
        try {
            Region region = new Region(body, count);
            Worker[] team = ensureWorkers(helpers);
            region.admitted = helpers;
            current = region;
            for (int i = 0; i < helpers; i++) {
                if (team[i].parked) {
                    LockSupport.unpark(team[i]);
                }
            }
            region.work();
            region.await();
            if (region.failure != null) {
                rethrow(region.failure);
            }
        } finally {
            current = null;
            BUSY.set(false);
        }
    }

    private static void rethrow(Throwable failure) {
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
        throw new IllegalStateException(failure);
    }

    private static Worker[] ensureWorkers(int count) {
        Worker[] team = workers;
        if (team.length < count) {
            Worker[] larger = Arrays.copyOf(team, count);
            for (int i = team.length; i < count; i++) {
                larger[i] = new Worker(i);
                larger[i].start();
            }
            workers = larger;
            return larger;
        }
        return team;
    }

    private static final class Region {
        private final Chunk body;
        private final int count;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private volatile Thread waiter;
        private volatile Throwable failure;
        private volatile int admitted;

        Region(Chunk body, int count) {
            this.body = body;
            this.count = count;
        }

        void work() {
            int ran = 0;
            for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                try {
                    if (failure == null) {
                        body.run(i);
                    }
                } catch (RuntimeException | Error e) {
                    failure = e;
                }
                ran++;
            }
            if (ran > 0 && done.addAndGet(ran) == count) {
                LockSupport.unpark(waiter);
            }
        }

        void await() {
            int spins = 0;
            while (done.get() < count) {
                if (++spins < SPINS_BEFORE_PARK) {
                    Thread.onSpinWait();
                } else {
                    waiter = Thread.currentThread();
                    if (done.get() < count) {
                        LockSupport.parkNanos(this, 200_000);
                    }
                    waiter = null;
                }
            }
        }
    }

    private static final class Worker extends Thread {
        private final int number;
        private volatile boolean parked;

        Worker(int number) {
            super("cosmosj-worker-" + number);
            this.number = number;
            setDaemon(true);
        }

        @Override
        public void run() {
            Region last = null;
            while (true) {
                Region region = awaitNext(last);
                last = region;
                if (number < region.admitted) {
                    region.work();
                }
            }
        }

        private Region awaitNext(Region last) {
            int spins = 0;
            Region region = current;
            while (region == null || region == last) {
                if (++spins < SPINS_BEFORE_PARK) {
                    Thread.onSpinWait();
                } else {
                    parked = true;
                    if (current == null || current == last) {
                        LockSupport.park(this);
                    }
                    parked = false;
                    spins = 0;
                }
                region = current;
            }
            return region;
        }
    }
}
