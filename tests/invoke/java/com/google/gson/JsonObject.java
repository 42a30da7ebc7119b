package com.google.gson;

import java.util.Map;

/** An object as it was parsed. */
public class JsonObject {
    private final Map<String, Object> members;

    JsonObject(Map<String, Object> members) {
        this.members = members;
    }

    public Object get(String key) {
        return members.get(key);
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        for (Map.Entry<String, Object> each : members.entrySet()) {
            Object value = each.getValue();
            out.append(out.length() == 0 ? "" : ",").append('"').append(each.getKey()).append("\":");
            out.append(value instanceof String ? "\"" + value + "\"" : value);
        }
        return "{" + out + "}";
    }
}
