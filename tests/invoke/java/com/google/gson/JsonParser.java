package com.google.gson;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON without escapes or spaces. */
class JsonParser {
    private final String text;
    private int at;

    JsonParser(String text) {
        this.text = text;
    }

    Object parse() {
        char first = at < text.length() ? text.charAt(at) : 0;
        if (first == '{') {
            Map<String, Object> found = new LinkedHashMap<>();
            while (text.charAt(at++) != '}' && text.charAt(at) != '}') {
                String key = (String) parse();
                at++;
                found.put(key, parse());
            }
            return new JsonObject(found);
        }
        if (first == '[') {
            List<Object> found = new ArrayList<>();
            while (text.charAt(at++) != ']' && text.charAt(at) != ']') {
                found.add(parse());
            }
            return found;
        }
        if (first == '"') {
            int start = at + 1;
            at = text.indexOf('"', start) + 1;
            return text.substring(start, at - 1);
        }
        int start = at;
        while (at < text.length() && ",]}".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(start, at);
        if (word.equals("null")) {
            return null;
        }
        if (word.equals("true") || word.equals("false")) {
            return word.equals("true");
        }
        return Double.valueOf(word);
    }
}
