package faulty;

import com.huawei.services.runtime.Context;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

public class Hostile {
    private static final List<Object> KEPT = new ArrayList<>();

    public Object handle(String event, Context context) throws Exception {
        String deed = event.replace("\"", "");
        switch (deed) {
            case "next": return "fine";
            case "sleep": Thread.sleep(1000000); return "";
            case "spin": while (true) { }
            case "deadlock": deadlock(); return "";
            case "read": return System.in.read();
            case "ignore-interrupts":
                while (true) {
                    try {
                        Thread.sleep(1000000);
                    } catch (InterruptedException error) {
                        continue;
                    }
                }
            case "sleep-in-finally":
                try {
                    throw new IllegalStateException();
                } finally {
                    Thread.sleep(1000000);
                }
            case "exit-hook":
                Runtime.getRuntime().addShutdownHook(new Thread(Hostile::sleep));
                System.exit(0);
                return "";
            case "stop-self": signal("STOP"); Thread.sleep(1000000); return "";
            case "wait-for-child": return new ProcessBuilder("sleep", "1000").start().waitFor();
            case "busy-threads":
                for (int count = 0; count < 20; count++) {
                    new Thread(() -> { while (true) { } }).start();
                }
                Thread.sleep(1000000);
                return "";
            case "exit-0": System.exit(0); return "";
            case "exit-3": System.exit(3); return "";
            case "halt": Runtime.getRuntime().halt(4); return "";
            case "exit-in-thread": new Thread(() -> System.exit(5)).start(); Thread.sleep(1000000); return "";
            case "kill": signal("KILL"); Thread.sleep(1000000); return "";
            case "term": signal("TERM"); Thread.sleep(1000000); return "";
            case "segfault": unsafe(); return "";
            case "heap": while (true) { KEPT.add(new long[10000]); }
            case "small-objects": while (true) { KEPT.add(new Object[3]); }
            case "heap-in-thread": return inThread();
            case "huge-array": KEPT.add(new long[Integer.MAX_VALUE - 8]); return "";
            case "caught": return caught();
            case "off-heap":
                while (true) {
                    ByteBuffer part = ByteBuffer.allocateDirect(4 << 20);
                    while (part.hasRemaining()) {
                        part.put((byte) 1);
                    }
                    KEPT.add(part);
                }
            case "child-memory":
                return new ProcessBuilder("python3", "-c", "a = 'x' * (700 << 20); import time; time.sleep(1000)")
                    .start().waitFor();
            case "garbage":
                for (int count = 0; count < 2000; count++) {
                    KEPT.clear();
                    KEPT.add(new byte[1 << 20]);
                }
                return "fine";
            case "threads": return threads();
            case "print": return print();
            case "close-streams":
                System.out.close();
                System.err.close();
                new FileOutputStream(java.io.FileDescriptor.out).close();
                System.out.println("still heard");
                return "fine";
            case "no-streams":
                System.setOut(null);
                System.setErr(null);
                return "fine";
            case "hostile-streams":
                PrintStream raising = new PrintStream(new OutputStream() {
                    @Override
                    public void write(int sign) {
                        throw new IllegalStateException("no writing");
                    }
                });
                System.setOut(raising);
                System.setErr(raising);
                return "fine";
            case "interrupted": Thread.currentThread().interrupt(); return "fine";
            case "other-loader": Thread.currentThread().setContextClassLoader(null); return "fine";
            case "clears-properties": System.getProperties().clear(); return "fine";
            case "uncaught-elsewhere":
                Thread thread = new Thread(() -> { throw new IllegalStateException("elsewhere"); });
                thread.start();
                thread.join();
                return "fine";
            case "stops-thread": Thread.currentThread().stop(); return "";
            case "pool":
                ExecutorService pool = Executors.newFixedThreadPool(4);
                pool.submit(Hostile::sleep);
                return "fine";
            case "forge": return forge();
            case "garble": return garble();
            case "replace-answers":
                new RandomAccessFile("/proc/self/fd/4", "rw").close();
                return "fine";
            case "interrupts-everybody":
                Thread[] all = new Thread[100];
                int found = Thread.enumerate(all);
                for (int index = 0; index < found; index++) {
                    all[index].interrupt();
                }
                return "fine";
            case "child": child("sleep", "1000"); return "left";
            case "session": child("setsid", "sleep", "1000"); return "left";
            case "orphans": child("sh", "-c", "sleep 1000 & sleep 1000 & exit"); return "left";
            case "child-exit": child("setsid", "sleep", "1000"); System.exit(3); return "";
            case "child-raise": child("setsid", "sleep", "1000"); throw new IOException("left");
            case "child-hang": child("setsid", "sleep", "1000"); Thread.sleep(1000000); return "";
            default: throw new IllegalArgumentException(deed);
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(1000000);
        } catch (InterruptedException error) {
            sleep();
        }
    }

