package org.cosmosj.tensor.internal.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ParallelTest {
    private final int usual = Parallel.threads();

    @AfterEach
    void restore() {
        Parallel.limit(usual);
    }

    @Test
    void runsEveryChunkOnceForAnyNumberOfThreads() {
        for (int threads = 1; threads <= 4; threads++) {
            Parallel.limit(threads);
            for (int count : new int[] {0, 1, 2, 3, 7, 100, 10_000}) {
                AtomicIntegerArray runs = new AtomicIntegerArray(count);
                Parallel.run(count, runs::incrementAndGet);
                for (int i = 0; i < count; i++) {
                    assertThat(runs.get(i)).as("chunk %d of %d on %d threads", i, count, threads).isOne();
                }
            }
        }
    }

    @Test
    void usesWorkersBesideTheCaller() throws InterruptedException {
        Parallel.limit(2);
        ConcurrentHashMap<Thread, Boolean> seen = new ConcurrentHashMap<>();
        CountDownLatch both = new CountDownLatch(2);
        Parallel.run(2, i -> {
            seen.put(Thread.currentThread(), true);
            both.countDown();
            await(both);
        });

        assertThat(seen).hasSize(2).containsKey(Thread.currentThread());
        assertThat(seen.keySet()).allMatch(thread -> thread == Thread.currentThread() || thread.isDaemon());
    }

    @Test
    void anExceptionReachesTheCallerAndTheNextRegionRuns() {
        Parallel.limit(3);
        for (int bad : new int[] {0, 17, 99}) {
            assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> Parallel.run(100, i -> {
                if (i == bad) {
                    throw new IllegalStateException("chunk " + i);
                }
            })).withMessage("chunk " + bad);
            assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> Parallel.run(100, i -> {
                throw new AssertionError("error");
            }));
            AtomicInteger ran = new AtomicInteger();
            Parallel.run(100, _ -> ran.incrementAndGet());
            assertThat(ran).hasValue(100);
        }
    }

    @Test
    void nestedRegionsRunToTheEnd() {
        Parallel.limit(3);
        AtomicInteger ran = new AtomicInteger();
        Parallel.run(10, _ -> Parallel.run(10, _ -> Parallel.run(3, _ -> ran.incrementAndGet())));

        assertThat(ran).hasValue(300);
    }

    @Test
    void concurrentCallersDoNotDisturbEachOther() throws ExecutionException, InterruptedException {
        Parallel.limit(3);
        try (ExecutorService callers = Executors.newFixedThreadPool(4)) {
            List<Future<Long>> sums = new ArrayList<>();
            for (int caller = 0; caller < 4; caller++) {
                int factor = caller + 1;
                sums.add(callers.submit(() -> {
                    long total = 0;
                    for (int repeat = 0; repeat < 300; repeat++) {
                        long[] parts = new long[50];
                        Parallel.run(50, i -> parts[i] = (long) factor * i);
                        for (long part : parts) {
                            total += part;
                        }
                    }
                    return total;
                }));
            }
            for (int caller = 0; caller < 4; caller++) {
                assertThat(sums.get(caller).get()).isEqualTo(300L * 1225 * (caller + 1));
            }
        }
    }

    @Test
    void wakesParkedWorkersAgainAndAgain() throws InterruptedException {
        Parallel.limit(2);
        for (int i = 0; i < 5; i++) {
            Thread.sleep(20);
            CountDownLatch both = new CountDownLatch(2);
            Parallel.run(2, _ -> {
                both.countDown();
                await(both);
            });
        }
    }

    @Test
    void refusesLessThanOneThread() {
        assertThatIllegalArgumentException().isThrownBy(() -> Parallel.limit(0))
                .withMessage("threads: 0 must be at least 1");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).as("a worker came").isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
