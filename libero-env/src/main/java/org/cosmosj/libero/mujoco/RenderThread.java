package org.cosmosj.libero.mujoco;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * The thread of an OpenGL context. An error of MuJoCo's renderer must not return into the renderer, which would go on
 * with what it lacks: the error goes to the caller, and the thread is given up. So is one that does not answer.
 */
final class RenderThread implements AutoCloseable {

    private static final long TIMEOUT_SECONDS = 120;

    private final ExecutorService executor;
    private volatile String lost;

    RenderThread(String name) {
        executor = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Runs a task on the thread and hands its result or failure back. */
    <T> T call(Callable<T> task) {
        if (lost != null) {
            throw new MujocoException("rendering: the renderer was lost (" + lost + "); close the environment and make"
                    + " a new one");
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        executor.execute(() -> run(task, result));
        try {
            return result.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            lost = "it did not answer for " + TIMEOUT_SECONDS + " s";
            throw new MujocoException("rendering: the renderer did not answer for " + TIMEOUT_SECONDS
                    + " s; end this process and try again", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MujocoException("rendering: interrupted", e);
        } catch (ExecutionException e) {
            throw MujocoLibrary.unexpected("rendering", e.getCause());
        }
    }

    private <T> void run(Callable<T> task, CompletableFuture<T> result) {
        MujocoMessages.onError(message -> {
            lost = message;
            result.completeExceptionally(new MujocoException("rendering: " + message));
            while (true) {
                LockSupport.park(this);
            }
        });
        try {
            result.complete(task.call());
        } catch (Throwable e) {
            result.completeExceptionally(e);
        }
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
