package handlers;

import com.huawei.services.runtime.Context;

public class Shapes extends Parent implements Handling<String> {
    public String overloaded(String event) {
        return "one parameter";
    }

    public String overloaded(String event, Context context, int more) {
        return "three parameters";
    }

    public String overloaded(String event, Object other) {
        return "no context";
    }

    public String overloaded(String event, Context context) {
        return "chosen";
    }

    public static String fixed(String event, Context context) {
        return "static";
    }

    @Override
    public String generic(String event, Context context) {
        return "generic " + event;
    }

    @Override
    public String replaced(Object event, Context context) {
        return "child";
    }

    public static class Nested {
        public String handle(String event, Context context) {
            return "nested";
        }
    }
}

class Parent {
    public String inherited(String event, Context context) {
        return "inherited by " + getClass().getSimpleName();
    }

    public Object replaced(Object event, Context context) {
        return "parent";
    }
}

interface Handling<E> {
    String generic(E event, Context context);

    default String byDefault(String event, Context context) {
        return "default";
    }
}
