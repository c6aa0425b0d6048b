package org.cosmosj.bench.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One side of a comparison: a process that answers each line with a line, {@code ok} or {@code error} and more words,
 * separated by tabs. Requests: {@code hello}; {@code prepare NAME SPEC INPUTS OUTPUTS THREADS}, which runs once;
 * {@code time SECONDS RUNS}, answered by the shortest and the median time and the number of runs.
 */
final class SideProcess implements AutoCloseable {
    static final String OK = "ok";
    static final String ERROR = "error";
    private static final String END = "\0";
    private static final int LAST_LINES = 5;

    private final String name;
    private final long timeoutSeconds;
    private final Process process;
    private final Writer requests;
    private final BlockingQueue<String> replies = new LinkedBlockingQueue<>();
    private final Deque<String> errors = new ArrayDeque<>();
    private final Thread errorReader;

    /**
     * Starts the process.
     *
     * @param name who it is, for messages
     * @param command program and arguments
     * @param timeoutSeconds how long any answer may take
     * @throws PeerException if there is no such program
     */
    SideProcess(String name, List<String> command, long timeoutSeconds) {
        this.name = name;
        this.timeoutSeconds = timeoutSeconds;
        try {
            this.process = new ProcessBuilder(command).start();
        } catch (IOException e) {
            throw new PeerException(name + " cannot be started: " + e.getMessage() + "; give another command", e);
        }
        this.requests = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
        reader(process.getInputStream(), replies::add, () -> replies.add(END));
        this.errorReader = reader(process.getErrorStream(), this::remember, () -> {});
    }

    private interface Line {
        void read(String line);
    }

    private static Thread reader(InputStream stream, Line line, Runnable end) {
        return Thread.ofVirtual().start(() -> {
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                lines.lines().forEach(line::read);
            } catch (IOException | java.io.UncheckedIOException e) {
                line.read("cannot be read: " + e);
            }
            end.run();
        });
    }

    private void remember(String line) {
        synchronized (errors) {
            errors.add(line);
            if (errors.size() > LAST_LINES) {
                errors.remove();
            }
        }
    }

    /**
     * Asks and waits.
     *
     * @param words of the request
     * @return the words of the answer after {@code ok}
     * @throws RowException if the answer is an error; the process goes on
     * @throws PeerException if the process ended or does not answer in time
     */
    String[] ask(Object... words) {
        try {
            requests.write(String.join("\t", Arrays.stream(words).map(Object::toString).toList()) + "\n");
            requests.flush();
        } catch (IOException e) {
            throw died(words[0], e);
        }
        String reply;
        try {
            reply = replies.poll(timeoutSeconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PeerException(name + ": interrupted while waiting for the answer to " + words[0], e);
        }
        if (reply == null) {
            close();
            throw new PeerException(name + " gave no answer to '" + words[0] + "' within " + timeoutSeconds
                    + " s and was ended; --peer-timeout sets another limit", null);
        }
        if (reply.equals(END)) {
            throw died(words[0], null);
        }
        String[] answer = reply.split("\t", -1);
        if (answer[0].equals(OK)) {
            return Arrays.copyOfRange(answer, 1, answer.length);
        }
        if (answer[0].equals(ERROR)) {
            throw new RowException(name + ": " + (answer.length > 1 ? answer[1] : "no reason given"));
        }
        throw new PeerException(name + " answered '" + reply + "' to '" + words[0] + "', expected ok or error;"
                + " nothing else may be printed", null);
    }

    private PeerException died(Object request, IOException cause) {
        try {
            process.waitFor(1, TimeUnit.SECONDS);
            errorReader.join(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (errors) {
            String end = process.isAlive() ? "closed its output" : "ended with exit code " + process.exitValue();
            return new PeerException(name + " " + end + " at '" + request + "'"
                    + (errors.isEmpty() ? "" : "; it said: " + String.join(" | ", errors)), cause);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
