package handlers;

import com.opentelekomcloud.services.runtime.Context;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

public class Results {
    public Object give(String event, Context context) {
        switch (event.replace("\"", "")) {
            case "null": return null;
            case "string": return "as <it> is \u4e2d";
            case "empty": return "";
            case "int": return 42;
            case "double": return 1.5;
            case "true": return true;
            case "char": return 'c';
            case "enum": return Colour.RED;
            case "list": return Arrays.asList(1, "two", null, Arrays.asList());
            case "array": return new int[] {1, 2};
            case "map": {
                Map<String, Object> map = new LinkedHashMap<>();
                map.put("a b", "<\"\n\u0001\u4e2d>");
                map.put("none", null);
                return map;
            }
            case "bean": return new Bean();
            case "nan": return Double.NaN;
            case "thread": return new LinkedHashMap<>(Collections.singletonMap("t", new Thread()));
            case "circular": {
                List<Object> list = new ArrayList<>();
                list.add(list);
                return list;
            }
            case "hostile": return new Object[] {new Hostile()};
            case "limit": return String.join("", Collections.nCopies(6291456, "x"));
            case "over": return String.join("", Collections.nCopies(6291457, "x"));
            default: throw new IllegalArgumentException(event);
        }
    }

    public Object echo(Object event, Context context) {
        return event;
    }

    public void nothing(String event, Context context) {
    }

    public int number(String event, Context context) {
        return 7;
    }

    enum Colour { RED }

    static class Base {
        private final String inherited = "too";
    }

    static class Bean extends Base {
        private final int statusCode = 200;
        final Map<String, String> headers = new HashMap<>();
        static final String SHARED = "no";
        transient String passing = "no";
        String absent;
    }

    static class Hostile extends HashMap<String, String> {
        @Override
        public java.util.Set<Map.Entry<String, String>> entrySet() {
            throw new IllegalStateException("not today");
        }
    }
}
