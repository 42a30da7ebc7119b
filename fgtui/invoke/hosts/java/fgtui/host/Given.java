package fgtui.host;

import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * What a handler is given beside the event: a {@code Context} of the very interface it names, and its logger
 * (runtime.md 2.5, 2.6 and 4).
 */
final class Given {
    private static final String[] LEVELS = {"DEBUG", "INFO", "WARN", "ERROR"};

    private final Map<String, Object> configuration;
    private final Map<?, ?> userData;
    private final Log log;
    private final Map<Class<?>, Kind> kinds = new HashMap<>();
    private int level = 1;
    private Object state;

    Given(Map<String, Object> configuration, Log log) {
        this.configuration = configuration;
        this.userData = (Map<?, ?>) configuration.get("user_data");
        this.log = log;
    }

    /** Whether a parameter of this type asks for the context: by its name, or by what every edition has. */
    static boolean isContext(Class<?> type) {
        if (!type.isInterface() || type.getSimpleName().equals("Context")) {
            return type.isInterface();
        }
        try {
            return type.getMethod("getRequestID").getParameterCount() == 0;
        } catch (NoSuchMethodException error) {
            return false;
        }
    }

    /** The context of one request, as an implementation of {@code contract}. */
    Object context(Class<?> contract, String identifier) {
        Kind kind = kinds.get(contract);
        if (kind == null) {
            kind = new Kind(contract);
            kinds.put(contract, kind);
        }
        return kind.create(identifier);
    }

    /** The classes made for one Context interface. */
    private final class Kind {
        private final Class<?> contextClass;
        private final Class<?> loggerClass;
        private final Map<String, Class<?>> results = new HashMap<>();

        Kind(Class<?> contract) {
            Facade facade = new Facade(contract.getClassLoader());
            Class<?> loggerType = Object.class;
            for (Method method : contract.getMethods()) {
                results.put(method.getName(), method.getReturnType());
                if (method.getName().equals("getLogger")) {
                    loggerType = method.getReturnType();
                }
            }
            loggerClass = loggerType.isInterface()
                ? facade.make("fgtui.runtime.FunctionLogger", loggerType, "logLevel", "Ljava/lang/String;")
                : null;
            String field = Facade.descriptor(loggerClass == null ? Object.class : loggerClass);
            contextClass = facade.make("fgtui.runtime.FunctionContext", contract, "logger", field);
        }

        Object create(String identifier) {
            Object logger = null;
            if (loggerClass != null) {
                Logger calls = new Logger(identifier);
                logger = Facade.create(loggerClass, calls);
                calls.self = logger;
                calls.showLevel();
            }
            Object context = Facade.create(contextClass, new Context(identifier, logger, results));
            set(context, "logger", logger);
            return context;
        }
    }

    private static void set(Object object, String field, Object value) {
        try {
            object.getClass().getField(field).set(object, value);
        } catch (ReflectiveOperationException error) {
            throw new IllegalStateException(error);
        }
    }

    /** What the methods of a context give. */
    private final class Context implements BiFunction<String, Object[], Object> {
        private final String identifier;
        private final Object logger;
        private final Map<String, Class<?>> results;
        private final double timeout = (Double) configuration.get("timeout_s");
        private final long end = System.nanoTime() + (long) (timeout * 1e9);

        Context(String identifier, Object logger, Map<String, Class<?>> results) {
            this.identifier = identifier;
            this.logger = logger;
            this.results = results;
        }

        @Override
        public Object apply(String method, Object[] arguments) {
            return as(results.get(method), value(method, arguments));
        }

        private Object value(String method, Object[] arguments) {
            switch (method) {
                case "getRequestID": case "getInvokeID": case "getTraceID": return identifier;
                case "getRemainingTimeInMilliSeconds": return Math.max(0, (end - System.nanoTime()) / 1000000);
                case "getRunningTimeInSeconds": return Math.ceil(timeout);
                case "getMemorySize": return configuration.get("memory_mb");
                case "getCPUNumber": return configuration.get("cpu");
                case "getProjectID": return configuration.get("project_id");
                case "getPackage": return configuration.get("package");
                case "getFunctionName": return configuration.get("function_name");
                case "getVersion": return configuration.get("version");
                case "getInstanceID": return configuration.get("instance_id");
                case "getUserData": return userData(arguments);
                case "getLogger": return logger;
                case "getState": return state;
                case "setState":
                    state = arguments[0];
                    return null;
                // as of a function without agency, alias and workflow
                case "getAlias": case "getInvokeProperty":
                case "getAccessKey": case "getSecretKey": case "getToken": case "getAuthToken":
                case "getSecurityAccessKey": case "getSecuritySecretKey": case "getSecurityToken":
                case "getWorkflowID": case "getWorkflowRunID": case "getWorkflowStateID": return "";
                default: throw unknown("Context", method);
            }
        }

        private Object userData(Object[] arguments) {
            Object found = userData.get(arguments[0]);
            return found == null && arguments.length > 1 ? arguments[1] : found;
        }
    }

    private static RuntimeException unknown(String face, String method) {
        return new UnsupportedOperationException(face + '.' + method + " is no method that FunctionGraph has");
    }

    /** A value as the interface declares it: numbers are {@code int} in the documents, text in other editions. */
    private static Object as(Class<?> type, Object value) {
        if (value instanceof Number && type != Object.class) {
            Number number = (Number) value;
            if (type == long.class || type == Long.class) {
                return number.longValue();
            }
            if (type == double.class || type == Double.class) {
                return number.doubleValue();
            }
            return type == String.class ? (Object) String.valueOf(number.longValue()) : (Object) number.intValue();
        }
        return value;
    }

    /** What the methods of a logger do. Its level is the instance's, and holds from one request to the next. */
    private final class Logger implements BiFunction<String, Object[], Object> {
        private final String identifier;
        private Object self;

        Logger(String identifier) {
            this.identifier = identifier;
        }

        void showLevel() {
            set(self, "logLevel", LEVELS[level]);
        }

        @Override
        public Object apply(String method, Object[] arguments) {
            switch (method) {
                case "log": // at every level
                    log.record(identifier, "INFO", text(arguments));
                    return null;
                case "debug": return record(0, arguments);
                case "info": return record(1, arguments);
                case "warn": return record(2, arguments);
                case "error": return record(3, arguments);
                case "setLevel":
                    for (int index = 0; index < LEVELS.length; index++) {
                        if (LEVELS[index].equals(arguments[0])) {
                            level = index;
                        }
                    }
                    showLevel();
                    return null;
                default: throw unknown("RuntimeLogger", method);
            }
        }

        private Object record(int severity, Object[] arguments) {
            if (severity >= level) {
                log.record(identifier, LEVELS[severity], text(arguments));
            }
            return null;
        }

        private String text(Object[] arguments) {
            Object message = arguments.length == 0 ? "" : arguments[0];
            return message instanceof byte[]
                ? new String((byte[]) message, StandardCharsets.UTF_8)
                : String.valueOf(message);
        }
    }
}
