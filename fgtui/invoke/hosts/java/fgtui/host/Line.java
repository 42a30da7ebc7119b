package fgtui.host;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The line to fgtui: messages in on descriptor 3, answers out on descriptor 4. Both are opened anew, so that nothing
 * a handler does to the numbers 3 and 4 reaches them. {@code python_host.py} describes the protocol.
 */
final class Line {
    static final int LOST = 70; // exit code of a host that cannot reach fgtui any more
    private static final int NONCE_SIZE = 16;
    private static final int CHUNK = 65536;

    private final FileInputStream events;
    private final FileOutputStream answers;
    private final byte[] header = new byte[NONCE_SIZE + 8];
    private final byte[] outOfMemory = new byte[NONCE_SIZE + 8 + 6 + NONCE_SIZE];
    private byte[] buffer = new byte[CHUNK];

    Line() throws IOException {
        events = new FileInputStream("/dev/fd/3");
        answers = new FileOutputStream("/dev/fd/4");
        byte[] content = {'m', 0, 0, 0, 1, '0'};
        outOfMemory[NONCE_SIZE + 7] = (byte) content.length;
        System.arraycopy(content, 0, outOfMemory, NONCE_SIZE + 8, content.length);
    }

    /** The content of the next message, whose nonce later answers carry. Ends the process when there is none. */
    byte[] receive() {
        fill(header, header.length);
        long size = 0;
        for (int at = NONCE_SIZE; at < header.length; at++) {
            size = size << 8 | header[at] & 0xff;
        }
        byte[] content = new byte[(int) size];
        fill(content, content.length);
        return content;
    }

    private void fill(byte[] target, int size) {
        try {
            int filled = 0;
            while (filled < size) {
                int count = events.read(target, filled, size - filled);
                if (count < 0) {
                    Runtime.getRuntime().halt(0);
                }
                filled += count;
            }
        } catch (IOException error) {
            Runtime.getRuntime().halt(LOST);
        }
    }

    /** Answer the last message: a kind and its sections. */
    void send(char kind, byte[]... sections) {
        int size = 1;
        for (byte[] section : sections) {
            size += 4 + section.length;
        }
        int whole = header.length + size + NONCE_SIZE;
        byte[] frame = whole <= buffer.length ? buffer : new byte[whole];
        System.arraycopy(header, 0, frame, 0, NONCE_SIZE);
        put(frame, NONCE_SIZE, 0);
        int at = put(frame, NONCE_SIZE + 4, size);
        frame[at++] = (byte) kind;
        for (byte[] section : sections) {
            at = put(frame, at, section.length);
            System.arraycopy(section, 0, frame, at, section.length);
            at += section.length;
        }
        System.arraycopy(header, 0, frame, at, NONCE_SIZE);
        write(frame, whole);
    }

    /** Answer that memory ran out, without asking for any. */
    void sendOutOfMemory() {
        System.arraycopy(header, 0, outOfMemory, 0, NONCE_SIZE);
        System.arraycopy(header, 0, outOfMemory, outOfMemory.length - NONCE_SIZE, NONCE_SIZE);
        write(outOfMemory, outOfMemory.length);
    }

    private void write(byte[] frame, int size) {
        try {
            answers.write(frame, 0, size);
        } catch (IOException error) {
            Runtime.getRuntime().halt(LOST);
        }
    }

    private static int put(byte[] target, int at, int number) {
        target[at] = (byte) (number >>> 24);
        target[at + 1] = (byte) (number >>> 16);
        target[at + 2] = (byte) (number >>> 8);
        target[at + 3] = (byte) number;
        return at + 4;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
