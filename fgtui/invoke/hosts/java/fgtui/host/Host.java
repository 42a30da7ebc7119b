package fgtui.host;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Runs one Java handler: the program inside the child processes of a local target.
 *
 * <p>Java 11 and later, nothing but its own library, and of that what starts quickly: no lambdas, no formatting, no
 * regular expressions. {@code python_host.py} describes the protocol, runtime.md section 4 the contract. The handler
 * runs on a thread of its own, with its class path as the context class loader.
 */
public final class Host implements Runnable {
    private static final int RESULT_LIMIT = 6291456;
    private static final int RESERVE = 524288; // to say where memory ran out
    private static final byte[] NOTHING = new byte[0];

    private final Line line;
    private final Log log;
    private final Peak peak = new Peak();
    private final String gson;
    private byte[] reserve = new byte[RESERVE];
    private Loader loader;
    private Given given;
    private Values values;
    private Entry handler;
    private Entry preStop;

    private Host(String gson) throws IOException {
        this.gson = gson;
        line = new Line();
        log = new Log();
    }

    /** Ends only with the process. The argument, if any, is the jar of a Gson on this machine. */
    public static void main(String[] arguments) throws IOException {
        Thread worker = new Thread(null, new Host(arguments.length == 0 ? null : arguments[0]), "handler");
        worker.start();
        while (true) {
            try {
                worker.join();
                Runtime.getRuntime().halt(Line.LOST);
            } catch (InterruptedException error) {
                // a handler's doing: it is for the main thread, not for us
            }
        }
    }

    /** Read the configuration, load the handler, answer events until there are no more. */
    @Override
    public void run() {
        Map<String, Object> configuration = configuration();
        line.send('h', Line.bytes("java" + Runtime.version().feature()));
        try {
            load(configuration);
        } catch (Throwable error) {
            fail('f', error, "initializer");
            Runtime.getRuntime().halt(0);
        }
        line.send('r', loader.newFiles());
        while (true) {
            try {
                respond(line.receive());
            } catch (OutOfMemoryError error) { // ours, when the handler has left none
                line.sendOutOfMemory();
            }
        }
    }

