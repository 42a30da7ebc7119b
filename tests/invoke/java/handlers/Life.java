package handlers;

import com.huawei.services.runtime.Context;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.Map;
import java.util.TreeMap;

public class Life {
    private String before = "nothing";
    private static int count;

    public void initializer(Context context) {
        context.getLogger().log("getting ready");
        before = "initializer " + context.getRequestID();
    }

    public void failing(Context context) {
        throw new IllegalStateException("not ready");
    }

    public void preStop(Context context) {
        context.getLogger().log("last words of " + before);
    }

    public void prestop() {
        System.out.println("last words without a context");
    }

    public void failingStop(Context context) {
        throw new IllegalStateException("no end");
    }

    public Object handle(String event, Context context) {
        return before + " " + ++count + " " + Other.before;
    }

    public Object surroundings(String event, Context context) throws Exception {
        Map<String, Object> all = new TreeMap<>();
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        all.put("thread", Thread.currentThread().getName());
        all.put("loader", loader == Life.class.getClassLoader());
        all.put("host", seen("fgtui.host.Host"));
        all.put("sql", seen("java.sql.Connection"));
        all.put("variable", System.getenv("BUCKET"));
        all.put("handler", System.getenv("RUNTIME_HANDLER"));
        all.put("folder", new File("code").getCanonicalPath());
        all.put("arguments", System.getProperty("java.class.path"));
        all.put("encoding", java.nio.charset.Charset.defaultCharset().name());
        all.put("temporary", System.getProperty("java.io.tmpdir"));
        all.put("input", System.in.read());
        return all;
    }

    private static boolean seen(String name) {
        try {
            Class.forName(name);
            return true;
        } catch (ClassNotFoundException error) {
            return false;
        }
    }

    public String resource(String event, Context context) throws Exception {
        InputStream stream = Life.class.getResourceAsStream("/greeting \u4e2d.txt");
        return new BufferedReader(new InputStreamReader(stream, "UTF-8")).readLine();
    }

    public static class Other {
        static String before = "nothing";

        public void initializer(Context context) {
            before = "other";
        }
    }
}
