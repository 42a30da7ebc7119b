package faulty;

import com.huawei.services.runtime.Context;

public class Raising {
    public String handle(String event, Context context) throws Exception {
        switch (event.replace("\"", "")) {
            case "plain": throw new IllegalStateException("boom \"<x>\"\n\u4e2d");
            case "bare": throw new NullPointerException();
            case "checked": throw new java.io.IOException("no such thing");
            case "own": throw new OwnException("mine");
            case "cause": throw new RuntimeException("outer", deep(0));
            case "error": throw new AssertionError("never");
            case "recursion": return recurse(0);
            case "hostile": throw new Hostile();
            case "interrupt":
                Thread.currentThread().interrupt();
                throw new InterruptedException("stop");
            case "sneaky": throw Raising.<RuntimeException>sneak(new Exception("undeclared"));
            case "suppressed": {
                IllegalStateException error = new IllegalStateException("first");
                error.addSuppressed(new java.io.IOException("second"));
                throw error;
            }
            case "long": throw new IllegalStateException(String.join("", java.util.Collections.nCopies(300000, "y")));
            default: return "fine";
        }
    }

    private static <E extends Throwable> E sneak(Throwable error) throws E {
        throw (E) error;
    }

    private static Exception deep(int depth) {
        return depth < 3 ? deep(depth + 1) : new java.io.IOException("inner");
    }

    private static String recurse(int depth) {
        return recurse(depth + 1) + depth;
    }

    public static class OwnException extends Exception {
        OwnException(String message) {
            super(message);
        }
    }

    public static class Hostile extends RuntimeException {
        @Override
        public String getMessage() {
            throw new IllegalStateException("no message");
        }

        @Override
        public String toString() {
            throw new IllegalStateException("no text");
        }

        @Override
        public void printStackTrace(java.io.PrintWriter target) {
            throw new IllegalStateException("no stack");
        }

        @Override
        public Throwable getCause() {
            throw new IllegalStateException("no cause");
        }
    }
}