    private void respond(byte[] content) {
        Thread.interrupted();
        Thread.currentThread().setContextClassLoader(loader);
        int size = content[0];
        if (size == 0) {
            leave();
        } else {
            String identifier = new String(content, 1, size, StandardCharsets.US_ASCII);
            answer(identifier, Arrays.copyOfRange(content, 1 + size, content.length));
        }
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> configuration() {
        return (Map<String, Object>) Json.parse(new String(line.receive(), StandardCharsets.UTF_8));
    }

    @SuppressWarnings("unchecked")
    private void load(Map<String, Object> configuration) throws Throwable {
        List<String> classPath = (List<String>) (List<?>) configuration.get("class_path");
        System.setProperty("java.class.path", String.join(java.io.File.pathSeparator, classPath));
        loader = new Loader(classPath, gson);
        Thread.currentThread().setContextClassLoader(loader);
        given = new Given(configuration, log);
        values = new Values(loader);
        Entry.Finder finder = new Entry.Finder(loader, classPath);
        String className = (String) configuration.get("module");
        String initializer = (String) configuration.get("initializer");
        String last = (String) configuration.get("pre_stop");
        handler = finder.handler(className, (String) configuration.get("function"));
        values.prepare(handler.eventType());
        preStop = last == null ? null : finder.preStop(last, className);
        if (initializer != null) {
            Entry entry = finder.initializer(initializer, className);
            line.send('i');
            entry.call(given.context(entry.contextType(), "initializer"));
        }
    }

    private void answer(String identifier, byte[] event) {
        Object result;
        try {
            Object argument = values.event(event, handler.eventType());
            result = handler.call(argument, given.context(handler.contextType(), identifier));
        } catch (Throwable error) {
            fail('e', error, identifier);
            return;
        }
        byte[] body;
        try {
            body = values.body(result);
        } catch (Throwable error) {
            if (isOutOfMemory(error)) {
                runOut(error, identifier);
            } else {
                refuse(error, identifier);
            }
            return;
        }
        if (body.length > RESULT_LIMIT) {
            byte[] text = Line.bytes("response body size " + body.length + " exceeds the limit of " + RESULT_LIMIT);
            line.send('x', peak.read(), loader.newFiles(), text, text);
        } else {
            line.send('o', peak.read(), loader.newFiles(), body);
        }
    }

    /** Say that there is no JSON for a result. */
    private void refuse(Throwable error, String identifier) {
        String what = error instanceof StackOverflowError ? "it holds itself, or is too deep" : new Fault(error).summary;
        String text = "function result is invalid, error: " + what;
        log.failure(identifier, text, "");
        line.send('x', peak.read(), loader.newFiles(), Fault.body(text), Line.bytes(text));
    }

    private void leave() {
        try {
            if (preStop != null) {
                Class<?> contract = preStop.contextType();
                if (contract == null) {
                    preStop.call();
                } else {
                    preStop.call(given.context(contract, "prestop"));
                }
            }
            line.send('o', Line.bytes("0"), NOTHING, NOTHING);
        } catch (Throwable error) {
            fail('e', error, "prestop");
        }
    }

    private void fail(char kind, Throwable error, String identifier) {
        if (isOutOfMemory(error)) {
            runOut(error, identifier);
            return;
        }
        Fault fault = new Fault(error);
        log.failure(identifier, fault.summary, fault.details());
        List<byte[]> sections = new ArrayList<>();
        sections.add(peak.read());
        sections.add(loader == null ? NOTHING : loader.newFiles());
        fault.sections(sections);
        line.send(kind, sections.toArray(new byte[0][]));
    }

    /** Say where memory ran out, as far as what was kept back for that goes, and answer that it did. */
    private void runOut(Throwable error, String identifier) {
        reserve = null;
        try {
            Fault fault = new Fault(error);
            log.failure(identifier, fault.summary, fault.details());
        } catch (Throwable another) {
            // the answer is what matters
        }
        line.sendOutOfMemory();
    }

    /**
     * Whether memory has run out, here or where a thread of the handler's had its trouble from. Asks for none itself,
     * not even for a class that is not loaded yet.
     */
    private static boolean isOutOfMemory(Throwable error) {
        for (int depth = 0; error != null && depth < 100; depth++) {
            if (error instanceof OutOfMemoryError) {
                String message = error.getMessage();
                return message == null || !message.contains("native thread");
            }
            try {
                error = error.getCause();
            } catch (Throwable another) {
                return false;
            }
        }
        return false;
    }

    /** The most memory this process has held so far. */
    private static final class Peak {
        private static final byte[] UNKNOWN = {'0'};
        private static final byte[] MARK = {'V', 'm', 'H', 'W', 'M', ':'};

        private final byte[] status = new byte[1024];
        private RandomAccessFile file;

        Peak() {
            try {
                file = new RandomAccessFile("/proc/self/status", "r");
            } catch (IOException error) {
                file = null; // no Linux
            }
        }

        /** In KiB, as text; 0 where the system does not say. */
        byte[] read() {
            if (file == null) {
                return UNKNOWN;
            }
            try {
                file.seek(0);
                return number(file.read(status));
            } catch (IOException error) {
                return UNKNOWN;
            }
        }

        private byte[] number(int size) {
            for (int at = 0; at < size - MARK.length; at++) {
                if (status[at] == 'V' && Arrays.equals(status, at, at + MARK.length, MARK, 0, MARK.length)) {
                    int start = at + MARK.length;
                    while (start < size && (status[start] < '0' || status[start] > '9')) {
                        start++;
                    }
                    int end = start;
                    while (end < size && status[end] >= '0' && status[end] <= '9') {
                        end++;
                    }
                    return end > start ? Arrays.copyOfRange(status, start, end) : UNKNOWN;
                }
            }
            return UNKNOWN;
        }
    }
}
