package com.google.gson;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.Map;

/** Stands in for Gson: the methods that are found by reflection, as far as the tests' own classes need them. */
public class Gson {
    public <T> T fromJson(String text, Type type) {
        Object value = new JsonParser(text).parse();
        return (T) convert(value, type);
    }

    public String toJson(Object value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private static Object convert(Object value, Type type) {
        if (value == null || type == JsonObject.class) {
            return value == null ? null : (JsonObject) value;
        }
        if (type == int.class) {
            return ((Double) value).intValue();
        }
        if (type == String.class || type == double.class) {
            return value;
        }
        if (!(type instanceof Class)) {
            return value; // List<…> of plain values
        }
        try {
            Object made = ((Class<?>) type).getDeclaredConstructor().newInstance();
            for (Field field : ((Class<?>) type).getDeclaredFields()) {
                Object part = ((JsonObject) value).get(field.getName());
                if (part != null) {
                    field.setAccessible(true);
                    field.set(made, convert(part, field.getType()));
                }
            }
            return made;
        } catch (ReflectiveOperationException error) {
            throw new IllegalStateException(error);
        }
    }

    private static void write(Object value, StringBuilder out) {
        if (value instanceof String) {
            out.append('"').append(((String) value).replace("<", "\\u003c")).append('"');
        } else if (value instanceof Number || value instanceof Boolean || value instanceof JsonObject) {
            out.append(value);
        } else if (value instanceof Map) {
            out.append(new JsonObject((Map<String, Object>) value));
        } else {
            String comma = "{";
            for (Field field : value.getClass().getDeclaredFields()) {
                if (Modifier.isTransient(field.getModifiers()) || Modifier.isStatic(field.getModifiers())) {
                    continue;
                }
                try {
                    field.setAccessible(true);
                    if (field.get(value) == null) {
                        continue;
                    }
                    out.append(comma).append('"').append(field.getName()).append("\":");
                    comma = ",";
                    write(field.get(value), out);
                } catch (IllegalAccessException error) {
                    throw new IllegalStateException(error);
                }
            }
            out.append('}');
        }
    }
}
