package fgtui.host;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Finds the methods that {@code package.Class.method} names, and the objects they belong to: one of each class, made
 * by its public constructor (runtime.md 4).
 */
final class Entry {
    final Method method;
    private final Object object;

    private Entry(Method method, Object object) {
        this.method = method;
        this.object = object;
    }

    /** What the method gives back, or raises. */
    Object call(Object... arguments) throws Throwable {
        try {
            return method.invoke(object, arguments);
        } catch (InvocationTargetException error) {
            throw error.getCause();
        }
    }

    /** Of the event, or {@code null}. */
    Type eventType() {
        return method.getGenericParameterTypes()[0];
    }

    /** The interface of the context it takes, or {@code null} when it takes none. */
    Class<?> contextType() {
        Class<?>[] types = method.getParameterTypes();
        return types.length == 0 ? null : types[types.length - 1];
    }

    /** Finds the entries of one instance. */
    static final class Finder {
        private final Loader loader;
        private final List<String> classPath;
        private final Map<Class<?>, Object> objects = new HashMap<>();

        Finder(Loader loader, List<String> classPath) {
            this.loader = loader;
            this.classPath = classPath;
        }

        /** The handler: one event, one context. */
        Entry handler(String className, String name) throws Throwable {
            return find(className, name, "one event and a Context", 2, 2);
        }

        /** The initializer: a context, in the handler's class unless {@code spelling} names another. */
        Entry initializer(String spelling, String className) throws Throwable {
            return find(owner(spelling, className), last(spelling), "a Context and nothing else", 1, 1);
        }

        /** The pre-stop function: published samples have it without parameters, openYuanrong gives it a context. */
        Entry preStop(String spelling, String className) throws Throwable {
            return find(owner(spelling, className), last(spelling), "a Context, or nothing", 1, 0);
        }

        private static String owner(String spelling, String className) {
            int dot = spelling.lastIndexOf('.');
            return dot < 0 ? className : spelling.substring(0, dot);
        }

        private static String last(String spelling) {
            return spelling.substring(spelling.lastIndexOf('.') + 1);
        }

        private Entry find(String className, String name, String wanted, int most, int least) throws Throwable {
            try {
                return search(className, name, wanted, most, least);
            } catch (NoClassDefFoundError error) {
                String message = error.getMessage();
                if (message == null || message.indexOf(' ') >= 0) { // "wrong name", "could not initialize"
                    throw error;
                }
                String brought = message.startsWith("com/google/gson/") ? "; the cloud has it: " + Values.nameJar("gson.jar")
                    : message.contains("/services/runtime/") ? "; the cloud has it: " + Values.nameJar("runtime.jar")
                    : "";
                NoClassDefFoundError clear = new NoClassDefFoundError(
                    message.replace('/', '.') + ", which the handler needs, is not on the class path" + brought);
                clear.setStackTrace(error.getStackTrace());
                throw clear;
            }
        }

        private Entry search(String className, String name, String wanted, int most, int least) throws Throwable {
            Class<?> type = load(className);
            if (!Modifier.isPublic(type.getModifiers())) {
                throw new IllegalAccessException("class " + className + " is not public");
            }
            List<Method> named = new ArrayList<>();
            for (Method method : type.getMethods()) {
                if (method.getName().equals(name)) {
                    named.add(method);
                }
            }
            Method found = null;
            for (int count = most; count >= least && found == null; count--) {
                found = choose(type, named, count, false);
                // what a class inherits from one that is not public is there as a bridge alone
                found = found == null ? choose(type, named, count, true) : found;
            }
            if (found == null) {
                throw new NoSuchMethodException(explain(type, name, wanted, named));
            }
            Class<?> contract = found.getParameterCount() == 0 ? null : found.getParameterTypes()[most - 1];
            if (contract != null && !Modifier.isPublic(contract.getModifiers())) {
                throw new IllegalAccessException("interface " + contract.getName() + " is not public");
            }
            found.setAccessible(true); // public, but its class may be nested in one that is not
            return new Entry(found, object(type));
        }

