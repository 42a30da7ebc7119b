package fgtui.host;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;

/** What an exception says. Its texts and its class are the user's, so none of it may raise. */
final class Fault {
    private static final int TEXT_LIMIT = 262144;
    private static final int STACK_LIMIT = 2000;
    private static final String OURS = "\tat fgtui.host.";
    private static final String MODULE = "java.base/";
    private static final String[] BETWEEN = {"jdk.internal.reflect.", "java.lang.reflect.", "java.lang.invoke."};

    final String type;
    final String message;
    /** As the cloud puts it: the class alone and its message, {@code Exception: package.index}. */
    final String summary;
    /** The stack as Java prints it, without the part that is not the user's; causes follow. */
    final List<String> lines;

    Fault(Throwable error) {
        type = error.getClass().getName();
        message = message(error);
        String name = type.substring(Math.max(type.lastIndexOf('.'), type.lastIndexOf('$')) + 1);
        summary = message.isEmpty() ? name : name + ": " + message;
        lines = stack(error);
    }

    private static String message(Throwable error) {
        try {
            String text = error.getMessage();
            return text == null ? "" : cut(text);
        } catch (Throwable another) {
            return "<no message: " + another.getClass().getName() + '>';
        }
    }

    private static String cut(String text) {
        if (text.length() <= TEXT_LIMIT) {
            return text;
        }
        return text.substring(0, TEXT_LIMIT) + "… (" + text.length() + " characters)";
    }

    private static List<String> stack(Throwable error) {
        String text;
        try {
            StringWriter printed = new StringWriter();
            error.printStackTrace(new PrintWriter(printed));
            text = printed.toString();
        } catch (Throwable another) {
            return new ArrayList<>();
        }
        return trimmed(text);
    }

    private static List<String> trimmed(String text) {
        List<String> found = new ArrayList<>();
        int start = firstFrame(text);
        while (start < text.length() && found.size() < STACK_LIMIT) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            String line = text.substring(start, end);
            start = end + 1;
            if (line.startsWith(OURS)) {
                while (!found.isEmpty() && isBetween(found.get(found.size() - 1))) {
                    found.remove(found.size() - 1);
                }
            } else if (!isThread(line)) {
                found.add(cut(line));
            }
        }
        return found;
    }

    /** Behind the exception's own text, which may have many lines. */
    private static int firstFrame(String text) {
        int frame = text.startsWith("\tat ") ? 0 : text.indexOf("\n\tat ");
        int cause = text.indexOf("\nCaused by: ");
        int start = frame < 0 ? cause : cause < 0 ? frame : Math.min(frame, cause);
        return start < 0 ? text.length() : start + 1;
    }

    /** How a method is called by reflection: classes made for that on the fly belong to no module. */
    private static boolean isBetween(String line) {
        int name = line.startsWith(MODULE, 4) ? 4 + MODULE.length() : 4;
        for (String start : BETWEEN) {
            if (line.startsWith("\tat ") && line.startsWith(start, name)) {
                return true;
            }
        }
        return false;
    }

    /** The frame that every thread of ours begins with. */
    private static boolean isThread(String line) {
        return line.startsWith("\tat java.base/java.lang.Thread.run");
    }

    /** All of it, as Java prints it. */
    String details() {
        StringBuilder text = new StringBuilder(message.isEmpty() ? type : type + ": " + message);
        for (String line : lines) {
            text.append('\n').append(line);
        }
        return text.toString();
    }

    /** The body the platform sends: no class, no stack (runtime.md 4). */
    static byte[] body(String message) {
        StringBuilder text = new StringBuilder("{\"errorMessage\": ");
        Json.quote(message, false, text);
        return Line.bytes(text.append(", \"stackTrace\": []}").toString());
    }

    /** Sections behind files of an answer about it: body, class, message, lines of the stack. */
    void sections(List<byte[]> sections) {
        sections.add(body(summary));
        sections.add(Line.bytes(type));
        sections.add(Line.bytes(message));
        for (String line : lines) {
            sections.add(Line.bytes(line.startsWith("\t") ? line.substring(1) : line));
        }
    }
}
