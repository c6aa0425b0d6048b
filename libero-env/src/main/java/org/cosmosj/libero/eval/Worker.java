package org.cosmosj.libero.eval;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import org.cosmosj.libero.Agent;
import org.cosmosj.libero.EpisodeId;
import org.cosmosj.libero.Observation;
import org.cosmosj.libero.RobotEnvironment;
import org.cosmosj.libero.render.Picture;

/** Runs the episodes that arrive on a stream. Everything that fails without ending the process is told. */
final class Worker {

    private static final int HASH_BYTES = 8;

    private final BlockingQueue<Message> requests = new LinkedBlockingQueue<>();
    private final OutputStream out;
    private final WorkerStage stage;
    private RobotEnvironment environment;
    private String opened = "";
    private Run run;

    private Worker(OutputStream out, WorkerStage stage) {
        this.out = out;
        this.stage = stage;
    }

    /** The state of the episode under way. */
    private static final class Run {
        private Message.Begin begin;
        private ProtocolEpisode episode;
        private String firstState;
        private String firstFrame = "";
        private double simulating;
        private double drawing;
    }

    /**
     * Serves until the stream ends, and then ends the process at once, even while an episode hangs in native code.
     *
     * @param in   requests
     * @param out  replies
     * @param stage runs them
     */
    static void serve(InputStream in, OutputStream out, WorkerStage stage) throws IOException, InterruptedException {
        Worker worker = new Worker(out, stage);
        Thread.ofPlatform().daemon().name("requests").start(() -> worker.listen(in));
        worker.send(new Message.Ready(stage.engine()));
        while (true) {
            worker.serve(worker.requests.take());
        }
    }

    private void listen(InputStream in) {
        try {
            for (Message message = Wire.read(in); message != null; message = Wire.read(in)) {
                requests.add(message);
            }
        } catch (IOException e) {
            System.err.println("worker: " + e.getMessage());
        }
        Runtime.getRuntime().halt(0); // nobody is left to work for
    }

    private void serve(Message request) throws IOException {
        try {
            switch (request) {
                case Message.Begin begin -> begin(begin);
                case Message.Act act -> act(act.actions());
                default -> throw new IllegalStateException("worker: " + request.getClass().getSimpleName()
                        + " is no request");
            }
            report();
        } catch (RuntimeException e) {
            e.printStackTrace();
            run = null;
            send(new Message.Failed(e instanceof TaskException
                    ? Message.Failed.Scope.EVERYTHING
                    : Message.Failed.Scope.EPISODE, text(e)));
        }
    }

    private static String text(RuntimeException e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private void begin(Message.Begin begin) throws IOException {
        open(begin.episode());
        run = new Run();
        run.begin = begin;
        long start = System.nanoTime();
        run.episode = begin.protocol().begin(environment, begin.episode());
        run.simulating += seconds(start);
        run.firstState = hash(run.episode.observation());
        film(0, run.episode.observation());
        if (!begin.agent().isEmpty()) {
            runAgent(agent(begin));
        }
    }

    private void open(EpisodeId id) {
        String wanted = id.suite() + "/" + id.task();
        if (environment != null && opened.equals(wanted)) {
            return;
        }
        if (environment != null) {
            environment.close();
            environment = null;
        }
        try {
            environment = stage.open(id.suite(), id.task());
        } catch (RuntimeException e) {
            throw new TaskException(text(e), e);
        }
        opened = wanted;
    }

    private Agent agent(Message.Begin begin) {
        try {
            return stage.agent(begin.agent(), environment, begin.episode().seed());
        } catch (RuntimeException e) {
            throw new TaskException(text(e), e);
        }
    }

    private void runAgent(Agent agent) throws IOException {
        agent.begin(run.begin.episode(), environment.instruction());
        while (!run.episode.ended()) {
            act(new double[][] {agent.act(run.episode.observation())});
            if (run.episode.steps() % run.begin.protocol().executed() == 0) {
                send(new Message.Progress(run.episode.steps()));
            }
        }
    }

    private void act(double[][] chunk) {
        long start = System.nanoTime();
        run.episode.act(chunk, this::film);
        run.simulating += seconds(start);
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private void film(int steps, Observation observation) {
        int every = run.begin.filmEvery();
        if (every == 0 || steps % every != 0 && !run.episode.ended()) {
            return;
        }
        try {
            send(new Message.Frame(steps, drawn(observation::agentviewImage)));
        } catch (IOException e) {
            throw new UncheckedIOException("worker: the evaluation does not listen", e);
        }
    }

    /** A machine that cannot draw one picture draws no other. */
    private Picture drawn(Supplier<byte[]> camera) {
        long start = System.nanoTime();
        try {
            return new Picture(environment.spec().imageHeight(), environment.spec().imageWidth(), camera.get());
        } catch (RuntimeException e) {
            throw new TaskException(text(e) + "; random, replay and expert need no pictures but for films", e);
        } finally {
            run.drawing += seconds(start);
        }
    }

    /** Tells how the episode ended, or looks and asks for more. */
    private void report() throws IOException {
        if (run.episode.ended()) {
            Run done = run;
            run = null;
            send(new Message.Ended(done.episode.success(), done.episode.steps(), done.firstState, done.firstFrame,
                    done.simulating, done.drawing));
            return;
        }
        Observation seen = run.episode.observation();
        Picture agentview = drawn(seen::agentviewImage);
        Picture wrist = drawn(seen::wristImage);
        if (run.firstFrame.isEmpty()) {
            run.firstFrame = hash(agentview.rgb(), wrist.rgb());
        }
        send(new Message.Look(environment.instruction(), agentview, wrist, seen.proprio()));
    }

    /** In the order of the names: that of a map may differ from process to process. */
    private static String hash(Observation observation) {
        Collection<double[]> arrays = new TreeMap<>(observation.arrays()).values();
        ByteBuffer bytes = ByteBuffer.allocate(arrays.stream().mapToInt(each -> each.length).sum() * Double.BYTES);
        arrays.forEach(each -> {
            for (double number : each) {
                bytes.putDouble(number);
            }
        });
        return hash(bytes.array());
    }

    /** The first 64 bits of SHA-256. */
    private static String hash(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    private void send(Message message) throws IOException {
        Wire.write(out, message);
    }
}
