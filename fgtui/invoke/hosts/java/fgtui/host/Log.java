package fgtui.host;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The log: what is printed goes there raw, records of the logger with time, request and level (runtime.md 2.6). */
final class Log {
    private static final int RECORD_LIMIT = 92160;
    private static final int[] DAYS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    private final FileOutputStream out;

    Log() throws IOException {
        out = new FileOutputStream("/dev/fd/1");
        System.setOut(stream(out));
        System.setErr(stream(new FileOutputStream("/dev/fd/2")));
    }

    /** A stream that a handler cannot close: it would take the log of later events along. */
    private static PrintStream stream(OutputStream target) throws IOException {
        return new PrintStream(new BufferedOutputStream(target), true, "UTF-8") {
            @Override
            public void close() {
                flush();
            }
        };
    }

    /** One record, or several when it is longer than the platform takes. */
    void record(String identifier, String level, String text) {
        String head = stamp(System.currentTimeMillis()) + ' ' + identifier + ' ' + level + ' ';
        StringBuilder records = new StringBuilder(head.length() + text.length() + 1);
        int start = 0;
        do {
            int end = Math.min(text.length(), start + RECORD_LIMIT);
            records.append(head).append(text, start, end).append('\n');
            start = end;
        } while (start < text.length());
        write(records.toString());
    }

    /** What went wrong: its message once with time and request, then all that is known of it. */
    void failure(String identifier, String message, String details) {
        String head = stamp(System.currentTimeMillis()) + ' ' + identifier + ' ' + message + '\n';
        write(details.isEmpty() ? head : head + details + '\n');
    }

    private void write(String text) {
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException error) {
            // a log nobody can write is no reason to fail
        }
    }

    /** UTC, seconds, Z. By hand: java.time costs a cold start more than everything else here. */
    static String stamp(long milliseconds) {
        long seconds = Math.floorDiv(milliseconds, 1000L);
        int day = (int) Math.floorDiv(seconds, 86400L);
        int second = (int) Math.floorMod(seconds, 86400L);
        int year = 1970;
        while (day >= length(year)) {
            day -= length(year++);
        }
        int month = 0;
        while (day >= days(year, month)) {
            day -= days(year, month++);
        }
        StringBuilder text = new StringBuilder(20).append(year);
        two(two(two(text, '-', month + 1), '-', day + 1), 'T', second / 3600);
        return two(two(text, ':', second / 60 % 60), ':', second % 60).append('Z').toString();
    }

    private static StringBuilder two(StringBuilder text, char before, int number) {
        return text.append(before).append(number < 10 ? "0" : "").append(number);
    }

    private static int length(int year) {
        return isLeap(year) ? 366 : 365;
    }

    private static int days(int year, int month) {
        return month == 1 && isLeap(year) ? 29 : DAYS[month];
    }

    private static boolean isLeap(int year) {
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    }
}
