package fgtui.host;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Events into what a handler takes and results into bodies: by the Gson on the handler's own class path, or that of
 * the machine, and where there is none by {@link Json}, which makes no objects of the user's classes (runtime.md 4).
 */
final class Values {
    private final ClassLoader loader;
    private boolean isLookedFor;
    private Object gson;
    private Method fromJson;
    private Method toJson;

    Values(ClassLoader loader) {
        this.loader = loader;
    }

    /** Find out whether events of this type can be made. Raises {@code ClassNotFoundException} with the way out. */
    void prepare(Type type) throws Throwable {
        if (type != String.class && !hasGson() && !isPlain(type)) {
            throw new ClassNotFoundException("an event of type " + type.getTypeName()
                + " is made by Gson, which is not on the class path: " + nameJar("gson.jar") + ", or take the event as String");
        }
    }

    /** The way out where a jar is missing that the cloud has. */
    static String nameJar(String jar) {
        return "name its jar in class_path of fgtui.toml, or by --target \"lib/" + jar + ":target/classes:…\"";
    }

    /** Whether an event of this type can be had without Gson. */
    private static boolean isPlain(Type type) {
        Type raw = type instanceof ParameterizedType ? ((ParameterizedType) type).getRawType() : type;
        return raw == Object.class || raw == Map.class || raw == List.class || raw == Collection.class;
    }

    /** The event a handler gets. {@code String} is the text as it was sent. */
    Object event(byte[] body, Type type) throws Throwable {
        String text = new String(body, StandardCharsets.UTF_8);
        if (type == String.class) {
            return text;
        }
        if (hasGson()) {
            return call(fromJson, text, type);
        }
        Object value = Json.parse(text);
        Class<?> wanted = (Class<?>) (type instanceof ParameterizedType ? ((ParameterizedType) type).getRawType() : type);
        if (value != null && !wanted.isInstance(value)) {
            throw new IllegalArgumentException("the event is no " + wanted.getSimpleName());
        }
        return value;
    }

    /** The body of a result: text as it is, nothing for {@code null}, anything else as JSON. */
    byte[] body(Object result) throws Throwable {
        if (result == null) {
            return new byte[0];
        }
        if (result instanceof String) {
            return Line.bytes((String) result);
        }
        return Line.bytes(hasGson() ? (String) call(toJson, result) : Json.write(result));
    }

    private boolean hasGson() throws Throwable {
        if (!isLookedFor) {
            isLookedFor = true;
            try {
                Class<?> type = Class.forName("com.google.gson.Gson", true, loader);
                fromJson = type.getMethod("fromJson", String.class, Type.class);
                toJson = type.getMethod("toJson", Object.class);
                Constructor<?> constructor = type.getConstructor();
                gson = constructor.newInstance();
            } catch (ClassNotFoundException error) {
                return false;
            } catch (InvocationTargetException error) {
                throw error.getCause();
            }
        }
        return gson != null;
    }

    private Object call(Method method, Object... arguments) throws Throwable {
        try {
            return method.invoke(gson, arguments);
        } catch (InvocationTargetException error) {
            throw error.getCause();
        }
    }
}
