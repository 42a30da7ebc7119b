package handlers;

import com.huawei.services.runtime.Context;
import java.util.List;
import java.util.Map;

/** Events that need no Gson. */
public class Plain {
    public String raw(String event, Context context) {
        return event;
    }

    public String list(List<Double> event, Context context) {
        return event.getClass().getSimpleName() + " " + event;
    }

    public String map(Map<String, Object> event, Context context) {
        return event.toString();
    }

    public String any(Object event, Context context) {
        return event == null ? "null" : event.getClass().getSimpleName() + " " + event;
    }
}
