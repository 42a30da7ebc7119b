package handlers;

import com.huawei.services.runtime.Context;
import java.util.LinkedHashMap;
import java.util.Map;

public class Contexts {
    private Context kept;

    public Object huawei(String event, Context context) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("getRequestID", context.getRequestID());
        all.put("getRunningTimeInSeconds", context.getRunningTimeInSeconds());
        all.put("getMemorySize", context.getMemorySize());
        all.put("getCPUNumber", context.getCPUNumber());
        all.put("getProjectID", context.getProjectID());
        all.put("getPackage", context.getPackage());
        all.put("getFunctionName", context.getFunctionName());
        all.put("getVersion", context.getVersion());
        all.put("getAlias", context.getAlias());
        all.put("getAccessKey", context.getAccessKey());
        all.put("getSecretKey", context.getSecretKey());
        all.put("getSecurityAccessKey", context.getSecurityAccessKey());
        all.put("getSecuritySecretKey", context.getSecuritySecretKey());
        all.put("getSecurityToken", context.getSecurityToken());
        all.put("getToken", context.getToken());
        all.put("getInvokeProperty", context.getInvokeProperty());
        all.put("getTraceID", context.getTraceID());
        all.put("getInvokeID", context.getInvokeID());
        all.put("getWorkflowID", context.getWorkflowID());
        all.put("getWorkflowRunID", context.getWorkflowRunID());
        all.put("getWorkflowStateID", context.getWorkflowStateID());
        all.put("instance", context.getInstanceID().length());
        all.put("known", context.getUserData("BUCKET"));
        all.put("unknown", String.valueOf(context.getUserData("OTHER")));
        int left = context.getRemainingTimeInMilliSeconds();
        all.put("left", left > 0 && left <= 15000);
        return all;
    }

    public String otc(String event, com.opentelekomcloud.services.runtime.Context context) {
        context.getLogger().info("by the OTC interface");
        return context.getFunctionName() + " " + context.getMemorySize();
    }

    public String old(String event, com.services.runtime.Context context) {
        context.getLogger().warn("by the old interface");
        return context.getFunctionName() + " " + context.getMemorySize();
    }

    public Object state(String event, Context context) {
        Object before = context.getState();
        context.setState(event);
        return before;
    }

    /** Keeps its first context and says, once it has run out, what it has left. */
    public String late(String event, Context context) throws InterruptedException {
        if (kept == null) {
            kept = context;
            Thread.sleep(300);
            return "kept";
        }
        while (kept.getRemainingTimeInMilliSeconds() > 0) {
            Thread.sleep(1);
        }
        return kept.getRemainingTimeInMilliSeconds() + " " + (context.getRemainingTimeInMilliSeconds() > 0);
    }

    public String edition(String event, Edition context) {
        context.getLogger().info("a line");
        return context.greet() + " " + context.getMemorySize() + " " + context.getCPUNumber() + " "
            + context.getUserData("OTHER", "instead") + " " + context.getVersion();
    }

    public String unknown(String event, Edition context) {
        return context.getWeather(1, 2L, 3.0, 'c', true, new String[0]);
    }

    public String level(String event, Context context) {
        return new com.google.gson.Gson().toJson(context);
    }

    public String parts(String event, Context context) throws Exception {
        return String.valueOf(context.equals(context)) + context.equals("other") + (context.hashCode() == context.hashCode())
            + context.toString().startsWith("fgtui.runtime.FunctionContext@");
    }

    /** An interface of another edition: text for numbers, a method of its own, and one nobody knows. */
    public interface Edition {
        String getRequestID();

        String getMemorySize();

        long getCPUNumber();

        String getUserData(String key, String otherwise);

        Object getVersion();

        String getWeather(int a, long b, double c, char d, boolean e, String[] f);

        Logs getLogger();

        default String greet() {
            return "hello " + getRequestID().length();
        }
    }

    /** Takes an interface of its own making, with no more than it uses. */
    public static class Own {
        public String handle(String event, Context context) {
            return context.getFunctionName();
        }

        public interface Context {
            String getFunctionName();
        }
    }

    public interface Logs {
        void info(String text);
    }
}
