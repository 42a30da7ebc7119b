package faulty;

import com.huawei.services.runtime.Context;

public class Loading {
    public String oneParameter(String event) {
        return "";
    }

    public String noContext(String event, String context) {
        return "";
    }

    String hidden(String event, Context context) {
        return "";
    }

    public String twice(String event, Context context) {
        return "";
    }

    public String twice(Integer event, Context context) {
        return "";
    }

    public String needsGson(Loading event, Context context) {
        return "";
    }

    public void initializer(Context context, String more) {
    }

    public static class PrivateConstructor {
        private PrivateConstructor() {
        }

        public String handle(String event, Context context) {
            return "";
        }
    }

    public class Inner {
        public String handle(String event, Context context) {
            return "";
        }
    }

    public abstract static class Abstract {
        public String handle(String event, Context context) {
            return "";
        }
    }

    public static class ConstructorRaises {
        public ConstructorRaises() {
            throw new IllegalStateException("cannot be built");
        }

        public String handle(String event, Context context) {
            return "";
        }
    }

    public static class LoadingRaises {
        static final int FAILING = fail();

        private static int fail() {
            throw new IllegalStateException("at load");
        }

        public String handle(String event, Context context) {
            return "";
        }
    }

    public static class NeedsMore {
        public String handle(String event, Context context) {
            return new Absent().toString();
        }

        public Absent absent(String event, Context context) {
            return null;
        }
    }

    public static class Absent {
    }

    public static class Newer {
        public String handle(String event, Context context) {
            return "";
        }
    }

    public static class PrivateInterface {
        public String handle(String event, Hidden context) {
            return "";
        }
    }

    interface Hidden {
        String getRequestID();
    }

    public static class NeedsArray {
        public String handle(com.google.gson.JsonArray event, Context context) {
            return "";
        }
    }
}

class NotPublic {
    public String handle(String event, Context context) {
        return "";
    }
}
