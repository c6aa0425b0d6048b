package org.cosmosj.libero.eval;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.cosmosj.libero.EpisodeId;
import org.cosmosj.libero.render.Picture;

/**
 * Messages as bytes: 4 bytes of a mark, the length of the rest as 4 bytes, 1 byte of a kind, and the fields in their
 * order; numbers are big-endian, strings are a length and UTF-8, pictures are height, width and RGB (height 0: none).
 */
final class Wire {

    private static final int MARK = 0xC05405A1;
    private static final int LARGEST = 1 << 26;

    private Wire() {
    }

    /** Writes a message and flushes. */
    static void write(OutputStream out, Message message) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream body = new DataOutputStream(bytes);
        switch (message) {
            case Message.Begin begin -> {
                body.writeByte('B');
                string(body, begin.episode().suite());
                string(body, begin.episode().task());
                body.writeInt(begin.episode().episode());
                body.writeLong(begin.episode().seed());
                body.writeInt(begin.protocol().settleSteps());
                body.writeInt(begin.protocol().maxSteps());
                body.writeInt(begin.protocol().executed());
                string(body, begin.agent());
                body.writeInt(begin.filmEvery());
            }
            case Message.Act act -> {
                body.writeByte('A');
                body.writeInt(act.actions().length);
                for (double[] action : act.actions()) {
                    numbers(body, action);
                }
            }
            case Message.Ready ready -> {
                body.writeByte('R');
                string(body, ready.engine());
            }
            case Message.Look look -> {
                body.writeByte('L');
                string(body, look.instruction());
                picture(body, look.agentview());
                picture(body, look.wrist());
                numbers(body, look.proprio());
            }
            case Message.Progress progress -> {
                body.writeByte('P');
                body.writeInt(progress.steps());
            }
            case Message.Frame frame -> {
                body.writeByte('F');
                body.writeInt(frame.steps());
                picture(body, frame.agentview());
            }
            case Message.Ended ended -> {
                body.writeByte('E');
                body.writeBoolean(ended.success());
                body.writeInt(ended.steps());
                string(body, ended.firstState());
                string(body, ended.firstFrame());
                body.writeDouble(ended.simulating());
                body.writeDouble(ended.drawing());
            }
            case Message.Failed failed -> {
                body.writeByte('X');
                string(body, failed.scope().name());
                string(body, failed.text());
            }
        }
        DataOutputStream framed = new DataOutputStream(out);
        framed.writeInt(MARK);
        framed.writeInt(bytes.size());
        framed.write(bytes.toByteArray());
        framed.flush();
    }

    /**
     * Reads a message.
     *
     * @return the message, or null at the end of the stream between two messages
     * @throws IOException if the bytes are no message, or end inside one
     */
    static Message read(InputStream in) throws IOException {
        byte[] head = in.readNBytes(2 * Integer.BYTES);
        if (head.length == 0) {
            return null;
        }
        DataInputStream numbers = new DataInputStream(new ByteArrayInputStream(head));
        if (head.length < 2 * Integer.BYTES || numbers.readInt() != MARK) {
            throw new IOException("not a message but \"" + new String(head, StandardCharsets.ISO_8859_1) + "\"");
        }
        int length = numbers.readInt();
        if (length < 1 || length > LARGEST) {
            throw new IOException("a message of " + length + " bytes, expected 1 to " + LARGEST);
        }
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("ended inside a message, after " + body.length + " of " + length + " bytes");
        }
        DataInputStream fields = new DataInputStream(new ByteArrayInputStream(body));
        Message message = message(fields);
        if (fields.available() > 0) {
            throw new IOException("a message with " + fields.available() + " bytes too many");
        }
        return message;
    }

    private static Message message(DataInputStream in) throws IOException {
        int kind = in.readByte();
        return switch (kind) {
            case 'B' -> new Message.Begin(new EpisodeId(string(in), string(in), in.readInt(), in.readLong()),
                    new EvaluationProtocol(in.readInt(), in.readInt(), in.readInt()), string(in), in.readInt());
            case 'A' -> {
                double[][] actions = new double[count(in)][];
                for (int i = 0; i < actions.length; i++) {
                    actions[i] = numbers(in);
                }
                yield new Message.Act(actions);
            }
            case 'R' -> new Message.Ready(string(in));
            case 'L' -> new Message.Look(string(in), picture(in), picture(in), numbers(in));
            case 'P' -> new Message.Progress(in.readInt());
            case 'F' -> new Message.Frame(in.readInt(), picture(in));
            case 'E' -> new Message.Ended(in.readBoolean(), in.readInt(), string(in), string(in), in.readDouble(),
                    in.readDouble());
            case 'X' -> new Message.Failed(Message.Failed.Scope.valueOf(string(in)), string(in));
            default -> throw new IOException("a message of unknown kind " + kind);
        };
    }

    private static void string(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String string(DataInputStream in) throws IOException {
        return new String(in.readNBytes(count(in)), StandardCharsets.UTF_8);
    }

    private static void numbers(DataOutputStream out, double[] numbers) throws IOException {
        out.writeInt(numbers.length);
        for (double number : numbers) {
            out.writeDouble(number);
        }
    }

    private static double[] numbers(DataInputStream in) throws IOException {
        double[] numbers = new double[count(in)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = in.readDouble();
        }
        return numbers;
    }

    private static void picture(DataOutputStream out, Picture picture) throws IOException {
        out.writeInt(picture.height());
        out.writeInt(picture.width());
        out.write(picture.rgb());
    }

    private static Picture picture(DataInputStream in) throws IOException {
        int height = count(in);
        int width = count(in);
        return new Picture(height, width, in.readNBytes(Math.multiplyExact(3, Math.multiplyExact(height, width))));
    }

    /** A count that the rest of the message can hold. */
    private static int count(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > in.available()) {
            throw new IOException("a message with a count of " + count + " and " + in.available() + " bytes left");
        }
        return count;
    }
}