        private static Method choose(Class<?> type, List<Method> named, int parameters, boolean bridges)
                throws NoSuchMethodException {
            Method found = null;
            for (Method method : named) {
                Class<?>[] types = method.getParameterTypes();
                if (method.isBridge() != bridges || types.length != parameters || parameters > 0 && !Given.isContext(types[parameters - 1])) {
                    continue;
                }
                if (found != null && found.getDeclaringClass() == method.getDeclaringClass()) {
                    throw new NoSuchMethodException(type.getName() + " has several methods that could be meant: "
                        + shown(found) + " and " + shown(method));
                }
                if (found == null || found.getDeclaringClass().isAssignableFrom(method.getDeclaringClass())) {
                    found = method;
                }
            }
            return found;
        }

        private static String explain(Class<?> type, String name, String wanted, List<Method> named) {
            if (!named.isEmpty()) {
                StringBuilder text = new StringBuilder(type.getName() + '.' + name + " must take " + wanted + "; it is ");
                for (int index = 0; index < named.size(); index++) {
                    text.append(index == 0 ? "" : " and ").append(shown(named.get(index)));
                }
                return text.toString();
            }
            for (Class<?> each = type; each != null; each = each.getSuperclass()) {
                for (Method method : each.getDeclaredMethods()) {
                    if (method.getName().equals(name)) {
                        return "method " + name + " of " + type.getName() + " is not public";
                    }
                }
            }
            TreeSet<String> others = new TreeSet<>();
            for (Method method : type.getMethods()) {
                if (method.getDeclaringClass() != Object.class && !method.isBridge()) {
                    others.add(method.getName());
                }
            }
            String known = others.isEmpty() ? "" : "; it has " + String.join(", ", others);
            return type.getName() + " has no method " + name + known;
        }

        private static String shown(Method method) {
            StringBuilder text = new StringBuilder(method.getName()).append('(');
            for (Class<?> type : method.getParameterTypes()) {
                text.append(text.charAt(text.length() - 1) == '(' ? "" : ", ").append(type.getSimpleName());
            }
            return text.append(')').toString();
        }

        private Object object(Class<?> type) throws Throwable {
            Object known = objects.get(type);
            if (known != null) {
                return known;
            }
            if (type.isInterface() || Modifier.isAbstract(type.getModifiers())) {
                throw new InstantiationException(type.getName() + " is abstract");
            }
            try {
                Object made = type.getConstructor().newInstance();
                objects.put(type, made);
                return made;
            } catch (NoSuchMethodException error) {
                String inner = type.isMemberClass() && !Modifier.isStatic(type.getModifiers())
                    ? ": it is an inner class, make it static"
                    : "";
                throw new NoSuchMethodException(
                    "class " + type.getName() + " has no public constructor without parameters" + inner);
            } catch (InvocationTargetException error) {
                throw error.getCause();
            }
        }

        private Class<?> load(String className) throws Throwable {
            try {
                return Class.forName(className, true, loader);
            } catch (ExceptionInInitializerError error) {
                throw error.getCause() == null ? error : error.getCause();
            } catch (UnsupportedClassVersionError error) {
                throw new UnsupportedClassVersionError(newerVersion(error.getMessage()));
            } catch (ClassNotFoundException error) {
                if (error.getMessage() != null && !error.getMessage().equals(className)) {
                    throw error;
                }
                throw new ClassNotFoundException(missing(className));
            }
        }

        private String missing(String className) {
            int dot = className.lastIndexOf('.');
            String nested = dot < 0 ? "" : className.substring(0, dot) + '$' + className.substring(dot + 1);
            if (!nested.isEmpty() && loader.getResource(nested.replace('.', '/') + ".class") != null) {
                return className + " is a nested class; spell it " + nested;
            }
            StringBuilder text = new StringBuilder(className).append(" is nowhere on the class path");
            String before = ": ";
            for (String entry : classPath) {
                text.append(before).append(entry);
                before = ", ";
            }
            return text.toString();
        }

        private static String newerVersion(String message) {
            String mark = "class file version ";
            int start = message.indexOf(mark) + mark.length();
            int end = message.indexOf('.', start);
            try {
                int needed = Integer.parseInt(message.substring(start, end)) - 44;
                return message + ": it needs Java " + needed + ", and this is Java " + Runtime.version().feature();
            } catch (RuntimeException error) { // words of another virtual machine
                return message;
            }
        }
    }
}
