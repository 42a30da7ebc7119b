package demo;

import com.huawei.services.runtime.Context;
import java.io.UnsupportedEncodingException;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A Java function: says which new objects of a bucket (OBS) need a thumbnail. Copy it as a start.
 *
 * <p>Compile it with FunctionGraph's runtime library, or with interfaces of your own that have the methods used here:
 *
 * <pre>
 *   javac -cp Runtime.jar -d target/classes src/demo/Thumbnails.java
 *   fgtui send obs --target target/classes:Runtime.jar:demo.Thumbnails.handle --initializer demo.Thumbnails.initializer
 * </pre>
 */
public class Thumbnails {
    private List<String> endings = List.of(".png", ".jpg", ".jpeg", ".gif", ".webp");

    /** Runs once, before the first event. */
    public void initializer(Context context) {
        String configured = context.getUserData("IMAGE_ENDINGS");
        if (configured != null) {
            endings = Arrays.asList(configured.split(" "));
        }
    }

    /** Source and destination of each image among the objects that were created. */
    public Map<String, Object> handle(Map<String, Object> event, Context context) throws UnsupportedEncodingException {
        List<Object> wanted = new ArrayList<>();
        List<?> records = (List<?>) event.get("Records");
        for (Object each : records) {
            Map<?, ?> record = (Map<?, ?>) each;
            Object place = record.containsKey("s3") ? record.get("s3") : record.get("obs"); // S3 spelling, or OBS's own
            String key = URLDecoder.decode((String) in(place, "object", "key"), "UTF-8");
            if (isImage(key) && ((String) record.get("eventName")).contains("ObjectCreated")) {
                Map<String, Object> found = new LinkedHashMap<>();
                found.put("bucket", in(place, "bucket", "name"));
                found.put("from", key);
                found.put("to", "thumbnails/" + key);
                wanted.add(found);
            }
        }
        context.getLogger().info(wanted.size() + " of " + records.size() + " objects need a thumbnail");
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("thumbnails", wanted);
        return result;
    }

    private boolean isImage(String key) {
        String name = key.toLowerCase(Locale.ROOT);
        return !key.startsWith("thumbnails/") && endings.stream().anyMatch(name::endsWith);
    }

    private static Object in(Object value, String... keys) {
        for (String key : keys) {
            value = ((Map<?, ?>) value).get(key);
        }
        return value;
    }
}