    private static void signal(String name) throws IOException, InterruptedException {
        long process = ProcessHandle.current().pid();
        new ProcessBuilder("kill", "-" + name, Long.toString(process)).start();
    }

    private static void child(String... command) throws IOException {
        new ProcessBuilder(command).inheritIO().start();
    }

    private static void deadlock() throws InterruptedException {
        Object one = new Object();
        Object two = new Object();
        Thread other = new Thread(() -> lock(two, one));
        other.start();
        lock(one, two);
        other.join();
    }

    private static void lock(Object first, Object second) {
        synchronized (first) {
            try {
                Thread.sleep(50);
            } catch (InterruptedException error) {
                return;
            }
            synchronized (second) {
                first.notifyAll();
            }
        }
    }

    private static void unsafe() throws ReflectiveOperationException {
        Class<?> type = Class.forName("sun.misc.Unsafe");
        java.lang.reflect.Field field = type.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        type.getMethod("putAddress", long.class, long.class).invoke(field.get(null), 0L, 0L);
    }

    private static Object inThread() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        return pool.submit(() -> {
            List<Object> kept = new ArrayList<>();
            while (true) {
                kept.add(new long[100000]);
            }
        }).get();
    }

    private static Object caught() {
        try {
            List<Object> kept = new ArrayList<>();
            while (true) {
                kept.add(new long[1000000]);
            }
        } catch (OutOfMemoryError error) {
            return "fine";
        }
    }

    private static Object threads() throws InterruptedException {
        List<Thread> started = new ArrayList<>();
        for (int count = 0; count < 300; count++) {
            Thread thread = new Thread(Hostile::sleep);
            thread.setDaemon(true);
            thread.start();
            started.add(thread);
        }
        return "fine";
    }

    private static Object print() {
        byte[] line = new byte[65536];
        java.util.Arrays.fill(line, (byte) 'y');
        line[65535] = '\n';
        for (int count = 0; count < 800; count++) {
            System.out.write(line, 0, line.length);
        }
        return "fine";
    }

    private static Object forge() throws IOException {
        byte[] content = {'o', 0, 0, 0, 1, '1', 0, 0, 0, 0, 0, 0, 0, 6, 'f', 'o', 'r', 'g', 'e', 'd'};
        // Only the answers: opening the others for writing would cut off the files behind them, Java's own included.
        try (RandomAccessFile out = new RandomAccessFile("/proc/self/fd/4", "rw")) {
            for (int round = 0; round < 3; round++) {
                byte[] frame = new byte[16 + 8 + content.length + 16];
                if (round > 0) {
                    new Random(round).nextBytes(frame);
                }
                java.util.Arrays.fill(frame, 16, 23, (byte) 0);
                frame[23] = (byte) content.length;
                System.arraycopy(content, 0, frame, 24, content.length);
                System.arraycopy(frame, 0, frame, 24 + content.length, 16);
                out.write(frame);
            }
        }
        return "true";
    }

    /** Writes into the middle of an answer that is larger than what a pipe holds. */
    private static Object garble() throws IOException {
        RandomAccessFile out = new RandomAccessFile("/proc/self/fd/4", "rw");
        Thread writer = new Thread(() -> {
            try {
                while (true) {
                    out.write(new byte[700]);
                }
            } catch (IOException error) {
                return;
            }
        });
        writer.setDaemon(true);
        writer.start();
        char[] large = new char[6000000];
        java.util.Arrays.fill(large, 'x');
        return new String(large);
    }
}
