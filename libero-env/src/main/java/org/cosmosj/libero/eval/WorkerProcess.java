package org.cosmosj.libero.eval;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A worker in a process of its own. What it and its native libraries print goes to a file. */
final class WorkerProcess implements AutoCloseable {

    private static final int TAIL_BYTES = 600;
    private static final long END_SECONDS = 5;

    private final Process process;
    private final OutputStream requests;
    private final Path log;

    /** What arrives from a worker. */
    sealed interface Arrival {

        /** A message. */
        record Told(Message message) implements Arrival {
        }

        /** The worker's output ended; nothing follows. */
        record Gone(String reason) implements Arrival {
        }
    }

    private WorkerProcess(Process process, Path log) {
        this.process = process;
        this.requests = process.getOutputStream();
        this.log = log;
    }

    /**
     * Starts a process.
     *
     * @param command what to run; it must serve as {@link Worker} does
     * @param log     file for what it prints, appended
     * @param heard   told of everything that arrives, on a thread of this worker
     */
    static WorkerProcess start(List<String> command, Path log, Consumer<Arrival> heard) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
            WorkerProcess worker = new WorkerProcess(process, log);
            Thread.ofPlatform().daemon().name("replies of " + log.getFileName()).start(() -> worker.listen(heard));
            return worker;
        } catch (IOException e) {
            throw new UncheckedIOException("evaluation: cannot start a worker (" + e.getMessage() + "): "
                    + String.join(" ", command), e);
        }
    }

    private void listen(Consumer<Arrival> heard) {
        String reason = "";
        try {
            InputStream in = new BufferedInputStream(process.getInputStream(), 1 << 16);
            for (Message message = Wire.read(in); message != null; message = Wire.read(in)) {
                heard.accept(new Arrival.Told(message));
            }
        } catch (IOException e) {
            reason = " (its output: " + e.getMessage() + ")";
        }
        heard.accept(new Arrival.Gone("the worker " + ending() + reason + tail()));
    }

    private String ending() {
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                return "closed its output";
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        int code = process.isAlive() ? 0 : process.exitValue();
        return code > 128 && code < 160 ? "was ended by signal " + (code - 128) : "ended with code " + code;
    }

    /** The last lines of what it printed. */
    private String tail() {
        try {
            byte[] all = Files.readAllBytes(log);
            int from = Math.max(0, all.length - TAIL_BYTES);
            String text = new String(all, from, all.length - from, StandardCharsets.UTF_8).strip();
            List<String> lines = text.lines().toList();
            String last = String.join(" | ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
            return "; its log " + log + (last.isEmpty() ? " is empty" : " ends: " + last);
        } catch (IOException e) {
            return "";
        }
    }

    /** Sends a request; a worker that is gone is noticed by its reader. */
    void send(Message message) {
        try {
            Wire.write(requests, message);
        } catch (IOException e) {
            process.destroyForcibly();
        }
    }

    /** Ends the process at once. */
    @Override
    public void close() {
        process.destroyForcibly();
    }

    long pid() {
        return process.pid();
    }
}
